import {joinedAdvice} from '../advice.js'
import {copyOf} from '../bytes.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {withPlainRows} from './forms/dump-lines.js'
import {refuseLeftOut} from './forms/left-out.js'
import {markedForm} from './forms/marked-forms.js'
import {numberHint, otherReading} from './forms/other-readings.js'
import {rareNotation} from './forms/rare-notations.js'
import {refuseSlips} from './forms/slips.js'
import {
  codeBlocks,
  hexAfterBullets,
  hexAfterNumbers,
  hexAfterTimes,
  hexAmongWords,
  hexBelowLength,
  linesIn,
  rowsAfterPrefixes,
  withoutLineNumbers,
  withoutSurroundings,
} from './forms/surroundings.js'
import {withoutDrawing, withoutNames} from './forms/without-marks.js'
import {checkLength, type OtherReading, type ParsedHex, parseHex} from './hex.js'
import {toHex} from './hex-bytes.js'
import {isHexDump, isRowAlone} from './hex-dump.js'
import {type Line, linesOf} from './hex-lines.js'
import {readRow} from './hex-row.js'
import {hexBelow, logHex} from './log-line.js'
import {rarerForms} from './rarer-forms.js'

/** What an error about a form that is not known names. */
const knownForms =
  'known forms: hex, arrays and strings of source code, hex dumps, base64, JSON, log lines\n' +
  '--lines decodes each line on its own; toxtcp decode --help has examples'

/** Surroundings that are taken off one after another: a code block whose lines have numbers, for example. */
const mostSurroundings = 3

/**
 * Read bytes from text as people paste it: all that parseHex() reads, also several dumps one after another with
 * headings between them (`tshark -x`, `tcpdump -X`, HxD), lines of a log, and with the colours of a terminal.
 * @returns at least one item: a dump, a line of a log, and each of several arrays, strings, buffers or objects is one;
 *   all else is one together.
 * @throws InputError with the place, and the forms that are known.
 */
export function parsePasted(text: string): ParsedHex[] {
  checkLength(text)
  return itemsOf(text, mostSurroundings).flatMap(valuesIn)
}

/** Each value of a text that has several: a packet. */
function valuesIn(item: ParsedHex): ParsedHex[] {
  if (item.ends === undefined) return [item]
  const {form, about, bytes} = item
  return item.ends
    .map((end, at, ends) => ({form, about, bytes: copyOf(bytes, ends[at - 1] ?? 0, end)}))
    .filter(value => value.bytes.length > 0)
}

/** @param depth surroundings that may still be taken off. */
function itemsOf(text: string, depth: number): ParsedHex[] {
  const blocks = depth > 0 ? codeBlocks(text) : []
  if (blocks.length > 0) return blocks.flatMap(block => itemsOf(block, depth - 1))
  const plain = withPlainRows(withoutNames(withoutSurroundings(withoutDrawing(text))))
  const isDump = hasDump(plain)
  if (depth > 0 && !isDump) {
    const rows = rowsAfterPrefixes(plain)
    if (rows !== undefined && isHexDump(rows)) return itemsOf(rows, depth - 1)
    const timed = hexAfterTimes(plain)?.map(hex => ({...parseHex(hex), about: 'a log line'}))
    if (timed) return withOtherReading(timed, plain, 'hex with the time')
    const bulleted = hexAfterBullets(plain)?.map(hex => parseHex(hex))
    if (bulleted) return bulleted
    const afterNumbers = hexAfterNumbers(plain)?.map(hex => parseHex(hex))
    if (afterNumbers) return withOtherReading(afterNumbers, plain.replace(/[#()[\].:]/g, ' '), 'hex with the number')
    const numbered = withoutLineNumbers(plain)
    if (numbered !== undefined)
      return withOtherReading(itemsOf(numbered, depth - 1), plain, 'hex with the line numbers')
  }
  if (!isDump) refuseLeftOut(plain)
  const calls = callLines(plain)
  if (depth > 0 && calls.length > 1) return calls.flatMap(call => itemsOf(call, 0))
  const below = hexBelowLength(plain)
  if (below !== undefined) return [parseHex(below)]
  const marked = markedForm(plain)
  if (marked) return [{...parseHex(marked.hex), about: marked.about}]
  const dumps = isDump ? dumpsOf(plain) : undefined
  if (dumps) return dumps.map((dump, index) => atDump(dump, index, dumps.length))
  try {
    return [withOther(parseHex(plain), otherReading(plain))]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (!isDump) refuseSlips(plain)
    const blocks = hexBelow(plain)
    if (blocks.length > 0) return blocks.map(hex => parseHex(hex))
    const listed = placesBelow.test(plain) ? rarerOf(plain, isDump) : undefined
    if (listed) return [listed]
    const logged = loggedIn(plain)
    if (logged.length > 0) return logged
    const rarer = rarerOf(plain, isDump)
    if (rarer) return [rarer]
    const alone = hexAmongWords(plain)
    const amongWords = alone === undefined ? undefined : parsedOr(alone, undefined)
    if (amongWords) return [amongWords]
    throw new InputError(error.message, joinedAdvice(error.advice, numberHint(text), knownForms), error.code)
  }
}

/** Lines of strace, ltrace and their like that show the bytes of a call. */
function callLines(text: string): string[] {
  if (!/\b(?:read|write|recv|send)/.test(text)) return []
  return linesIn(text).filter(line =>
    /\b(?:p?(?:read|write)v?|recv|send)\w{0,8}(?: resumed>|\()[^"]{0,120}"/.test(line),
  )
}

/** Bytes with their places, one a line, as debuggers list them: no line is one of a log. */
const placesBelow = /(?:^[ \t]*\[\d{1,9}\][ \t]*(?::|=>?)[^\n]*\n){2}/m

const withOther = (item: ParsedHex, other: OtherReading | undefined): ParsedHex =>
  other === undefined || other.hex === toHex(item.bytes) ? item : {...item, other}

/** Items read without the numbers or times of their lines, with what they would be if those were bytes. */
function withOtherReading(items: ParsedHex[], text: string, about: string): ParsedHex[] {
  const [item] = items
  const whole = parsedOr(text, undefined)
  if (item === undefined || items.length > 1 || whole === undefined || whole.form !== 'hex') return items
  return [{...item, other: {about, hex: toHex(whole.bytes)}}]
}

/** Bytes in a form that people paste less often. */
function rarerOf(text: string, isDump: boolean): ParsedHex | undefined {
  for (const {text: rewritten, about} of rarerForms(text, isDump)) {
    const parsed = parsedOr(rewritten, about)
    if (parsed) return parsed
  }
  const [about, hex] = rareNotation(text) ?? []
  return hex === undefined ? undefined : parsedOr(hex, about)
}

/** The bytes of a text; undefined where it cannot be read. @param about in place of the usual name of its form. */
function parsedOr(text: string, about: string | undefined): ParsedHex | undefined {
  try {
    const parsed = parseHex(text)
    return about === undefined ? parsed : {...parsed, about}
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

function atDump(dump: string, index: number, count: number): ParsedHex {
  try {
    return parseHex(dump)
  } catch (error) {
    throw error instanceof InputError && count > 1 ? error.at(`dump ${index + 1}`) : error
  }
}

/**
 * The dumps of a text with rows of one, where it has several of them, or headings. A dump begins after a heading, or
 * where offsets begin with zero again.
 * @returns undefined for a single dump without headings, and where a line between offsets is more likely a mistake.
 */
function dumpsOf(text: string): string[] | undefined {
  const dumps: Span[] = []
  let hasHeading = false
  let isOpen = false
  for (const line of linesOf(text)) {
    const row = readRow(line)
    const isZero = row !== undefined && /^0+$/.test(row.offset)
    const end = line.start + line.text.length
    const last = dumps.at(-1)
    if (row !== undefined && (!isOpen || (isZero && row.groups.length > 0))) {
      if (dumps.length > 0 && !isZero) return undefined
      dumps.push({start: line.start, end})
      isOpen = true
    } else if (row !== undefined || isRepeat(line)) {
      if (last) last.end = end
    } else if (!/^\s*(?:#|\/\/|$)/.test(line.text)) {
      hasHeading = true
      isOpen = false
    }
  }
  if (!hasHeading && dumps.length < 2) return undefined
  return dumps.map(({start, end}) => text.slice(start, end))
}

interface Span {
  readonly start: number
  end: number
}

const isRepeat = (line: Line): boolean => line.text.trim() === '*'

/** Whether a dump begins within the first lines. */
function hasDump(text: string): boolean {
  let looked = 0
  for (const line of linesOf(text)) {
    if (++looked > limits.hexDumpProbeLines) return false
    const row = readRow(line)
    if (row === undefined) continue
    return isRowAlone(row) || isHexDump(text.slice(line.start))
  }
  return false
}

/**
 * The only cell of hex in a row of CSV, or of sqlite3, that has words or numbers too: those after it are not bytes.
 */
function cellHex(line: string): string | undefined {
  const cells = line.split(line.includes('|') ? '|' : ',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
  const found = cells.filter(cell => /^(?:[0-9a-f]{2}){6,}$/i.test(cell))
  const isRow = cells.some(cell => /^(?:[\w ]*[g-z]|\d{1,12}\.\d{1,9}$|\d(?:\d\d){0,4}$)/i.test(cell))
  return isRow && found.length === 1 ? found[0] : undefined
}

/** The hex of a log line without the number that it begins with, which may be a count, a port or a descriptor. */
function afterNumber(line: string, hex: string): OtherReading | undefined {
  const [, number, rest = ''] = /^(\d{2}|\d{4})[ \t]+(\S[^\n]*)$/.exec(hex) ?? []
  if (number === undefined || !/\w[ \t]+$/.test(line.slice(0, line.lastIndexOf(hex)).slice(-2))) return undefined
  const after = parsedOr(rest, undefined)
  return after && {about: `hex after the number ${number}`, hex: toHex(after.bytes)}
}

const timeOfDay = /^(?:[01]\d|2[0-3])(?::[0-5]\d){1,2}$/

/** The hex at the ends of lines of a log; lines without any, or with a time of day, are left out. */
function loggedIn(text: string): ParsedHex[] {
  const items: ParsedHex[] = []
  for (const line of linesOf(text)) {
    const hex = cellHex(line.text) ?? logHex(line.text)
    if (hex === undefined || timeOfDay.test(hex)) continue
    const other = afterNumber(line.text, hex) ?? otherReading(hex)
    items.push(withOther({...parseHex(hex), about: 'a log line'}, other))
  }
  return items
}
