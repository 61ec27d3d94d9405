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
    if (parts.length > mostRanges || ranges.some(range => range === undefined))
      throw new InputError(
        `${flag} "${text}" is not a list of numbers`,
        `${flag} 3 or ${flag} 0,3 or ${flag} 5-8`,
        'bad-option',
      )
    return new NumberRanges(
      text,
      ranges.filter(range => range !== undefined),
    )
  }

  has(number: number): boolean {
    return this.ranges.some(([first, last]) => number >= first && number <= last)
  }

  /** The largest number. */
  get last(): number {
    return Math.max(...this.ranges.map(([, last]) => last))
  }
}

function rangeOf(text: string): readonly [number, number] | undefined {
  const match = /^(\d{1,15})(?:(-)(\d{1,15})?)?$/.exec(text)
  if (match === null) return undefined
  const first = Number(match[1])
  const last = match[2] === undefined ? first : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3])
  return first <= last ? [first, last] : undefined
}
