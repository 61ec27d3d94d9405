import {withLines} from '../advice.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {withPlainRows} from './forms/dump-lines.js'
import {markedForm} from './forms/marked-forms.js'
import {checkLength, type ParsedHex, parseHex} from './hex.js'
import {isHexDump, isRowAlone} from './hex-dump.js'
import {type Line, linesOf} from './hex-lines.js'
import {readRow} from './hex-row.js'
import {hexBelow, logHex} from './log-line.js'
import {rarerForms} from './rarer-forms.js'

/** What an error about a form that is not known names. */
const knownForms =
  'known forms: hex, arrays and strings of source code, hex dumps, base64, JSON, log lines\n' +
  '--lines decodes each line on its own; toxtcp decode --help has examples'

/**
 * Read bytes from text as people paste it: all that parseHex() reads, also several dumps one after another with
 * headings between them (`tshark -x`, `tcpdump -X`, HxD), lines of a log, and with the colours of a terminal.
 * @returns at least one item: a dump or a line of a log is one each, all else is one together.
 * @throws InputError with the place, and the forms that are known.
 */
export function parsePasted(text: string): ParsedHex[] {
  checkLength(text)
  const plain = withPlainRows(withoutNames(withoutDrawing(text)))
  const marked = markedForm(plain)
  if (marked) return [{...parseHex(marked.hex), about: marked.about}]
  const dumps = dumpsOf(plain)
  if (dumps) return dumps.map((dump, index) => atDump(dump, index, dumps.length))
  try {
    return [parseHex(plain)]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const below = hexBelow(plain)
    if (below.length > 0) return below.map(hex => parseHex(hex))
    const logged = loggedIn(plain)
    if (logged.length > 0) return logged
    const rarer = rarerOf(plain)
    if (rarer) return [rarer]
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

/** Names of variables after the addresses of gdb go; the marks inside those of WinDbg, and of its rows, too. */
function withoutNames(text: string): string {
  return text
    .replace(/^([ \t]*0x[0-9a-f]+) <[^>\n]*>:/gim, '$1:')
    .replace(/^[ \t]*[0-9a-f]{8}(?:`[0-9a-f]{8})? {2}(?:[0-9a-f]{2}[ -])+/gim, row =>
      row.replace('`', '').replaceAll('-', ' '),
    )
}

/** Bytes in a form that people paste less often. */
function rarerOf(text: string): ParsedHex | undefined {
  for (const {text: rewritten, about} of rarerForms(text)) {
    try {
      const parsed = parseHex(rewritten)
      return about === undefined ? parsed : {...parsed, about}
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
  return undefined
}

function atDump(dump: string, index: number, count: number): ParsedHex {
  try {
    return parseHex(dump)
  } catch (error) {
    throw error instanceof InputError && count > 1 ? error.at(`dump ${index + 1}`) : error
  }
}

/**
 * The dumps of a text that has several of them, or headings. A dump begins after a heading, or where offsets begin with
 * zero again.
 * @returns undefined for a single dump without headings, and where a line between offsets is more likely a mistake.
 */
function dumpsOf(text: string): string[] | undefined {
  if (!hasDump(text)) return undefined
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

/** The hex at the ends of lines of a log; lines without any are left out. */
function loggedIn(text: string): ParsedHex[] {
  const items: ParsedHex[] = []
  for (const line of linesOf(text)) {
    const hex = logHex(line.text)
    if (hex !== undefined) items.push({...parseHex(hex), about: 'a log line'})
  }
  return items
}
