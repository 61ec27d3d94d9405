import * as limits from './limits.js'

/**
 * Bounds the time that a run spends on trying keys and nonces: a small capture can contain many keys and many
 * connections, and each key may fit each connection. Connections and bytes add to the budget, so that the time is at
 * most proportional to the length of a capture. Its unit is a trial opening of a short frame, about half a microsecond.
 */
export class SearchBudget {
  #left: number
  /** Bytes that were added and are not in `#left` yet: an integer is added for each packet, and left alone by most. */
  #newBytes = 0

  readonly #bytesPerTrial: number
  /** How often too few trials were left. */
  refused = 0

  /** @param bytesPerTrial bytes of a connection that add one trial. */
  constructor(trials = limits.searchTrials, bytesPerTrial = limits.bytesPerSearchTrial) {
    this.#left = trials
    this.#bytesPerTrial = bytesPerTrial
  }

  /**
   * The budget of one connection. It depends on no other connection, so that the result is the same on any number of
   * threads. Later connections get less.
   * @param place of the connection in the run, from 0.
   */
  static ofConnection(place: number): SearchBudget {
    return new SearchBudget(limits.searchTrialsPerConnection + limits.firstConnectionTrials / (place + 1) ** 1.25)
  }

  /** Add what a new connection may spend. */
  addConnection(): void {
    this.#left += limits.searchTrialsPerConnection
  }

  /** Add what more bytes of a connection may spend. */
  addBytes(bytes: number): void {
    this.#newBytes += bytes
  }

  /** Spend trials. @returns false if too few are left: then they must not be made. */
  take(trials: number): boolean {
    this.#left += this.#newBytes / this.#bytesPerTrial
    this.#newBytes = 0
    if (this.#left < trials) {
      this.refused++
      return false
    }
    this.#left -= trials
    return true
  }
}

/** Cost of opening a box of this size, whose MAC covers all bytes. Measured: 1.3 us for 2048 bytes. */
export const trialsToOpen = (bytes: number): number => 1 + (bytes >> 10)
