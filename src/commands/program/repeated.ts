import type * as Interfaces from '@oclif/core/interfaces'
import {exactLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {lineOf, seeHelp} from '../effects/command-line.js'
import {withColorValues} from '../flags/kinds.js'

/** Words that set a flag: `words.slice(start, end)`. */
interface Place {
  readonly start: number
  readonly end: number
}

/**
 * Refuses a flag with one value that is given more than once, with the line that keeps the last of them.
 * @throws InputError
 */
export function refuseRepeated(id: string, argv: readonly string[], flags: Interfaces.FlagInput): void {
  const words = separated(argv, flags)
  for (const [name, places] of placesOf(words, flags)) {
    if (places.length < 2) continue
    const shown = places.map(({start, end}) => words.slice(start, end).join(' '))
    const isDropped = (at: number): boolean => places.slice(0, -1).some(({start, end}) => start <= at && at < end)
    // Words that were separated may bring a flag without a value twice.
    const kept = words.filter((word, at) => !isDropped(at) && !(isSwitch(word, flags) && words.indexOf(word) < at))
    const line = lineOf(id, kept)
    throw new InputError(
      `--${name} can only be given once, and the line has ${shown.join(' and ')}`,
      line === undefined ? seeHelp(id) : exactLines(line),
      'bad-option',
    )
  }
}

/** Words with short flags that have no value, each alone: `-Vtr` as `-V -tr`. */
function separated(argv: readonly string[], flags: Interfaces.FlagInput): string[] {
  const end = argv.indexOf('--')
  return argv.flatMap((word, at) => {
    if (!/^-\w{2}/.test(word) || (end >= 0 && at > end)) return [word]
    const switches = [...word.slice(1)].findIndex(char => !isSwitch(`-${char}`, flags))
    const count = switches < 0 ? word.length - 1 : switches
    const rest = word.slice(1 + count)
    return [...Array.from(word.slice(1, 1 + count), char => `-${char}`), ...(rest === '' ? [] : [`-${rest}`])]
  })
}

const isSwitch = (word: string, flags: Interfaces.FlagInput): boolean =>
  Object.values(flags).some(({char, type}) => type === 'boolean' && char !== undefined && word === `-${char}`)

/** Where each flag with one value is set, by its name. */
function placesOf(words: readonly string[], flags: Interfaces.FlagInput): Map<string, Place[]> {
  const places = new Map<string, Place[]>()
  for (let at = 0; at < words.length && words[at] !== '--'; at++) {
    const word = words[at]!
    const found = Object.entries(flags).find(([name, {char, type}]) => {
      const isLong = word === `--${name}` || word.startsWith(`--${name}=`) || word === `--no-${name}`
      return type === 'option' && (isLong || (char !== undefined && word.startsWith(`-${char}`)))
    })
    if (found === undefined) continue
    const [name, flag] = found
    const isAlone = word === `--${name}` || word === `-${flag.char}`
    const hasValue = isAlone && withColorValues(words.slice(at, at + 2))[0] === word
    const end = at + (hasValue ? 2 : 1)
    if (flag.type !== 'option' || flag.multiple !== true)
      places.set(name, [...(places.get(name) ?? []), {start: at, end}])
    at = end - 1
  }
  return places
}
