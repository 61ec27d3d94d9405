import {joinedAdvice} from '../advice.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {byteEscape, byteStrings} from './forms/quoted-strings.js'
import {caretPicture} from './hex-lines.js'
import type {HexSink} from './hex-sink.js'

const escapeSequence = /\\(?:x([0-9a-f]{1,2})|u00([0-9a-f]{2})|u\{0*([0-9a-f]{1,2})\}|([0-7]{1,3})|(.))/isy
/** What gdb prints after a character that is repeated. */
const repeats = / <repeats (\d{1,9}) times>/y

const named: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
  '\\': 0x5c,
  '"': 0x22,
  "'": 0x27,
}

const quotedEscape = new RegExp(`["'][^"']*${byteEscape}`, 'i')
const onlyEscapes = new RegExp(`^\\s*(?:${byteEscape}\\s*)+$`, 'i')

/** Whether the text has a quoted string of source code with escaped bytes, as C, Python, Rust and shells write them. */
export function hasByteLiteral(text: string): boolean {
  return quotedEscape.test(text)
}

/** Whether the text consists of escaped bytes without quotes. `\x04` alone is bare hex. */
export const isBareEscapes = (text: string): boolean => !/\\x/i.test(text) && onlyEscapes.test(text)

/**
 * Read the quoted strings of a text that hold bytes into the sink, one after another: escapes, and other ASCII
 * characters as their codes.
 * @param isOpen the text is the inside of a string.
 * @returns where each of them ends in the sink; parts that are joined are one, and so are characters of an array.
 * @throws InputError for an unknown escape and for a character beyond ASCII.
 */
export function parseByteLiterals(text: string, sink: HexSink, isOpen = false): number[] {
  const groups = isOpen ? [[{open: -1, close: text.length}]] : byteStrings(text)
  return groups.map(strings => {
    for (const {open, close} of strings) {
      const opened = sink.length
      readLiteral(text, open + 1, close, sink)
      repeatAsSaid(text, close + 1, sink, opened)
    }
    return sink.length
  })
}

function readLiteral(text: string, start: number, end: number, sink: HexSink): void {
  for (let index = start; index < end; ) {
    const char = text.charAt(index)
    escapeSequence.lastIndex = index
    const code = char.charCodeAt(0)
    const found = char === '\\' ? escapeSequence.exec(text) : null
    const value = found === null ? code : byteOfEscape(found)
    const single = value !== undefined && value <= 255 && (found !== null || (code <= 0x7e && char !== '\\'))
    if (!single) {
      const shown = JSON.stringify(found?.[0] ?? char)
      throw new InputError(
        `byte ${sink.length + 1} of the string is ${shown}, which is not one byte`,
        caretPicture(text, index),
        'bad-hex',
      )
    }
    sink.byte(value)
    index += found?.[0].length ?? 1
  }
}

/** Repeat the string before an index as often as gdb says. */
function repeatAsSaid(text: string, index: number, sink: HexSink, opened: number): void {
  repeats.lastIndex = index
  const match = repeats.exec(text)
  if (match === null) return
  const times = Number(match[1]) - 1
  const length = sink.length - opened
  if (times * length > limits.hexRepeatedBytes)
    throw new InputError(
      `${match[0].trim()} repeats over ${limits.hexRepeatedBytes} bytes`,
      joinedAdvice(caretPicture(text, index), 'give the part of interest'),
      'bad-hex',
    )
  if (times > 0 && length > 0) sink.repeat(length, times)
}

function byteOfEscape([, hex, unicode, braced, octal, letter]: RegExpExecArray): number | undefined {
  const digits = hex ?? unicode ?? braced
  if (digits !== undefined) return Number.parseInt(digits, 16)
  if (octal !== undefined) return Number.parseInt(octal, 8)
  return named[letter ?? '']
}
