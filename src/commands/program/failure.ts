import {stripVTControlCharacters} from 'node:util'
import {withoutKeys} from '../../terminal/hidden-keys.js'
import type {Io} from '../../terminal/io.js'
import {type HintLine, hintLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {hideKeys} from '../../wire/text/hidden-keys.js'
import {mistakeOf} from './mistake.js'

/** What the user sees of a run that ends early. */
export interface Failure {
  readonly status: number
  /** undefined: nothing is printed, because the command has chosen its exit status itself. */
  readonly sentence?: string
  readonly hint?: readonly HintLine[]
}

/**
 * Turn an error into a failure: status 2 for a mistake of the user, 3 for a bug, and the status of oclif's ExitError.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof Error && 'oclif' in error && 'code' in error && error.code === 'EEXIT')
    return {status: exitStatus(error.oclif)}
  const mistake = error instanceof InputError ? error : mistakeOf(error, undefined)
  if (mistake) return {status: 2, sentence: mistake.message, hint: hintLines(mistake.advice)}
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    status: 3,
    sentence: `this is a bug in toxtcp, please report it: ${oneLine(what)}`,
    hint: ['DEBUG=1 before the command prints where it happened'],
  }
}

/** Status of oclif's ExitError, which plugins throw. */
function exitStatus(oclif: unknown): number {
  return typeof oclif === 'object' && oclif !== null && 'exit' in oclif && typeof oclif.exit === 'number'
    ? oclif.exit
    : 0
}

/**
 * Print the failure that an error means as `toxtcp: SENTENCE`, with its hint below, without keys, and with the stack if
 * DEBUG is set.
 * @param argv the command line, whose keys are not repeated.
 * @returns the exit status.
 */
export function report(error: unknown, argv: readonly string[], io: Pick<Io, 'note' | 'env'>): number {
  const {status, sentence, hint = []} = withoutKeys(failureOf(error), argv)
  if (sentence === undefined) return status
  const stack = io.env['DEBUG'] && error instanceof Error ? hideKeys(error.stack ?? '').split('\n') : []
  io.note(`toxtcp: ${shortened(sentence)}`, [...hint, ...stack.map(exact => ({exact}))])
  return status
}

/** Most characters of a sentence that are printed: a path may have 4,096, and a word as many as a shell passes on. */
const mostCharacters = 1000

/** A sentence without its middle if it quotes much: both ends say what is wrong. Keys are hidden before. */
function shortened(sentence: string): string {
  const kept = mostCharacters / 2
  return sentence.length <= mostCharacters ? sentence : `${sentence.slice(0, kept)} ... ${sentence.slice(-kept)}`
}

const oneLine = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
