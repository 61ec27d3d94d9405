import type * as Interfaces from '@oclif/core/interfaces'
import {InputError} from '../../wire/input-error.js'
import {nearest} from '../../wire/text/nearest.js'
import {mended, spelled} from '../effects/command-line.js'
import {InvalidValue} from '../flags/kinds.js'

/**
 * What oclif's parser throws, by its fields: plugins may bring a copy of oclif of their own, whose classes are others.
 */
interface ParserError extends Error {
  readonly oclif: object
  /** NonExistentFlagsError: words that look like flags. */
  readonly flags?: readonly string[]
  /** UnexpectedArgsError: words; RequiredArgsError: definitions of arguments. */
  readonly args?: readonly (string | {readonly name: string})[]
  /** Every error about what was parsed: the definitions, and what was given. */
  readonly parse?: {
    readonly input?: {readonly flags?: Interfaces.FlagInput; readonly argv?: readonly string[]}
    readonly output?: Pick<Interfaces.ParserOutput, 'flags' | 'metadata' | 'raw'>
  }
}

/**
 * The mistake of the user that oclif's parser found, as one sentence and a hint.
 * @param id id of the command, for the hint; undefined before a command is known.
 * @returns undefined if the error is of another kind.
 */
export function mistakeOf(error: unknown, id: string | undefined): InputError | undefined {
  const help = `see ${['toxtcp', ...(id?.split(':') ?? []), '--help'].join(' ')}`
  if (error instanceof InvalidValue) return mistake(error.sentence, help)
  if (!isParserError(error)) return undefined
  const {flags, args, parse} = error
  if (flags) return unknownFlag(flags[0]!, Object.keys(parse?.input?.flags ?? {}), help)
  if (args) {
    const [first] = args
    return typeof first === 'object'
      ? mistake(`${first.name.toUpperCase()} is missing`, help)
      : mistake(`"${first}" is one argument too many`, help)
  }
  const broken = parse && brokenRelation(parse, id ?? '')
  return broken ? mistake(broken.sentence, broken.hint || help) : mistake(inLowerCase(error.message), help)
}

const mistake = (sentence: string, hint: string): InputError => new InputError(sentence, hint, 'bad-option')

function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && 'oclif' in error && !('code' in error && error.code === 'EEXIT')
}

function unknownFlag(word: string, known: readonly string[], help: string): InputError {
  const flag = word.split('=')[0]!
  const near = flag.startsWith('--')
    ? nearest(
        flag,
        known.map(name => `--${name}`),
      )
    : []
  return mistake(`there is no flag "${flag}"`, near.length > 0 ? `did you mean ${near.join(', ')}?` : help)
}

/**
 * The first flag that was given without one that it depends on, or with one that excludes it.
 * @returns a sentence, and command lines that are right; empty: none.
 */
function brokenRelation(
  {input, output}: NonNullable<ParserError['parse']>,
  id: string,
): {sentence: string; hint: string} | undefined {
  const {flags = {}, argv = []} = input ?? {}
  const typed = {id, argv, raw: output?.raw ?? [], flags}
  const broken = (sentence: string, ...wrong: string[]) => ({
    sentence,
    hint: wrong.flatMap(name => mended(typed, [name]) ?? []).join('\n'),
  })
  const isGiven = (name: string): boolean =>
    output?.flags[name] !== undefined && output.metadata?.flags[name]?.setFromDefault !== true
  for (const [name, {dependsOn = [], exclusive = []}] of Object.entries(flags)) {
    if (!isGiven(name)) continue
    for (const needed of dependsOn)
      if (!isGiven(needed)) return broken(`${spelled(name, typed)} needs ${asTyped(needed, flags)}`, name)
    for (const other of exclusive)
      if (typeof other === 'string' && isGiven(other))
        return broken(`${spelled(name, typed)} and ${spelled(other, typed)} cannot both be given`, name, other)
  }
  return undefined
}

/** A flag that was not typed, in its short form if it has one. */
const asTyped = (name: string, flags: Interfaces.FlagInput): string =>
  flags[name]?.char ? `-${flags[name].char}` : `--${name}`

/** A sentence of oclif's, which begin with a capital. */
const inLowerCase = (sentence: string): string => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
