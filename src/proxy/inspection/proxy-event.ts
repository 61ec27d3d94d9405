import type {Chunk, End, Endpoint, Time} from '../../wire/chunk.js'
import type {Sender} from '../../wire/side.js'
import type {Address} from '../explicit/address.js'
import type {DialFailure} from '../explicit/destination.js'
import type {InterceptEvent} from '../intercept/intercept-event.js'
import type {ForwardCause, StreamEnd, Watcher} from '../net/forward-options.js'
import type {Inspecting} from './inspection.js'

/** How the client named the relay: the proxy has one upstream, or the client asked. */
export type Via = 'upstream' | 'socks5' | 'http'

/** Why a connection ended. */
export type EndCause = ForwardCause | `dial_${DialFailure}` | 'request_refused' | 'no_destination' | 'handshake_timeout'

/**
 * What an inspector is told, in order of time over all connections; of one connection: opened, perhaps connected, any
 * number of the others, closed.
 */
export type ProxyEvent =
  /** `listener`: the proxy's end of the client's connection. */
  | {
      readonly kind: 'opened'
      readonly connection: number
      readonly time: Time
      readonly client: Endpoint
      readonly listener: Endpoint
    }
  /** `relay`: the address that was reached; `destination`: as it was named. */
  | {
      readonly kind: 'connected'
      readonly connection: number
      readonly time: Time
      readonly relay: Endpoint
      readonly destination: Address
      readonly via: Via
    }
  /**
   * The client's leg: end 0 is the client, end 1 what was written to it. A request to the proxy and its answers are
   * part of it.
   */
  | {readonly kind: 'chunk'; readonly chunk: Chunk}
  /** Told before the client's bytes that it is about, and before what is written because of them. */
  | {readonly kind: 'intercept'; readonly connection: number; readonly time: Time; readonly event: InterceptEvent}
  /** The proxy itself ends both streams: the relay's end that follows in the chunks is the proxy's doing. */
  | {readonly kind: 'ending'; readonly connection: number; readonly time: Time; readonly cause: ForwardCause}
  | {
      readonly kind: 'closed'
      readonly connection: number
      readonly time: Time
      readonly cause: EndCause
      /** A sentence, where the cause alone does not say it. */
      readonly detail?: string
      /** Bytes that each side sent, as read from its socket; requests to the proxy not counted. */
      readonly bytes: Readonly<Record<Sender, number>>
    }
  /** Over the most connections: reset at once, and not numbered. */
  | {readonly kind: 'turned_away'; readonly time: Time; readonly client: Endpoint}

const endOf = (side: Sender): End => (side === 'client' ? 0 : 1)

/**
 * Turns what one client's socket saw into chunks for the inspection. What the inspection has no room for becomes a gap.
 */
export class LegWatcher implements Watcher {
  readonly #connection: number
  readonly #inspection: Inspecting<ProxyEvent>
  readonly #now: () => Time
  readonly #lost: Record<Sender, number> = {client: 0, relay: 0}
  readonly #ended = new Set<Sender>()

  constructor(connection: number, inspection: Inspecting<ProxyEvent>, now: () => Time) {
    this.#connection = connection
    this.#inspection = inspection
    this.#now = now
  }

  bytes(from: Sender, bytes: Uint8Array): void {
    this.#gap(from)
    const chunk = {connection: this.#connection, end: endOf(from), time: this.#now(), bytes}
    if (!this.#inspection.push({kind: 'chunk', chunk}, bytes.length)) this.#lost[from] += bytes.length
  }

  ending(cause: ForwardCause): void {
    this.#inspection.push({kind: 'ending', connection: this.#connection, time: this.#now(), cause}, 0)
  }

  ended(side: Sender, how: StreamEnd): void {
    this.#end(side, how)
  }

  /** The connection is over: a stream that did not end is cut off here, as a reset cuts it off. */
  over(): void {
    const how = this.#ended.size > 0 ? 'rst' : 'capture_end'
    this.#end('client', how)
    this.#end('relay', how)
  }

  #end(side: Sender, close: StreamEnd | 'capture_end'): void {
    if (this.#ended.has(side)) return
    this.#ended.add(side)
    this.#gap(side)
    this.#inspection.push(
      {kind: 'chunk', chunk: {connection: this.#connection, end: endOf(side), time: this.#now(), close}},
      0,
    )
  }

  #gap(side: Sender): void {
    const gap = this.#lost[side]
    if (gap === 0) return
    this.#lost[side] = 0
    this.#inspection.push(
      {kind: 'chunk', chunk: {connection: this.#connection, end: endOf(side), time: this.#now(), gap}},
      0,
    )
  }
}
