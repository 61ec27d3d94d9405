import {ipv4Text, ipv6Text} from '../../wire/address.js'
import type {Close, End, Endpoint, Origin, Time} from '../../wire/chunk.js'
import type {CaptureCounters} from '../counters.js'
import type {StreamSink} from '../stream-sink.js'
import type {Party, TcpConnection} from './connection-table.js'
import {Histories} from './history.js'
import type {TcpDirection} from './tcp-direction.js'
import type {Segment} from './tcp-segment.js'

/** What brings bytes: a segment, at once or after it has waited. */
type Source = Pick<Segment, 'bytes' | 'packet' | 'stamp' | 'echo' | 'isStale'>

/**
 * Tells the sink of connections and their bytes, in stream order, and keeps each side's position and history in step
 * with what was told.
 */
export class Delivery {
  /** Of the segment at hand, and so of the chunks that it makes. */
  now: Time | null = null
  readonly #sink: StreamSink
  readonly #counters: CaptureCounters
  readonly #histories = new Histories()

  constructor(sink: StreamSink, counters: CaptureCounters) {
    this.#sink = sink
    this.#counters = counters
  }

  /** @param opener the party that is end 0. */
  announce(connection: TcpConnection, opener: Party): void {
    connection.announced = true
    connection.opener = opener
    const {version, addresses, ports, hardware, synSeen, time, packet} = connection
    const other = opener === 0 ? 1 : 0
    const text = version === 4 ? ipv4Text : ipv6Text
    const endpoint = (party: Party): Endpoint => ({ip: text(addresses[party], 0), port: ports[party]})
    this.#sink.open(connection.number, {
      ends: [endpoint(opener), endpoint(other)],
      hardware: hardware && [hardware[opener], hardware[other]],
      synSeen,
      time,
      packet,
    })
  }

  /** The next bytes of the side: `source.bytes[start..end)`, not empty. @param offset in the file, of the first. */
  bytes(
    connection: TcpConnection,
    side: TcpDirection,
    source: Source,
    start: number,
    end: number,
    offset: number,
  ): void {
    const {packet, stamp, echo, isStale} = source
    const view = source.bytes.subarray(start, end)
    const other = side === connection.sides[0] ? connection.sides[1] : connection.sides[0]
    const isOutOfPlace = isStale || side.isLate(stamp, this.now?.micros ?? 0)
    const isAhead = other.isOvertakenBy(echo) || isOutOfPlace
    side.next = (side.next + view.length) | 0
    side.position += view.length
    side.history ??= this.#histories.take()
    side.history?.add(view)
    this.#sink.chunk({
      connection: connection.number,
      end: endOf(connection, side),
      time: this.now,
      bytes: view,
      origin: {packet, offset},
      isAhead,
    })
  }

  /** Bytes that were never seen. Nothing happens if there are none. */
  gap(connection: TcpConnection, side: TcpDirection, gap: number, origin: Origin | undefined): void {
    if (gap <= 0) return
    if (!connection.announced) this.announce(connection, side === connection.sides[0] ? 0 : 1)
    this.#counters.gaps++
    this.#counters.gapBytes += gap
    side.next = (side.next + gap) | 0
    side.position += gap
    side.history?.clear()
    const chunk = {connection: connection.number, end: endOf(connection, side), time: this.now, gap}
    this.#sink.chunk(origin ? {...chunk, origin: {packet: origin.packet, offset: origin.offset}} : chunk)
  }

  /** The side has ended; nothing of it may follow. */
  close(connection: TcpConnection, side: TcpDirection, close: Close, origin?: Origin): void {
    if (!connection.announced) this.announce(connection, 0)
    if (side.history) this.#histories.give(side.history)
    side.history = undefined
    const chunk = {connection: connection.number, end: endOf(connection, side), time: this.now, close}
    this.#sink.chunk(origin ? {...chunk, origin} : chunk)
  }

  /**
   * Compare bytes that came again with those that were delivered. @param old how many bytes before the next one they
   * begin.
   */
  compare(connection: TcpConnection, side: TcpDirection, {bytes, start, end, packet}: Segment, old: number): void {
    const differs = side.history?.difference(old, bytes, start, end - start) ?? -1
    if (differs >= 0) this.conflict(connection, side, packet, side.position - old + differs)
  }

  conflict(connection: TcpConnection, side: TcpDirection, packet: number, position: number): void {
    this.#counters.conflicts++
    this.#sink.conflict?.({
      connection: connection.number,
      end: endOf(connection, side),
      time: this.now,
      packet,
      position,
    })
  }
}

function endOf(connection: TcpConnection, side: TcpDirection): End {
  return side === connection.sides[connection.opener] ? 0 : 1
}
