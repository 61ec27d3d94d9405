import type {Endpoint, Time} from '../wire/chunk.js'
import type {Sender} from '../wire/side.js'
import type {EmbeddedRelay} from './embedded/embedded-relay.js'
import type {Access} from './explicit/access.js'
import type {Address} from './explicit/address.js'
import type {Inspecting} from './inspection/inspection.js'
import type {ProxyEvent} from './inspection/proxy-event.js'
import type {InterceptOptions} from './intercept/intercept.js'
import type {InjectedAs, Rewrite} from './intercept/intercept-event.js'
import type {Scheduler} from './net/clock.js'
import type {LineImpairments} from './net/impairments.js'

/** Network problems to simulate on every connection. */
export interface Impairments extends LineImpairments {
  readonly closeAfterBytes?: number
  readonly closeAfterSeconds?: number
  /** Whole number. The same seed gives the same jitter for the same connection number. */
  readonly seed: number
}

/** A connection whose packets are rewritten. */
export interface Rewritten {
  readonly number: number
  readonly client: Endpoint
  /** The address that was reached. */
  readonly relay: Endpoint
  /** Send a packet that no peer sends now. @returns whether it was sent: not once the connection is over. */
  inject(to: Sender, plain: Uint8Array, as?: InjectedAs): boolean
}

/** Makes the rewriter of a connection. */
export type Rewriter = (connection: Rewritten) => Rewrite

/** What all connections of one proxy share. */
export interface ConnectionContext {
  /** Absent: each client names its destination in a SOCKS5 or HTTP CONNECT request. */
  readonly upstream?: Address
  /** Serves all clients, or those that begin with a Tox handshake where each client names its destination. */
  readonly embedded?: {readonly relay: EmbeddedRelay; readonly servesAll: boolean}
  /** Who may use the proxy, and for which destinations; without an upstream. */
  readonly access?: Access
  /** Absent: connections are forwarded unchanged. */
  readonly intercept?: Omit<InterceptOptions, 'report' | 'rewrite'> & {
    /** Makes the rewriter of one connection. */
    readonly rewriter?: Rewriter
  }
  readonly impairments?: Impairments
  /** 0: no limit. The same holds for idleSeconds. */
  readonly handshakeSeconds: number
  readonly idleSeconds: number
  readonly inspection: Inspecting<ProxyEvent>
  readonly now: () => Time
  readonly scheduler: Scheduler
}
