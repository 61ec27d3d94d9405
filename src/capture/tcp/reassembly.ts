import type {Time} from '../../wire/chunk.js'
import type {CaptureCounters} from '../counters.js'
import {limits} from '../limits.js'
import type {StreamEvent} from '../stream-event.js'
import {ConnectionTable} from './connection-table.js'
import {isReuse} from './reuse.js'
import {distance} from './sequence.js'
import {StreamAssembly} from './stream-assembly.js'
import type {TcpConnection, TcpDirection} from './tcp-connection.js'
import {flag, payloadSeq, type Segment} from './tcp-segment.js'

/**
 * Makes streams of TCP segments: finds each one's connection, follows SYN, FIN, RST and acknowledgements, and decides
 * when missing bytes are given up (the other side has acknowledged them, a limit is reached, or the capture ends).
 */
export class Reassembly {
  readonly #assembly: StreamAssembly
  readonly #counters: CaptureCounters
  readonly #table = new ConnectionTable()
  /** Connections with missing bytes, reviewed again when time has passed. */
  readonly #waiting = new Set<TcpConnection>()
  #nextSweepMicros = 0
  /** Number of segments at the last sweep. */
  #sweptAt = 0
  /** Capture time of the last segment that had one. */
  #now: Time | null = null

  constructor(counters: CaptureCounters) {
    this.#assembly = new StreamAssembly(counters)
    this.#counters = counters
  }

  /** What the calls since the last one of this brought about. */
  takeEvents(): readonly StreamEvent[] {
    return this.#assembly.delivery.takeEvents()
  }

  /** @returns number of the segment's connection. */
  add(segment: Segment): number {
    this.#counters.segments++
    if (segment.missing > 0) this.#counters.cutSegments++
    if (segment.time) this.#passTime(segment.time)
    const direction = this.#directionOf(segment)
    const {connection, other} = direction
    connection.segments++
    const seq = payloadSeq(segment)
    if ((segment.flags & flag.syn) !== 0) this.#synchronise(direction, segment)
    if (!direction.isStarted) direction.start(seq)
    segment.isStale = direction.order.isStale(segment.stamp)
    if (segment.flags & flag.ack) other.acknowledge(segment.ack, segment.time?.micros ?? 0)
    const length = segment.end - segment.start + segment.missing
    if (segment.flags & flag.rst) this.#reset(direction, segment)
    else {
      if (length > 0) this.#assembly.add(direction, segment, seq, this.#now)
      if (segment.flags & flag.fin) this.#finish(direction, segment, (seq + length) | 0)
    }
    if (direction.isWaiting || other.isWaiting || this.#waiting.size > 0) this.#review(connection)
    if (connection.isFinished) this.#table.finish(connection)
    return connection.number
  }

  /**
   * As advance, but each sweep over the connections that wait is paid for by segments: where times jump to and fro,
   * every segment would else cause one.
   */
  #passTime(now: Time): void {
    if (this.#counters.segments - this.#sweptAt >= this.#waiting.size / 16) this.advance(now)
    else this.#now = now
  }

  /** Give up bytes that have been missing for too long. For live sources, when no packets come. */
  advance(now: Time): void {
    this.#now = now
    if (
      this.#waiting.size === 0 ||
      (now.micros < this.#nextSweepMicros && now.micros > this.#nextSweepMicros - 2 * limits.patienceMicros)
    )
      return
    this.#nextSweepMicros = now.micros + limits.patienceMicros
    this.#sweptAt = this.#counters.segments
    for (const connection of this.#waiting) {
      this.#review(connection)
      if (connection.isFinished) this.#table.finish(connection)
    }
  }

  /** No more segments will come: deliver all that waits, with its gaps, and close what is open. */
  end(): void {
    for (const connection of this.#table.all()) this.#remove(connection)
  }

  #directionOf(segment: Segment): TcpDirection {
    const known = this.#table.find(segment)
    if (known && !isReuse(known, segment)) return known
    if (known) this.#remove(known.connection)
    const direction = this.#table.add(segment)
    const added = direction.connection
    for (let surplus = this.#table.surplus(added); surplus; surplus = this.#table.surplus(added)) {
      if (!surplus.isFinished) this.#counters.evicted++
      this.#remove(surplus)
    }
    return direction
  }

  #synchronise(direction: TcpDirection, segment: Segment): void {
    if (direction.isStarted && direction.position === 0) {
      direction.first = direction.next = (segment.seq + 1) | 0
      this.#assembly.settle(direction, this.#now)
    }
    direction.hasSyn = true
    direction.syn = segment.seq
    const {connection, party, other} = direction
    if (connection.isOpened) return
    connection.hasSyn = true
    const isAnswer = (segment.flags & flag.ack) !== 0
    this.#assembly.delivery.open(connection, isAnswer ? other.party : party)
  }

  /** @param seq sequence number of the FIN. */
  #finish(direction: TcpDirection, {packet, offset}: Segment, seq: number): void {
    if (direction.closed || direction.closing) return
    const ahead = distance(seq, direction.next)
    if (ahead < 0 || ahead > limits.windowBytes) {
      this.#counters.outOfWindow++
      return
    }
    direction.closing = {seq, kind: 'fin', origin: {packet, offset}}
    this.#assembly.settle(direction, this.#now)
  }

  #reset(direction: TcpDirection, {seq, packet, offset}: Segment): void {
    if (direction.closed) return
    const ahead = distance(seq, direction.next)
    if (Math.abs(ahead) > limits.windowBytes) {
      this.#counters.outOfWindow++
      return
    }
    direction.closing ??= {seq: ahead > 0 ? seq : direction.next, kind: 'rst', origin: {packet, offset}}
    this.#assembly.settle(direction, this.#now)
  }

  #review(connection: TcpConnection): void {
    let isWaiting = false
    for (const direction of connection.directions) {
      if (direction.isLost(this.#now?.micros ?? 0)) {
        if (direction.missing > 0) this.#assembly.skipGap(direction, this.#now)
        else this.#assembly.giveUp(direction.other, this.#now)
      }
      if (direction.closing) this.#assembly.settle(direction, this.#now)
      isWaiting ||= direction.isWaiting
    }
    if (isWaiting) this.#waiting.add(connection)
    else this.#waiting.delete(connection)
  }

  #remove(connection: TcpConnection): void {
    const {directions} = connection
    for (const direction of directions) this.#assembly.giveUp(direction, this.#now)
    for (const direction of directions) if (direction.closing) this.#assembly.settle(direction, this.#now)
    for (const direction of directions)
      if (!direction.closed) this.#assembly.close(direction, 'capture_end', undefined, this.#now)
    this.#waiting.delete(connection)
    this.#table.remove(connection)
  }
}
