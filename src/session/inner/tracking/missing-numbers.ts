import {distance} from '../../../wire/integers.js'
import * as limits from '../limits.js'

/** Numbers [from, to). */
interface Range {
  from: number
  to: number
}

/** Which of the packet numbers of one peer were passed over, and have not been seen since. */
export class MissingNumbers {
  /** In order. */
  readonly #ranges: Range[] = []
  /** The number below which nothing is known any more. */
  #forgotten: number | undefined

  /** Numbers [from, to), higher than all that are known, were passed over. */
  skip(from: number, to: number): void {
    if (from === to) return
    this.#ranges.push({from, to})
    this.#bound()
  }

  /** This number was seen. */
  fill(number: number): void {
    const at = this.#ranges.findIndex(({from, to}) => distance(number, from) >= 0 && distance(to, number) > 0)
    const range = this.#ranges[at]
    if (!range) return
    const rest = [
      {from: range.from, to: number},
      {from: (number + 1) >>> 0, to: range.to},
    ].filter(({from, to}) => from !== to)
    this.#ranges.splice(at, 1, ...rest)
    this.#bound()
  }

  /** Whether all numbers [from, to) were seen, as far as they are not beyond all that are known. */
  hasAll(from: number, to: number): boolean {
    if (this.#forgotten !== undefined && distance(this.#forgotten, from) > 0) return false
    return !this.#ranges.some(range => distance(to, range.from) > 0 && distance(range.to, from) > 0)
  }

  /** Beyond `numberGaps`, the lowest are forgotten. */
  #bound(): void {
    while (this.#ranges.length > limits.numberGaps) this.#forgotten = this.#ranges.shift()!.to
  }
}
