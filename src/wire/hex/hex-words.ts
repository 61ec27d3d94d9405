import {InputError} from '../input-error.js'
import {caretPicture} from './hex-lines.js'
import type {HexSink} from './hex-sink.js'

/** Characters that may separate the digits of bare hex: blanks, `,` `:` `;` `-` `_`, quotes and brackets. */
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
 * @returns the start of the first word that is something else, or the end.
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

const item = /[^\s,;]+/g

/**
 * Read the inside of an array's brackets: `0x04, 4, 0x00u8`, `04, 00`, or decimal as Rust and Python print
 * bytes. An item without `0x` is decimal where another has it (then this is source code), or where one of them can be
 * nothing else.
 * @throws InputError for an item that is not one byte.
 */
export function parseHexArray(text: string, start: number, end: number, sink: HexSink): void {
  const inside = text.slice(start, end)
  const decimal = isDecimalList(inside)
  const literals = /(?:^|[\s,;])0x/i.test(inside)
  let place = 0
  for (const match of inside.matchAll(item)) {
    place++
    const word = match[0].replace(/_?u8$/i, '')
    const value = byteOf(word, decimal || literals)
    if (value === undefined) {
      const bad = Math.max(0, word.replace(/^0x/i, mark => '0'.repeat(mark.length)).search(/[^0-9a-f]/i))
      throw new InputError(
        `byte ${place} of the array is ${JSON.stringify(word.slice(0, 16))}, which is not a byte`,
        caretPicture(text, start + match.index + bad),
        'bad-hex',
      )
    }
    sink.byte(value)
  }
}

/** @returns 0..255, undefined if the word is not one byte. */
function byteOf(word: string, decimal: boolean): number | undefined {
  if (/^0x[0-9a-f]{1,2}$/i.test(word)) return Number.parseInt(word.slice(2), 16)
  if (decimal && /^\d{1,3}$/.test(word) && Number(word) <= 255) return Number(word)
  return !decimal && /^[0-9a-f]{2}$/i.test(word) ? Number.parseInt(word, 16) : undefined
}

/** Whether every item is a decimal byte, and one has one or three digits: as hex it would have two. */
function isDecimalList(inside: string): boolean {
  let telling = false
  for (const [word] of inside.matchAll(item)) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(word) || Number(word) > 255) return false
    telling ||= word.length !== 2
  }
  return telling
}
