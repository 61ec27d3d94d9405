import {Oldest} from '../../wire/memory/oldest.js'

/** A map that forgets its oldest entry where it would grow beyond a bound. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #oldest = new Oldest(this.#entries)
  /** Entries that were forgotten. */
  dropped = 0

  constructor(readonly most: number) {}

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  /** Sets an entry, which is then the youngest. */
  set(key: K, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.most) {
      this.#oldest.rest()
      return
    }
    // There is one: at least the entry that was set.
    this.#entries.delete(this.#oldest.next()!)
    this.dropped++
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }

  /** Values, oldest first. */
  values(): IterableIterator<V> {
    return this.#entries.values()
  }

  /** Keys and values, oldest first. */
  entries(): IterableIterator<[K, V]> {
    return this.#entries.entries()
  }
}
