import type {Endpoint, Time} from '../wire/chunk.js'
import type {Sender} from '../wire/side.js'
import type {Address} from './explicit/address.js'
import type {Inspecting} from './inspection/inspection.js'
import type {ProxyEvent} from './inspection/proxy-event.js'
import type {InterceptOptions} from './intercept/intercept.js'
import type {Rewrite} from './intercept/intercept-event.js'
import type {Scheduler} from './net/clock.js'
import type {LineFaults} from './net/impairments.js'

/** Faults that are provoked on every connection, without a script. */
export interface Impairments extends LineFaults {
  readonly closeAfterBytes?: number
  readonly closeAfterSeconds?: number
  /** Whole number: the same seed draws the same jitter for the same connection number. */
  readonly seed: number
}

/** The connection whose packets are rewritten. */
export interface Rewritten {
  readonly number: number
  readonly client: Endpoint
  /** As it was reached. */
  readonly relay: Endpoint
  /**
   * Send a packet that no end sent, or (isLate) that one sent and that was kept back. Nothing happens once the
   * connection is over.
   */
  inject(to: Sender, plain: Uint8Array, isLate?: boolean): void
}

/** What all connections of one proxy share. */
export interface ConnectionContext {
  /** Absent: each client names its destination, as to a SOCKS5 or HTTP proxy. */
  readonly upstream?: Address
  /** Absent: connections are only tapped. */
  readonly intercept?: Omit<InterceptOptions, 'tell' | 'rewrite'> & {
    /** Makes the rewriter of one connection. */
    readonly rewriter?: (connection: Rewritten) => Rewrite
  }
  readonly faults?: Impairments
  /** 0: as long as it takes; and so below. */
  readonly handshakeSeconds: number
  readonly idleSeconds: number
  readonly inspection: Inspecting<ProxyEvent>
  readonly now: () => Time
  readonly scheduler: Scheduler
}
