import type * as Interfaces from '@oclif/core/interfaces'
import {type Advice, adviceOf, exactLines, hintLines, joinedAdvice, lineText, type Remedy} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {nearest} from '../../wire/text/nearest.js'
import {lineOf, mended, retyped, seeHelp, spelled} from '../effects/command-line.js'
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
 * @param argv words after the command, as they were typed.
 * @returns undefined if the error is of another kind.
 */
export function mistakeOf(
  error: unknown,
  id: string | undefined,
  argv: readonly string[] = [],
): InputError | undefined {
  const help = seeHelp(id)
  if (error instanceof InvalidValue) {
    const line = valueHint(error, id ?? '', argv)
    return mistake(error.sentence, line === undefined ? help : exactLines(line))
  }
  if (!isParserError(error)) return undefined
  const {flags, args, parse} = error
  if (flags) return unknownFlag(flags[0]!, parse?.input?.flags ?? {}, help, {id: id ?? '', argv})
  if (args) {
    const [first] = args
    return typeof first === 'object'
      ? mistake(`${first.name.toUpperCase()} is missing`, help)
      : mistake(`"${first}" is one argument too many`, withFlag(args, parse, {id: id ?? '', argv}) ?? help)
  }
  const broken = parse && brokenRelation(parse, id ?? '')
  return broken
    ? mistake(broken.sentence, broken.lines.length > 0 ? exactLines(...broken.lines) : help)
    : mistake(inLowerCase(error.message), help)
}

/** Flags that take what is typed without one, where a command has them and no arguments; the likeliest first. */
const likelyFlags: readonly (readonly [flag: string, word: RegExp])[] = [
  ['out', /^[^-]/],
  ['upstream', /^(?:[^\s/]+:\d{1,5}|embedded)$/],
  ['listen', /^(?:[^\s/]+:)?\d{1,5}$/],
]

/** The command line with each word too many as the value of a flag; undefined where one has no likely flag. */
function withFlag(
  words: NonNullable<ParserError['args']>,
  {input, output}: NonNullable<ParserError['parse']> = {},
  {id, argv}: {readonly id: string; readonly argv: readonly string[]},
): Advice | undefined {
  const flagOf = new Map<string, string>()
  const isFree = (name: string): boolean =>
    input?.flags?.[name] !== undefined && output?.flags[name] === undefined && ![...flagOf.values()].includes(name)
  for (const word of words) {
    if (typeof word !== 'string') return undefined
    const found = likelyFlags.find(([name, form]) => isFree(name) && form.test(word))
    if (found === undefined) return undefined
    flagOf.set(word, found[0])
  }
  const line = retyped(id, argv, given => (flagOf.has(given) ? [`--${flagOf.get(given)}`, given] : [given]))
  return line === undefined ? undefined : exactLines(line)
}

const mistake = (sentence: string, hint: string | Advice): InputError => new InputError(sentence, hint, 'bad-option')

function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && 'oclif' in error && !('code' in error && error.code === 'EEXIT')
}

function unknownFlag(
  word: string,
  known: Interfaces.FlagInput,
  help: string,
  {id, argv}: {id: string; argv: readonly string[]},
): InputError {
  const flag = word.split('=')[0]!
  const names = Object.entries(known).flatMap(([name, {type, ...rest}]) => {
    const hasOpposite = name === 'color' || (type === 'boolean' && 'allowNo' in rest && rest.allowNo)
    return hasOpposite ? [`--${name}`, `--no-${name}`] : [`--${name}`]
  })
  // Every command has it, without a declaration.
  const near = flag.startsWith('--') ? nearest(flag, [...names, '--help']) : []
  const [first] = near
  if (first === undefined) return mistake(`there is no flag "${flag}"`, help)
  const takesValue = known[first.slice(2)]?.type === 'option'
  const line = retyped(id, argv, each => {
    if (each === flag) return [first]
    return each.startsWith(`${flag}=`) ? [takesValue ? first + each.slice(flag.length) : first] : [each]
  })
  const question = `did you mean ${near.join(', ')}?`
  return mistake(`there is no flag "${flag}"`, line === undefined ? question : joinedAdvice(question, exactLines(line)))
}

/** The command line with the value that was likely meant. */
function valueHint({slip}: InvalidValue, id: string, argv: readonly string[]): string | undefined {
  if (!slip) return undefined
  const {value, meant} = slip
  return retyped(id, argv, (word, before) => {
    if (word === value && before?.startsWith('-')) return [meant]
    const isOwn = /^-\w=?$|^--[\w-]+=$/.test(word.slice(0, word.length - value.length))
    return [word.endsWith(value) && isOwn ? word.slice(0, word.length - value.length) + meant : word]
  })
}

/** A mistake whose hint works as it stands: with the whole command line where its remedy is known. */
export function withCommandLine(
  mistake: InputError,
  id: string,
  argv: readonly string[],
  flags: Interfaces.FlagInput = {},
): InputError {
  const {message, hint, advice, code} = mistake
  const help = `see toxtcp ${id.replaceAll(':', ' ')} --help`
  if (hint === undefined) return new InputError(message, help, code)
  const lines = hintLines(advice)
  const remedy = typeof advice === 'object' ? advice.remedy : undefined
  const line = remedy && putRight(remedy, id, argv, flags)
  if (line !== undefined) {
    // The first line is the flag alone: the whole command line says more.
    const kept = remedy?.kind === 'set' ? [{exact: line}, ...lines.slice(1)] : [...lines, {exact: line}]
    return new InputError(message, adviceOf(kept), code)
  }
  const isPicture = /^ *\^+$/.test(lineText(lines.at(-1)!))
  return isPicture ? new InputError(message, joinedAdvice(advice, help), code) : mistake
}

/** The command line with what a remedy changes; undefined: it cannot be shown, or has no such place. */
function putRight(
  remedy: Remedy,
  id: string,
  argv: readonly string[],
  flags: Interfaces.FlagInput,
): string | undefined {
  switch (remedy.kind) {
    case 'add':
      return lineOf(id, [...argv, ...remedy.words])
    case 'set': {
      const {flag, value} = remedy
      return retyped(id, argv, (word, before) => {
        if (before === flag) return [value]
        return [word.startsWith(`${flag}=`) ? `${flag}=${value}` : word]
      })
    }
    case 'omit': {
      const {flag} = remedy
      const hasValue = flags[flag.slice(2)]?.type === 'option'
      return retyped(id, argv, (word, before) =>
        word === flag || word.startsWith(`${flag}=`) || (hasValue && before === flag) ? [] : [word],
      )
    }
    case 'replace': {
      const {wrong, meant} = remedy
      const holders = argv.filter(word => word.split(wrong).length === 2)
      return holders.length === 1
        ? retyped(id, argv, word => [word === holders[0] ? word.replace(wrong, () => meant) : word])
        : undefined
    }
  }
}

/** Refuses a value of a flag that has none, as in `--json=yes`. @throws InputError */
export function refuseFlagValues(id: string, argv: readonly string[], flags: Interfaces.FlagInput): void {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  for (const word of words) {
    const [, flag = '', value = ''] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? []
    if (flags[flag.slice(2)]?.type !== 'boolean') continue
    throw new InputError(
      `${flag} has no value, and "${value}" is given`,
      exactLines(retyped(id, argv, each => [each === word ? flag : each]) ?? `${flag} alone`),
      'bad-option',
    )
  }
}

/**
 * The first flag that was given without one that it depends on, or with one that excludes it.
 * @returns a sentence, and command lines that are right; empty: none.
 */
function brokenRelation(
  {input, output}: NonNullable<ParserError['parse']>,
  id: string,
): {sentence: string; lines: string[]} | undefined {
  const {flags = {}, argv = []} = input ?? {}
  const typed = {id, argv, raw: output?.raw ?? [], flags}
  const broken = (sentence: string, ...wrong: string[]) => ({
    sentence,
    lines: wrong.flatMap(name => mended(typed, [name]) ?? []),
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
