import {InputError} from '../input-error.js'
import {caretPicture} from './hex-lines.js'
import type {HexSink} from './hex-sink.js'

/** A part of a text: `text.slice(start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** How the items of an array are read. `mixed`: each says so itself, as `0x04, 4` in source code. */
export type ArrayBase = 'decimal' | 'signed' | 'hex' | 'mixed'

export interface ArrayReading {
  readonly base: ArrayBase
  /** Where each array ends in the sink. */
  readonly ends: readonly number[]
  /** Hex of the bytes if the items were read as hex, where they could be that as well. */
  readonly asHex?: string
}

/** An item with its type, as Rust (`4u8`) and Erlang (`4:8`) write it. */
const item = /[^\s,;]+/g
const decimal = /^(?:0|[1-9]\d{0,2})$/
const signed = /^-?(?:0|[1-9]\d{0,2})$/
const marked = /^(?:0x|16#)[0-9a-f]{1,2}$/i
const hexByteText = /^[0-9a-f]{1,2}$/i

/**
 * The insides of the arrays in a text: `<<...>>` of Erlang; `{...}`; where there are none, `[...]` that hold a list.
 * `[16]` and `[u8; 16]` of a declaration do not.
 */
export function arraysOf(text: string): Span[] {
  const binaries = insides(text, /<<[^<>"]*>>/g, 2).filter(span => isList(text, span))
  if (binaries.length > 0) return binaries
  // An object of JSON is in braces as well.
  const braces = insides(text, /\{[^{}]*\}/g, 1).filter(({start, end}) => !/["'[]/.test(text.slice(start, end)))
  if (braces.length > 0) return braces
  return insides(text, /\[[^[\]]*\]/g, 1).filter(span => isList(text, span))
}

function insides(text: string, pattern: RegExp, border: number): Span[] {
  return [...text.matchAll(pattern)].map(({index, 0: all}) => ({
    start: index + border,
    end: index + all.length - border,
  }))
}

/** The numbers of a text that consists of decimal bytes without brackets, of which some can be nothing else. */
export function bareDecimals(text: string): Span[] {
  const words = text.split(/[\s,;]+/).filter(word => word !== '')
  const areBytes = words.length > 1 && words.every(word => decimal.test(word) && Number(word) <= 255)
  return areBytes && words.some(word => word.length !== 2) ? [{start: 0, end: text.length}] : []
}

/** Whether items are separated by commas, marked as hex, or, as Go and NumPy print them, decimal bytes with blanks. */
function isList(text: string, {start, end}: Span): boolean {
  const inside = text.slice(start, end)
  if (!/^[\s0-9a-fxu_,;:#-]*$/i.test(inside)) return false
  if (inside.includes(',') || /^\s*0x/i.test(inside)) return /\d|[a-f]/i.test(inside)
  const words = inside.trim().split(/\s+/)
  return words.length > 1 && words.every(word => decimal.test(word) && Number(word) <= 255)
}

/**
 * Read the arrays of a text into the sink, all of them alike. Items are decimal where all can be, as most languages
 * print bytes.
 * @throws InputError for an item that is not one byte.
 */
export function parseHexArrays(text: string, spans: readonly Span[], sink: HexSink): ArrayReading {
  const words = new ArrayWords(text, spans)
  const base = baseOf(words)
  const ends: number[] = []
  let place = 0
  for (const {word, index} of words) {
    place++
    while (index >= spans[ends.length]!.end) ends.push(sink.length)
    const value = byteOf(word, base)
    if (value === undefined) {
      const bad = Math.max(0, word.replace(/^0x/i, mark => '0'.repeat(mark.length)).search(/[^0-9a-f]/i))
      throw new InputError(
        `byte ${place} of the array is ${JSON.stringify(word.slice(0, 16))}, which is not a byte`,
        caretPicture(text, index + bad),
        'bad-hex',
      )
    }
    sink.byte(value)
  }
  while (ends.length < spans.length) ends.push(sink.length)
  if (base !== 'decimal' || !words.every(word => word.length === 2)) return {base, ends}
  let asHex = ''
  for (const {word} of words) asHex += word
  return {base, ends, asHex}
}

/** The items of arrays, without their types. They are found anew by each look: an array may have millions. */
class ArrayWords {
  constructor(
    readonly text: string,
    readonly spans: readonly Span[],
  ) {}

  *[Symbol.iterator](): Generator<{readonly word: string; readonly index: number}> {
    for (const {start, end} of this.spans)
      for (const match of this.text.slice(start, end).matchAll(item))
        yield {word: match[0].replace(/_?u8$|:8$|(?<=^0x[0-9a-f]{1,2})u$/i, ''), index: start + match.index}
  }

  some(test: (word: string) => boolean): boolean {
    for (const {word} of this) if (test(word)) return true
    return false
  }

  every(test: (word: string) => boolean): boolean {
    return !this.some(word => !test(word))
  }
}

function baseOf(words: ArrayWords): ArrayBase {
  if (words.some(word => /^(?:0x|16#)/i.test(word))) return 'mixed'
  if (words.every(word => decimal.test(word) && Number(word) <= 255)) return 'decimal'
  if (words.some(word => word.startsWith('-')) && words.every(word => signed.test(word))) return 'signed'
  return 'hex'
}

/** @returns 0..255, undefined if the word is not one byte. */
function byteOf(word: string, base: ArrayBase): number | undefined {
  if (base === 'mixed' && marked.test(word)) return Number.parseInt(word.replace(/^(?:0x|16#)/i, ''), 16)
  if (base === 'hex') return hexByteText.test(word) ? Number.parseInt(word, 16) : undefined
  const value = Number(word)
  if (base === 'signed') return value >= -128 && value <= 127 ? value & 0xff : undefined
  return /^\d{1,3}$/.test(word) && value <= 255 ? value : undefined
}
