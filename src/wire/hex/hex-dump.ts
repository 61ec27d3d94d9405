import {joinedAdvice} from '../advice.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {caretPicture, type Line, linesOf} from './hex-lines.js'
import {
  byteCount,
  cutByGap,
  cutByText,
  cutsOf,
  digitsOf,
  endsWithLowBytes,
  type GroupOrder,
  type Row,
  readRow,
  unitOf,
} from './hex-row.js'
import {HexSink} from './hex-sink.js'

type Base = 16 | 8 | 10
const bases: readonly Base[] = [16, 8, 10]

const isRemark = (line: Line): boolean => /^\s*(?:#|\/\/|$)/.test(line.text)
const isRepeat = (line: Line): boolean => line.text.trim() === '*'

/**
 * Whether a text is a dump with offsets (xxd, hexdump, od, tcpdump, Wireshark) and not bare hex whose first word is
 * long. The first lines show it: a colon or a wide gap after the offset, bars around a text column, or offsets that
 * grow by the length of the rows.
 */
export function isHexDump(text: string): boolean {
  const rows: Row[] = []
  let looked = 0
  for (const line of linesOf(text)) {
    if (++looked > limits.hexDumpProbeLines) break
    if (isRemark(line)) continue
    if (isRepeat(line)) return rows.length > 0
    const row = readRow(line)
    if (row === undefined) break
    if (rows.length === 0 && isRowAlone(row)) return true
    rows.push(row)
  }
  const unit = rows[0] === undefined ? 1 : unitOf(rows[0])
  return rows.some((row, i) => i > 0 && bases.some(base => follows(rows[i - 1]!, row, base, unit)))
}

/** Whether one row is enough to show a dump: by its colon, its bars, or the gap after its offset. */
export function isRowAlone(row: Row): boolean {
  const first = row.groups[0]
  if (first === undefined) return false
  if (row.colon || isBarred(row.line.text)) return true
  if (/^\s*0x0+ [0-9a-f]{2}(?: |$)/i.test(row.line.text)) return true
  const isNumber = first.isNumber && row.groups[1]?.gap === 1
  const wordy = isNumber || row.offset.length !== first.end - first.start
  return first.gap > 1 && wordy && (row.offset.length >= 6 || /^0+$/.test(row.offset))
}

/** Whether a line ends with a column between bars. */
function isBarred(line: string): boolean {
  const shown = line.trimEnd()
  return shown.endsWith('|') && shown.indexOf('|') < shown.length - 1
}

function follows(row: Row, next: Row, base: Base, unit: number): boolean {
  const step = offsetIn(next, base) - offsetIn(row, base)
  if (!(step > 0)) return false
  // An odd number of bytes is printed as whole words, and only the closing offset gives the number.
  const slack = next.groups.length === 0 && /^.{6,7}$/.test(row.offset) ? wordBytes(row) : 1
  return cutsOf(row, unit).some(count => step <= byteCount(row, count) && step > byteCount(row, count) - slack)
}

function offsetIn(row: Row, base: Base): number {
  if (base === 16) return Number.parseInt(row.offset, 16)
  return (base === 8 ? /^[0-7]+$/ : /^\d+$/).test(row.offset) ? Number.parseInt(row.offset, base) : Number.NaN
}

/** A row, and what precedes it. */
interface Item {
  readonly row: Row
  /** A `*` line precedes this row: the row above repeats up to this row's offset. */
  readonly afterRepeat: boolean
}

/**
 * Read a dump with offsets. Offsets may be hex, octal or decimal and may start anywhere. Text columns are recognised by
 * their content. Words of several bytes are read as written, unless the text column shows that they are little-endian,
 * or who wrote them: `xxd -e` by the place of a short last word, a debugger by `0x` before each, od and hexdump by
 * offsets of 6 or 7 digits.
 * @throws InputError for an offset that does not fit, a word that is not hex, or a line that is not a row.
 */
export function parseHexDump(text: string): ParsedDump {
  const items = itemsOf(text)
  const rows = items.map(item => item.row)
  const unit = unitOf(rows.find(row => row.groups.length > 2) ?? rows[0]!)
  const order = orderOf(rows, unit)
  if (order !== undefined) return {bytes: bytesIn(text, items, unit, order).bytes, words: order === 'swapped'}
  // As od and hexdump write words by default; `od --endian=big` looks the same, but for the padding of an odd length.
  const [little, big] = [bytesIn(text, items, unit, 'swapped'), bytesIn(text, items, unit, 'plain')]
  if (!little.isPadded && big.isPadded) return {bytes: big.bytes, words: false}
  return {bytes: little.bytes, words: true, ...(big.isPadded === little.isPadded && {bigEndian: big.bytes})}
}

interface ParsedDump {
  readonly bytes: Uint8Array
  /** They were written as little-endian words. */
  readonly words: boolean
  /** What they would be as big-endian words, where nothing shows which they are. */
  readonly bigEndian?: Uint8Array
}

/** `isPadded`: what the last word has beyond the closing offset is zero. */
function bytesIn(
  text: string,
  items: readonly Item[],
  unit: number,
  order: GroupOrder,
): {bytes: Uint8Array; isPadded: boolean} {
  const rows = items.map(item => item.row)
  const base = baseOf(items, unit)
  const sink = new HexSink(text.length >> 1)
  const start = offsetIn(rows[0]!, base)
  let rowLength = 0
  let repeated = 0
  let isPadded = true
  for (const [i, {row, afterRepeat}] of items.entries()) {
    const offset = offsetIn(row, base)
    if (afterRepeat && rowLength > 0) {
      const missing = offset - start - sink.length
      if (!(missing >= 0) || missing % rowLength !== 0) throw offsetError(text, row, start + sink.length, base)
      repeated += missing
      if (repeated > limits.hexRepeatedBytes) throw repeatError(text, row)
      sink.repeat(rowLength, missing / rowLength)
    }
    if (offset !== start + sink.length) throw offsetError(text, row, start + sink.length, base)
    const next = items[i + 1]
    const step = next === undefined || next.afterRepeat ? undefined : offsetIn(next.row, base) - offset
    const count = countOf(text, row, unit, order, step)
    const digits = digitsOf(row, count, order)
    sink.digits(digits)
    rowLength = digits.length / 2
    // The last word of an odd number of bytes is padded with a zero byte, as the closing offset shows.
    const padding = step === undefined ? 0 : rowLength - step
    if (padding > 0 && padding < wordBytes(row) && next?.row.groups.length === 0) {
      isPadded = /^0+$/.test(digits.slice(-2 * padding))
      sink.drop(padding)
    }
  }
  return {bytes: sink.finish(), isPadded}
}

/** The base in which most offsets fit; a short dump may fit in several. */
function baseOf(items: readonly Item[], unit: number): Base {
  const votes = new Map<Base, number>(bases.map(base => [base, 0]))
  for (const [i, {row, afterRepeat}] of items.entries()) {
    const above = items[i - 1]
    if (above === undefined || afterRepeat) continue
    for (const base of bases) if (follows(above.row, row, base, unit)) votes.set(base, votes.get(base)! + 1)
  }
  return bases.reduce((best, base) => (votes.get(base)! > votes.get(best)! ? base : best))
}

function itemsOf(text: string): Item[] {
  const items: Item[] = []
  let repeat: Line | undefined
  for (const line of linesOf(text)) {
    if (isRemark(line)) continue
    if (isRepeat(line)) {
      repeat = line
      continue
    }
    const row = readRow(line)
    if (row === undefined)
      throw new InputError(
        `line ${line.number} of the hex dump does not begin with an offset`,
        caretPicture(text, line.start),
        'bad-hex',
      )
    items.push({row, afterRepeat: repeat !== undefined})
    repeat = undefined
  }
  if (repeat !== undefined)
    throw new InputError(
      'the hex dump ends with "*", so how often its last row repeats is unknown',
      'add the line that follows',
      'bad-hex',
    )
  return items
}

function countOf(text: string, row: Row, unit: number, order: GroupOrder, step: number | undefined): number {
  const byText = cutByText(row, unit, order)
  if (byText !== undefined) return byText
  const byStep = step === undefined ? undefined : cutsOf(row, unit).find(count => byteCount(row, count) === step)
  if (byStep !== undefined) return byStep
  if (order === 'swapped' && endsWithLowBytes(row, unit)) return row.groups.length
  const {other} = row
  if (other !== undefined && (other.gap <= unit || row.groups.length === 0)) {
    const word = /^\S{0,16}/.exec(row.line.text.slice(other.column))?.[0] ?? ''
    const place = byteCount(row, row.groups.length) + 1
    throw new InputError(
      `byte ${place} of line ${row.line.number} of the hex dump is ${JSON.stringify(word)}, which is not hex`,
      caretPicture(text, row.line.start + other.column + Math.max(0, word.search(/[^0-9a-f]/i))),
      'bad-hex',
    )
  }
  return cutByGap(row, unit)
}

const wordBytes = (row: Row): number =>
  row.groups[0] === undefined ? 0 : (row.groups[0].end - row.groups[0].start) / 2

/** @returns undefined where only the width of the offsets suggests little-endian words. */
function orderOf(rows: readonly Row[], unit: number): GroupOrder | undefined {
  const first = rows[0]
  if (first === undefined || wordBytes(first) < 2) return 'plain'
  for (const row of rows) {
    const plain = cutByText(row, unit, 'plain') !== undefined
    const swapped = cutByText(row, unit, 'swapped') !== undefined
    if (plain !== swapped) return plain ? 'plain' : 'swapped'
  }
  if (endsWithLowBytes(rows.at(-1)!, unit) || first.groups[0]!.isNumber) return 'swapped'
  const byShortWord = orderByShortWord(first, rows.at(-1)!)
  if (byShortWord) return byShortWord
  const wordSizes = wordBytes(first) === 2 || wordBytes(first) === 4 || wordBytes(first) === 8
  return !first.colon && wordSizes && (first.offset.length === 6 || first.offset.length === 7) ? undefined : 'plain'
}

/**
 * By the last word, if it is short: `xxd -e` writes it at the right end of its columns, as the low bytes of a number.
 * @returns undefined if the last word is not short, or has another place.
 */
function orderByShortWord(first: Row, last: Row): GroupOrder | undefined {
  const word = last.groups.at(-1)
  const above = first.groups[last.groups.length - 1]
  if (!word || !above || first === last || word.end - word.start >= above.end - above.start) return undefined
  if (word.end === above.end) return 'swapped'
  return word.start === above.start ? 'plain' : undefined
}

function offsetError(text: string, row: Row, expected: number, base: Base): InputError {
  const wanted = expected.toString(base).padStart(row.offset.length, '0')
  return new InputError(
    `offset ${row.offset} in line ${row.line.number} of the hex dump does not fit: the rows above end at ${wanted}`,
    caretPicture(text, row.line.start + row.offsetColumn),
    'bad-hex',
  )
}

function repeatError(text: string, row: Row): InputError {
  return new InputError(
    `the "*" lines of the hex dump repeat over ${limits.hexRepeatedBytes} bytes`,
    joinedAdvice(caretPicture(text, row.line.start + row.offsetColumn), 'give the part of interest'),
    'bad-hex',
  )
}
