import * as limits from '../limits.js'
import {fromHex} from './hex-bytes.js'
import type {Line} from './hex-lines.js'

/** Columns of one group of hex digits in a line; `gap` is the number of blanks before it. */
interface Group {
  readonly start: number
  readonly end: number
  readonly gap: number
  /** Marked with 0x: where it has several bytes, they are a number. */
  readonly isNumber: boolean
}

/**
 * One line of a dump: an offset, groups of hex digits, and perhaps a text column, whose start may look like more
 * groups.
 */
export interface Row {
  readonly line: Line
  /** As written, without `0x` and colon. */
  readonly offset: string
  readonly offsetColumn: number
  readonly colon: boolean
  readonly groups: readonly Group[]
  /** The first word that is not hex, and the blanks before it: of a text column, or a mistake. */
  readonly other: {readonly column: number; readonly gap: number} | undefined
}

/** In which order the bytes of a group of several are written: as they come, or as a little-endian word. */
export type GroupOrder = 'plain' | 'swapped'

const head = /^\s*(?:0x)?([0-9a-f]{4,16})(:?)(?=\s|$)/i
const hexWord = /^(?:0x)?([0-9a-f]+)$/i

/** Read a line as a row of a dump. @returns undefined if it does not begin with an offset of 4 to 16 hex digits. */
export function readRow(line: Line): Row | undefined {
  const match = head.exec(line.text)
  if (match === null) return undefined
  const offset = match[1] ?? ''
  const colon = match[2] === ':'
  const offsetColumn = match[0].length - offset.length - (colon ? 1 : 0)
  const groups: Group[] = []
  let other: Row['other']
  const word = /([ \t]+)(\S+)/y
  word.lastIndex = match[0].length
  for (let next = word.exec(line.text); next !== null; next = word.exec(line.text)) {
    const [all, blanks = '', text = ''] = next
    const gap = blanks.includes('\t') ? blanks.length + 1 : blanks.length
    const end = next.index + all.length
    const digits = hexWord.exec(text)?.[1]
    if (digits === undefined || digits.length % 2 === 1) {
      other = {column: end - text.length, gap}
      break
    }
    groups.push({start: end - digits.length, end, gap, isNumber: digits.length < text.length})
  }
  return {line, offset, offsetColumn, colon, groups, other}
}

/** Blanks between two groups of this row: the gap before its second one, 1 if it has none. */
export function unitOf(row: Row): number {
  const [, second, third] = row.groups
  if (second === undefined) return 1
  return third === undefined ? 1 : Math.min(second.gap, third.gap)
}

/** The counts of groups after which the data of a row may end: before each wide gap, and after the last group. */
export function cutsOf(row: Row, unit: number): number[] {
  const cuts: number[] = []
  const most = Math.min(row.groups.length, limits.hexRowGroups)
  for (let i = 1; i < most; i++) if (row.groups[i]!.gap > unit) cuts.push(i)
  cuts.push(row.groups.length)
  return cuts
}

/** Bytes in the first `count` groups. */
export function byteCount(row: Row, count: number): number {
  let digits = 0
  for (let i = 0; i < count; i++) digits += row.groups[i]!.end - row.groups[i]!.start
  return digits / 2
}

/** The digits of the first `count` groups in the order of the bytes. */
export function digitsOf(row: Row, count: number, order: GroupOrder): string {
  let digits = ''
  for (let i = 0; i < count; i++) {
    const {start, end} = row.groups[i]!
    if (order === 'plain') digits += row.line.text.slice(start, end)
    else for (let at = end; at > start; at -= 2) digits += row.line.text.slice(at - 2, at)
  }
  return digits
}

/**
 * How many groups of a row are data, by its text column: the count after which the rest of the line shows exactly those
 * bytes as text.
 * @returns undefined if no count fits, as where the row has no text column.
 */
export function cutByText(row: Row, unit: number, order: GroupOrder): number | undefined {
  for (const count of cutsOf(row, unit)) {
    const last = row.groups[count - 1]
    if (last === undefined) continue
    const shown = row.line.text.slice(last.end).trim()
    if (shown.length === 0 || shown.length > byteCount(row, count) + widestExtra) continue
    if (showsBytes(fromHex(digitsOf(row, count, order)), shown)) return count
  }
  return undefined
}

/** Where no text column settles it: up to a gap that is wider than that between two halves of a row, else all. */
export function cutByGap(row: Row, unit: number): number {
  const wide = row.groups.findIndex((group, i) => i > 0 && group.gap > unit + 1)
  return wide < 0 ? row.groups.length : wide
}

/**
 * Whether the last word of a row is short and at the right end of its columns, as `xxd -e` writes the low bytes of a
 * number.
 */
export function endsWithLowBytes(row: Row, unit: number): boolean {
  const [first] = row.groups
  const last = row.groups.at(-1)
  const above = row.groups.at(-2)
  if (first === undefined || last === undefined || above === undefined) return false
  const width = first.end - first.start
  return last.end - last.start < width && last.gap > unit && last.end === above.end + unit + width
}

/** Columns that a text column has at most beyond one for each byte: bars, and a blank in the middle. */
const widestExtra = 3

/**
 * Whether a text column shows these bytes: printable ones as themselves, others as a dot or a character beyond ASCII;
 * perhaps a blank in the middle, perhaps in bars.
 */
export function showsBytes(bytes: Uint8Array, shown: string): boolean {
  if (/^\|.*\|$|^>.*<$/.test(shown) && matches(bytes, shown.slice(1, -1))) return true
  return matches(bytes, shown)
}

function matches(bytes: Uint8Array, shown: string): boolean {
  // A blank at either end is a byte 0x20, or was cut off with the line's end.
  let from = 0
  let to = bytes.length
  while (from < to && bytes[from] === 0x20) from++
  while (to > from && bytes[to - 1] === 0x20) to--
  const text = shown.trim()
  const split = text.length === to - from + 1
  if (!split && text.length !== to - from) return false
  let at = 0
  for (let i = from; i < to; i++) {
    if (split && i === 8 && text[at++] !== ' ') return false
    const char = text[at++] ?? ''
    const byte = bytes[i]!
    const same = byte >= 0x20 && byte < 0x7f ? char.charCodeAt(0) === byte : char === '.' || char > '~'
    if (!same) return false
  }
  return at === text.length
}
