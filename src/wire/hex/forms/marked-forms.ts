import {fromBase64} from '../../text/base64.js'
import {hexByte} from '../hex-bytes.js'
import {assemblerData} from './assembler.js'
import {bareCellDump, octalDump} from './dump-lines.js'
import {hexRecords} from './hex-records.js'
import {byteStrings} from './quoted-strings.js'

/** Bytes in a form that the usual readings would take for something else. */
export interface MarkedForm {
  readonly hex: string
  readonly about: string
}

/** Words of binary digits before which it is not asked whether they are hex. */
const fewestBinaryWords = 3

/** Control characters by the names that Haskell has for them. */
const haskellNames =
  'NUL SOH STX ETX EOT ENQ ACK a b t n v f r SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )

/** @returns bytes of a form with marks that no other has; undefined for other texts. */
export function markedForm(text: string): MarkedForm | undefined {
  const found = (about: string, bytes: Iterable<number> | undefined): MarkedForm | undefined =>
    bytes && {about, hex: [...bytes].map(hexByte).join(' ')}
  const octal = /^[0-9a-f]{7} /.test(text) ? octalDump(text) : /^ {1,4}\S/.test(text) ? bareCellDump(text) : undefined
  if (octal !== undefined) return {about: 'a dump of od', hex: octal}
  const separated = /^\s*[0-9a-f]{2}([./])[0-9a-f]{2}(?:\1[0-9a-f]{2})*\s*$/i.test(text)
  if (separated) return {about: 'hex with dots or slashes', hex: text.replace(/[./]/g, ' ')}
  const assembler = assemblerData(text)
  const records = hexRecords(text)
  return (
    found(
      assembler?.hasWords ? 'bytes and little-endian words of an assembler' : 'bytes of an assembler',
      assembler?.bytes,
    ) ??
    found('base64', namedBase64(text)) ??
    found('a dump of decimal numbers', decimalDump(text)) ??
    found('binary digits', binaryBytes(text)) ??
    found(records?.name ?? '', records?.bytes) ??
    found('a string of Haskell', haskellBytes(text)) ??
    found('escapes of CSS', cssEscapes(text)) ??
    found('a string with escaped bytes', openEscapes(text)) ??
    found('a string with decimal escapes', decimalEscapes(text)) ??
    found('a string with hex escapes', hexEscapes(text))
  )
}

/** Base64 behind its name or in a data URI: without that, digits of both could be taken for hex. */
function namedBase64(text: string): Uint8Array | undefined {
  const named = /^\s*(?:data:[\w.+/;=-]{0,80};)?(?:base64|b64)[:,=]\s{0,9}([A-Za-z0-9+/_-]{2,}={0,2})\s*$/i.exec(text)
  const digits = named?.[1]
  return digits === undefined || digits.replace(/=+$/, '').length % 4 === 1 ? undefined : fromBase64(digits)
}

/** What `x/9ub` and `x/9db` of gdb print: some number shows that they are decimal. */
function decimalDump(text: string): number[] | undefined {
  if (!/^\s*0x[0-9a-f]{4,16}:\t/i.test(text)) return undefined
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  if (!lines.every(line => /^0x[0-9a-f]{4,16}:(?:\t-?\d{1,3})+$/i.test(line))) return undefined
  const cells = lines.flatMap(line => line.split('\t').slice(1))
  const isDecimal =
    cells.some(cell => cell.length !== 2 || cell.startsWith('-')) && !cells.some(cell => /^-?0\d/.test(cell))
  return isDecimal ? cells.map(cell => Number(cell) & 0xff) : undefined
}

/** An address before binary digits: of `x/8tb` of gdb, and of `xxd -b`, whose rows end with their characters. */
const beforeBinary = /^[ \t]*(?:0x[0-9a-f]{4,16}:\t|[0-9a-f]{8}: )(?=[01]{8}(?:\s|$))/gim

/** Groups of eight binary digits, perhaps marked with 0b, in quotes or brackets, or in rows with addresses. */
function binaryBytes(text: string): number[] | undefined {
  const bare = text.replace(/^([0-9a-f]{8}: (?:[01]{8} ){1,6})[^\n]*$/gim, '$1').replace(beforeBinary, '')
  if (!/^\s*(?:[[{(]\s*)?(?:['"]?0b[01]{1,8}|[01]{8})(?![0-9a-f])/i.test(bare)) return undefined
  const words = bare.split(/[\s,;[\](){}'"]+/).filter(word => word !== '')
  const isMarked = words.every(word => /^0b[01]{1,8}$/i.test(word))
  const areDigits = isMarked || words.every(word => /^[01]{8}$/.test(word))
  // All zeros and ones may be hex: numbers of four bytes.
  const isPlain = words.length < fewestBinaryWords || words.every(word => /^0{7}[01]$/.test(word))
  const isCertain = isMarked ? words.length > 1 || words[0]!.length > 4 : bare !== text || !isPlain
  return areDigits && isCertain ? words.map(word => Number.parseInt(word.replace(/^0b/i, ''), 2)) : undefined
}

/** The inside of the first string of a text. */
function stringIn(text: string): string | undefined {
  const start = text.indexOf('"') + 1
  for (let at = start; start > 0 && at < text.length; at++) {
    if (text[at] === '"') return text.slice(start, at)
    if (text[at] === '\\') at++
  }
  return undefined
}

const haskellName = new RegExp(
  String.raw`\\(?:${[...haskellNames.filter(name => name.length > 1), 'DEL'].join('|')})` +
    String.raw`|(?<=\\(?:\d{1,3}|x[0-9a-fA-F]{1,2}))\\&`,
)

function haskellBytes(text: string): number[] | undefined {
  if (!haskellName.test(text)) return undefined
  // The longest names first: SOH is not SO and an H.
  const names = [...haskellNames, 'DEL'].sort((a, b) => b.length - a.length).join('|')
  const pattern = new RegExp(String.raw`\\(?:(\d{1,3})|(${names})|(&)|x([0-9a-fA-F]{1,2})|(.))`, 'g')
  return escapedBytes(stringIn(text), pattern, ([, decimal, name, nothing, hex, other]) => {
    if (decimal !== undefined) return Number(decimal)
    if (hex !== undefined) return Number.parseInt(hex, 16)
    if (nothing !== undefined) return undefined
    if (name !== undefined) return name === 'DEL' ? 0x7f : haskellNames.indexOf(name)
    return other!.charCodeAt(0)
  })
}

/** Escapes of CSS: six hex digits, or fewer and a blank. */
function cssEscapes(text: string): number[] | undefined {
  const inside = stringIn(text) ?? text.trim()
  const isCss =
    /^(?:\\0000[0-9a-f]{2} ?){2,}$/i.test(inside) || /^(?:\\[0-9a-f]{1,2} ){2,}$/i.test(`${inside.trimEnd()} `)
  if (!isCss) return undefined
  return [...inside.matchAll(/\\([0-9a-f]{1,6})/gi)].map(([, hex = '']) => Number.parseInt(hex, 16))
}

/** Characters before bytes that a log printed, and from there to the first escape. */
const [mostPreface, farthestEscape] = [200, 40]

/** Escapes that no quotes enclose, after a colon, as bpftrace prints them; other characters are their codes. */
function openEscapes(text: string): number[] | undefined {
  const mark = text.indexOf('\\x')
  const colon = mark < 0 ? -1 : text.lastIndexOf(': ', mark)
  const preface = text.slice(0, Math.max(0, colon))
  const inside = text.slice(colon + 2).trimEnd()
  if (colon < 0 || colon > mostPreface || /["'\\\n]/.test(preface) || /^b?["']/.test(inside)) return undefined
  if (/\\x(?![0-9a-f]{2})/i.test(inside)) return undefined
  if (mark - colon > farthestEscape || !/^[ -~]+$/.test(inside) || /["']\s{0,9}[,)\]}]/.test(inside)) return undefined
  return escapedBytes(inside, /\\(?:x([0-9a-f]{2})|(.))/gi, ([, hex, letter = '']) =>
    hex === undefined ? (letters[letter] ?? letter.charCodeAt(0)) : Number.parseInt(hex, 16),
  )
}

const letters: Readonly<Record<string, number>> = {a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13}

/** Escapes of Lua and OCaml: three decimal digits, of which some cannot be octal. */
function decimalEscapes(text: string): number[] | undefined {
  const written = [...text.matchAll(/\\(\d{3})/g)].map(([, digits]) => digits!)
  const isDecimal = written.some(digits => /[89]/.test(digits)) && written.every(digits => Number(digits) <= 0xff)
  return isDecimal ? decimalString(text) : undefined
}

/** Bytes of a string whose escapes are octal, if they were decimal; undefined where they cannot be. */
export function decimalReading(text: string): number[] | undefined {
  const isEither = /\\[1-7]?[0-7]{2}|\\[0-7]/.test(text) && !/\\x|\\[0-7]{1,3} /i.test(text)
  const bytes = isEither ? decimalString(text) : undefined
  return bytes?.length ? bytes : undefined
}

function decimalString(text: string): number[] | undefined {
  const inside = byteStrings(text)
    .flat()
    .map(({open, close}) => text.slice(open + 1, close))
  return escapedBytes(inside.join(''), /\\(?:(\d{1,3})|([\s\S]))/g, ([, decimal, letter = '']) =>
    decimal === undefined ? (letters[letter] ?? letter.charCodeAt(0)) : Number(decimal),
  )
}

/** Escapes of WebAssembly and LLVM: two hex digits after the backslash. */
function hexEscapes(text: string): number[] | undefined {
  if (!/\(data\b|\bx i8\] c"/.test(text)) return undefined
  return escapedBytes(stringIn(text), /\\(?:([0-9a-f]{2})|(.))/gi, ([, hex, letter = '']) =>
    hex === undefined ? (letters[letter] ?? letter.charCodeAt(0)) : Number.parseInt(hex, 16),
  )
}

/** Bytes of a string: those of its escapes, and codes of its other characters; undefined if any is over 255. */
function escapedBytes(
  inside: string | undefined,
  pattern: RegExp,
  byteOf: (found: RegExpExecArray) => number | undefined,
): number[] | undefined {
  if (inside === undefined) return undefined
  const bytes: number[] = []
  let at = 0
  for (const found of inside.matchAll(pattern)) {
    for (const char of inside.slice(at, found.index)) bytes.push(char.charCodeAt(0))
    const byte = byteOf(found)
    if (byte !== undefined) bytes.push(byte)
    at = found.index + found[0].length
  }
  for (const char of inside.slice(at)) bytes.push(char.charCodeAt(0))
  return bytes.every(byte => byte <= 0xff) ? bytes : undefined
}
