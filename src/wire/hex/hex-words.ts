import {InputError} from '../input-error.js'
import {caretPicture} from './hex-lines.js'
import type {HexSink} from './hex-sink.js'

/** What may separate the digits of bare hex: blanks, `,` `:` `;` `-` `_`, quotes and brackets. */
const separator = /[\s,:;\-_"'`()[\]{}]/y
const prefix = /0x|\\x/iy
const digitRun = /[0-9a-f]+/iy
const typeSuffix = /_?u8(?![0-9a-z])/iy

/** Match a sticky pattern at an index. @returns the matched text, empty if it does not match. */
function at(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index
  return pattern.exec(text)?.[0] ?? ''
}

/**
 * Read bare hex from `start` to `end` of a text into the sink: digits in pairs, with separators and `0x` or `\x`
 * wherever somebody may put them.
 * @throws InputError for what is not hex and for half a byte.
 */
export function parseHexWords(text: string, start: number, end: number, sink: HexSink): void {
  const first = sink.length
  let index = start
  for (;;) {
    index = plainWords(text, index, end, sink)
    if (index >= end) return
    if (at(separator, text, index) !== '') {
      index++
      continue
    }
    const mark = at(prefix, text, index)
    const digits = digitsAt(text, index + mark.length)
    const place = sink.length - first + 1
    const after = index + mark.length + digits.length
    if (digits === '') throw notHex(text, index + mark.length, index + mark.length, place)
    if (!ends(text, after, end)) throw notHex(text, index + mark.length, after, place)
    if (mark.toLowerCase() === '0x' && digits.length === 1) sink.digits(`0${digits}`)
    else if (digits.length % 2 === 0) sink.digits(digits)
    else throw halfByte(text, after - 1, place + (digits.length >> 1))
    index = after + at(typeSuffix, text, after).length
  }
}

const blank = 16
const other = 17
const kinds = new Uint8Array(128).fill(other)
for (const char of ' \t\r\n\v\f,:;-_"\'`()[]{}') kinds[char.charCodeAt(0)] = blank
for (const char of '0123456789abcdefABCDEF') kinds[char.charCodeAt(0)] = Number.parseInt(char, 16)

/**
 * Read words of whole digit pairs, a character at a time: nearly all of any input, and ten times as fast as by
 * patterns.
 * @returns the start of the first word that is something else; the end if all words are plain.
 */
function plainWords(text: string, start: number, end: number, sink: HexSink): number {
  let high = -1
  let wordStart = start
  let wordLength = sink.length
  for (let index = start; index < end; index++) {
    const kind = kinds[text.charCodeAt(index)] ?? other
    if (kind === blank && high < 0) {
      wordStart = index + 1
      wordLength = sink.length
    } else if (kind >= blank) {
      sink.drop(sink.length - wordLength)
      return wordStart
    } else if (high < 0) high = kind
    else {
      sink.byte((high << 4) | kind)
      high = -1
    }
  }
  if (high < 0) return end
  sink.drop(sink.length - wordLength)
  return wordStart
}

/** The digits at an index; a zero before an `x` belongs to the next prefix, as in 0x040x00. */
function digitsAt(text: string, index: number): string {
  const digits = at(digitRun, text, index)
  const glued = digits.length > 1 && digits.endsWith('0') && /x/i.test(text.charAt(index + digits.length))
  return glued ? digits.slice(0, -1) : digits
}

/** Whether a run of digits is over here: at the end, a separator, another prefix, or a type as Rust writes it. */
function ends(text: string, index: number, end: number): boolean {
  return (
    index >= end ||
    at(separator, text, index) !== '' ||
    at(prefix, text, index) !== '' ||
    at(typeSuffix, text, index) !== ''
  )
}

/** @param from index of the word's first digit. @param bad index of the character that is not hex. */
function notHex(text: string, from: number, bad: number, place: number): InputError {
  const pair = Math.floor((bad - from) / 2)
  const word = /^[^\s,:;]*/.exec(text.slice(from, from + 2 * pair + 2))?.[0] ?? ''
  const shown = word.slice(2 * pair) || text.slice(bad - 2, bad)
  return new InputError(
    `byte ${place + pair} of the hex is ${JSON.stringify(shown)}, which is not hex`,
    caretPicture(text, bad),
    'bad-hex',
  )
}

function halfByte(text: string, index: number, place: number): InputError {
  return new InputError(
    `byte ${place} of the hex is ${JSON.stringify(text[index] ?? '')}, which is half a byte`,
    caretPicture(text, index),
    'bad-hex',
  )
}
