import {peersNames} from '../expert/peers.js'
import {relayModels} from '../peer/relay/models.js'
import {provocations} from '../peer/relay/provocations.js'
import {InputError} from '../wire/input-error.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'
import {type OptionNames, refuseUnknownOptions} from '../wire/text/option-names.js'
import {listOf} from './one-or-more.js'
import {optionBounds} from './option-bounds.js'

/** Words that options may be. */
const optionWords = {peers: peersNames, like: relayModels, provocations: Object.keys(provocations)} as const

/** Options that are lists, also of one. */
const optionLists = ['ports', 'provocations']

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value))

/** Bounds in words, after "not": `a whole number of at least 1`. */
function boundsText({min, max}: {readonly min: number; readonly max: number}): string {
  if (min === Number.MIN_SAFE_INTEGER) return 'a whole number'
  return `a whole number ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `between ${min} and ${max}`}`
}

/**
 * Check the options of a function: their names, and values that programs give as numbers and words.
 * @throws InputError for an option that does not exist, and a value that no option of that name can have.
 */
export function checkOptions<Options extends object>(options: Options, names: OptionNames<Options>): void {
  refuseUnknownOptions(options, names)
  const all: object = options
  const given: Readonly<Record<string, unknown>> = {...all}
  for (const name of optionLists)
    if (given[name] !== undefined && !Array.isArray(given[name]))
      throw new InputError(`${name} is ${shown(given[name])}, not a list`, undefined, 'bad-option')
  for (const [name, bounds] of Object.entries(optionBounds))
    for (const value of listOf(given[name]))
      if (!Number.isSafeInteger(value) || Number(value) < bounds.min || Number(value) > bounds.max)
        throw new InputError(`${name} is ${shown(value)}, not ${boundsText(bounds)}`, undefined, 'bad-option')
  for (const [name, words] of Object.entries(optionWords))
    for (const value of listOf(given[name]))
      if (!words.some(word => word === value))
        throw new InputError(
          `${name} is ${shown(value)}, which it cannot be`,
          didYouMean(String(value), nearest(String(value), words)) ?? `one of ${words.join(', ')}`,
          'bad-option',
        )
}
