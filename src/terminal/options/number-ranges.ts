import {setFlag} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'

/** Most ranges of one flag. */
const mostRanges = 1000

/** Whole numbers, as a flag names them: `3`, `0,3`, `700-720`, `900-`. */
export class NumberRanges {
  /** @param ranges first and last number of each. */
  private constructor(
    readonly text: string,
    readonly ranges: readonly (readonly [first: number, last: number])[],
  ) {}

  /** @throws InputError for a text that is not numbers and ranges. */
  static parse(flag: string, text: string): NumberRanges {
    const parts = text.split(',')
    const ranges = parts.map(part => rangeOf(part.trim()))
    if (flag === '-n' && ranges.some(range => range?.[0] === 0))
      throw new InputError(
        `-n ${text} is out of range: the first record has the number 1`,
        setFlag('-n', '1'),
        'bad-option',
      )
    const reversed = parts
      .map(part => /^\s*(\d{1,15})-(\d{1,15})\s*$/.exec(part))
      .find(match => match !== null && Number(match[1]) > Number(match[2]))
    if (reversed)
      throw new InputError(
        `${flag} "${text}": the range ${reversed[1]}-${reversed[2]} ends before it begins`,
        setFlag(flag, text.replace(reversed[0], `${reversed[2]}-${reversed[1]}`)),
        'bad-option',
      )
    if (parts.length > mostRanges || ranges.some(range => range === undefined))
      throw new InputError(`${flag} "${text}" is not a list of numbers`, examples(flag), 'bad-option')
    return new NumberRanges(
      text,
      ranges.filter(range => range !== undefined),
    )
  }

  has(number: number): boolean {
    return this.ranges.some(([first, last]) => number >= first && number <= last)
  }

  /** The smallest number. */
  get first(): number {
    return Math.min(...this.ranges.map(([first]) => first))
  }

  /** The largest number. */
  get last(): number {
    return Math.max(...this.ranges.map(([, last]) => last))
  }
}

/** Numbers of connections begin with 0, those of records with 1. */
const examples = (flag: string): string =>
  (flag === '-n' ? ['1', '1,7', '7-12'] : ['0', '0,1', '0-1']).map(value => `${flag} ${value}`).join(' or ')

function rangeOf(text: string): readonly [number, number] | undefined {
  const match = /^(\d{1,15})(?:(-)(\d{1,15})?)?$/.exec(text)
  if (match === null) return undefined
  const first = Number(match[1])
  const last = match[2] === undefined ? first : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3])
  return first <= last ? [first, last] : undefined
}
