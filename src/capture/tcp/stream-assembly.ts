import type {Close, Origin, Time} from '../../wire/chunk.js'
import {distance} from '../../wire/integers.js'
import type {CaptureCounters} from '../counters.js'
import {limits} from '../limits.js'
import {Delivery} from './delivery.js'
import {keptPayload, type PlacedPayload} from './payload.js'
import {costOf, insertPending} from './pending.js'
import type {TcpDirection} from './tcp-connection.js'
import {payloadSeq, type Segment} from './tcp-segment.js'

/** Nothing follows the missing bytes. */
const noEnd = {origin: undefined, time: null}

const later = (one: Time | null, other: Time | null): Time | null =>
  one === null || (other !== null && isBefore(one, other)) ? other : one

const isBefore = (one: Time, other: Time): boolean =>
  one.micros < other.micros || (one.micros === other.micros && one.nanos < other.nanos)

/**
 * Puts the bytes of each direction in order. Contiguous ones are delivered at once and without a copy; others wait for
 * the missing ones, until those come or are given up and become a gap.
 */
export class StreamAssembly {
  readonly delivery: Delivery
  readonly #counters: CaptureCounters
  /** What waits in all connections together counts against the limits. */
  #pendingTotal = 0

  constructor(counters: CaptureCounters) {
    this.delivery = new Delivery(counters)
    this.#counters = counters
  }

  /**
   * A segment with payload.
   * @param seq sequence number of its first byte.
   */
  add(direction: TcpDirection, segment: Segment, seq: number, now: Time | null): void {
    const {start, end, missing, packet, offset} = segment
    const captured = end - start
    if (direction.closed) {
      this.#addLate(direction, segment, seq)
      return
    }
    if (!direction.connection.isOpened) this.delivery.open(direction.connection, direction.party)
    const old = distance(direction.next, seq)
    if (old > limits.windowBytes || old < -limits.windowBytes) {
      this.#addFar(direction, segment, seq, now)
      return
    }
    if (old > 0) {
      if (old === 1 && captured + missing === 1) {
        this.#counters.keepAlives++
        return
      }
      this.delivery.compare(direction, segment, old, now)
      if (old >= captured + missing) {
        this.#counters.retransmissions++
        return
      }
    } else if (old === -1 && direction.position === 0 && !direction.hasSyn) {
      // The first captured segment was a keep-alive, whose sequence number is one too low.
      direction.next = seq
    }
    if (old < 0 || direction.pending.length > 0) {
      this.#wait(direction, segment, Math.min(Math.max(old, 0), captured), now)
      return
    }
    if (captured > old) this.delivery.bytes(direction, segment, old, now, now)
    if (missing > 0) {
      const lost = missing - Math.max(0, old - captured)
      this.delivery.gap(direction, lost, {packet, offset: offset + captured}, now)
    }
    if (direction.closing) this.settle(direction, now)
  }

  /** Deliver what waits, as far as it is contiguous, and the end of the direction if that is reached. */
  settle(direction: TcpDirection, now: Time | null): void {
    const {pending, closing, other} = direction
    let done = 0
    // What waited became readable with the bytes before it, unless those were never captured.
    let readable: Time | null = null
    while (done < pending.length) {
      const first = pending[done]!
      const old = distance(direction.next, first.seq)
      if (old < 0) break
      done++
      this.#release(direction, first)
      readable = later(readable, first.time ?? now)
      if (first.end > old) this.delivery.bytes(direction, first, old, readable, now)
      const following = pending[done]
      const cut = first.missing - Math.max(0, old - first.end)
      const lost = following ? Math.min(cut, distance(following.seq, direction.next)) : cut
      this.delivery.gap(direction, lost, {packet: first.packet, offset: first.offset + first.end}, readable)
    }
    if (done > 0) pending.splice(0, done)
    if (!closing || distance(direction.next, closing.seq) < 0) return
    if (distance(direction.next, closing.seq) > 0) {
      this.ignoreClosing(direction)
      return
    }
    if (closing.isDoubtful) return
    // A reset ends both directions at once: what the other one lacks may still come.
    if (closing.kind === 'rst' && other.missing > 0) return
    // Who closed first stays the first, also where that close waits for missing bytes; a forged close is not
    // acknowledged.
    if (other.isClosingAcknowledged && other.closing && other.closing.order < closing.order) {
      if (other.missing > 0) return
      this.settle(other, now)
      if (!direction.closing) return
    }
    this.close(direction, closing.kind, closing.origin, later(readable, closing.time ?? now))
    if (other.closing) this.settle(other, now)
  }

  /** The direction goes on: the receiver of its FIN or RST has ignored it. */
  ignoreClosing(direction: TcpDirection): void {
    direction.closing = undefined
    this.#counters.outOfWindow++
  }

  /** The direction goes on although it was closed: the receiver of its FIN or RST has ignored it. */
  resume(direction: TcpDirection, now: Time | null): void {
    direction.closed = undefined
    direction.isResuming = true
    direction.connection.isFinished = false
    this.#counters.outOfWindow++
    this.settle(direction, now)
  }

  /** A closed direction will not go on: what came after its end is dropped. */
  dropLate(direction: TcpDirection): void {
    if (direction.closed) this.#dropPending(direction)
  }

  /** Give up all that is missing before what is known to follow. */
  giveUp(direction: TcpDirection, now: Time | null): void {
    while (!direction.closed && direction.missing > 0) this.skipGap(direction, now)
  }

  /** Give up what is missing before the next bytes or the end that are known. */
  skipGap(direction: TcpDirection, now: Time | null): void {
    const [next] = direction.pending
    const {origin, time} = next ? {origin: next, time: next.time} : (direction.closing ?? noEnd)
    const place = origin && {packet: origin.packet, offset: origin.offset}
    this.delivery.gap(direction, direction.missing, place, time ?? now)
    this.settle(direction, now)
  }

  /** End the direction. What still waits is dropped. */
  close(direction: TcpDirection, close: Close, origin: Origin | undefined, now: Time | null): void {
    this.#dropPending(direction)
    this.#dropFar(direction)
    direction.closing = undefined
    direction.closed = close
    this.delivery.close(direction, close, origin, now)
    if (close === 'rst' || direction.other.closed) direction.connection.isFinished = true
  }

  /** Data after the end of its direction: kept, up to the bounds, in case the other party acknowledges it. */
  #addLate(direction: TcpDirection, segment: Segment, seq: number): void {
    const old = distance(direction.next, seq)
    const captured = segment.end - segment.start
    if (old >= captured) {
      this.#counters.retransmissions++
      return
    }
    this.#counters.afterClose++
    const {pending} = direction
    const isFull =
      direction.pendingBytes > limits.pendingBytes ||
      pending.length >= limits.pendingSegments ||
      this.#pendingTotal > limits.pendingTotalBytes
    if (isFull || old < -limits.windowBytes || !direction.mayResume) return
    const skip = Math.max(0, old)
    const {added} = insertPending(pending, segment, skip, (seq + skip) | 0)
    direction.pendingBytes += added
    this.#pendingTotal += added
  }

  #dropPending(direction: TcpDirection): void {
    for (const pending of direction.pending) this.#release(direction, pending)
    direction.pending.length = 0
  }

  /** Keep a copy of a segment's bytes, but for the first `skip`, until those before them come. */
  #wait(direction: TcpDirection, segment: Segment, skip: number, now: Time | null): void {
    const {pending} = direction
    const seq = (payloadSeq(segment) + skip) | 0
    if (distance(seq, direction.next) > 0) this.#counters.outOfOrder++
    const {added, conflict} = insertPending(pending, segment, skip, seq)
    direction.pendingBytes += added
    this.#pendingTotal += added
    if (conflict) {
      const position = direction.position + distance(conflict.seq, direction.next)
      const {bytes, damaged} = conflict
      this.delivery.conflict(direction, {packet: segment.packet, position, bytes, time: now, damaged})
    }
    while (
      direction.pendingBytes > limits.pendingBytes ||
      pending.length > limits.pendingSegments ||
      (this.#pendingTotal > limits.pendingTotalBytes && pending.length > 0)
    )
      this.skipGap(direction, now)
    this.settle(direction, now)
  }

  /**
   * A segment this far away is damaged or forged, unless the next one continues it: then the capture lost more than a
   * window.
   */
  #addFar(direction: TcpDirection, segment: Segment, seq: number, now: Time | null): void {
    this.#counters.outOfWindow++
    const {far} = direction
    this.#dropFar(direction)
    if (!far || seq !== ((far.seq + far.end + far.missing) | 0)) {
      if (this.#pendingTotal > limits.pendingTotalBytes) return
      direction.far = keptPayload(segment, seq, segment.start, segment.end)
      this.#pendingTotal += costOf(direction.far)
      return
    }
    while (direction.pending.length > 0) this.skipGap(direction, now)
    if (direction.closed) return
    if (direction.position > 0 || direction.hasSyn) {
      const origin = {packet: far.packet, offset: far.offset}
      this.delivery.gap(direction, distance(far.seq, direction.next) >>> 0, origin, far.time ?? now)
    }
    direction.next = far.seq
    direction.pending.push(far)
    direction.pendingBytes += costOf(far)
    this.#pendingTotal += costOf(far)
    this.settle(direction, now)
    this.add(direction, segment, seq, now)
  }

  #dropFar(direction: TcpDirection): void {
    if (direction.far) this.#pendingTotal -= costOf(direction.far)
    direction.far = undefined
  }

  #release(direction: TcpDirection, pending: PlacedPayload): void {
    direction.pendingBytes -= costOf(pending)
    this.#pendingTotal -= costOf(pending)
  }
}
