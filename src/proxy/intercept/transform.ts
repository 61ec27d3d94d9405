import type {Sender} from '../../wire/side.js'

/** Bytes to be written to each side; empty where there is nothing to write. */
export interface Outgoing {
  readonly client: Uint8Array
  readonly relay: Uint8Array
}

/** What the proxy does to the bytes between two sockets. Synchronous; knows no socket. */
export interface Transform {
  /** @param bytes as they came from that side, cut anywhere. */
  received(from: Sender, bytes: Uint8Array): Outgoing
  /** That side ended its stream (FIN). @returns what was held back; the end is passed on behind it. */
  ended(from: Sender): Outgoing
}
