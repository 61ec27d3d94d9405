import {withLines} from '../advice.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {withPlainRows} from './forms/dump-lines.js'
import {refuseLeftOut} from './forms/left-out.js'
import {decimalReading, markedForm} from './forms/marked-forms.js'
import {rareNotation} from './forms/rare-notations.js'
import {
  codeBlocks,
  hexAfterTimes,
  hexAmongWords,
  hexBelowLength,
  linesIn,
  rowsAfterPrefixes,
  withoutLineNumbers,
  withoutSurroundings,
} from './forms/surroundings.js'
import {checkLength, type ParsedHex, parseHex} from './hex.js'
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
 * @returns at least one item: a dump or a line of a log is one each, all else is one together.
 * @throws InputError with the place, and the forms that are known.
 */
export function parsePasted(text: string): ParsedHex[] {
  checkLength(text)
  return itemsOf(text, mostSurroundings)
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
    return [withDecimalReading(parseHex(plain), plain)]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
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
    throw new InputError(error.message, withLines(error.advice, {after: knownForms}), error.code)
  }
}

/**
 * Colours of terminals and characters without width go; quotes and dashes of word processors become plain ones; boxes
 * around a dump (hexyl) and byte order marks become blanks.
 */
function withoutDrawing(text: string): string {
  if (!/[\u001b\u200b-\u200d\u2010-\u201f\u2212\u2060\u2500-\u257f\ufeff]/.test(text)) return text
  return text
    .replace(/[\u200b-\u200d\u2060]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018-\u201f]/g, '"')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/ ?\u250a ?/g, '  ')
    .replace(/[\u2500-\u257f\ufeff]/g, ' ')
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

/** A string with octal escapes, and what its bytes would be if those were decimal, as Lua, OCaml and Haskell have. */
function withDecimalReading(item: ParsedHex, text: string): ParsedHex {
  const bytes = item.about === 'a string with escaped bytes' ? decimalReading(text) : undefined
  if (bytes === undefined) return item
  const hex = toHex(Uint8Array.from(bytes))
  return hex === toHex(item.bytes) ? item : {...item, other: {about: 'a string with decimal escapes', hex}}
}

/** Items read without the numbers or times of their lines, with what they would be if those were bytes. */
function withOtherReading(items: ParsedHex[], text: string, about: string): ParsedHex[] {
  const [item] = items
  const whole = parsedOr(text, undefined)
  if (item === undefined || items.length > 1 || whole === undefined || whole.form !== 'hex') return items
  return [{...item, other: {about, hex: toHex(whole.bytes)}}]
}

/** Names of variables after the addresses of gdb go; the marks inside those of WinDbg, and of its rows, too. */
function withoutNames(text: string): string {
  return (
    withRepeats(text)
      // Who wrote a message of a chat, and when: `name, [29.11.2026 09:10]`.
      .replace(/^[^\n[\]]{1,60}, \[\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?\]:?\n/gm, '')
      .replace(/^([ \t]*0x[0-9a-f]+) <[^>\n]*>:/gim, '$1:')
      // The row at fault of AddressSanitizer, and the byte.
      .replace(
        /^=>(0x[0-9a-f]+:)([^\n]*)$/gim,
        (_, address: string, bytes: string) => `${address} ${bytes.replace(/[[\]()]/g, ' ').trim()}`,
      )
      // Places in hex of C#, and casts of V.
      .replace(
        /^([ \t]*)\[0x([0-9a-f]{1,8})\]:/gim,
        (_, blanks: string, place: string) => `${blanks}[${Number.parseInt(place, 16)}]:`,
      )
      // Bytes of which pytest says that they are not what they should be.
      .replace(/^E {1,10}(?:\w{1,40}: )?assert (b'[^'\n]*') [=!]= [^\n]*$/gm, '$1')
      // Digits in groups, as Rust and Java write numbers.
      .replace(/\b0b([01]{4})_([01]{4})\b/gi, '0b$1$2')
      .replace(/\bu8\((0x[0-9a-f]{1,2}|\d{1,3})\)/gi, '$1')
      .replace(/^[ \t]*[0-9a-f]{8}(?:`[0-9a-f]{8})? {2}(?:[0-9a-f]{2}[ -])+/gim, row =>
        row.replace('`', '').replaceAll('-', ' '),
      )
  )
}

/** Bytes of an array that gdb repeats: `0x0 <repeats 12 times>`. */
function withRepeats(text: string): string {
  let room = limits.hexRepeatedBytes
  return text.replace(/\b(0x[0-9a-f]{1,2}|\d{1,3}) <repeats (\d{1,6}) times>/gi, (all, byte: string, times: string) => {
    room -= Number(times)
    return room < 0 ? all : new Array<string>(Number(times)).fill(byte).join(', ')
  })
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

/** The only cell of hex in a row of CSV that has words too: numbers after it are not bytes. */
function cellHex(line: string): string | undefined {
  const cells = line.split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
  const found = cells.filter(cell => /^(?:[0-9a-f]{2}){6,}$/i.test(cell))
  const isRow = cells.length > 2 && cells.some(cell => /^[\w ]*[g-z]/i.test(cell))
  return isRow && found.length === 1 ? found[0] : undefined
}

const timeOfDay = /^(?:[01]\d|2[0-3])(?::[0-5]\d){1,2}$/

/** The hex at the ends of lines of a log; lines without any, or with a time of day, are left out. */
function loggedIn(text: string): ParsedHex[] {
  const items: ParsedHex[] = []
  for (const line of linesOf(text)) {
    const hex = cellHex(line.text) ?? logHex(line.text)
    if (hex !== undefined && !timeOfDay.test(hex)) items.push({...parseHex(hex), about: 'a log line'})
  }
  return items
}
