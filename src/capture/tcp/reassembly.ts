import type {Origin, Time} from '../../wire/chunk.js'
import {distance} from '../../wire/integers.js'
import type {CaptureCounters} from '../counters.js'
import {limits} from '../limits.js'
import type {StreamEvent} from '../stream-event.js'
import {ConnectionTable} from './connection-table.js'
import {confirmedSyn, isReuse} from './reuse.js'
import {StreamAssembly} from './stream-assembly.js'
import type {Closing, TcpConnection, TcpDirection} from './tcp-connection.js'
import {flag, keptSegment, payloadSeq, type Segment} from './tcp-segment.js'

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
  /** Segments that came, those of other shards among them, and their number at the last sweep. */
  #came = 0
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
    this.skip(segment.time)
    return this.#take(segment)
  }

  /** A segment comes that belongs to another shard: it says what time it is, as it does where all are followed. */
  skip(time: Time | null): void {
    this.#came++
    if (time) this.#passTime(time)
  }

  #take(segment: Segment): number {
    const known = this.#table.find(segment)
    const direction = known ? this.#reused(known, segment) : this.#connectionFor(segment)
    const {connection, other} = direction
    connection.segments++
    if (direction.strangeSyn?.packet === segment.packet) return connection.number
    if (other.closing?.kind === 'rst' && (segment.flags & flag.rst) === 0 && this.#isLater(other.closing))
      this.#assembly.ignoreClosing(other)
    const seq = payloadSeq(segment)
    if ((segment.flags & flag.syn) !== 0) this.#synchronise(direction, segment)
    if (!direction.isStarted) direction.start(seq)
    segment.isStale = direction.order.isStale(segment.stamp)
    if (segment.flags & flag.ack) this.#acknowledge(other, segment)
    if (other.closing?.isDoubtful && other.isClosingRefuted) this.#assembly.ignoreClosing(other)
    const length = segment.end - segment.start + segment.missing
    segment.sum = direction.checksums.expected(segment)
    if (segment.flags & flag.rst) this.#reset(direction, segment)
    else {
      if (length > 0) this.#assembly.add(direction, segment, seq, this.#now)
      if (segment.flags & flag.fin) this.#finish(direction, segment, (seq + length) | 0)
    }
    if (direction.isWaiting || other.isWaiting || this.#waiting.size > 0) this.#review(connection)
    if (connection.isFinished) this.#finished(connection)
    return connection.number
  }

  #acknowledge(direction: TcpDirection, {ack, flags, time}: Segment): void {
    direction.acknowledge(ack, time?.micros ?? 0)
    if ((flags & flag.rst) !== 0 || !direction.isEndRefuted(ack)) return
    this.#assembly.resume(direction, this.#now)
    this.#table.resume(direction.connection)
  }

  /**
   * As advance, but each sweep over the connections that wait is paid for by segments: where times jump to and fro,
   * every segment would else cause one.
   */
  #passTime(now: Time): void {
    if (this.#came - this.#sweptAt >= this.#waiting.size / 16) this.advance(now)
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
    this.#sweptAt = this.#came
    for (const connection of this.#waiting) {
      this.#review(connection)
      if (connection.isFinished) this.#finished(connection)
    }
  }

  /** No more segments will come: deliver all that waits, with its gaps, and close what is open. */
  end(): void {
    for (const connection of this.#table.all()) this.#remove(connection)
  }

  /** Whether a host would not have spoken any more if it had accepted the reset. */
  #isLater({time}: Closing): boolean {
    return this.#now !== null && this.#now.micros - (time?.micros ?? 0) >= limits.resetMicros
  }

  /**
   * The direction of a segment whose addresses and ports are those of a known connection: in that connection or in a
   * new one. A SYN that is foreign to an open connection waits until another segment fits it: its receiver may have
   * ignored it.
   */
  #reused(known: TcpDirection, segment: Segment): TcpDirection {
    const syn = confirmedSyn(known, segment)
    if (syn) {
      this.#remove(known.connection)
      this.#take(syn)
      return this.#table.find(segment)!
    }
    if (!isReuse(known, segment)) return known
    if (known.connection.isFinished) {
      this.#remove(known.connection)
      return this.#connectionFor(segment)
    }
    if (known.strangeSyn?.seq !== segment.seq) this.#counters.outOfWindow++
    known.strangeSyn = keptSegment(segment)
    return known
  }

  #connectionFor(segment: Segment): TcpDirection {
    const direction = this.#table.add(segment)
    const added = direction.connection
    for (let surplus = this.#table.surplus(added); surplus; surplus = this.#table.surplus(added)) {
      if (!surplus.isFinished) this.#counters.evicted++
      this.#remove(surplus)
    }
    return direction
  }

  #synchronise(direction: TcpDirection, segment: Segment): void {
    this.#beginAt(direction, segment.seq)
    const {connection, party, other} = direction
    const isAnswer = (segment.flags & flag.ack) !== 0
    if (isAnswer && !other.hasSyn) this.#beginAt(other, (segment.ack - 1) | 0)
    if (connection.isOpened) return
    connection.hasSyn = true
    this.#assembly.delivery.open(connection, isAnswer ? other.party : party)
  }

  /** Note a direction's SYN, captured or known by its answer, which may come after what follows it. */
  #beginAt(direction: TcpDirection, syn: number): void {
    if (direction.isStarted && direction.position === 0) {
      direction.first = direction.next = (syn + 1) | 0
      this.#assembly.settle(direction, this.#now)
    }
    if (!direction.isStarted) direction.start((syn + 1) | 0)
    direction.hasSyn = true
    direction.syn = syn
  }

  /** @param seq sequence number of the FIN. */
  #finish(direction: TcpDirection, {packet, offset}: Segment, seq: number): void {
    if (direction.closed) return
    const ahead = distance(seq, direction.next)
    if (ahead < 0 || ahead > limits.windowBytes) {
      this.#counters.outOfWindow++
      return
    }
    this.#noteClosing(direction, seq, 'fin', {packet, offset})
  }

  /** A RST with a number that its receiver is past is ignored, as by the receiver. */
  #reset(direction: TcpDirection, {seq, packet, offset}: Segment): void {
    if (direction.closed) return
    const ahead = distance(seq, direction.next)
    if (ahead > limits.windowBytes || (ahead < 0 && seq !== direction.received)) {
      this.#counters.outOfWindow++
      return
    }
    this.#noteClosing(direction, seq, 'rst', {packet, offset})
  }

  /** Note where a direction ends. Of several ends that wait for missing bytes, the first in the stream counts. */
  #noteClosing(direction: TcpDirection, seq: number, kind: 'fin' | 'rst', origin: Origin): void {
    const {closing, next} = direction
    if (closing && distance(seq, closing.seq) >= 0) return
    const isDoubtful = distance(seq, next) < 0
    const order = this.#came
    const place = {seq: isDoubtful ? next : seq, origin, nextThen: next, time: this.#now, order}
    direction.closing = {...place, kind, isDoubtful}
    this.#assembly.settle(direction, this.#now)
  }

  #review(connection: TcpConnection): void {
    let isWaiting = false
    for (const direction of connection.directions) {
      while (direction.isLost(this.#now?.micros ?? 0)) if (!this.#moveOn(direction)) break
      if (direction.closing) this.#assembly.settle(direction, this.#now)
      isWaiting ||= direction.isWaiting
    }
    if (isWaiting) this.#waiting.add(connection)
    else this.#waiting.delete(connection)
  }

  /** Something that a direction waits for is lost. @returns whether a gap was skipped: more may be lost after it. */
  #moveOn(direction: TcpDirection): boolean {
    if (direction.isClosingRefuted) this.#assembly.ignoreClosing(direction)
    else if (direction.closing?.isDoubtful) direction.closing = {...direction.closing, isDoubtful: false}
    else if (direction.missing > 0) {
      this.#assembly.skipGap(direction, this.#now)
      return true
    } else this.#assembly.giveUp(direction.other, this.#now)
    return false
  }

  #finished(connection: TcpConnection): void {
    this.#table.finish(connection)
    if (connection.directions.every(({closed, mayResume}) => closed && !mayResume))
      this.#assembly.delivery.over(connection)
  }

  #remove(connection: TcpConnection): void {
    const {directions} = connection
    for (const direction of directions) {
      if (direction.isClosingRefuted) this.#assembly.ignoreClosing(direction)
      if (direction.closing) direction.closing = {...direction.closing, isDoubtful: false}
      this.#assembly.giveUp(direction, this.#now)
    }
    for (const direction of directions) if (direction.closing) this.#assembly.settle(direction, this.#now)
    for (const direction of directions)
      if (direction.closed) this.#assembly.dropLate(direction)
      else this.#assembly.close(direction, 'capture_end', undefined, this.#now)
    this.#assembly.delivery.over(connection)
    this.#waiting.delete(connection)
    this.#table.remove(connection)
  }
}
