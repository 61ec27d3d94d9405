import {distance} from '../../wire/integers.js'
import {limits} from '../limits.js'
import type {Acknowledgements} from './acknowledgements.js'
import type {Payload} from './payload.js'

/**
 * Evidence from one direction's time stamps and acknowledgements that the capture has packets in another order than
 * they were sent, so that bytes of the other direction may answer bytes of this one that come later.
 */
export class OrderEvidence {
  /** The latest time stamp of its segments; -1: none. */
  #stamp = -1
  /**
   * How far, as sequence number and as time stamp, the other host had received this direction when it sent bytes that
   * were delivered before this direction's.
   */
  #overtakenTo: number | undefined
  #overtakenStamp: number | undefined

  constructor(readonly acknowledgements: Acknowledgements) {}

  /**
   * Note a segment's time stamp.
   * @returns whether a segment that was sent later came before it. A retransmission has a new time stamp.
   */
  isStale(stamp: number): boolean {
    if (stamp < 0) return false
    const ahead = this.#stamp < 0 ? 1 : distance(stamp, this.#stamp)
    if (ahead > 0) this.#stamp = stamp
    return ahead < 0
  }

  /**
   * Note that bytes of the other direction are delivered.
   * @param payload what their segment says of it. It may have waited: later acknowledgements may be smaller.
   * @param next sequence number of the next byte to deliver; undefined: it is not known, or none will be.
   * @returns whether they may answer bytes of this direction that were not delivered: their sender acknowledged some,
   *   or echoes a later segment than was captured.
   */
  isOvertakenBy({ack, echo}: Pick<Payload, 'ack' | 'echo'>, next: number | undefined): boolean {
    const {count, farthest} = this.acknowledgements
    const past = next === undefined ? 0 : distance(ack, next)
    const isPast = past > 0 && past <= limits.windowBytes
    const isBehind = isPast || count > 0
    const to = isPast && (count === 0 || distance(ack, farthest) > 0) ? ack : farthest
    if (isBehind && (this.#overtakenTo === undefined || distance(to, this.#overtakenTo) > 0)) this.#overtakenTo = to
    if (echo < 0 || this.#stamp < 0 || distance(echo, this.#stamp) <= 0) return isBehind
    if (this.#overtakenStamp === undefined || distance(echo, this.#overtakenStamp) > 0) this.#overtakenStamp = echo
    return true
  }

  /**
   * Whether the next bytes come too late: what may answer them was delivered before, or the other host acknowledged
   * them long ago.
   * @param stamp time stamp of the segment that brings them.
   * @param next sequence number of the first of them.
   * @param isWaiting whether later bytes wait for missing ones.
   */
  isLate(stamp: number, next: number, isWaiting: boolean, nowMicros: number): boolean {
    const {count, sinceMicros} = this.acknowledgements
    if (count > 0 && nowMicros - sinceMicros >= limits.patienceMicros) return true
    if (this.#overtakenTo !== undefined && distance(this.#overtakenTo, next) <= 0) this.#overtakenTo = undefined
    if (this.#overtakenStamp !== undefined && stamp >= 0 && distance(stamp, this.#overtakenStamp) > 0 && !isWaiting)
      this.#overtakenStamp = undefined
    return (
      this.#overtakenTo !== undefined ||
      (this.#overtakenStamp !== undefined && stamp >= 0 && distance(stamp, this.#overtakenStamp) <= 0)
    )
  }
}
