import {copyOf} from '../../wire/bytes.js'
import type {Chunk, Close, Conflict, Endpoint, Origin, Time} from '../../wire/chunk.js'
import {distance} from '../../wire/integers.js'
import type {CaptureCounters} from '../counters.js'
import type {StreamEvent} from '../stream-event.js'
import {Histories} from './history.js'
import {isDamaged, type Payload, sumOfPart} from './payload.js'
import type {Party, TcpConnection, TcpDirection} from './tcp-connection.js'
import type {Segment} from './tcp-segment.js'

const noEvents: readonly StreamEvent[] = []

/**
 * Makes the events of connections and their bytes, in stream order, and moves each direction's position and history
 * along.
 */
export class Delivery {
  #events: StreamEvent[] | undefined
  readonly #counters: CaptureCounters
  readonly #histories = new Histories()

  constructor(counters: CaptureCounters) {
    this.#counters = counters
  }

  /** Events since the last call. */
  takeEvents(): readonly StreamEvent[] {
    const events = this.#events
    this.#events = undefined
    return events ?? noEvents
  }

  /** Most packets bring one event: a list made of it takes a fraction of the memory of one that it is pushed to. */
  #add(event: StreamEvent): void {
    if (this.#events) this.#events.push(event)
    else this.#events = [event]
  }

  /** @param opener the party that is end 0. */
  open(connection: TcpConnection, opener: Party): void {
    connection.isOpened = true
    connection.opener = opener
    const {ports, hasSyn, time, packet} = connection
    const other = opener === 0 ? 1 : 0
    const endpoint = (party: Party): Endpoint => ({ip: connection.address(party), port: ports[party]})
    const [first, second] = [connection.hardware(opener), connection.hardware(other)]
    this.#add({
      kind: 'open',
      connection: connection.number,
      opened: {
        ends: [endpoint(opener), endpoint(other)],
        hardware: first && second && [first, second],
        hasSyn,
        time,
        packet,
      },
    })
  }

  /**
   * The next bytes of a direction: those of the payload but for the first `skip`; at least one.
   * @param time when they became readable. @param now of the segment that is being looked at.
   */
  bytes(direction: TcpDirection, payload: Payload, skip: number, time: Time | null, now: Time | null): void {
    const {packet, stamp, isStale} = payload
    const bytes = payload.bytes.subarray(payload.start + skip, payload.end)
    const {connection, other} = direction
    const isLate =
      isStale || direction.order.isLate(stamp, direction.next, direction.isWaiting, now === null ? 0 : now.micros)
    const isAhead = other.isOvertakenBy(payload) || isLate
    const isFirstUnknown = direction.position === 0 && !direction.hasSyn
    direction.next = (direction.next + bytes.length) | 0
    direction.position += bytes.length
    direction.history ??= this.#histories.take()
    const sum = skip === 0 ? payload.sum : sumOfPart(payload, payload.start + skip, payload.end)
    direction.history?.add(bytes, packet, sum)
    const origin = {packet, offset: payload.offset + skip}
    const acknowledged = other.isStarted ? other.position + distance(payload.ack, other.next) : undefined
    const chunk = {connection: connection.number, end: direction.end, time, bytes, origin, isAhead, sum, acknowledged}
    this.#addChunk(direction, isFirstUnknown ? {...chunk, isFirstUnknown} : chunk)
  }

  /** Bytes that were never captured. Nothing happens if `gap` is not positive. */
  gap(direction: TcpDirection, gap: number, origin: Origin | undefined, time: Time | null): void {
    if (gap <= 0) return
    const {connection, party} = direction
    const isFirstUnknown = direction.position === 0 && !direction.hasSyn
    if (!connection.isOpened) this.open(connection, party)
    this.#counters.gaps++
    this.#counters.gapBytes += gap
    direction.next = (direction.next + gap) | 0
    direction.position += gap
    direction.history?.clear()
    const chunk = {connection: connection.number, end: direction.end, time, gap, isFirstUnknown}
    this.#addChunk(direction, origin ? {...chunk, origin} : chunk)
  }

  /** Bytes or a gap: the first after a close says so. */
  #addChunk(direction: TcpDirection, chunk: Chunk): void {
    this.#add({kind: 'chunk', chunk: direction.isResuming ? {...chunk, resumes: true} : chunk})
    direction.isResuming = false
  }

  /** Nothing more comes of the connection: both directions are closed for good. */
  over(connection: TcpConnection): void {
    if (!connection.isOpened || connection.isOver) return
    connection.isOver = true
    this.#add({kind: 'over', connection: connection.number})
  }

  /** The direction has ended; more of its bytes follow only if that is refuted. */
  close(direction: TcpDirection, close: Close, origin: Origin | undefined, time: Time | null): void {
    const {connection} = direction
    if (!connection.isOpened) this.open(connection, 0)
    if (direction.history) this.#histories.give(direction.history)
    direction.history = undefined
    // Who closes may have had bytes that were not captured.
    const {acknowledgements, hasUnheardBytes, position} = direction.other
    const isUnheard = acknowledgements.count > 0 || (hasUnheardBytes && position === 0)
    const isAhead = close !== 'capture_end' && isUnheard
    const chunk = {connection: connection.number, end: direction.end, time, close, isAhead}
    this.#add({kind: 'chunk', chunk: origin ? {...chunk, origin} : chunk})
  }

  /**
   * Compare bytes that came again with those that were delivered.
   * @param old number of bytes before the next one at which they begin.
   */
  compare(direction: TcpDirection, segment: Segment, old: number, time: Time | null): void {
    const {bytes, start, end, packet} = segment
    const differs = direction.history?.difference(old, bytes, start, end - start) ?? -1
    if (differs < 0) return
    const others = copyOf(bytes, start + differs, Math.min(end, start + old))
    const position = direction.position - old + differs
    const damaged = direction.history?.damagedPacket(old - differs) ?? (isDamaged(segment) ? packet : undefined)
    this.conflict(direction, {packet, position, bytes: others, time, damaged})
  }

  /** @param other what a segment has for a place of the stream that had other bytes before. */
  conflict(direction: TcpDirection, other: Omit<Conflict, 'connection' | 'end'>): void {
    this.#counters.conflicts++
    const conflict = {connection: direction.connection.number, end: direction.end, ...other}
    this.#add({kind: 'conflict', conflict})
  }
}
