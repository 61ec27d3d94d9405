import {distance} from '../../wire/integers.js'
import {limits} from '../limits.js'

/**
 * What the other host acknowledged past the next byte to deliver: bytes that it has and the capture does not. A single
 * acknowledgement may be damaged, so two in a row count, and then the smaller.
 */
export class Acknowledgements {
  /** Number of acknowledgements in a row that were past the next byte. */
  count = 0
  /** The largest of them. */
  farthest = 0
  /** Capture time of the first of them. */
  sinceMicros = 0
  #last = 0
  #credible = 0

  /** @param next sequence number of the next byte to deliver. */
  add(ack: number, next: number, nowMicros: number): void {
    const ahead = distance(ack, next)
    if (ahead <= 0 || ahead > limits.windowBytes) {
      this.count = 0
      return
    }
    if (this.count === 0) this.sinceMicros = nowMicros
    if (this.count === 0 || distance(ack, this.farthest) > 0) this.farthest = ack
    this.#credible = this.count === 0 || distance(ack, this.#last) < 0 ? ack : this.#last
    this.#last = ack
    this.count++
  }

  /** Number of acknowledged bytes from `next` on; 0 or less if there are none. */
  past(next: number): number {
    return this.count > 0 ? distance(this.#credible, next) : 0
  }
}
