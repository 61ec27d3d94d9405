/** One, several, or none. */
export type OneOrMore<T> = T | readonly T[]

/** What was given, as a list. */
export const listOf = <T>(given: OneOrMore<T> | undefined): readonly T[] =>
  given === undefined ? [] : isList(given) ? given : [given]

const isList = <T>(given: OneOrMore<T>): given is readonly T[] => Array.isArray(given)
