import {InputError} from '../../wire/input-error.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'

/** How fields are written, as tshark's -E. */
export interface FieldOptions {
  /** A first line with the names. */
  readonly header: boolean
  /** Between fields. */
  readonly separator: string
  /** Quotes around each field that has a value: double, single or none. */
  readonly quote: 'd' | 's' | 'n'
  /** Which of several values of one field: the first, the last, all. */
  readonly occurrence: 'f' | 'l' | 'a'
  /** Between several values of one field. */
  readonly aggregator: string
  /** CSV: cells that a spreadsheet would run as formulas are written as they are. */
  readonly formulas: boolean
}

export const defaultFieldOptions: FieldOptions = {
  header: false,
  separator: '\t',
  quote: 'n',
  occurrence: 'a',
  aggregator: ',',
  formulas: false,
}

const hints: Readonly<Record<keyof FieldOptions, string>> = {
  header: 'header=y or header=n',
  separator: 'separator=/t (tab), separator=/s (blank), or one character',
  quote: 'quote=d (double), quote=s (single) or quote=n (none)',
  occurrence: 'occurrence=f (first), occurrence=l (last) or occurrence=a (all)',
  aggregator: 'aggregator=/s (blank) or one character',
  formulas: "formulas=y (CSV cells as they are) or formulas=n (a ' before what a spreadsheet would run)",
}

const fieldOptionNames: readonly string[] = Object.keys(hints)

/**
 * Options from texts NAME=VALUE, as -E gives them: the last of each counts.
 * @returns only those that are given, as formats have defaults of their own.
 * @throws InputError
 */
export function parseFieldOptions(texts: readonly string[]): Partial<FieldOptions> {
  return Object.assign({}, ...texts.map(parseOption))
}

function parseOption(text: string): Partial<FieldOptions> {
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  const value = equals < 0 ? '' : text.slice(equals + 1)
  switch (name) {
    case 'header':
    case 'formulas':
      return {[name]: choice(text, value, ['y', 'n'], hints[name]) === 'y'}
    case 'separator':
    case 'aggregator':
      return {[name]: character(text, value, hints[name])}
    case 'quote':
      return {quote: choice(text, value, ['d', 's', 'n'], hints.quote)}
    case 'occurrence':
      return {occurrence: choice(text, value, ['f', 'l', 'a'], hints.occurrence)}
    default:
      throw new InputError(
        `unknown -E option "${name}"`,
        didYouMean(name, nearest(name, fieldOptionNames)) ?? `options are ${fieldOptionNames.join(', ')}`,
        'bad-option',
      )
  }
}

function choice<T extends string>(text: string, value: string, values: readonly T[], hint: string): T {
  const found = values.find(each => each === value)
  if (found === undefined) throw new InputError(`-E "${text}" is not a known value`, hint, 'bad-option')
  return found
}

function character(text: string, value: string, hint: string): string {
  if (value === '/t') return '\t'
  if (value === '/s') return ' '
  if ([...value].length === 1 && value !== '\n' && value !== '\r') return value
  throw new InputError(`-E "${text}" is not a known value`, hint, 'bad-option')
}
