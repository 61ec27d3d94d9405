import type {Socket} from 'node:net'
import type {Sender} from '../../wire/side.js'
import type {Transform} from '../intercept/transform.js'
import type {Outlet} from './outlet.js'

/** How one side's stream ended. */
export type StreamEnd = 'fin' | 'rst'

/**
 * What the client's socket saw, told right after the bytes were given to the system, in order. Must be quick, and look
 * later.
 */
export interface Watcher {
  /**
   * Bytes that came from the client, or that were written to it in the relay's name. Kept by who wants them; nobody
   * writes to them after.
   */
  bytes(from: Sender, bytes: Uint8Array): void
  /** The proxy itself ends the connection: the ends that follow are its doing. */
  ending(cause: ForwardCause): void
  ended(side: Sender, how: StreamEnd): void
}

/** Why a connection ended: the first thing that made it. */
export type ForwardCause =
  | 'client_fin'
  | 'relay_fin'
  | 'client_rst'
  | 'relay_rst'
  | 'idle'
  | 'close_after'
  | 'stopped'
  | 'intercept_failed'

export interface Forwarded {
  readonly cause: ForwardCause
  /** What failed. */
  readonly detail?: string
  /** Bytes that each side sent, as read from its socket. */
  readonly bytes: Readonly<Record<Sender, number>>
}

export interface ForwardOptions {
  /** Both with allowHalfOpen, connected, paused or not yet read. */
  readonly client: Socket
  readonly relay: Socket
  /** Bytes that the client sent along with its request to the proxy: the watcher has seen them. */
  readonly requested: Uint8Array
  /** Bytes that the client sent after those, before forwarding began. */
  readonly early: Uint8Array
  readonly watch: Watcher
  /** Absent: bytes pass as they are. */
  readonly transform?: Transform
  /** Puts a line with faults before a side's socket. */
  readonly line?: (to: Sender, outlet: Outlet) => Outlet
  /** 0: never. */
  readonly idleSeconds: number
  /** End both streams, in order, once this many bytes were passed on, both directions together. */
  readonly closeAfterBytes?: number
  /** And after this time. */
  readonly closeAfterSeconds?: number
}
