import {copyOf} from '../../wire/bytes.js'
import type {Close, Origin, Time} from '../../wire/chunk.js'
import type {CaptureCounters} from '../counters.js'
import {limits} from '../limits.js'
import type {StreamSink} from '../stream-sink.js'
import {ConnectionTable, type Party, type TcpConnection} from './connection-table.js'
import {Delivery} from './delivery.js'
import {type Arrival, costOf, distance, insertPending, type Pending} from './pending.js'
import {isReuse} from './reuse.js'
import type {TcpDirection} from './tcp-direction.js'
import {flag, type Segment} from './tcp-segment.js'

/**
 * Makes streams of TCP segments. What is contiguous is delivered at once and without a copy; what is not waits for the
 * missing bytes, until they are known to be lost (the other side has acknowledged them, a bound is reached, or all
 * ends) and become a gap.
 */
export class Reassembly {
  readonly #delivery: Delivery
  readonly #counters: CaptureCounters
  readonly #table = new ConnectionTable()
  /** Connections with missing bytes, looked at again when time has passed. */
  readonly #waiting = new Set<TcpConnection>()
  #nextSweepMicros = 0
  #pendingTotal = 0

  constructor(sink: StreamSink, counters: CaptureCounters) {
    this.#delivery = new Delivery(sink, counters)
    this.#counters = counters
  }

  /** @returns number of the segment's connection. */
  accept(segment: Segment): number {
    this.#counters.segments++
    if (segment.missing > 0) this.#counters.cutSegments++
    if (segment.time) this.advance(segment.time)
    const connection = this.#connectionOf(segment)
    const {party} = this.#table
    const side = connection.sides[party]
    const other = connection.sides[otherParty(party)]
    connection.segments++
    const isSyn = (segment.flags & flag.syn) !== 0
    const seq = isSyn ? (segment.seq + 1) | 0 : segment.seq
    if (isSyn) this.#synchronise(connection, party, segment)
    if (!side.started) side.start(seq)
    segment.isStale = side.arrived(segment.stamp)
    if (segment.flags & flag.ack) other.acknowledge(segment.ack, segment.time?.micros ?? 0)
    const length = segment.end - segment.start + segment.missing
    if (segment.flags & flag.rst) this.#reset(connection, party, segment)
    else {
      if (length > 0) this.#data(connection, party, segment, seq)
      if (segment.flags & flag.fin) this.#finish(connection, party, segment, (seq + length) | 0)
    }
    if (side.holed || other.holed || this.#waiting.size > 0) this.#review(connection)
    return connection.number
  }

  /** Time goes by: bytes that are missing for too long are given up. For live sources, when nothing arrives. */
  advance(now: Time): void {
    this.#delivery.now = now
    if (
      this.#waiting.size === 0 ||
      (now.micros < this.#nextSweepMicros && now.micros > this.#nextSweepMicros - 2 * limits.patienceMicros)
    )
      return
    this.#nextSweepMicros = now.micros + limits.patienceMicros
    for (const connection of this.#waiting) this.#review(connection)
  }

  /** No more segments will come: deliver all that waits, with its gaps, and close what is open. */
  end(): void {
    for (const connection of this.#table.all()) this.#remove(connection)
  }

  #connectionOf(segment: Segment): TcpConnection {
    let connection = this.#table.find(segment)
    if (connection && isReuse(connection, this.#table.party, segment)) {
      this.#remove(connection)
      connection = undefined
    }
    if (connection) return connection
    connection = this.#table.add(segment)
    for (let surplus = this.#table.surplus(connection); surplus; surplus = this.#table.surplus(connection)) {
      if (!surplus.finished) this.#counters.evicted++
      this.#remove(surplus)
    }
    return connection
  }

  #synchronise(connection: TcpConnection, party: Party, segment: Segment): void {
    const side = connection.sides[party]
    if (side.started && side.position === 0) {
      side.first = side.next = (segment.seq + 1) | 0
      this.#settle(connection, side)
    }
    side.synSeen = true
    side.syn = segment.seq
    if (connection.announced) return
    connection.synSeen = true
    const answers = (segment.flags & flag.ack) !== 0
    this.#delivery.announce(connection, answers ? otherParty(party) : party)
  }

  #data(connection: TcpConnection, party: Party, segment: Segment, seq: number): void {
    const side = connection.sides[party]
    const {bytes, start, end, missing, packet, offset, stamp, echo, isStale} = segment
    if (side.closed) {
      if (distance((seq + segment.end - segment.start) | 0, side.next) > 0) this.#counters.afterClose++
      else this.#counters.retransmissions++
      return
    }
    if (!connection.announced) this.#delivery.announce(connection, party)
    const old = distance(side.next, seq)
    const captured = end - start
    if (old > limits.windowBytes || old < -limits.windowBytes) {
      this.#far(connection, party, segment, seq)
      return
    }
    if (old > 0) {
      if (old === 1 && captured + missing === 1) {
        this.#counters.keepAlives++
        return
      }
      this.#delivery.compare(connection, side, segment, old)
      if (old >= captured + missing) {
        this.#counters.retransmissions++
        return
      }
      // A keep-alive, one number before its time, was the first that was seen.
    } else if (old === -1 && side.position === 0 && !side.synSeen) side.next = seq
    if (old >= 0 && side.pending.length === 0) {
      if (captured > old) this.#delivery.bytes(connection, side, segment, start + old, end, offset + old)
      if (missing > 0)
        this.#delivery.gap(connection, side, missing - Math.max(0, old - captured), {packet, offset: offset + captured})
      if (side.closing) this.#settle(connection, side)
      return
    }
    const skip = Math.min(Math.max(old, 0), captured)
    this.#wait(connection, party, {
      seq: (seq + skip) | 0,
      bytes,
      start: start + skip,
      end,
      missing,
      packet,
      offset: offset + skip,
      stamp,
      echo,
      isStale,
    })
    this.#settle(connection, side)
  }

  #wait(connection: TcpConnection, party: Party, arrival: Arrival): void {
    const side = connection.sides[party]
    if (distance(arrival.seq, side.next) > 0) this.#counters.outOfOrder++
    const {added, conflictAt} = insertPending(side.pending, arrival)
    side.pendingBytes += added
    this.#pendingTotal += added
    if (conflictAt !== undefined)
      this.#delivery.conflict(connection, side, arrival.packet, side.position + distance(conflictAt, side.next))
    while (
      side.pendingBytes > limits.pendingBytes ||
      side.pending.length > limits.pendingSegments ||
      (this.#pendingTotal > limits.pendingTotalBytes && side.pending.length > 0)
    ) {
      this.#skip(connection, side)
    }
  }

  /**
   * A segment so far away is damage or forged, unless the next one follows on it: then the capture lost more than a
   * window.
   */
  #far(connection: TcpConnection, party: Party, segment: Segment, seq: number): void {
    this.#counters.outOfWindow++
    const side = connection.sides[party]
    const {far} = side
    this.#dropFar(side)
    if (far && seq === ((far.seq + far.bytes.length + far.missing) | 0)) {
      while (side.pending.length > 0) this.#skip(connection, side)
      if (side.closed) return
      if (side.position > 0 || side.synSeen)
        this.#delivery.gap(connection, side, distance(far.seq, side.next) >>> 0, far)
      side.next = far.seq
      side.pending.push(far)
      side.pendingBytes += costOf(far)
      this.#pendingTotal += costOf(far)
      this.#settle(connection, side)
      this.#data(connection, party, segment, seq)
      return
    }
    const {bytes, start, end, missing, packet, offset, stamp, echo, isStale} = segment
    if (this.#pendingTotal > limits.pendingTotalBytes) return
    side.far = {seq, bytes: copyOf(bytes, start, end), missing, packet, offset, stamp, echo, isStale}
    this.#pendingTotal += costOf(side.far)
  }

  #dropFar(side: TcpDirection): void {
    if (side.far) this.#pendingTotal -= costOf(side.far)
    side.far = undefined
  }

  /** Give up what is missing in front of what waits. */
  #skip(connection: TcpConnection, side: TcpDirection): void {
    const first = side.pending[0] ?? side.closing?.origin
    this.#delivery.gap(connection, side, side.missing, first && {packet: first.packet, offset: first.offset})
    this.#settle(connection, side)
  }

  /** Deliver what waits, as far as it is contiguous. */
  #settle(connection: TcpConnection, side: TcpDirection): void {
    const {pending} = side
    let done = 0
    while (done < pending.length) {
      const first = pending[done]!
      const old = distance(side.next, first.seq)
      if (old < 0) break
      done++
      this.#release(side, first)
      const {bytes, packet, offset} = first
      if (bytes.length > old) this.#delivery.bytes(connection, side, first, old, bytes.length, offset + old)
      const following = pending[done]
      const cut = first.missing - Math.max(0, old - bytes.length)
      const lost = following ? Math.min(cut, distance(following.seq, side.next)) : cut
      if (lost > 0) this.#delivery.gap(connection, side, lost, {packet, offset: offset + bytes.length})
    }
    if (done > 0) pending.splice(0, done)
    const {closing} = side
    if (!closing || distance(side.next, closing.seq) < 0) return
    // A reset ends both sides at once: what the other one lacks may still come.
    if (closing.kind === 'rst' && otherSide(connection, side).missing > 0) return
    this.#close(connection, side, closing.kind, closing.origin)
  }

  #release(side: TcpDirection, pending: Pending): void {
    side.pendingBytes -= costOf(pending)
    this.#pendingTotal -= costOf(pending)
  }

  #finish(connection: TcpConnection, party: Party, segment: Segment, seq: number): void {
    const side = connection.sides[party]
    if (side.closed || side.closing) return
    const ahead = distance(seq, side.next)
    if (ahead < 0 || ahead > limits.windowBytes) {
      this.#counters.outOfWindow++
      return
    }
    side.closing = {seq, kind: 'fin', origin: {packet: segment.packet, offset: segment.offset}}
    this.#settle(connection, side)
  }

  #reset(connection: TcpConnection, party: Party, segment: Segment): void {
    const side = connection.sides[party]
    if (side.closed) return
    const ahead = distance(segment.seq, side.next)
    if (Math.abs(ahead) > limits.windowBytes) {
      this.#counters.outOfWindow++
      return
    }
    side.closing ??= {
      seq: ahead > 0 ? segment.seq : side.next,
      kind: 'rst',
      origin: {packet: segment.packet, offset: segment.offset},
    }
    this.#settle(connection, side)
  }

  #close(connection: TcpConnection, side: TcpDirection, close: Close, origin?: Origin): void {
    for (const pending of side.pending) this.#release(side, pending)
    side.pending.length = 0
    this.#dropFar(side)
    side.closing = undefined
    side.closed = close
    this.#delivery.close(connection, side, close, origin)
    if (close !== 'rst' && (!connection.sides[0].closed || !connection.sides[1].closed)) return
    connection.finished = true
    this.#table.finish(connection)
  }

  #review(connection: TcpConnection): void {
    let waits = false
    for (const side of connection.sides) {
      if (side.isLost(this.#delivery.now?.micros ?? 0, connection.segments)) {
        if (side.missing > 0) this.#skip(connection, side)
        else this.#giveUp(connection, otherSide(connection, side))
      }
      if (side.closing) this.#settle(connection, side)
      waits ||= side.holed
    }
    if (waits) this.#waiting.add(connection)
    else this.#waiting.delete(connection)
  }

  /** All that a side lacks in front of what is known to follow. */
  #giveUp(connection: TcpConnection, side: TcpDirection): void {
    while (!side.closed && side.missing > 0) this.#skip(connection, side)
  }

  #remove(connection: TcpConnection): void {
    for (const side of connection.sides) this.#giveUp(connection, side)
    for (const side of connection.sides) if (side.closing) this.#settle(connection, side)
    for (const side of connection.sides) if (!side.closed) this.#close(connection, side, 'capture_end')
    this.#waiting.delete(connection)
    this.#table.remove(connection)
  }
}

function otherSide({sides}: TcpConnection, side: TcpDirection): TcpDirection {
  return side === sides[0] ? sides[1] : sides[0]
}

function otherParty(party: Party): Party {
  return party === 0 ? 1 : 0
}
