import type {Advice} from './advice.js'

/** What kinds of mistakes there are, by code. Codes stay as they are between major versions; sentences may change. */
export const errorCodes = {
  'bad-input': 'Any other mistake in what was given.',
  'bad-option': 'An option has a value that it cannot have, or two options contradict each other.',
  'bad-filter': 'The display filter has a mistake. The hint shows where.',
  'bad-key': 'A key, a key file or a line of a key log cannot be read as one.',
  'bad-hex': 'The text is not hex.',
  'bad-record': 'The JSON of a record has a mistake.',
  'bad-stream': 'The stream dump cannot be read as one.',
  'bad-address': 'The text is not HOST:PORT.',
  'bad-script': 'The script of the proxy cannot be loaded, or exports no hook.',
  'unknown-name': 'No packet type, field, rule or limit has that name.',
  'not-a-capture': 'The bytes are not a capture file of a known format.',
  'damaged-capture': 'The capture makes no sense from some byte on. What came before was read.',
  'cut-off-capture': 'The capture ends inside a record. What came before was read.',
  'already-read': 'A stream of bytes was to be read a second time.',
  'no-such-file': 'There is no such file or directory.',
  'file-exists': 'The file to be written exists.',
  'file-too-long': 'The file is longer than what is read of its kind.',
  'file-error': 'The system refused to open, read or write a file.',
  'cannot-listen': 'The system refused the address to listen on.',
} as const

/** A stable name for the kind of a mistake. */
export type ErrorCode = keyof typeof errorCodes

/** Text with its line ends and other control characters as `\\x0a`: a sentence may quote what has them. */
const inOneLine = (text: string): string =>
  text.replace(/\p{Cc}/gu, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

/**
 * A mistake of the user or of the input: one sentence, perhaps where, and a hint that works. Printed without a stack;
 * exit status 2.
 *
 * @example
 * ```ts
 * import {InputError, openCapture} from 'toxtcp'
 *
 * try {
 *   for await (const record of openCapture('missing.pcap')) console.log(record.number)
 * } catch (error) {
 *   if (error instanceof InputError && error.code === 'no-such-file') console.log(error.message)
 *   else throw error
 * }
 * ```
 */
export class InputError extends Error {
  override readonly name = 'InputError'
  /** What to do instead, in words; may be several lines. */
  readonly hint: string | undefined
  /** The hint with what it says as data, if that is known; the same mistake can be made of it again. */
  readonly advice: string | Advice | undefined

  /**
   * @param message one sentence with the value at fault, no final full stop.
   * @param hint what to do instead; may be several lines, printed indented below (a caret picture, a list of names).
   *   Where its remedy is given as data, commands print the line to type; lines given as exact are not wrapped.
   * @param code what a program can ask for.
   */
  constructor(
    message: string,
    hint?: string | Advice,
    readonly code: ErrorCode = 'bad-input',
  ) {
    super(inOneLine(message))
    this.advice = hint
    this.hint = typeof hint === 'object' ? hint.text : hint
  }

  /** The same mistake with its place before the sentence: `capture.pcap: the capture is empty`. */
  at(place: string): InputError {
    return receivedMistake({...sentMistake(this), message: `${place}: ${this.message}`})
  }
}

/** A mistake as data: an error that one thread sends to another arrives as a plain `Error`. */
export interface SentMistake {
  readonly kind: 'mistake'
  readonly message: string
  readonly advice: InputError['advice']
  readonly code: ErrorCode
}

/** What to send of a mistake. */
export const sentMistake = ({message, advice, code}: InputError): SentMistake => ({
  kind: 'mistake',
  message,
  advice,
  code,
})

/** The mistake that was sent, with all that its hint holds. */
export const receivedMistake = ({message, advice, code}: SentMistake): InputError =>
  new InputError(message, advice, code)
