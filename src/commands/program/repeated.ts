import {InputError} from '../../wire/input-error.js'
import {lineOf} from '../effects/command-line.js'
import {withColorValues} from '../flags/kinds.js'

/** A command, and the words after it as they were typed. */
interface Call {
  readonly id: string
  readonly argv: readonly string[]
}

/**
 * The mistake that a flag with one value is given more than once, with the line that keeps the last of them.
 * @param char its short form, if it has one.
 * @param help the hint where the line cannot be shown.
 */
export function repeatedFlag(name: string, char: string | undefined, {id, argv}: Call, help: string): InputError {
  const places = placesOf(name, char, argv)
  const isDropped = (at: number) => places.slice(0, -1).some(({start, end}) => start <= at && at < end)
  const shown = places.map(({start, end}) => argv.slice(start, end).join(' '))
  const line = lineOf(
    id,
    argv.filter((_, at) => !isDropped(at)),
  )
  return places.length < 2
    ? new InputError(`--${name} can only be given once`, help, 'bad-option')
    : new InputError(
        `--${name} can only be given once, and the line has ${shown.join(' and ')}`,
        line ?? help,
        'bad-option',
      )
}

/** Where words set a flag that has a value; not where it is one of several short flags in one word. */
function placesOf(name: string, char: string | undefined, argv: readonly string[]): {start: number; end: number}[] {
  const last = argv.indexOf('--')
  return argv.slice(0, last < 0 ? argv.length : last).flatMap((word, start) => {
    const isShort = char !== undefined && word.startsWith(`-${char}`)
    if (word === `--${name}` || word === `-${char}`) {
      const hasValue = withColorValues(argv.slice(start, start + 2))[0] === word
      return [{start, end: start + (hasValue ? 2 : 1)}]
    }
    return isShort || word.startsWith(`--${name}=`) || word === `--no-${name}` ? [{start, end: start + 1}] : []
  })
}
