import {SearchBudget} from '../../crypto/search-budget.js'
import * as limits from './limits.js'

/** Bounds the time that is spent on keys for the boxes inside packets. Its unit is that of SearchBudget. */
export class InnerBudget {
  /** For keys of which nothing says that they fit. Once it is spent, they are not tried any more. */
  readonly search = new SearchBudget(limits.searchTrials)
  /**
   * For shared keys of two public keys that a packet or its peers name: each pair is computed once, so that the time is
   * proportional to the number of peers. A search that fails must not use it up.
   */
  readonly named = new SearchBudget(limits.namedTrials, limits.bytesPerNamedTrial)

  /** How often too few trials were left. */
  get refused(): number {
    return this.search.refused + this.named.refused
  }

  /** Add what a new connection may spend. */
  addConnection(): void {
    this.search.addConnection()
    this.named.addConnection()
  }

  /** Add what more bytes of a connection may spend. */
  addBytes(bytes: number): void {
    this.search.addBytes(bytes)
    this.named.addBytes(bytes)
  }
}
