import {withRoom} from './growing.js'

/** Whole numbers from 0, many and dense: each up to the largest needs one bit. Iterated in ascending order. */
export class NumberSet implements Iterable<number> {
  #bits: Uint8Array = new Uint8Array(1024)
  size = 0

  add(number: number): void {
    const at = number >> 3
    this.#bits = withRoom(this.#bits, at + 1)
    const bit = 1 << (number & 7)
    if (this.#bits[at]! & bit) return
    this.#bits[at]! |= bit
    this.size++
  }

  has(number: number): boolean {
    return ((this.#bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [at, byte] of this.#bits.entries())
      if (byte !== 0) for (let number = at * 8; number < at * 8 + 8; number++) if (this.has(number)) yield number
  }
}
