import {hexByte} from '../hex-bytes.js'

/** What a text is read as, and its bytes in hex. */
type Notation = (text: string) => readonly [about: string, hex: string] | undefined

const hexOf = (bytes: readonly number[]): string => bytes.map(hexByte).join(' ')

/** Bytes of each match of a pattern, if the text consists of such matches and blanks or commas alone. */
const repeated =
  (about: string, form: RegExp, one: RegExp): Notation =>
  text =>
    form.test(text) ? [about, [...text.matchAll(one)].map(([, hex = '']) => hex.padStart(2, '0')).join(' ')] : undefined

/** Control characters and bytes above 126 as `cat -v`, `less` and `vim` show them: `^D`, `M-^?`, `<9e>`. */
const shown = /M-\^([@-_?])|M-([ -~])|\^([@-_?])|<([0-9a-f]{2})>|([\n -~])/gi
const caret = (char: string): number => (char === '?' ? 0x7f : char.charCodeAt(0) - 64)

function caretNotation(text: string): readonly [string, string] | undefined {
  const signs = text.match(/\^[@-_?]|<[0-9a-f]{2}>/gi)?.length ?? 0
  if (signs < 2 || /[^\n -~]/.test(text.trim())) return undefined
  if (!/^(?:\^[@-_]|M-|<[0-9a-f]{2}>|.{1,3}[\^<])/i.test(text)) return undefined
  const bytes = [...text.replace(/\n$/, '').matchAll(shown)].map(([, metaCaret, meta, control, hex, plain]) => {
    if (metaCaret !== undefined) return caret(metaCaret) | 0x80
    if (meta !== undefined) return meta.charCodeAt(0) | 0x80
    if (control !== undefined) return caret(control)
    return hex === undefined ? plain!.charCodeAt(0) : Number.parseInt(hex, 16)
  })
  return ['text with marks for control characters', hexOf(bytes)]
}

/** Octal numbers: all of three digits, some with a zero before them; or some that no decimal byte can be. */
function octalNumbers(text: string): readonly [string, string] | undefined {
  const words = text.trim().split(/[\s,]+/)
  if (words.length < 3 || !words.every(word => /^[0-3]?[0-7]{1,2}$/.test(word))) return undefined
  const areTriples = words.every(word => word.length === 3) && words.some(word => word.startsWith('0'))
  if (!areTriples && !words.some(word => Number(word) > 255)) return undefined
  return ['octal numbers', hexOf(words.map(word => Number.parseInt(word, 8)))]
}

const rareNotations: readonly Notation[] = [
  repeated('hex in angle brackets', /^\s*(?:<[0-9a-f]{2}>\s*){2,}$/i, /<([0-9a-f]{2})>/gi),
  repeated('quoted-printable text', /^\s*(?:=[0-9a-f]{2}\s*|=\r?\n){2,}$/i, /=([0-9a-f]{2})/gi),
  repeated('character codes', /^\s*(?:U\+00[0-9a-f]{2}[\s,]*){2,}$/i, /U\+00([0-9a-f]{2})/gi),
  repeated('hex with an x before each byte', /^\s*(?:x[0-9a-f]{2}[\s,]*){2,}$/i, /x([0-9a-f]{2})/gi),
  repeated('hex in quotes', /^\s*(?:[xzh]'[0-9a-f]{1,2}'[\s,]*){2,}$/i, /'([0-9a-f]{1,2})'/gi),
  repeated('an array of Ada', /^[\s(]*(?:16#[0-9a-f]{1,2}#[\s,]*){2,}[)\s;]*$/i, /16#([0-9a-f]{1,2})#/gi),
  repeated('an array of F#', /^[^[\n]{0,99}\[\|\s*(?:0x[0-9a-f]{2}uy[\s;]*){2,}\|\]\s*$/i, /0x([0-9a-f]{2})uy/gi),
  octalNumbers,
  caretNotation,
]

/** @returns what a text is in a notation that is rare, with its bytes in hex; undefined for other texts. */
export function rareNotation(text: string): readonly [about: string, hex: string] | undefined {
  for (const notation of rareNotations) {
    const found = notation(text)
    if (found) return found
  }
  return undefined
}
