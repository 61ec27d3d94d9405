import type * as Interfaces from '@oclif/core/interfaces'
import {filterNames, findName} from '../../filter/names/names.js'
import {interpretationNames} from '../../session/recognition/interpretation.js'
import {topicNames} from '../../view/explain/find.js'
import {namedColumns} from '../../view/forms/columns.js'
import {defaultFieldOptions} from '../../view/forms/field-options.js'

type Config = Pick<Interfaces.Config, 'commands'>
type Flag = Config['commands'][number]['flags'][string]

/** What a flag takes where the definition of the flag does not list it. */
const valuesOf: Readonly<Record<string, () => readonly string[]>> = {
  field: filterNames,
  as: () => interpretationNames,
  'field-option': () => Object.keys(defaultFieldOptions).map(name => `${name}=`),
}

/** Flags whose value ends with a name: of columns after a comma, of fields in an expression. */
const lastNamesOf: Readonly<Record<string, () => readonly string[]>> = {
  columns: () => [...namedColumns.map(({name}) => name), ...filterNames()],
  filter: filterNames,
}

/** A word that the last one can become, and what it means, where that can be said in a line. */
export interface Candidate {
  readonly word: string
  readonly about?: string | undefined
}

/**
 * What the last word of a command line can become.
 * @param words all words after `toxtcp`, the last of them perhaps empty or in an open quote.
 * @returns whole words; none where any text, or the name of a file, may follow.
 */
export function candidates(words: readonly string[], {commands}: Config): Candidate[] {
  const shown = commands.filter(({hidden}) => !hidden)
  const {before, last, prefix} = lastOf(words)
  const names = shown.map(({id}) => id.split(':'))
  const command = shown.find(({id}) => id === before.slice(0, id.split(':').length).join(':'))
  if (!command) {
    const next = names
      .filter(name => before.every((word, at) => word === name[at]))
      .map(name => name[before.length])
      .filter(word => word !== undefined)
    const aboutOf = (word: string) => shown.find(({id}) => id === [...before, word].join(':'))?.summary
    return startingWith(last, [...new Set(next)], prefix, aboutOf)
  }
  const flags = Object.values(command.flags)
  const flag = prefix === '' ? flagOf(before.at(-1), flags) : flagOf(prefix.slice(0, -1), flags)
  if (flag?.type === 'option') return valuesFor(flag, last, prefix)
  if (last.startsWith('-')) return startingWith(last, flags.flatMap(flagWords), prefix, word => aboutFlag(word, flags))
  return command.id === 'explain' ? startingWith(last, topicNames(), prefix) : []
}

/** The word to complete. Of `--name=value` it is the value, in one word or in the three that bash makes of it. */
function lastOf(words: readonly string[]): {before: readonly string[]; last: string; prefix: string} {
  const last = (words.at(-1) ?? '').replace(/^["']/, '')
  const before = words.slice(0, -1)
  const equals = last.startsWith('--') ? last.indexOf('=') + 1 : 0
  if (equals > 0) return {before, last: last.slice(equals), prefix: last.slice(0, equals)}
  if (last === '=') return {before, last: '', prefix: ''}
  return {before: before.at(-1) === '=' ? before.slice(0, -1) : before, last, prefix: ''}
}

const flagOf = (word: string | undefined, flags: readonly Flag[]): Flag | undefined =>
  flags.find(({name, char}) => word === `--${name}` || (char !== undefined && word === `-${char}`))

/** The flag, and its opposite where there is one. */
function flagWords({name, ...flag}: Flag): string[] {
  const hasOpposite = (flag.type === 'boolean' && flag.allowNo) || name === 'color'
  return hasOpposite ? [`--${name}`, `--no-${name}`] : [`--${name}`]
}

const aboutFlag = (word: string, flags: readonly Flag[]): string | undefined =>
  (flagOf(word, flags) ?? flagOf(word.replace('--no-', '--'), flags))?.description

function valuesFor(flag: Flag, last: string, prefix: string): Candidate[] {
  const lastNames = lastNamesOf[flag.name]
  if (lastNames) {
    const start = last.length - (/[a-z0-9_.]*$/i.exec(last)?.[0].length ?? 0)
    return startingWith(last.slice(start), lastNames(), prefix + last.slice(0, start), aboutField)
  }
  const options = flag.type === 'option' ? flag.options : undefined
  return startingWith(
    last,
    options ?? valuesOf[flag.name]?.() ?? [],
    prefix,
    flag.name === 'field' ? aboutField : undefined,
  )
}

const aboutField = (name: string): string | undefined => findName(name)?.about

const startingWith = (
  start: string,
  words: readonly string[],
  prefix: string,
  aboutOf?: (word: string) => string | undefined,
): Candidate[] =>
  words.filter(word => word.startsWith(start)).map(word => ({word: prefix + word, about: aboutOf?.(word)}))
