import * as limits from '../../limits.js'
import {hexByte} from '../hex-bytes.js'

/** Rows of dumps that have marks around their offsets, and how those are found. The last group is the bytes. */
const rows: readonly RegExp[] = [
  // openssl: `0000 - 04 9e-ff   ...`
  /^[ \t]*([0-9a-f]{4}) - ((?:[0-9a-f]{2}[ -]){1,16})[^\n]*$/gim,
  // Netty: `|00000000| 04 9e    |..  |`; strace -e write: ` | 00000  04 9e   ..  |`
  /^[ \t]*\|[ ]?([0-9a-f]{5,8})(?:\|| ) ((?:[0-9a-f]{2} {1,2}){1,16})[^\n]*\|[ \t]*$/gim,
  // Ncat, perhaps with a gap in the middle: `[0000]   04 9e   . .`
  /^\[([0-9a-f]{4})\] {3}((?:[0-9a-f]{2} {1,3}){1,16})[^\n]*$/gim,
  // 010 Editor: `0000h:  04 9e  ..`
  /^[ \t]*([0-9a-f]{4,8})h: {1,2}((?:[0-9a-f]{2} ){1,16})[^\n]*$/gim,
  // Linux: `[ 1234.567890] tox: 00000000: 04 9e  ..`
  /^\[ *\d{1,9}\.\d{1,9}\] [^\n:]{0,99}: ([0-9a-f]{8}): ((?:[0-9a-f]{2}(?: |$)){1,32})[^\n]*$/gim,
  // objdump -d: `   4:<tab>01 0a   <tab>add ...`
  /^[ ]{0,16}([0-9a-f]{1,16}):\t((?:[0-9a-f]{2} ){1,16})[ ]*(?:\t[^\n]*)?$/gim,
  // nc -o, without its arrow: `00000000 04 9e   # ..`
  /^([0-9a-f]{8}) ((?:[0-9a-f]{2} ){1,16}) *#[^\n]*$/gim,
  // Cheat Engine, Dr. Watson: `00401000 - 04 9e - ff`, `00401000  04 9e - ff   ...`
  /^[ \t]*([0-9a-f]{8,16}) (?:- | )((?:[0-9a-f]{2} )+- (?:[0-9a-f]{2}(?: |$))+)[^\n]*$/gim,
  // debug of DOS, without its text column
  /^[0-9a-f]{4}:([0-9a-f]{4}) {2}((?:[0-9a-f]{2}(?:[ -]|$)){1,16})$/gim,
  // peda: `0x00007fffffffe300 : 04 9e   ..`
  /^[ \t]*0x([0-9a-f]{4,16}) : ((?:[0-9a-f]{2} {1,2}){1,15}[0-9a-f]{2})(?=$| {3})[^\n]*$/gim,
  // valgrind: `0x4: 04 9e`
  /^[ \t]*0x([0-9a-f]{1,3}): +((?:[0-9a-f]{2}(?: |$)){1,32})[^\n]*$/gim,
  // Xcode: `0x600000 04 9e`
  /^[ \t]*0x([0-9a-f]{4,16})(?: |[ ]?\t ?)((?:[0-9a-f]{2} ){1,15}[0-9a-f]{2})(?=$| {2,}(?![0-9a-f]{2} ))[^\n]*$/gim,
  // Routers, and rizin: `0x0000<tab> 0400 9e`, `0x0000 0400 9e    ...`
  /^[ \t]*0x([0-9a-f]{4,16})[ ]?\t ?((?:[0-9a-f]{4} ){1,7}[0-9a-f]{2}(?:[0-9a-f]{2})?)$/gim,
  /^[ \t]*0x([0-9a-f]{4,16}) ((?:[0-9a-f]{4} ){1,7}[0-9a-f]{2}(?:[0-9a-f]{2})?) {2,}(?![0-9a-f]{4} )\S[^\n]*$/gim,
]

/** Rows of objdump -s and readelf -x, with four words of four bytes. */
const wordRows = /^ {1,2}(?:0x)?([0-9a-f]{4,16}) ((?=[0-9a-f])[0-9a-f ]{35}) [^\n]*$/gim
/** Rows of words that WinDbg has read as numbers. */
const windbgWords = /^[ \t]*([0-9a-f]{8})`([0-9a-f]{8}) {2}((?:(?:[0-9a-f]{8}(?:`[0-9a-f]{8})?)(?: |$))+)/gim

/** Lines around such rows: borders, and the numbers of columns. */
const aroundRows = /^[ \t]*(?:\+-[-+]*\+|\|[ 0-9a-f]*\|)[ \t]*$/gim

/** Lines above the rows of Emacs (hexl), and of Format-Hex of PowerShell 7, with its columns. */
const hexlHeading = /^87654321 [^\n]*\n/gm
const formatHexHeading = /^ *(?:Label:|Offset Bytes|00 01 02 03|-{3})[^\n]*\n/gm

/** Rows of od in a second form, as with -t x1 -t c. */
const secondRows = /^ {8,}[^\n]*(?:\n|$)/gm
/** Headings of objdump: `00000000 <.data>:`. */
const symbolHeading = /^[0-9a-f]{8,16} <[^>\n]{1,200}>:\n/gim
const offsetWidth = 4

/** Dumps whose rows are marked in ways of their own, as rows with an offset and bytes; other text as it is. */
export function withPlainRows(text: string): string {
  let plain = /^[0-7]{7} /.test(text) ? text.replace(secondRows, '') : text
  for (const pattern of rows)
    plain = plain.replace(
      pattern,
      (_, offset: string, bytes: string) => `${offset.padStart(offsetWidth, '0')}: ${bytes.replace(/[ -]+/g, ' ')}`,
    )
  if (/^(?:Contents of section|Hex dump of section)/m.test(plain)) plain = plain.replace(wordRows, '$1: $2')
  if (plain !== text) plain = plain.replace(aroundRows, '').replace(symbolHeading, '')
  plain = plain.replace(
    windbgWords,
    (_, high: string, low: string, words: string) =>
      `0x${high}${low}: ${words.replaceAll('`', '').replace(/[0-9a-f]+/gi, word => `0x${word}`)} `,
  )
  plain = plain.replace(hexlHeading, '')
  if (!/^ *Offset Bytes/m.test(plain)) return plain
  return plain.replace(formatHexHeading, '').replace(/^([0-9a-f]{16}) ((?:[0-9a-f]{2} ){1,16})[^\n]*$/gim, '$1: $2')
}

/** A line of od or hexdump: an octal or hexadecimal offset of seven digits, and cells. */
const octalRow = /^([0-9a-f]{7})((?: +\S+)*) *$/
const namedCharacters: Readonly<Record<string, number>> = {
  ...{'\\0': 0, '\\a': 7, '\\b': 8, '\\t': 9, '\\n': 10, '\\v': 11, '\\f': 12, '\\r': 13},
}
const cellColumns = 4
const offsetDigits = 7
const octalWord = /^[0-7]{6}$/
const decimalWord = /^\d{5}$/
const signedByte = /^-?\d{1,3}$/
const signedColumns = 5

/**
 * What od prints by default (octal words), with -b, -c, -t u1, -t d1 or for decimal words, and hexdump with -b, -c or
 * -d, as hex. The offset after each row has to fit.
 * @returns undefined for other texts.
 */
export function octalDump(text: string): string | undefined {
  const lines = text.trimEnd().split(/\r?\n/)
  if (lines.length < 2 || !lines.every(line => octalRow.test(line) || line === '*')) return undefined
  const [octal, hex] = [withRepeats(lines, 8), withRepeats(lines, 16)]
  return (octal && dumpBytes(octal, 8)) ?? (hex && dumpBytes(hex, 16)) ?? (octal && decimalWords(octal))
}

/** Bytes of a row that `*` repeats, as od and hexdump print it. */
const repeatedRow = 16

/** The rows with those for which a `*` stands; undefined where the offset after it does not fit, or is too large. */
function withRepeats(lines: readonly string[], radix: 8 | 16): string[] | undefined {
  const rows: string[] = []
  for (const [at, line] of lines.entries()) {
    if (line !== '*') {
      rows.push(line)
      continue
    }
    const [above = '', below = ''] = [rows.at(-1), lines[at + 1]]
    const [start, end] = [above, below].map(row => Number.parseInt(row.slice(0, offsetDigits), radix)) as [
      number,
      number,
    ]
    const count = (end - start) / repeatedRow - 1
    // Not a number where no row is above or below.
    if (!Number.isInteger(count) || count < 1 || count * repeatedRow > limits.hexRepeatedBytes) return undefined
    for (let row = 1; row <= count; row++)
      rows.push((start + row * repeatedRow).toString(radix).padStart(offsetDigits, '0') + above.slice(offsetDigits))
  }
  return rows
}

/** Words of hex whose digits may all be decimal: they have one width, where od aligns decimal numbers to the right. */
const hexWords = /^[0-9a-f]{7}(?:(?: \d{4})+|(?: {4}\d{4})+|(?: \d{8})+|(?: \d{16})+) *$/

/** What od -t d2, u4 or d8 prints: numbers of 2, 4 or 8 bytes, by the offsets. */
function decimalWords(lines: readonly string[]): string | undefined {
  if (lines.slice(0, -1).every(line => hexWords.test(line))) return undefined
  const [start = 0, ...ends] = lines.map(line => Number.parseInt(line.slice(0, offsetDigits), 8))
  const rows = lines.slice(0, -1).map(line => line.slice(offsetDigits).trim().split(/ +/))
  if (!rows.every(row => row.every(word => /^(?:0|-?[1-9]\d{0,19})$/.test(word)))) return undefined
  const length = (ends.at(-1) ?? 0) - start
  const size = [2, 4, 8].find(each => rows.flat().length === Math.ceil(length / each))
  const limit = 1n << BigInt(8 * (size ?? 1))
  if (size === undefined || rows.flat().some(word => BigInt(word) >= limit || BigInt(word) < -limit / 2n))
    return undefined
  const bytes = rows.flat().flatMap(word => littleEndian(BigInt.asUintN(8 * size, BigInt(word)), size))
  return bytes.slice(0, length).map(hexByte).join(' ')
}

const littleEndian = (value: bigint, size: number): number[] =>
  Array.from({length: size}, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn))

/** @param radix of the offsets. */
function dumpBytes(lines: readonly string[], radix: 8 | 16): string | undefined {
  const offsets = lines.map(line => Number.parseInt(line.slice(0, offsetDigits), radix))
  const data = lines.slice(0, -1).map(line => line.slice(offsetDigits))
  if (lines.at(-1)!.length !== offsetDigits) return undefined
  const words = data.map(row => row.trim().split(/ +/))
  const areAll = (form: RegExp): boolean => words.every(row => row.every(word => form.test(word)))
  const isSigned = areAll(signedByte) && data.every((row, at) => row.length === signedColumns * words[at]!.length)
  const read = areAll(octalWord)
    ? words.map(row => wordBytes(row, 8))
    : areAll(decimalWord)
      ? words.map(row => wordBytes(row, 10))
      : isSigned
        ? words.map(row => row.map(word => Number(word) & 0xff))
        : data.map(row => cellBytes(row, isOctal(data)))
  const bytes: number[] = []
  for (const [at, row] of read.entries()) {
    const length = offsets[at + 1]! - offsets[at]!
    if (row === undefined || length < 0 || row.length < length) return undefined
    // The last word may have a byte too many, and hexdump fills the last row with blanks.
    const isLast = at === read.length - 1
    const beyond = row.slice(length)
    const isPadding = beyond.length === 1 && beyond[0] === 0
    if (beyond.length > 0 && !(isLast && (isPadding || beyond.every(byte => byte === 0x20)))) return undefined
    bytes.push(...row.slice(0, length))
  }
  return bytes.map(hexByte).join(' ')
}

/** Words of two bytes, the low one first; undefined where one is too large for that. */
function wordBytes(words: readonly string[], radix: number): number[] | undefined {
  const values = words.map(word => Number.parseInt(word, radix))
  return values.every(value => value <= 0xffff) ? values.flatMap(value => [value & 0xff, value >> 8]) : undefined
}

/** A row of `od -An -c`: cells of four columns. */
const bareCells = /^(?: {3}[!-~]| {2}\\[0abtnvfr]| [0-7]{3}| {4})+$/

/** What `od -An -c` prints, as hex; undefined for other texts, and where the cells may be decimal. */
export function bareCellDump(text: string): string | undefined {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  if (lines.length === 0 || !lines.every(line => bareCells.test(line))) return undefined
  const isCertain = lines.some(line => / \\[0abtnvfr]| 0[0-7]{2}/.test(line))
  const bytes = isCertain ? lines.map(line => cellBytes(line, true)) : []
  return bytes.length === 0 || bytes.includes(undefined)
    ? undefined
    : bytes
        .flat()
        .map(byte => hexByte(byte!))
        .join(' ')
}

/** Whether the numbers of cells are octal: -t u1 writes no zeros before them, and no characters. */
const isOctal = (data: readonly string[]): boolean =>
  data.some(row => cellsOf(row).some(cell => /^0\d|\D/.test(cell))) ||
  data.every(row => cellsOf(row).every(cell => /^[0-7]{3}$/.test(cell)))

/** Cells of a row without the blanks before their text, which are aligned to the right: any other has no meaning. */
const cellsOf = (row: string): string[] =>
  Array.from({length: Math.ceil(row.length / cellColumns)}, (_, i) =>
    row.slice(i * cellColumns, (i + 1) * cellColumns).replace(/^ +(?=\S+$|$)/, ''),
  )

function cellBytes(row: string, octal: boolean): number[] | undefined {
  const bytes = cellsOf(row).map(cell => {
    if (cell in namedCharacters) return namedCharacters[cell]!
    if (octal && /^[0-7]{3}$/.test(cell)) return Number.parseInt(cell, 8)
    if (!octal && /^\d{1,3}$/.test(cell)) return Number(cell)
    return cell.length === 1 ? cell.charCodeAt(0) : cell === '' ? 0x20 : -1
  })
  return bytes.every(byte => byte >= 0 && byte <= 0xff) ? bytes : undefined
}
