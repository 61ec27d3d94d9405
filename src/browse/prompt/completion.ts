import {filterNames, findName} from '../../filter/names/names.js'

/** What the end of a filter can become. */
export interface Completion {
  /** Characters before the cursor that a candidate takes the place of. */
  readonly length: number
  /** Whole words, the likeliest first. */
  readonly candidates: readonly string[]
}

/** A name with a comparison or the beginning of a set after it, before the word that is typed. */
const comparedName =
  /([a-z_][\w.]*)(?:\[[^\]]*\])?\s*(?:===?|!==?|<=?|>=?|\b(?:eq|ne|lt|gt|le|ge)\b|\bin\s*\{[^}]*[\s,{])\s*$/i

/**
 * Candidates for the word before the cursor: values of the name that it is compared with, else names.
 * @param before the filter up to the cursor.
 * @param valuesOf further values of a name, as text, for example those of the chosen record.
 */
export function completionOf(before: string, valuesOf: (name: string) => readonly string[]): Completion {
  const word = /[\w.:"-]*$/.exec(before)![0]
  const compared = comparedName.exec(before.slice(0, before.length - word.length))
  const name = compared ? findName(compared[1]!) : undefined
  const words = name ? [...new Set([...valuesOf(name.name), ...(name.words ?? [])])] : filterNames()
  return {length: word.length, candidates: words.filter(each => each.startsWith(word) && each !== word)}
}
