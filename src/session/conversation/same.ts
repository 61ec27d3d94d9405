/** Something that may turn out to be the same as another one that was seen before. */
export interface Joinable<T> {
  /** Counts those of a run, in the order in which they are seen. */
  readonly number: number
  same: T | undefined
}

/** Makes two that turned out to be the same one: the one that was seen first. @returns it, and the other one. */
export function asOne<T extends Joinable<T>>(one: T, other: T): readonly [first: T, second: T] {
  const [first, second] = one.number < other.number ? [one, other] : [other, one]
  second.same = first
  return [first, second]
}

/** What is known of it since it turned out to be the same as another one. */
export function latest<T extends Joinable<T>>(known: T): T
export function latest<T extends Joinable<T>>(known: T | undefined): T | undefined
export function latest<T extends Joinable<T>>(known: T | undefined): T | undefined {
  let found = known
  while (found?.same) {
    // Shortens the way for the next one: several may turn out to be the same one after another.
    found.same = found.same.same ?? found.same
    found = found.same
  }
  return found
}
