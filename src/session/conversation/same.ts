/** Something that may turn out to be the same as another one that was seen before. */
export interface Joinable<T> {
  same: T | undefined
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
