import {InputError} from '../../input-error.js'
import {fromHex, hexByte} from '../hex-bytes.js'
import {caretPicture} from '../hex-lines.js'

/** A format of records with a count, an address, data and a checksum, one a line. */
interface RecordFormat {
  readonly name: string
  readonly line: RegExp
  /** Bytes of the address, by the kind of a record with data; undefined for other records. */
  addressSize(kind: number): number | undefined
  /** The kind of a record, and its bytes from the address on, without the checksum. */
  parts(
    bytes: readonly number[],
    mark: string,
  ): {readonly kind: number; readonly counted: number; readonly data: number[]}
  /** What all bytes of a record add up to, modulo 256. */
  readonly sum: number
}

const formats: readonly RecordFormat[] = [
  {
    name: 'Intel HEX',
    line: /^:((?:[0-9a-f]{2}){5,260})$/i,
    addressSize: kind => (kind === 0 ? 2 : undefined),
    parts: ([count = 0, high = 0, low = 0, kind = 0, ...rest]) => ({
      kind,
      counted: count + 1 - rest.length,
      data: [high, low, ...rest.slice(0, -1)],
    }),
    sum: 0,
  },
  {
    name: 'S-records',
    line: /^S\d((?:[0-9a-f]{2}){3,256})$/i,
    addressSize: kind => ({1: 2, 2: 3, 3: 4})[kind],
    parts: ([count = 0, ...rest], mark) => ({
      kind: Number(mark),
      counted: count - rest.length,
      data: rest.slice(0, -1),
    }),
    sum: 0xff,
  },
]

/**
 * The bytes of records of Intel HEX or of S-records, and their name; undefined for other texts.
 * @throws InputError for a checksum that is wrong, and for an address that does not follow the record above.
 */
export function hexRecords(text: string): {readonly name: string; readonly bytes: number[]} | undefined {
  if (!/^\s*(?::[0-9a-f]{10}|S\d[0-9a-f]{6})/i.test(text)) return undefined
  const lines = text.trim().split(/\s+/)
  const format = formats.find(({line}) => lines.every(each => line.test(each)))
  if (format === undefined) return undefined
  const records = lines.map(line => ({line, bytes: [...fromHex(format.line.exec(line)![1]!)]}))
  const parts = records.map(({line, bytes}) => format.parts(bytes, line[1]!))
  if (parts.some(({counted}) => counted !== 0)) return undefined
  const all: number[] = []
  let next: number | undefined
  for (const [i, {kind, data}] of parts.entries()) {
    const {line, bytes} = records[i]!
    const sum = bytes.reduce((total, byte) => total + byte, 0) & 0xff
    if (sum !== format.sum) {
      const right = hexByte((bytes.at(-1)! + format.sum - sum) & 0xff)
      throw recordError(text, line, line.length - 2, `has the checksum ${line.slice(-2)}, where ${right} is right`)
    }
    const size = format.addressSize(kind)
    if (size === undefined) continue
    const address = data.slice(0, size).reduce((value, byte) => value * 0x100 + byte, 0)
    if (next !== undefined && address !== next % 0x100 ** size)
      throw recordError(text, line, line.length - bytes.length * 2 + 2, 'does not follow the record above')
    next = address + data.length - size
    all.push(...data.slice(size))
  }
  return {name: format.name, bytes: all}
}

function recordError(text: string, line: string, column: number, what: string): InputError {
  return new InputError(`a record ${what}`, caretPicture(text, text.indexOf(line) + column), 'bad-hex')
}
