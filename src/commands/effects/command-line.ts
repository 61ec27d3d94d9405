import type * as Interfaces from '@oclif/core/interfaces'
import {hideKeys} from '../../wire/text/hidden-keys.js'
import {shellWord} from '../../wire/text/shell-word.js'

/** A word of a command line as oclif's parser understood it. */
export type Token = Interfaces.ParserOutput['raw'][number]

/** A command line as it was typed, and what oclif made of it. */
export interface Typed {
  /** Id of the command, where a colon is between a topic and its command. */
  readonly id: string
  /** Words after the command. */
  readonly argv: readonly string[]
  /** The same words, understood. */
  readonly raw: readonly Token[]
  /** The flags of the command. */
  readonly flags: Interfaces.FlagInput
}

/** The hint to read the help of a command, or of the program. */
export const seeHelp = (id: string | undefined): string =>
  `see ${['toxtcp', ...(id?.split(':') ?? []), '--help'].join(' ')}`

/** Most characters of a command line that a hint shows. */
const mostCharacters = 500

/** A flag as it was typed: `-T` or `--format`; its opposite where that was typed. */
export function spelled(name: string, {argv, flags}: Pick<Typed, 'argv' | 'flags'>): string {
  if (argv.includes(`--no-${name}`)) return `--no-${name}`
  const char = flags[name]?.char
  const isLong = char === undefined || argv.some(word => word === `--${name}` || word.startsWith(`--${name}=`))
  return isLong ? `--${name}` : `-${char}`
}

/**
 * The command line without some of its flags, and with other words.
 * @returns undefined if it is too long for a hint, or has what may be a key: a hint does not repeat those.
 */
export function mended(typed: Typed, without: readonly string[], added: readonly string[] = []): string | undefined {
  const kept = typed.raw.flatMap(word => {
    if (word.type === 'arg') return [word.input]
    if (without.includes(word.flag)) return []
    const flag = spelled(word.flag, typed)
    const isAlone = typed.flags[word.flag]?.type === 'boolean' || flag.startsWith('--no-')
    return isAlone ? [flag] : [flag, word.input]
  })
  return lineOf(typed.id, [...kept, ...added])
}

/**
 * The command line with each word replaced by others.
 * @param argv words after the command, as they were typed.
 * @returns undefined as for `mended`, and where no word changes.
 */
export function retyped(
  id: string,
  argv: readonly string[],
  replaced: (word: string, before: string | undefined) => readonly string[],
): string | undefined {
  const words = argv.flatMap((word, at) => replaced(word, argv[at - 1]))
  return words.join(' ') === argv.join(' ') ? undefined : lineOf(id, words)
}

/** A command line. @param words after the command. @returns undefined as for `mended`. */
export function lineOf(id: string, words: readonly string[]): string | undefined {
  const line = ['toxtcp', ...id.split(':'), ...words.map(shellWord)].join(' ')
  return line.length > mostCharacters || hideKeys(line) !== line ? undefined : line
}
