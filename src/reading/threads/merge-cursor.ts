import type {SessionRecord} from '../../session/record.js'
import type {RecordCursor} from '../batch/record-cursor.js'
import type {FilteredBatch} from './worker-filter.js'

/** One worker's records of a block, in order, and places of those that were only counted. */
export class MergeCursor {
  /** Order of the next record; Infinity after the last. */
  order = 0
  readonly #records: RecordCursor
  readonly #sifted: FilteredBatch | undefined
  #at = -1
  #handedOn = 0

  constructor(records: RecordCursor, sifted: FilteredBatch | undefined) {
    this.#records = records
    this.#sifted = sifted
    this.#step()
  }

  get isOver(): boolean {
    return this.order === Number.POSITIVE_INFINITY
  }

  /** @returns undefined for one that was only counted. */
  take(): SessionRecord | undefined {
    const isHere = !this.#sifted || this.#sifted.places[this.#handedOn] === this.#at
    const record = isHere ? this.#records.take() : undefined
    if (isHere) this.#handedOn++
    this.#step()
    return record
  }

  #step(): void {
    this.#at++
    this.order = (this.#sifted ? this.#sifted.orders[this.#at] : this.#records.order) ?? Number.POSITIVE_INFINITY
  }
}
