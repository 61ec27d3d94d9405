import type {Sender} from '../../wire/side.js'

/** Bytes to be written to each side; empty where there is nothing to write. */
export interface Outgoing {
  readonly client: Uint8Array
  readonly relay: Uint8Array
}

/** Changes the bytes between two sockets. Synchronous; knows nothing of sockets. */
export interface Transform {
  /** @param bytes received from that side, cut anywhere. Not kept, and no part of what is returned. */
  received(from: Sender, bytes: Uint8Array): Outgoing
  /** That side ended its stream (FIN). @returns bytes that were held back; the end is passed on after them. */
  ended(from: Sender): Outgoing
}
