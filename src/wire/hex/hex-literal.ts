import {InputError} from '../input-error.js'
import {caretPicture} from './hex-lines.js'
import type {HexSink} from './hex-sink.js'

const escapeSequence = /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/isy

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

/** Whether the text holds a quoted string of source code with `\x` in it, as C, Python, Rust and shells write bytes. */
export function hasByteLiteral(text: string): boolean {
  return /["'][^"']*\\x[0-9a-f]{2}/i.test(text)
}

/**
 * Read every quoted string of a text into the sink, one after another: escapes, and characters that are
 * themselves.
 * @throws InputError for an unknown escape and for a character beyond ASCII.
 */
export function parseByteLiterals(text: string, sink: HexSink): void {
  let quote = ''
  for (let index = 0; index < text.length; ) {
    const char = text.charAt(index)
    if (quote === '' || char === quote) {
      if (quote !== '') quote = ''
      else if (char === '"' || char === "'") quote = char
      index++
      continue
    }
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

function byteOfEscape(match: RegExpExecArray): number | undefined {
  if (match[1] !== undefined) return Number.parseInt(match[1], 16)
  if (match[2] !== undefined) return Number.parseInt(match[2], 8)
  return named[match[3] ?? '']
}
