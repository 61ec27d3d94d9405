import {stripVTControlCharacters} from 'node:util'
import {nearest} from '../src/filter/nearest.js'
import {InputError} from '../src/wire/input-error.js'

/** What the user is told when a run ends early. */
export interface Failure {
  readonly status: number
  /** Nothing is said: the command has decided on its exit status itself. */
  readonly sentence?: string
  readonly hint?: string | undefined
}

/** What oclif's errors carry; they come from more than one copy of it, so that classes tell nothing. */
interface OclifError extends Error {
  readonly code?: string
  readonly oclif: {readonly exit?: number}
  /** Flags that do not exist. */
  readonly flags?: readonly string[]
  /** Arguments that are one too many, or definitions of those that are missing. */
  readonly args?: readonly (string | {readonly name: string})[]
  readonly parse?: {readonly input?: {readonly flags?: Readonly<Record<string, object>>}}
}

/** @param argv the command line, for hints. */
export function failureOf(error: unknown, argv: readonly string[]): Failure {
  if (error instanceof InputError) return {status: 2, sentence: withoutPreamble(error.message), hint: error.hint}
  if (isOclifError(error)) {
    if (error.code === 'EEXIT') return {status: error.oclif.exit ?? 0}
    return {status: 2, ...mistake(error, helpHint(argv))}
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    status: 3,
    sentence: `this is a bug of toxtcp, please report it: ${oneLine(what)}`,
    hint: 'DEBUG=1 before the command prints where it happened',
  }
}

function isOclifError(error: unknown): error is OclifError {
  return error instanceof Error && 'oclif' in error
}

function mistake(error: OclifError, help: string): {sentence: string; hint: string} {
  const {flags, args, message} = error
  if (flags) {
    const [flag] = flags[0]!.split('=')
    const known = Object.keys(error.parse?.input?.flags ?? {}).map(name => `--${name}`)
    const near = flag!.startsWith('--') ? nearest(flag!, known) : []
    return {sentence: `there is no flag "${flag}"`, hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : help}
  }
  if (args) {
    const [first] = args
    if (typeof first === 'object') return {sentence: `${first.name.toUpperCase()} is missing`, hint: help}
    return {sentence: `"${first}" is one argument too many`, hint: help}
  }
  const needs = /All of the following must be provided when using (--\S+): (--\S+)/.exec(message)
  if (needs) return {sentence: `${needs[1]} needs ${needs[2]}`, hint: help}
  const both = /(--\S+?)(?:=\S*)? cannot also be provided when using (--\S+)/.exec(message)
  if (both) return {sentence: `${both[1]} and ${both[2]} cannot be given both`, hint: help}
  const invalid = /^Expected (?:--(\S+?)=)?([\s\S]*) to be one of: (.*)$/m.exec(message)
  if (invalid)
    return {sentence: `${invalid[1] ? `--${invalid[1]} ` : ''}"${invalid[2]}" is not one of ${invalid[3]}`, hint: help}
  return {sentence: plain(message), hint: help}
}

/** oclif puts the flag before what its parser says of the value, and a line about help behind it. */
const preamble = /^Parsing (--\S+) \n\t([\s\S]*?)(?:\nSee more help with --help)?$/

/** Of a mistake that was found while oclif parsed: as it was. */
const withoutPreamble = (message: string): string => preamble.exec(message)?.[2] ?? message

/** One sentence of what oclif says in several lines. */
function plain(message: string): string {
  const [, flag, said] = preamble.exec(message) ?? []
  const text = oneLine((said ?? message).replace(/\nSee more help with --help$/, ''))
  const sentence = `${text.charAt(0).toLowerCase()}${text.slice(1)}`
  return flag ? `${flag}: ${sentence}` : sentence
}

const oneLine = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')

function helpHint(argv: readonly string[]): string {
  const words = argv.slice(0, argv[0] === 'keys' ? 2 : 1).filter(word => /^[a-z]/.test(word))
  return `see ${['toxtcp', ...words, '--help'].join(' ')}`
}
