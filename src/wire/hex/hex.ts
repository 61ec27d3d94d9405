import {fromBase64} from '../base64.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {isHexDump, parseHexDump} from './hex-dump.js'
import {hasByteLiteral, parseByteLiterals} from './hex-literal.js'
import {HexSink} from './hex-sink.js'
import {parseHexArray, parseHexWords} from './hex-words.js'

/**
 * How the bytes were written: bare digits, an array of source code, a quoted string of it, a dump with offsets
 * (of little-endian words: `word_dump`), or base64.
 */
export type HexForm = 'hex' | 'array' | 'string' | 'dump' | 'word_dump' | 'base64'

export interface ParsedHex {
  readonly bytes: Uint8Array
  readonly form: HexForm
}

/**
 * Read bytes from text as people paste them: hex with blanks, commas, colons, dashes, `0x`, `\x`; arrays and strings of
 * source code, with comments; what xxd, hexdump, od, tcpdump and Wireshark print; base64 where the text can be nothing
 * else.
 * @returns at least one byte.
 * @throws InputError with the number of the byte (from 1), the word at fault and a picture of its place.
 */
export function parseHex(text: string): ParsedHex {
  if (text.length > limits.hexText)
    throw new InputError(
      `the hex is over ${limits.hexText} characters long`,
      'give a smaller piece of it, or the bytes as a file',
      'bad-hex',
    )
  const parsed = parseForm(text.replace(/^\ufeff/, ''))
  if (parsed.bytes.length === 0)
    throw new InputError(
      'no hex found in the input',
      'give bytes as pairs of hex digits, for example 04 00 1f',
      'bad-hex',
    )
  return parsed
}

function parseForm(text: string): ParsedHex {
  if (isHexDump(text)) {
    const {bytes, words} = parseHexDump(text)
    return {bytes, form: words ? 'word_dump' : 'dump'}
  }
  const sink = new HexSink(text.length >> 1)
  if (hasByteLiteral(text)) {
    parseByteLiterals(text, sink)
    return {bytes: sink.finish(), form: 'string'}
  }
  const bare = withoutComments(text)
  const arrays = arraysOf(bare)
  if (arrays.length > 0) {
    for (const {start, end} of arrays) parseHexArray(bare, start, end, sink)
    return {bytes: sink.finish(), form: 'array'}
  }
  let mistake: InputError | undefined
  try {
    parseHexWords(bare, 0, bare.length, sink)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    mistake = error
  }
  // Base64 that begins with // was read as a comment, which gives no bytes and no mistake.
  const base64 = mistake !== undefined || sink.length === 0 ? base64Of(text) : undefined
  if (base64 !== undefined) return {bytes: base64, form: 'base64'}
  if (mistake !== undefined) throw mistake
  return {bytes: sink.finish(), form: 'hex'}
}

/** Comments of C, shells and Python become blanks, so that every index still points into what the user gave. */
function withoutComments(text: string): string {
  if (!/[/#]/.test(text)) return text
  return text.replace(/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|(?:^|(?<=[\s,;{}]))(?:\/\/|#)[^\n]*/gm, comment =>
    comment.replace(/[^\n]/g, ' '),
  )
}

interface Span {
  readonly start: number
  readonly end: number
}

/**
 * The insides of `{...}`, or where there are none of `[...]` that hold a list; `[16]` and `[u8; 16]` of a declaration
 * are none.
 */
function arraysOf(text: string): Span[] {
  const braces = insides(text, /\{[^{}]*\}/g)
  if (braces.length > 0) return braces
  return insides(text, /\[[^[\]]*\]/g).filter(({start, end}) => isList(text.slice(start, end)))
}

const isList = (inside: string): boolean =>
  (inside.includes(',') || /^\s*0x/i.test(inside)) && /^[\s0-9a-fxu_,]*$/i.test(inside)

function insides(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map(match => ({start: match.index + 1, end: match.index + match[0].length - 1}))
}

/**
 * Decode text that can only be base64: its alphabet and length, blanks only at line ends, and letters that no slip in
 * hex would explain (a quarter is beyond f, in both cases or with `+`, `/`, `=`).
 */
function base64Of(text: string): Uint8Array | undefined {
  const joined = text
    .trim()
    .split(/[ \t]*\r?\n[ \t]*/)
    .join('')
  if (joined.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(joined)) return undefined
  const beyond = joined.replace(/[0-9a-f=]/gi, '').length
  const mixed = (/[a-z]/.test(joined) && /[A-Z]/.test(joined)) || /[+/=]/.test(joined)
  return mixed && beyond * 4 >= joined.length ? fromBase64(joined) : undefined
}
