import {nearest} from '../src/filter/nearest.js'
import {InputError} from '../src/wire/input-error.js'
import {commands} from './commands.mjs'

export type CommandName = keyof typeof commands

/** Commands of oclif's plugins. */
export const pluginCommands = ['autocomplete', 'help']

const names = Object.keys(commands) as CommandName[]

/** Most words in a name. */
const nameWords = 2

/** Words before the first flag, as many as may be a command's name. */
export function leadingWords(argv: readonly string[]): string[] {
  const flag = argv.findIndex(word => word.startsWith('-'))
  return argv.slice(0, Math.min(nameWords, flag === -1 ? argv.length : flag))
}

/** The longest name at the beginning of the words. */
export function findCommand(words: readonly string[]): CommandName | undefined {
  for (let count = words.length; count > 0; count--) {
    const name = names.find(known => known === words.slice(0, count).join(' '))
    if (name !== undefined) return name
  }
  return undefined
}

/** Whether it is the first word of names of two words, alone. */
export function isTopic(words: readonly string[]): boolean {
  return words.length === 1 && inTopic(words[0]!).length > 0
}

const inTopic = (topic: string): string[] => names.filter(name => name.startsWith(`${topic} `))

/** The mistake of a command line that names no command, with those that may have been meant. */
export function unknownCommand(words: readonly string[], argv: readonly string[]): InputError {
  const [first] = words
  if (first === undefined)
    return new InputError(`"${argv[0]}" stands where a command is expected`, 'toxtcp --help lists the commands')
  const siblings = inTopic(first)
  const asked = siblings.length > 0 ? words.join(' ') : first
  const near = siblings.length > 0 ? nearest(words.join(' '), siblings) : nearest(first, [...names, ...pluginCommands])
  const meant = near.length > 0 ? near : siblings
  const hint =
    meant.length > 0
      ? `did you mean ${meant.map(name => `toxtcp ${name}`).join(' or ')}?`
      : 'toxtcp --help lists the commands'
  return new InputError(`there is no command "${asked}"`, hint)
}
