import {exactLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {mended, spelled, type Typed} from './command-line.js'
import {askedFormat, type Given, idleFlagsOf} from './idle-table.js'

/** A flag that was given and does nothing. */
export interface IdleFlag {
  readonly name: string
  /** One sentence about it. */
  readonly sentence: string
  /** Words that would give it an effect. */
  readonly added: readonly string[]
}

/** The flags of a command line that have no effect beside the others. @throws InputError for two formats at once. */
export function* idleFlags(typed: Typed, flags: Given['flags']): Generator<IdleFlag> {
  const names = new Set(typed.raw.flatMap(word => (word.type === 'flag' ? [word.flag] : [])))
  const words = typed.raw.filter(({type}) => type === 'arg').map(({input}) => input)
  const given: Given = {flags, words, has: name => names.has(name)}
  for (const {flags: idle, where, added} of idleFlagsOf(typed.id)) {
    const found = idle.filter(given.has)
    const text = found.length === 0 ? undefined : where(given)
    if (text === undefined) continue
    for (const name of found) yield {name, sentence: `${spelled(name, typed)} ${text}`, added: added?.(given) ?? []}
  }
}

/** Refuses flags without an effect. @throws InputError about the first, whose hint is the command line put right. */
export function refuseIdleFlags(typed: Typed, flags: Given['flags']): void {
  refuseTwoFormats(typed, flags)
  const idle = [...idleFlags(typed, flags)]
  const [first] = idle
  if (!first) return
  const {name, sentence, added} = first
  const isAlone = typed.raw.every(word => word.type === 'arg' || word.flag === name || !isEverIdle(typed.id, word.flag))
  const lines = [
    added.length > 0 && isAlone ? mended(typed, [], added) : undefined,
    mended(
      typed,
      idle.map(flag => flag.name),
    ),
  ]
  const hint = exactLines(...lines.filter(line => line !== undefined))
  const inWords = `leave out ${idle.map(flag => spelled(flag.name, typed)).join(' ')}`
  throw new InputError(sentence, hint.text === '' ? inWords : hint, 'bad-option')
}

/** @throws InputError for two formats at once, with the command lines that ask for one of them. */
function refuseTwoFormats(typed: Typed, flags: Given['flags']): void {
  try {
    askedFormat({flags})
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const asking = ['json', 'tree', 'format'].filter(name =>
      typed.raw.some(word => 'flag' in word && word.flag === name),
    )
    const lines = asking.flatMap(
      kept =>
        mended(
          typed,
          asking.filter(name => name !== kept),
        ) ?? [],
    )
    throw new InputError(error.message, lines.length > 0 ? exactLines(...lines) : error.advice, error.code)
  }
}

/** Whether a flag has no effect in some situation: words that are added could lead to it. */
const isEverIdle = (id: string, name: string): boolean => idleFlagsOf(id).some(({flags}) => flags.includes(name))
