import {compileFilter, type Predicate} from '../../filter/compile.js'
import {needsBytes} from './filter-needs.js'
import type {RecordSource} from './record-source.js'

/** Records that are looked at between two looks at the clock. */
const step = 64

/** The records that the list shows: those that match the filter, or all. */
export class Displayed {
  readonly #source: RecordSource
  #text = ''
  #matches: Predicate | undefined
  #isWhole = false
  /** Places of the records that match, ascending. */
  #places = new Uint32Array(1024)
  #found = 0
  /** Places of the front that have fallen out of the source. */
  #lost = 0
  /** Places that have fallen out before those, and are not kept. */
  #dropped = 0
  /** Places below this have been looked at. */
  #looked = 0

  constructor(source: RecordSource) {
    this.#source = source
  }

  /** The filter; empty: none. */
  get filter(): string {
    return this.#text
  }

  /** @param text a display filter; empty: all records. @throws InputError for a filter with a mistake. */
  use(text: string): void {
    const matches = text.trim() === '' ? undefined : compileFilter(text)
    this.#matches = matches
    this.#text = matches ? text.trim() : ''
    this.#isWhole = matches !== undefined && needsBytes(text)
    this.#found = 0
    this.#lost = 0
    this.#dropped = 0
    this.#looked = this.#source.first
  }

  /** Records that are shown, of those that were looked at. */
  get count(): number {
    if (!this.#matches) return this.#source.count - this.#source.first
    this.#forget()
    return this.#found - this.#lost
  }

  /** Rows that have fallen out at the front, since this filter is used. */
  get lost(): number {
    if (!this.#matches) return this.#source.first
    this.#forget()
    return this.#lost + this.#dropped
  }

  /** Records that were looked at. */
  get looked(): number {
    return this.#matches ? this.#looked : this.#source.count
  }

  /** Whether all records that have come were looked at. */
  get isDone(): boolean {
    return this.looked >= this.#source.count
  }

  /** Place of the record in a row. @param row 0..count-1. */
  at(row: number): number {
    return this.#matches ? this.#places[row + this.#lost]! : row + this.#source.first
  }

  /** Places of all records that are shown. */
  *places(): Generator<number> {
    for (let row = 0; row < this.count; row++) yield this.at(row)
  }

  /** The first row whose record is at this place or a later one. */
  rowOf(place: number): number {
    if (!this.#matches) return Math.max(0, place - this.#source.first)
    let [low, high] = [this.#lost, this.#found]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#places[middle]! < place) low = middle + 1
      else high = middle
    }
    return low - this.#lost
  }

  /** Look at more records until time is up. @returns whether some are left. */
  work(isOver: () => boolean): boolean {
    const matches = this.#matches
    if (!matches) return false
    const {count, first} = this.#source
    this.#looked = Math.max(this.#looked, first)
    while (this.#looked < count && !isOver()) {
      const end = Math.min(count, this.#looked + step)
      for (let place = this.#looked; place < end; place++)
        if (matches(this.#source.record(place, this.#isWhole))) this.#add(place)
      this.#looked = end
    }
    return this.#looked < count
  }

  #add(place: number): void {
    if (this.#found === this.#places.length) this.#forget()
    if (this.#lost > this.#places.length / 2) {
      this.#places.copyWithin(0, this.#lost, this.#found)
      this.#dropped += this.#lost
      this.#found -= this.#lost
      this.#lost = 0
    }
    if (this.#found === this.#places.length) {
      const larger = new Uint32Array(this.#places.length * 2)
      larger.set(this.#places)
      this.#places = larger
    }
    this.#places[this.#found++] = place
  }

  #forget(): void {
    while (this.#lost < this.#found && this.#places[this.#lost]! < this.#source.first) this.#lost++
  }
}
