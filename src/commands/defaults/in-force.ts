import type * as Interfaces from '@oclif/core/interfaces'
import {isData} from '../../view/printer.js'
import {InputError} from '../../wire/input-error.js'
import type {Typed} from '../effects/command-line.js'
import {idleFlags} from '../effects/idle.js'
import {askedFormat} from '../effects/idle-table.js'
import type {Config, FlagDefault} from './config.js'

/** A command line with the defaults that are in force. */
export interface WithDefaults {
  readonly argv: readonly string[]
  readonly applied: readonly FlagDefault[]
}

/** Parses words of the command. @throws what oclif throws. */
export type Parse = (argv: readonly string[]) => Promise<Pick<Interfaces.ParserOutput, 'raw' | 'flags'>>

/** Flags of which one takes the place of another. */
const formats = ['format', 'tree', 'json', 'conversation', 'follow', 'view', 'write']

/** Flags that mean something else in a command than in the others: only defaults of that command are for them. */
const ownMeanings: Readonly<Record<string, readonly string[]>> = {relay: ['key'], probe: ['count', 'rate']}

/** The defaults of a command in the order in which they are considered: its own come before those of all commands. */
export function defaultsOf(id: string, flags: Interfaces.FlagInput, config: Config): FlagDefault[] {
  const own = config.commands.get(id) ?? []
  const isOfAll = (name: string) => flags[name] !== undefined && !ownMeanings[id]?.includes(name)
  const ofAll = config.flags.filter(({name}) => isOfAll(name) && own.every(one => one.name !== name))
  const labels = flags['label'] === undefined ? [] : config.labels
  return [
    ...own,
    ...ofAll,
    ...(labels.length > 0 ? [{name: 'label', words: labels.flatMap(one => ['--label', one])}] : []),
  ]
}

/**
 * The defaults that are in force beside what was typed: what is typed comes first, then the environment, then a
 * default. A default is left out where it would contradict one of these, or have no effect.
 * @param typed the command line without defaults.
 */
export async function withDefaults(
  typed: Typed,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  parse: Parse,
): Promise<WithDefaults> {
  const given = new Set(typed.raw.flatMap(word => (word.type === 'flag' ? [word.flag] : [])))
  let waiting = defaultsOf(typed.id, typed.flags, config).filter(
    ({name}) => !isDecided(name, given, env) && !contradicts(name, given, typed.flags),
  )
  let now: WithDefaults = {argv: typed.argv, applied: []}
  // A default may have an effect only once a later one is there.
  for (let before = -1; before !== now.applied.length; ) {
    before = now.applied.length
    for (const one of waiting) {
      const next = await applied(typed, now, one, parse)
      if (!next) continue
      now = next
      waiting = waiting.filter(other => other !== one && !contradicts(other.name, new Set([one.name]), typed.flags))
    }
  }
  return now
}

async function applied(
  typed: Typed,
  {argv, applied: before}: WithDefaults,
  one: FlagDefault,
  parse: Parse,
): Promise<WithDefaults | undefined> {
  const end = argv.indexOf('--')
  const at = end < 0 ? argv.length : end
  // Names of peers that are typed come last, and so count.
  const words = one.name === 'label' ? [...one.words, ...argv] : [...argv.slice(0, at), ...one.words, ...argv.slice(at)]
  const {raw, flags} = await parse(words)
  try {
    for (const _idle of idleFlags({...typed, argv: words, raw}, flags)) return undefined
    // Programs read times in one form, whatever their user likes to see.
    const format = askedFormat({flags})
    if (one.name === 'time' && format !== undefined && isData(format)) return undefined
  } catch (error) {
    // Two formats.
    if (error instanceof InputError) return undefined
    throw error
  }
  return {argv: words, applied: [...before, one]}
}

/** Whether the command line or the environment says it. Names of peers add up. */
function isDecided(
  name: string,
  given: ReadonlySet<string>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (name === 'label') return false
  return given.has(name) || (name === 'color' && (env['FORCE_COLOR'] !== undefined || Boolean(env['NO_COLOR'])))
}

/** Whether a flag cannot be beside one of others, or not without one that is missing. */
function contradicts(name: string, others: ReadonlySet<string>, flags: Interfaces.FlagInput): boolean {
  const {exclusive = [], dependsOn = []} = flags[name] ?? {}
  const excludes = (one: string, other: string) => (flags[one]?.exclusive ?? []).includes(other)
  return (
    dependsOn.some(needed => !others.has(needed)) ||
    exclusive.some(other => typeof other === 'string' && others.has(other)) ||
    [...others].some(
      other => other !== name && (excludes(other, name) || (formats.includes(name) && formats.includes(other))),
    )
  )
}
