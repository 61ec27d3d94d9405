import * as limits from './limits.js'

/**
 * Bounds the work that one run spends on keys and nonces that may be wrong: a small capture can name many keys and
 * connections, and each pair of them costs time. Connections and bytes add to it, so that the time for a long capture
 * grows with its length and it is not cut off. The unit is one trial opening of a short frame, about half a
 * microsecond.
 */
export class SearchBudget {
  #left: number

  constructor(trials = limits.searchTrials) {
    this.#left = trials
  }

  /** A connection begins. */
  addConnection(): void {
    this.#left += limits.searchTrialsPerConnection
  }

  /** Bytes of a connection come. */
  addBytes(bytes: number): void {
    this.#left += bytes / limits.bytesPerSearchTrial
  }

  /** @returns false once nothing is left; then the trial must not be made. */
  take(trials: number): boolean {
    if (this.#left < trials) return false
    this.#left -= trials
    return true
  }
}

/**
 * Trials that opening a box of this many bytes counts for: the MAC is over all of them. Measured: 2048 bytes, 1.3 us.
 */
export const trialsToOpen = (bytes: number): number => 1 + (bytes >> 10)
