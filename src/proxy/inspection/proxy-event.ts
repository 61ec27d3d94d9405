import type {Chunk, End, Endpoint, Time} from '../../wire/chunk.js'
import type {Sender} from '../../wire/side.js'
import type {EmbeddedCause} from '../embedded/embedded-relay.js'
import type {Address} from '../explicit/address.js'
import type {DialFailure} from '../explicit/destination.js'
import type {InterceptEvent} from '../intercept/intercept-event.js'
import type {ForwardCause, StreamEnd, Watcher} from '../net/forward-options.js'
import type {Inspecting} from './inspection.js'

/** How the relay was chosen: by --upstream, by the client's request, or because it is the embedded one. */
export type Via = 'upstream' | 'socks5' | 'http' | 'embedded'

/** Why the proxy itself ends a connection: also reasons of the embedded relay that no packet shows. */
export type EndingCause = ForwardCause | EmbeddedCause

/** Why a connection ended. */
export type EndCause = ForwardCause | `dial_${DialFailure}` | 'request_refused' | 'no_destination' | 'handshake_timeout'

/**
 * An event for the inspector. Events come in order of time over all connections. For one connection: opened, perhaps
 * connected, any number of the others, closed.
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
  /** `relay`: the address that was reached. `destination`: the address or name that was asked for. */
  | {
      readonly kind: 'connected'
      readonly connection: number
      readonly time: Time
      readonly relay: Endpoint
      readonly destination: Address
      readonly via: Via
    }
  /**
   * Bytes of the client's leg: end 0 sent by the client, end 1 written to it. Includes the request to the proxy and the
   * answers to it. `isTaken`: nobody else reads the bytes, so that their memory may go to another thread.
   */
  | {readonly kind: 'chunk'; readonly chunk: Chunk; readonly isTaken?: boolean}
  /** Precedes the chunk that it is about, and what is written because of that chunk. */
  | {readonly kind: 'intercept'; readonly connection: number; readonly time: Time; readonly event: InterceptEvent}
  /** The proxy itself ends both streams: the relay's close that follows was made by the proxy. */
  | {readonly kind: 'ending'; readonly connection: number; readonly time: Time; readonly cause: EndingCause}
  | {
      readonly kind: 'closed'
      readonly connection: number
      readonly time: Time
      readonly cause: EndCause
      /** Details that the cause does not say. */
      readonly detail?: string
      /** Bytes read from each side's socket, without requests to the proxy. */
      readonly bytes: Readonly<Record<Sender, number>>
    }
  /** Reset at once and not numbered, because the maximum number of connections, or of open files, is reached. */
  | {
      readonly kind: 'turned_away'
      readonly time: Time
      readonly client: Endpoint
      readonly reason: 'connections' | 'descriptors'
    }
  /** A connection was lost before it was accepted. */
  | {
      readonly kind: 'accept_failed'
      readonly time: Time
      readonly message: string
      readonly isOutOfDescriptors: boolean
    }

const endOf = (side: Sender): End => (side === 'client' ? 0 : 1)

/**
 * Turns the traffic of one client's socket into chunks for the inspection. Bytes that the inspection has no room for
 * become a gap.
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

  bytes(from: Sender, bytes: Uint8Array, isTaken = false): void {
    this.#gap(from)
    const chunk = {connection: this.#connection, end: endOf(from), time: this.#now(), bytes}
    if (!this.#inspection.push({kind: 'chunk', chunk, isTaken}, bytes.length)) this.#lost[from] += bytes.length
  }

  ending(cause: EndingCause): void {
    this.#inspection.push({kind: 'ending', connection: this.#connection, time: this.#now(), cause}, 0)
  }

  ended(side: Sender, how: StreamEnd): void {
    this.#end(side, how)
  }

  /** The connection is over: a stream without an end is cut off here, as by a reset. */
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
