import {existsSync} from 'node:fs'
import type {Config, Hook} from '@oclif/core/interfaces'
import {type Advice, exactLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {nearest} from '../../wire/text/nearest.js'
import {shellWord} from '../../wire/text/shell-word.js'
import {currentWords} from './current-run.js'

/**
 * oclif's hook for a command line whose first words name neither a command nor a topic. Of the words themselves oclif
 * passes on less: it joins them by colons, which they may have.
 */
export const commandNotFound: Hook<'command_not_found'> = async ({config}) => {
  throw unknownCommand(wordsBeforeFlags(currentWords()), config)
}

/** Words before the first flag, or the flag if it comes first. */
function wordsBeforeFlags(words: readonly string[]): readonly string[] {
  const flag = words.findIndex((word, at) => at > 0 && word.startsWith('-'))
  return flag === -1 ? words : words.slice(0, flag)
}

/**
 * The mistake of words that name no command, with the names that may have been meant.
 * @param words the words before the first flag, or the flag if it comes first.
 */
export function unknownCommand(words: readonly string[], {commandIDs}: Pick<Config, 'commandIDs'>): InputError {
  const [first = ''] = words
  if (first.startsWith('-'))
    return new InputError(`expected a command, found "${first}"`, 'toxtcp --help lists the commands', 'unknown-name')
  if (first === 'version') return unknown(first, exactLines('toxtcp --version'))
  if (existsSync(first))
    return unknown(first, exactLines(`toxtcp read ${[first, ...words.slice(1)].map(shellWord).join(' ')}`))
  const names = commandIDs.map(id => id.replaceAll(':', ' '))
  const siblings = names.filter(name => name.startsWith(`${first} `))
  const asked = siblings.length > 0 ? words.slice(0, 2).join(' ') : first
  const near = nearest(asked, siblings.length > 0 ? siblings : names)
  const meant = near.length > 0 ? near : siblings
  if (meant.length === 0) return unknown(asked, 'toxtcp --help lists the commands')
  return unknown(asked, `did you mean ${meant.map(name => `toxtcp ${name}`).join(' or ')}?`)
}

const unknown = (asked: string, hint: string | Advice): InputError =>
  new InputError(`there is no command "${asked}"`, hint, 'unknown-name')
