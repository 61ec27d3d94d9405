import type {Socket} from 'node:net'
import type {Sender} from '../../wire/side.js'
import type {Transform} from '../intercept/transform.js'
import type {Outlet} from './outlet.js'
import type {SideSocket} from './side-socket.js'

/** How one side's stream ended. */
export type StreamEnd = 'fin' | 'rst'

/**
 * Observes the traffic of the client's socket, in order, right after bytes were given to the system. Calls must
 * return quickly; inspection happens later.
 */
export interface Watcher {
  /**
   * Bytes received from the client, or written to it on behalf of the relay. They may be kept: they never change.
   * @param isTaken the system has taken them, so that nobody else reads them: later their memory may go to another
   *   thread, and then the array is empty here.
   */
  bytes(from: Sender, bytes: Uint8Array, isTaken: boolean): void
  /** The proxy itself ends the connection: the ends that follow are made by it. */
  ending(cause: ForwardCause): void
  ended(side: Sender, how: StreamEnd): void
}

/** Why a connection ended: the first event that led to it. */
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
  /** What failed, for intercept_failed. */
  readonly detail?: string
  /** Bytes read from each side's socket. */
  readonly bytes: Readonly<Record<Sender, number>>
}

export interface ForwardOptions {
  /** Connected sockets with allowHalfOpen, paused or not yet read. */
  readonly client: Socket
  readonly relay: SideSocket
  /** Bytes that the client sent together with its request to the proxy; the watcher has seen them already. */
  readonly requested: Uint8Array
  /** Bytes that the client sent after those, before forwarding began. */
  readonly early: Uint8Array
  readonly watch: Watcher
  /** The relay answers before a write to it returns: the watcher sees what it answers first. */
  readonly answersAtOnce?: boolean | undefined
  /** Absent: bytes pass unchanged. */
  readonly transform?: Transform
  /** Puts an impaired line before a side's socket. */
  readonly line?: (to: Sender, outlet: Outlet) => Outlet
  /** 0: never. */
  readonly idleSeconds: number
  /** End both streams once this many bytes were passed on, counting both directions. */
  readonly closeAfterBytes?: number
  /** End both streams after this time. */
  readonly closeAfterSeconds?: number
}
