import {InputError} from '../../input-error.js'
import * as limits from '../../limits.js'
import {caretPicture} from '../hex-lines.js'
import {parseByteLiterals} from '../hex-literal.js'
import {HexSink} from '../hex-sink.js'

/** Bytes that directives of an assembler name. */
export interface AssemblerData {
  readonly bytes: Uint8Array
  /** Some of them from words of several bytes, which are read as little-endian. */
  readonly hasWords: boolean
}

/** Directives for numbers, by the bytes of each. */
const numberSizes: Readonly<Record<string, number>> = {
  ...{'.byte': 1, db: 1, 'dc.b': 1, defb: 1},
  ...{'.short': 2, '.value': 2, '.2byte': 2, dw: 2},
  ...{'.long': 4, '.int': 4, '.4byte': 4, dd: 4},
  ...{'.quad': 8, '.8byte': 8, dq: 8},
}
const stringDirectives = ['.ascii', '.asciz', '.string']
const fillDirectives = ['.zero', '.skip', '.space']

const directives = [...Object.keys(numberSizes), ...stringDirectives, ...fillDirectives]
  .map(name => (name.startsWith('.') ? name.replace('.', String.raw`(?<=[\s:]|^)\.`) : String.raw`(?<![\w.])${name}`))
  .join('|')
/** A line with a directive: how often it is repeated, the directive, and the column of its first operand. */
const statement = new RegExp(
  String.raw`^[^\n;"']{0,99}?(?:\btimes[ \t]+(\d{1,7})[ \t]+)?(${directives})[ \t]+(?=\S)`,
  'i',
)

const marked = String.raw`(?:0x[0-9a-f]+|0?[0-9a-f]{1,2}h|\$[0-9a-f]{1,2})\b`
/** Where a text is certainly of an assembler: a directive of gas, marked numbers or several, addresses of IDA. */
const certain: readonly RegExp[] = [
  /^[^\n;"]{0,99}?(?<=[\s:]|^)\.byte[ \t]/im,
  new RegExp(
    `^[^\\n;"]{0,99}?(?<![\\w.])(?:db|dc\\.b|defb)[ \\t]+(?:${marked}|(?:\\d{1,3},|\\d{1,7}[ \\t]+dup\\b))`,
    'im',
  ),
  /^[\w .:\t]{0,60}\.(?:asciz|string)[ \t]+"/im,
  /^\.?\w{1,40}:[0-9a-f]{8,16}[ \t][^\n;"']{0,99}?\bdb[ \t]/im,
]

/** An operand: `3 dup(0)`, a string, a character, a number; and what follows it. */
const operand =
  /[ \t]*(?:(\d{1,7})[ \t]*dup[ \t]*\(([^()\n]*)\)|"((?:[^"\\\n]|\\.)*)"|'([^'\n]+)'|([^,;\s"'#]+))[ \t]*/iy

/**
 * @returns what the directives of a text name; undefined for other texts.
 * @throws InputError for an operand that is not a number of the size.
 */
export function assemblerData(text: string): AssemblerData | undefined {
  if (!certain.some(pattern => pattern.test(text))) return undefined
  const sink = new HexSink(text.length)
  let hasWords = false
  let start = 0
  for (const line of text.split('\n')) {
    const [all = '', times = '1', name = ''] = statement.exec(line) ?? []
    const directive = name.toLowerCase()
    if (directive !== '') {
      const before = sink.length
      readOperands(line, all.length, directive, sink, index => notBytes(text, start + index))
      repeat(sink, sink.length - before, Number(times) - 1)
      hasWords ||= (numberSizes[directive] ?? 1) > 1
    }
    start += line.length + 1
  }
  return sink.length === 0 ? undefined : {bytes: sink.finish(), hasWords}
}

function notBytes(text: string, index: number): InputError {
  return new InputError('an operand of the assembler is not a number or a string', caretPicture(text, index), 'bad-hex')
}

/** @param errorAt for the column of an operand. */
function readOperands(
  line: string,
  column: number,
  directive: string,
  sink: HexSink,
  errorAt: (index: number) => InputError,
): void {
  const size = numberSizes[directive] ?? 1
  for (let at = column; ; at = operand.lastIndex + 1) {
    operand.lastIndex = at
    const [, times, repeated, quoted, character, plain] = operand.exec(line) ?? []
    const text = quoted ?? character
    if (text !== undefined) readString(text, directive, sink)
    else if (fillDirectives.includes(directive)) fill(sink, plain, errorAt(at))
    else {
      const numbers = (repeated ?? plain)?.split(',').map(word => numberOf(word.trim(), size))
      if (numbers === undefined || numbers.includes(undefined)) throw errorAt(at)
      const before = sink.length
      for (const number of numbers) for (let i = 0n; i < size; i++) sink.byte(Number((number! >> (8n * i)) & 0xffn))
      repeat(sink, sink.length - before, Number(times ?? 1) - 1)
    }
    if (line[operand.lastIndex] !== ',') return
  }
}

function readString(text: string, directive: string, sink: HexSink): void {
  if (stringDirectives.includes(directive)) parseByteLiterals(text, sink, true)
  else for (const char of text) sink.byte(char.charCodeAt(0))
  if (directive === '.asciz' || directive === '.string') sink.byte(0)
}

function fill(sink: HexSink, count: string | undefined, error: InputError): void {
  if (!/^\d{1,7}$/.test(count ?? '')) throw error
  sink.byte(0)
  if (Number(count) === 0) sink.drop(1)
  else repeat(sink, 1, Number(count) - 1)
}

function repeat(sink: HexSink, length: number, times: number): void {
  if (times < 0) sink.drop(length)
  if (length * times > limits.hexRepeatedBytes)
    throw new InputError(
      `the assembler repeats over ${limits.hexRepeatedBytes} bytes`,
      'give the part of interest',
      'bad-hex',
    )
  if (times > 0 && length > 0) sink.repeat(length, times)
}

/** A number that fits in `size` bytes; undefined for other words. Zeros before digits mean octal in gas alone. */
function numberOf(word: string, size: number): bigint | undefined {
  const [, sign, hex, hexAfter, binary, decimal] =
    /^(-?)(?:(?:0x|\$)([0-9a-f]{1,16})|0?([0-9a-f]{1,16})h|(?:0b([01]+))|(0+[0-7]?|[1-9]\d{0,19}))$/i.exec(word) ?? []
  const digits = hex ?? hexAfter
  const text = digits !== undefined ? `0x${digits}` : binary !== undefined ? `0b${binary}` : decimal
  if (text === undefined) return undefined
  const value = BigInt(text)
  const room = 1n << BigInt(8 * size)
  if (sign === '-') return value <= room / 2n ? room - value : undefined
  return value < room ? value : undefined
}
