import type {Close, Origin} from '../../wire/chunk.js'
import {limits} from '../limits.js'
import type {History} from './history.js'
import {distance, type Pending} from './pending.js'

/** What is known of the bytes that one side of a connection sends. */
export class TcpDirection {
  /** Whether any segment of it was seen; until then the numbers below mean nothing. */
  started = false
  synSeen = false
  /** Sequence number of its SYN, if seen, and of the first byte awaited at first. */
  syn = 0
  first = 0
  /** Sequence number of the next byte to deliver, and its offset in the stream. */
  next = 0
  position = 0
  /** Sorted, without overlaps, all behind `next`. */
  readonly pending: Pending[] = []
  pendingBytes = 0
  /** A segment too far away to be believed until another one follows on it. */
  far: Pending | undefined
  /** Where the side ends, once it said so. */
  closing: {readonly seq: number; readonly kind: 'fin' | 'rst'; readonly origin: Origin} | undefined
  closed: Close | undefined
  history: History | undefined

  /** Acknowledgements in a row past `next`: bytes that the other side has, and we have not. */
  #acksPast = 0
  #lastAck = 0
  #acked = 0
  /** The farthest of them, and when the first came. */
  #mostAcked = 0
  #acksPastMicros = 0
  /** The latest time stamp that was seen in its segments; -1: none. */
  #stamp = -1
  /**
   * What the other side had received of this one, by number and by time stamp, when it said what was delivered before
   * this one's bytes.
   */
  #overtakenTo: number | undefined
  #overtakenStamp: number | undefined
  /** When it began that `next` could not be delivered. */
  #holeNext = 0
  #holeMicros = 0
  #holeSegments = 0
  #holed = false

  start(seq: number): void {
    this.started = true
    this.first = this.next = seq
  }

  /**
   * The other side acknowledged everything before `ack`. A single one may be damage, so two in a row count, and then
   * the smaller.
   */
  acknowledge(ack: number, nowMicros: number): void {
    const ahead = distance(ack, this.next)
    if (ahead <= 0 || ahead > limits.windowBytes || !this.started || this.closed) {
      this.#acksPast = 0
      return
    }
    if (this.#acksPast === 0) this.#acksPastMicros = nowMicros
    if (this.#acksPast === 0 || distance(ack, this.#mostAcked) > 0) this.#mostAcked = ack
    this.#acked = this.#acksPast === 0 || distance(ack, this.#lastAck) < 0 ? ack : this.#lastAck
    this.#lastAck = ack
    this.#acksPast++
  }

  /**
   * A segment of it was seen. @returns whether one that was sent later was seen before; what is sent again has a new
   * time stamp.
   */
  arrived(stamp: number): boolean {
    if (stamp < 0) return false
    const ahead = this.#stamp < 0 ? 1 : distance(stamp, this.#stamp)
    if (ahead > 0) this.#stamp = stamp
    return ahead < 0
  }

  /**
   * Bytes of the other side are to be delivered. @returns whether they may answer bytes of this one that were not: it
   * acknowledged those, or echoes a later segment than were seen.
   */
  isOvertakenBy(echo: number): boolean {
    const isBehind = this.#acksPast > 0
    if (isBehind && (this.#overtakenTo === undefined || distance(this.#mostAcked, this.#overtakenTo) > 0))
      this.#overtakenTo = this.#mostAcked
    if (echo < 0 || this.#stamp < 0 || distance(echo, this.#stamp) <= 0) return isBehind
    if (this.#overtakenStamp === undefined || distance(echo, this.#overtakenStamp) > 0) this.#overtakenStamp = echo
    return true
  }

  /**
   * Whether the next bytes, of a segment with this time stamp, come too late: what may answer them was delivered
   * before, or the other side has had them for long.
   */
  isLate(stamp: number, nowMicros: number): boolean {
    if (this.#acksPast > 0 && nowMicros - this.#acksPastMicros >= limits.patienceMicros) return true
    if (this.#overtakenTo !== undefined && distance(this.#overtakenTo, this.next) <= 0) this.#overtakenTo = undefined
    if (this.#overtakenStamp !== undefined && stamp >= 0 && distance(stamp, this.#overtakenStamp) > 0 && !this.holed)
      this.#overtakenStamp = undefined
    return (
      this.#overtakenTo !== undefined ||
      (this.#overtakenStamp !== undefined && stamp >= 0 && distance(stamp, this.#overtakenStamp) <= 0)
    )
  }

  /**
   * Count of acknowledged bytes that were never seen, if nothing later waits. One may be the FIN's own number: that is
   * no byte.
   */
  get ackedAhead(): number {
    const ahead = this.#acksPast > 0 ? distance(this.#acked, this.next) : 0
    return ahead > 1 ? ahead : 0
  }

  /**
   * Whether something waits for missing bytes. Acknowledged bytes alone do not: nothing comes too late while nothing
   * follows them.
   */
  get holed(): boolean {
    return this.pending.length > 0 || this.closing !== undefined
  }

  /**
   * Whether the missing bytes are to be given up.
   * @param nowMicros capture time.
   * @param segments count of the connection's segments up to now.
   */
  isLost(nowMicros: number, segments: number): boolean {
    if (!this.holed) {
      this.#holed = false
      return false
    }
    if (!this.#holed || this.#holeNext !== this.next) {
      this.#holed = true
      this.#holeNext = this.next
      this.#holeMicros = nowMicros
      this.#holeSegments = segments
      return false
    }
    const acked = this.#acksPast > 0 && distance(this.#acked, this.next) > 0
    const reset = this.closing?.kind === 'rst'
    const witnesses =
      this.pending.length + (acked ? Math.min(this.#acksPast, 2) : 0) + (reset ? 2 : this.closing ? 1 : 0)
    if (witnesses < 2) return false
    const waited = nowMicros - this.#holeMicros
    const followed = segments - this.#holeSegments
    if ((acked || reset) && followed >= limits.patienceSegments) return true
    // Not in time alone: where little is said, the next few segments may be minutes away.
    if (acked && waited >= limits.patienceMicros && followed >= limits.patienceLeastSegments) return true
    return waited >= (acked && !this.closing ? limits.patienceMostMicros : limits.unacknowledgedMicros)
  }

  /** Length of the gap in front of what is known to follow; 0 if nothing is. */
  get missing(): number {
    const next = this.pending[0]
    if (next) return distance(next.seq, this.next)
    return this.closing ? Math.max(0, distance(this.closing.seq, this.next)) : this.ackedAhead
  }
}
