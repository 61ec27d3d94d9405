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
  const known = Object.keys(names)
  const list = `options are ${known.join(', ')}`
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new InputError(`options are ${nameOfType(given)}, not an object`, list, 'bad-option')
  for (const name in given)
    if (!Object.hasOwn(names, name))
      throw new InputError(`there is no option "${name}"`, didYouMean(name, nearest(name, known)) ?? list, 'bad-option')
}

const nameOfType = (given: unknown): string =>
  given === null ? 'null' : Array.isArray(given) ? 'a list' : `a ${typeof given}`
