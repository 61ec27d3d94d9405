/**
 * Finds the oldest entry of a map or set again and again in constant time: one iterator walks on. A new one each time
 * would pass the places of all entries that were deleted before, which are thousands in a large map.
 */
export class Oldest<K> {
  readonly #entries: {keys(): Iterator<K>}
  #keys: Iterator<K> | undefined

  constructor(entries: {keys(): Iterator<K>}) {
    this.#entries = entries
  }

  /** The oldest key, which is deleted or moved to the end before the next call; undefined: none is left. */
  next(): K | undefined {
    this.#keys ??= this.#entries.keys()
    const {done, value} = this.#keys.next()
    return done ? undefined : value
  }

  /** Nothing has to be forgotten now. An iterator that waits would keep each table that the map outgrows. */
  rest(): void {
    this.#keys = undefined
  }
}
