import {packetFields} from '../../../protocol/table.js'
import {distance} from '../../../wire/integers.js'
import type {Window} from '../../../wire/window.js'
import * as limits from '../limits.js'
import {MissingNumbers} from './missing-numbers.js'
import type {PeerLog} from './session-log.js'

/** The lossless packets that one peer of a session sent: their numbers, and which of them the other one has. */
export class LosslessPackets {
  readonly #log: PeerLog
  /** The first number that was seen, and one after the highest. */
  #first: number | undefined
  #next: number | undefined
  /** Packets that were seen of those from the first on: what has a lower number may be from before the capture. */
  #fromFirst = 0
  readonly #missing = new MissingNumbers()
  /** What the other peer has received without a gap: all numbers below. */
  #acknowledged: number | undefined
  /** Whether a packet stayed sealed that its sender sent after all whose numbers are known. */
  #isHidden = false
  /** Packets that wait for their acknowledgement, oldest first, with the time of their sending. */
  #waiting: {readonly number: number; readonly micros: number}[] = []

  constructor(log: PeerLog) {
    this.#log = log
  }

  /** Packets that were sent, and that the other peer has not confirmed; null: not known. */
  get unacknowledged(): number | null {
    if (this.#next === undefined || this.#acknowledged === undefined || this.#isHidden) return null
    return Math.max(0, distance(this.#next, this.#acknowledged))
  }

  /** A packet is seen for the first time. @param micros when its sender sent it; null: not known. */
  sent(number: number, micros: number | null): void {
    this.#log.lossless++
    if (this.#first === undefined || distance(number, this.#first) >= 0) {
      this.#fromFirst++
      if (this.#next !== undefined && distance(this.#next, number) > 0) this.#missing.fill(number)
      this.#passOver(number)
      if (this.#next === number) this.#next = (number + 1) >>> 0
    }
    this.#count()
    if (micros === null) return
    this.#waiting.push({number, micros})
    if (this.#waiting.length > limits.awaitedPackets) this.#waiting.shift()
  }

  /** Its sender sends a packet. @param isSealed whether its number is not known. */
  newest(isSealed: boolean): void {
    this.#isHidden = isSealed
  }

  /** Which of the times of sending an acknowledgement is about is not certain any more. */
  resent(number: number): void {
    this.#log.resent++
    this.#waiting = this.#waiting.filter(waiting => waiting.number !== number)
  }

  /** All numbers below this one were sent. */
  reached(next: number): void {
    this.#passOver(next)
    this.#count()
  }

  /** Whether all packets with numbers [from, to) were seen. */
  hasAll(from: number, to: number): boolean {
    return this.#first !== undefined && distance(from, this.#first) >= 0 && this.#missing.hasAll(from, to)
  }

  #passOver(to: number): void {
    this.#first ??= to
    if (this.#next !== undefined && distance(to, this.#next) <= 0) return
    if (this.#next !== undefined) this.#missing.skip(this.#next, to)
    this.#next = to
  }

  #count(): void {
    if (this.#first === undefined || this.#next === undefined) return
    this.#log.missing = Math.max(0, distance(this.#next, this.#first) - this.#fromFirst)
  }

  /**
   * The other peer has all numbers below this one.
   * @returns microseconds since the newest of them was sent; null: it was sent again, or not seen.
   */
  acknowledged(start: number, micros: number): number | null {
    if (this.#acknowledged === undefined || distance(start, this.#acknowledged) > 0) this.#acknowledged = start
    const isConfirmed = ({number}: {readonly number: number}) => distance(start, number) > 0
    const newest = this.#waiting.findLast(isConfirmed)
    if (!newest) return null
    this.#waiting = this.#waiting.filter(waiting => !isConfirmed(waiting))
    return micros - newest.micros
  }
}

/**
 * Packet numbers that a request for lost packets names: each byte is the distance to the next one; 0 skips 255
 * packets that are there.
 * @param start the lowest number that the sender of the request lacks.
 * @returns none for another packet.
 */
export function requestedNumbers(window: Window, start: number): number[] {
  const request = packetFields(window, 'crypto_request')
  if (!request) return []
  const numbers: number[] = []
  let at = start - 1
  for (const delta of request.deltas) {
    at += delta === 0 ? 255 : delta
    if (delta > 0) numbers.push(at >>> 0)
  }
  return numbers
}
