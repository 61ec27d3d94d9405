import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {type ArrayBase, arraysOf, bareDecimals, parseHexArrays} from './hex-array.js'
import {isHexDump, parseHexDump} from './hex-dump.js'
import {hasByteLiteral, isBareEscapes, parseByteLiterals} from './hex-literal.js'
import {HexSink} from './hex-sink.js'
import {base64Of, markedHexOf, percentBytes} from './hex-strings.js'
import {parseHexWords} from './hex-words.js'

/**
 * How the bytes were written: bare digits, an array of source code, a quoted string of it, a dump with offsets
 * (of little-endian words: `word_dump`), base64, or with percent signs.
 */
export type HexForm = 'hex' | 'array' | 'string' | 'dump' | 'word_dump' | 'base64' | 'percent'

export interface ParsedHex {
  readonly bytes: Uint8Array
  readonly form: HexForm
  /** What the bytes were read from, as part of a sentence: `a decimal array`. */
  readonly about: string
  /** What the text could be as well, and the hex of its bytes. */
  readonly other?: {readonly about: string; readonly hex: string}
}

/**
 * Read bytes from text as people paste them: hex with blanks, commas, colons, dashes, `0x`, `\x`; arrays and strings of
 * source code, with comments, or as languages print them; what xxd, hexdump, od, tcpdump and Wireshark print; strings
 * of JSON and SQL; base64 where the text can be nothing else.
 * @returns at least one byte.
 * @throws InputError with the number of the byte (from 1), the word at fault and a picture of its place.
 */
export function parseHex(text: string): ParsedHex {
  checkLength(text)
  const parsed = parseForm(text.replace(/^\ufeff/, ''))
  if (parsed.bytes.length === 0)
    throw new InputError(
      'the input contains no hex',
      'give bytes as pairs of hex digits, for example 04 00 1f',
      'bad-hex',
    )
  return parsed
}

/** Digits, and what may stand between them where nothing else is in the text. */
const bareHex = /^\ufeff?[0-9a-fx\s,:;_\\-]*$/i

/** @throws InputError for a text that is too long to be read in its form. */
export function checkLength(text: string): void {
  if (text.length > limits.hexText)
    throw new InputError(
      `the hex is over ${limits.hexText} characters long`,
      'give a smaller piece of it, or the bytes as a file',
      'bad-hex',
    )
  if (text.length > limits.pastedText && (!bareHex.test(text) || isHexDump(text)))
    throw new InputError(
      `a text of over ${limits.pastedText} characters is read only if it is bare hex`,
      'give the part of interest',
      'bad-hex',
    )
}

const arrayNames: Readonly<Record<ArrayBase, string>> = {
  decimal: 'a decimal array',
  signed: 'an array of signed bytes',
  hex: 'a hex array',
  mixed: 'an array of source code',
}

function parseForm(text: string): ParsedHex {
  if (isHexDump(text)) {
    const {bytes, words} = parseHexDump(text)
    return words
      ? {bytes, form: 'word_dump', about: 'a dump of little-endian words'}
      : {bytes, form: 'dump', about: 'a hex dump'}
  }
  const sink = new HexSink(text.length >> 1)
  const marked = markedHexOf(text)
  if (marked) {
    parseHexWords(marked.hex, 0, marked.hex.length, sink)
    return {bytes: sink.finish(), form: 'string', about: marked.about}
  }
  if (hasByteLiteral(text) || isBareEscapes(text)) {
    parseByteLiterals(isBareEscapes(text) ? text.trim() : text, sink, isBareEscapes(text))
    return {bytes: sink.finish(), form: 'string', about: 'a string with escaped bytes'}
  }
  const bare = withoutCasts(withoutComments(text))
  const arrays = arraysOf(bare)
  if (arrays.length > 0) {
    const {base, asHex} = parseHexArrays(bare, arrays, sink)
    const array: ParsedHex = {bytes: sink.finish(), form: 'array', about: arrayNames[base]}
    return asHex === undefined ? array : {...array, other: {about: 'a hex array', hex: asHex}}
  }
  return parseBare(text, bare, sink)
}

/** @param bare the text without comments. */
function parseBare(text: string, bare: string, sink: HexSink): ParsedHex {
  let mistake: InputError | undefined
  try {
    parseHexWords(bare, 0, bare.length, sink)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    mistake = error
  }
  if (mistake === undefined && sink.length > 0) return {bytes: sink.finish(), form: 'hex', about: 'hex'}
  const numbers = bareDecimals(bare)
  if (numbers.length > 0) {
    const decimals = new HexSink(text.length >> 1)
    parseHexArrays(bare, numbers, decimals)
    return {bytes: decimals.finish(), form: 'array', about: 'decimal numbers'}
  }
  const percent = percentBytes(text)
  if (percent) return {bytes: percent, form: 'percent', about: 'text with percent signs'}
  // Base64 that begins with // looks like a comment: then there is neither a mistake nor any byte.
  const base64 = base64Of(text)
  if (base64) return {bytes: base64.bytes, form: 'base64', about: base64.isForUrls ? 'base64 for URLs' : 'base64'}
  if (mistake !== undefined) throw mistake
  return {bytes: sink.finish(), form: 'hex', about: 'hex'}
}

/** The casts of Java and C, and types after numbers of Nim, become blanks. */
function withoutCasts(text: string): string {
  return text.replace(/\( {0,4}(?:byte|char|u8|u?int8_t|unsigned char) {0,4}\)|(?<=[0-9a-f])'u8\b/gi, cast =>
    ' '.repeat(cast.length),
  )
}

/** Comments of C, shells and Python become blanks, so that every index still points into what the user gave. */
function withoutComments(text: string): string {
  if (!/[/#]/.test(text)) return text
  return text.replace(/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|(?:^|(?<=[\s,;{}]))(?:\/\/|#)[^\n]*/gm, comment =>
    comment.replace(/[^\n]/g, ' '),
  )
}
