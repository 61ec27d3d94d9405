import {replaceWord} from '../wire/advice.js'
import {leftOut} from '../wire/text/phrases.js'
import type {Slice} from './expression.js'
import {filterError, type Place} from './filter-error.js'
import * as limits from './limits.js'

/** slice: the inside of `[...]` after an operand. symbol: an operator or a bracket. */
export interface Token extends Place {
  readonly kind: 'word' | 'string' | 'raw' | 'symbol' | 'slice' | 'end'
  /** The characters; for strings those between the quotes, with escapes unread. */
  readonly text: string
}

const symbols = /===|!==|==|!=|~=|<=|>=|&&|\|\||\^\^|\.\.|[<>!~(){},]/y
const blank = /\s+/y
const string = /()"((?:[^"\\]|\\[\s\S])*)"/y
const rawString = /(r)"([^"]*)"/y
const address = /\[[0-9a-f:.]*\](?::\d*)?/iy
/**
 * A key as lists show it, `8f01…bb10`, in ASCII `8f01..bb10`. In a set, `1000..2000` is a range.
 */
const shortKey = /[0-9a-f]{4}(?:[0-9a-f]{2})*(?:\.{2,3}|\u2026)(?:[0-9a-f]{2})+(?![0-9a-z.:])/iy
const word = /(?:(?!\.\.)[^\s(){}[\],"=!<>&|^~])+/y

const meant: ReadonlyMap<string, string> = new Map([
  ['=>', '>='],
  ['=<', '<='],
  ['=!', '!='],
  ['=', '=='],
  ['&', '&&'],
  ['|', '||'],
  ['^', '^^'],
])

/** Whether a member of a set is a range, as `1000..200000`: the parts of `8f01c141..10` differ too much for that. */
function isRange(text: string): boolean {
  const [first = '', last = ''] = text.split('..')
  const isDecimal = /^\d+\.\.\d+$/.test(text)
  return !text.includes(leftOut) && (first.length === last.length || (isDecimal && first.length < last.length))
}

/** Cuts an expression into tokens, the last of kind `end`. @throws InputError for characters that begin no token. */
export function tokensOf(text: string): Token[] {
  if (text.length > limits.expression)
    throw filterError(text, {at: 0, end: 1}, `the filter is over ${limits.expression} characters long`)
  const found: Token[] = []
  let at = 0
  let isInSet = false
  while (at < text.length) {
    const token = tokenAt(text, at, found.at(-1), isInSet)
    if (token) found.push(token)
    if (token?.kind === 'symbol' && /[{}]/.test(token.text)) isInSet = token.text === '{'
    at = token ? token.end : at + matchAt(blank, text, at)![0].length
  }
  found.push({kind: 'end', text: '', at, end: at + 1})
  return found
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** @returns undefined at a blank. */
function tokenAt(text: string, at: number, before: Token | undefined, isInSet: boolean): Token | undefined {
  const place = (length: number): Place => ({at, end: at + length})
  const first = text[at]!
  if (matchAt(blank, text, at)) return undefined
  const quoted = matchAt(rawString, text, at) ?? matchAt(string, text, at)
  if (quoted) return {kind: quoted[1] ? 'raw' : 'string', text: quoted[2]!, ...place(quoted[0].length)}
  if (first === '"')
    throw filterError(text, place(1), 'a quote is not closed', 'a quote inside a string is written \\"')
  if (first === '[') return bracketAt(text, at, before)
  const key = matchAt(shortKey, text, at)
  if (key && !(isInSet && isRange(key[0]))) return {kind: 'word', text: key[0], ...place(key[0].length)}
  const symbol = matchAt(symbols, text, at)
  if (symbol) return {kind: 'symbol', text: symbol[0], ...place(symbol[0].length)}
  const plain = matchAt(word, text, at)
  if (plain) return {kind: 'word', text: plain[0], ...place(plain[0].length)}
  const pair = text.slice(at, at + 2)
  const wrong = meant.has(pair) ? pair : first
  const other = meant.get(wrong)
  throw filterError(
    text,
    place(wrong.length),
    `unknown operator "${wrong}"`,
    other === undefined ? undefined : replaceWord(wrong, other),
  )
}

/** `[` directly after an operand begins a slice, elsewhere an address and port as `[::1]:33445`. */
function bracketAt(text: string, at: number, before: Token | undefined): Token {
  if (before?.end === at && before.kind !== 'symbol') {
    const close = text.indexOf(']', at)
    if (close < 0) throw filterError(text, {at, end: at + 1}, '"[" is not closed')
    return {kind: 'slice', text: text.slice(at + 1, close), at, end: close + 1}
  }
  const found = matchAt(address, text, at)
  if (!found) throw filterError(text, {at, end: at + 1}, 'a slice needs a field before it')
  return {kind: 'word', text: found[0], at, end: at + found[0].length}
}

const sliceForms: readonly [RegExp, (a: number, b: number) => Slice][] = [
  [/^(-?\d{1,9})$/, start => ({start, length: 1})],
  [/^(-?\d{1,9}):(\d{1,9})$/, (start, length) => ({start, length})],
  [/^(-?\d{1,9})-(-?\d{1,9})$/, (start, last) => ({start, last})],
  [/^(-?\d{1,9}):$/, start => ({start})],
]

/**
 * The parts of a slice: `[offset:length]`, `[first-last]`, `[offset]`, `[:length]`, `[offset:]`, several with commas.
 */
export function slicesOf(text: string, {text: inside, at, end}: Token): Slice[] {
  const parts = inside.split(',', limits.slices + 1)
  if (parts.length > limits.slices) throw filterError(text, {at, end}, `a slice has over ${limits.slices} parts`)
  return parts.map(part => {
    const bare = part.replace(/\s+/g, '').replace(/^:/, '0:')
    for (const [form, build] of sliceForms) {
      const match = form.exec(bare)
      if (!match) continue
      const slice = build(Number(match[1]), Number(match[2]))
      if (slice.length !== 0 && !isBackwards(slice)) return slice
    }
    throw filterError(
      text,
      {at, end},
      `"[${inside}]" is not a slice`,
      'slices are [offset:length], [first-last], [offset], [:length] and [offset:]',
    )
  })
}

const isBackwards = ({start, last}: Slice): boolean => last !== undefined && start < 0 === last < 0 && last < start
