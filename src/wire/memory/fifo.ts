/** Most removed entries at the front before the array is cut. */
const slack = 1024

/** A queue whose operations take constant time, unlike an array's shift(). What was taken out of it is not kept. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  /** The oldest item. */
  get head(): T | undefined {
    return this.#items[this.#first]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Take the oldest item out. */
  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#first]
    this.#items[this.#first] = undefined
    this.#first++
    if (this.#first === this.#items.length) this.clear()
    else if (this.#first > slack && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }

  clear(): void {
    this.#items = []
    this.#first = 0
  }
}
