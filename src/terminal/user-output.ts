import {writeSync} from 'node:fs'
import {codeOf} from '../files/errors/file-error.js'
import {escapeLines, escapeText, inSigns, jsonText} from '../view/escape.js'
import {beginning} from '../view/text-width.js'
import {wrap} from '../view/wrap.js'
import type {HintLine} from '../wire/advice.js'

/**
 * All that the program shows its user goes through here. Names and values from captures, clients and command lines may
 * hold what a terminal obeys: it is escaped here, whoever made the text.
 */
export interface UserOutput {
  /**
   * Results for people: whole lines, perhaps in the colors of a theme; all else that a terminal obeys is escaped.
   * @returns false once nobody reads them any more.
   */
  readonly stdout: (text: string) => boolean
  /**
   * Results for programs, written as they are: their format has its own escapes.
   * @returns false once nobody reads them any more.
   */
  readonly data: (text: string) => boolean
  /**
   * One sentence on standard error, without its line end.
   * @param details lines, printed indented below it.
   */
  readonly note: (sentence: string, details?: readonly HintLine[]) => void
  /**
   * A line below all others at a terminal, on standard error, in place of the one before; empty: none. What does not
   * fit is left out.
   */
  readonly status: (line: string) => void
}

/** Takes finished text. */
export interface Sinks {
  /** @returns false once nobody reads it any more. */
  readonly out: (text: string) => boolean
  readonly error: (text: string) => void
}

/** How notes are written. */
export interface NoteStyle {
  /** Whether they have signs of ASCII alone. */
  readonly isAscii: boolean
  /** Columns of standard error, into which a sentence is wrapped; infinite where it is not a terminal. */
  readonly width: number
}

/** Moves the cursor to the start of the line, and clears the line. */
const clearLine = '\r\u001b[K'

/** Output that reaches its sinks with everything escaped that a terminal obeys, but for line ends and own colors. */
export function userOutput(
  {out, error}: Sinks,
  style: NoteStyle = {isAscii: false, width: Number.POSITIVE_INFINITY},
): UserOutput {
  let status = ''
  const aboveStatus =
    <T>(write: (text: string) => T) =>
    (text: string): T => {
      if (status === '') return write(text)
      error(clearLine)
      const result = write(text)
      error(status)
      return result
    }
  const note = aboveStatus(error)
  return {
    stdout: aboveStatus(text => out(escapeLines(text))),
    data: aboveStatus(out),
    note: (sentence, details = []) => note(noteText(sentence, details, style)),
    status: line => {
      // A terminal wraps once its last column is written, and only the last row of a line would be cleared.
      const safe = beginning(escapeText(inSigns(line, style.isAscii)), style.width - 1)
      if (safe === status) return
      error(`${clearLine}${safe}`)
      status = safe
    },
  }
}

/** Columns before what belongs to a note. */
const inset = 4

/**
 * A note as it is written. Sentences are wrapped, and so are words in its details. Exact lines are not, nor is a word,
 * as a key, that is too wide: what a terminal itself breaks is copied in one piece.
 */
function noteText(sentence: string, details: readonly HintLine[], {isAscii, width}: NoteStyle): string {
  const shown = (text: string): string => escapeText(inSigns(text, isAscii))
  const margin = ' '.repeat(inset)
  const room = width - inset
  const below = details.flatMap(line =>
    typeof line === 'string' ? wrap(shown(line), room, room, false) : [shown(line.exact)],
  )
  const rows = [...wrap(shown(sentence), width, room, false), ...below]
  return `${rows.join(`\n${margin}`)}\n`
}

/** Print a value as one line of JSON. */
export function printJson(output: Pick<UserOutput, 'data'>, value: unknown): void {
  output.data(`${jsonText(value)}\n`)
}

/** Prints text for people, in the signs that the output takes. */
export function printText(
  {stdout, isAscii}: Pick<UserOutput, 'stdout'> & {readonly isAscii: boolean},
  text: string,
): void {
  stdout(inSigns(text, isAscii))
}

/** Milliseconds before a full pipe is tried again. */
const retryMilliseconds = 5

/** A flag that is never set. */
const never = new Int32Array(new SharedArrayBuffer(4))

/**
 * Write all of a text to a descriptor of this process, waiting while it is full.
 * @param dropFlag in shared memory: while it is 1, what cannot be written at once is dropped.
 * @throws errors of the system
 */
export const writeText = (descriptor: 1 | 2, text: string, dropFlag: Int32Array = never): void =>
  writeAll(descriptor, Buffer.from(text), dropFlag)

/** Write bytes as writeText does. @throws errors of the system */
export function writeAll(descriptor: 1 | 2, bytes: Uint8Array, dropFlag: Int32Array = never): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      if (Atomics.load(dropFlag, 0) === 1) return
      Atomics.wait(dropFlag, 0, 0, retryMilliseconds)
    }
  }
}

/** Output that remembers why it failed. */
export interface DescriptorOutput extends UserOutput {
  /** The system's error if results could not be written, as to a full disk; undefined if nobody reads them any more. */
  readonly failure: () => unknown
}

/**
 * Output to the descriptors of the process, from any thread. A slow reader holds up this thread, and none that
 * forwards.
 * @param dropFlag in shared memory: once another thread sets it to 1, what cannot be written at once is dropped.
 */
export function descriptorOutput(dropFlag: Int32Array, style: NoteStyle): DescriptorOutput {
  let isRead = true
  let failure: unknown
  const write = (descriptor: 1 | 2, text: string): boolean => {
    try {
      writeText(descriptor, text, dropFlag)
      return true
    } catch (error) {
      if (descriptor === 1 && codeOf(error) !== 'EPIPE') failure ??= error
      return false
    }
  }
  const sinks: Sinks = {
    out: text => {
      isRead &&= write(1, text)
      return isRead
    },
    error: text => {
      write(2, text)
    },
  }
  return {...userOutput(sinks, style), failure: () => failure}
}
