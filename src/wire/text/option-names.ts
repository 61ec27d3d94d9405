import {InputError} from '../input-error.js'
import {didYouMean, nearest} from './nearest.js'

/** The names of all options of a function: one that is missing here does not compile. */
export type OptionNames<Options> = {readonly [Name in keyof Options]-?: true}

/**
 * Refuse what is not an object of options, and options that do not exist, which callers without types may give.
 * @throws InputError with the nearest right name
 */
export function refuseUnknownOptions<Options extends object>(options: Options, names: OptionNames<Options>): void {
  const given: unknown = options
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new InputError(`options are ${nameOfType(given)}, not an object`, listOf(names), 'bad-option')
  for (const name in given) {
    if (Object.hasOwn(names, name)) continue
    const hint = didYouMean(name, nearest(name, Object.keys(names))) ?? listOf(names)
    throw new InputError(`there is no option "${name}"`, hint, 'bad-option')
  }
}

const listOf = (names: object): string => `options are ${Object.keys(names).join(', ')}`

const nameOfType = (given: unknown): string =>
  given === null ? 'null' : Array.isArray(given) ? 'a list' : `a ${typeof given}`
