import type {Close, Origin} from '../wire/chunk.js'
import type {History} from './history.js'
import {limits} from './limits.js'
import {distance, type Pending} from './pending.js'

/** What is known of the bytes that one side of a connection sends. */
export class Side {
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
  /** When it began that `next` could not be delivered. */
  #holeNext = 0
  #holeMicros = 0
  #holeSegments = 0
  #holed = false

  start(seq: number): void {
    this.started = true
    this.first = this.next = seq
  }

  /** The other side acknowledged everything before `ack`. A single one may be damage, so two in a row count, and then the smaller. */
  acknowledge(ack: number): void {
    const ahead = distance(ack, this.next)
    if (ahead <= 0 || ahead > limits.windowBytes || !this.started || this.closed) {
      this.#acksPast = 0
      return
    }
    this.#acked = this.#acksPast === 0 || distance(ack, this.#lastAck) < 0 ? ack : this.#lastAck
    this.#lastAck = ack
    this.#acksPast++
  }

  /** Whether the other side has acknowledged bytes that have not been delivered. */
  get isBehind(): boolean {
    return this.#acksPast > 0
  }

  /** Count of acknowledged bytes that were never seen, if nothing later waits. One may be the FIN's own number: that is no byte. */
  get ackedAhead(): number {
    const ahead = this.#acksPast > 0 ? distance(this.#acked, this.next) : 0
    return ahead > 1 ? ahead : 0
  }

  /** Whether something waits for missing bytes. Acknowledged bytes alone do not: nothing comes too late while nothing follows them. */
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
    const witnesses = this.pending.length + (acked ? Math.min(this.#acksPast, 2) : 0) + (reset ? 2 : this.closing ? 1 : 0)
    if (witnesses < 2) return false
    const waited = nowMicros - this.#holeMicros
    if (acked || reset) return waited >= limits.patienceMicros || segments - this.#holeSegments >= limits.patienceSegments
    return waited >= limits.unacknowledgedMicros
  }

  /** Length of the gap in front of what is known to follow; 0 if nothing is. */
  get missing(): number {
    const next = this.pending[0]
    if (next) return distance(next.seq, this.next)
    return this.closing ? Math.max(0, distance(this.closing.seq, this.next)) : this.ackedAhead
  }
}
