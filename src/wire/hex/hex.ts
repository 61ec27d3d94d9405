import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {payloadsOf} from './forms/named-values.js'
import {type ArrayBase, arraysOf, bareDecimals, parseHexArrays} from './hex-array.js'
import {toHex} from './hex-bytes.js'
import {isHexDump, parseHexDump} from './hex-dump.js'
import {hasByteLiteral, isBareEscapes, parseByteLiterals} from './hex-literal.js'
import {HexSink} from './hex-sink.js'
import {base32Of, base64Of, markedHexOf, percentBytes} from './hex-strings.js'
import {parseHexWords} from './hex-words.js'

/**
 * How the bytes were written: bare digits, an array of source code, a quoted string of it, a dump with offsets
 * (of little-endian words: `word_dump`), base64 or base32, or with percent signs.
 */
export type HexForm = 'hex' | 'array' | 'string' | 'dump' | 'word_dump' | 'base64' | 'base32' | 'percent'

export interface ParsedHex {
  readonly bytes: Uint8Array
  readonly form: HexForm
  /** What the bytes were read from, as part of a sentence: `a decimal array`. */
  readonly about: string
  /** Where several values of the text each end in `bytes`, if it has several: a packet each. */
  readonly ends?: readonly number[]
  readonly other?: OtherReading
}

/** What a text could be as well, and the hex of its bytes. */
export interface OtherReading {
  readonly about: string
  readonly hex: string
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
    const {bytes, words, bigEndian} = parseHexDump(text)
    if (!words) return {bytes, form: 'dump', about: 'a hex dump'}
    const other = bigEndian && {about: 'big-endian words', hex: toHex(bigEndian)}
    return {bytes, form: 'word_dump', about: 'a dump of little-endian words', ...(other && {other})}
  }
  const sink = new HexSink(text.length >> 1)
  const marked = markedHexOf(text)
  if (marked) {
    const ends = marked.hexes.map(hex => {
      parseHexWords(hex, 0, hex.length, sink)
      return sink.length
    })
    return {bytes: sink.finish(), form: 'string', about: marked.about, ...separate(text, ends)}
  }
  if (hasByteLiteral(text) || isBareEscapes(text)) {
    const ends = parseByteLiterals(isBareEscapes(text) ? text.trim() : text, sink, isBareEscapes(text))
    return {bytes: sink.finish(), form: 'string', about: 'a string with escaped bytes', ...separate(text, ends)}
  }
  const bare = withoutCasts(withoutComments(text))
  const arrays = payloadsOf(bare, arraysOf(bare), ({start}) => bracketBefore(bare, start))
  if (arrays.length > 0) {
    const {base, ends, asHex} = parseHexArrays(bare, arrays, sink)
    const array: ParsedHex = {bytes: sink.finish(), form: 'array', about: arrayNames[base], ...separate(text, ends)}
    return asHex === undefined ? array : {...array, other: {about: 'a hex array', hex: asHex}}
  }
  return parseBare(text, bare, sink)
}

/** Where the brackets begin that are before an index. */
function bracketBefore(text: string, index: number): number {
  let at = index
  while (at > 0 && '[{<('.includes(text[at - 1]!)) at--
  return at
}

/** What shows that several values are the parts of one: a call that joins them, the parts of writev(). */
const joinsValues = /\bconcat|\bjoin\b|\biov_base=/i

/** The ends of values that are a packet each: not single bytes, and nothing joins them. */
function separate(text: string, ends: readonly number[]): {readonly ends?: readonly number[]} {
  const areBytes = ends.every((end, at) => end - (ends[at - 1] ?? 0) < 2)
  return ends.length < 2 || areBytes || joinsValues.test(text) ? {} : {ends}
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
  const base = parseBase64(text)
  if (base) return base
  if (mistake !== undefined) throw mistake
  return {bytes: sink.finish(), form: 'hex', about: 'hex'}
}

/** Base64, or base32, of which some texts can be either. */
function parseBase64(text: string): ParsedHex | undefined {
  const base64 = base64Of(text)
  const base32 = base32Of(text)
  const as64: ParsedHex | undefined = base64 && {
    bytes: base64.bytes,
    form: 'base64',
    about: base64.isForUrls ? 'base64 for URLs' : 'base64',
  }
  const as32: ParsedHex | undefined = base32 && {bytes: base32.bytes, form: 'base32', about: 'base32'}
  const [first, second] = base32?.isCertain === true ? [as32, as64] : [as64, as32]
  const other = first && second && {other: {about: second.about, hex: toHex(second.bytes)}}
  return first ? {...first, ...other} : second
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
