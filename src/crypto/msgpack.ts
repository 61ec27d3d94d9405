import * as limits from './limits.js'

/**
 * A MessagePack value as far as a .tox save needs it. Strings are bytes; 64-bit numbers and floats are null, since
 * nothing reads them.
 */
export type Msgpack = null | boolean | number | Uint8Array | readonly Msgpack[]

/** Deepest nesting that is read. A save has three levels. */
const deepest = 8

/**
 * Read one MessagePack value.
 * @returns undefined if the bytes end too early, contain a map or an extension, or exceed the bounds of limits.ts.
 */
export function readMsgpack(bytes: Uint8Array): Msgpack | undefined {
  try {
    return new Reader(bytes).value(0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  #values = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** @throws RangeError */
  value(depth: number): Msgpack {
    if (++this.#values > limits.saveValues || depth > deepest) throw new RangeError('beyond the bounds')
    const tag = this.uint(1)
    if (tag < 0x80) return tag
    if (tag < 0x90) throw new RangeError('a map')
    if (tag < 0xa0) return this.list(tag & 0x0f, depth)
    if (tag < 0xc0) return this.block(tag & 0x1f)
    if (tag >= 0xe0) return tag - 0x100
    const read = readers.get(tag)
    if (!read) throw new RangeError('a map or an extension')
    return read(this, depth)
  }

  uint(size: 1 | 2 | 4): number {
    const at = this.#skip(size)
    return size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  int(size: 1 | 2 | 4): number {
    const at = this.#skip(size)
    return size === 1 ? this.#view.getInt8(at) : size === 2 ? this.#view.getInt16(at) : this.#view.getInt32(at)
  }

  block(length: number): Uint8Array {
    const at = this.#skip(length)
    return this.#bytes.subarray(at, at + length)
  }

  list(length: number, depth: number): Msgpack[] {
    const items: Msgpack[] = []
    for (let i = 0; i < length; i++) items.push(this.value(depth + 1))
    return items
  }

  /** A number that nothing reads. */
  ignored(size: 4 | 8): null {
    this.#skip(size)
    return null
  }

  /** @returns where the bytes that are skipped begin. */
  #skip(length: number): number {
    const at = this.#at
    if (at + length > this.#bytes.length) throw new RangeError('beyond the end')
    this.#at += length
    return at
  }
}

type Read = (reader: Reader, depth: number) => Msgpack

/** What follows each tag byte from 0xc0 to 0xdf. Maps (0xde, 0xdf), extensions and the unused 0xc1 are missing. */
const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [0xc0, () => null],
  [0xc2, () => false],
  [0xc3, () => true],
  // Bytes
  [0xc4, reader => reader.block(reader.uint(1))],
  [0xc5, reader => reader.block(reader.uint(2))],
  [0xc6, reader => reader.block(reader.uint(4))],
  // Floats
  [0xca, reader => reader.ignored(4)],
  [0xcb, reader => reader.ignored(8)],
  // Unsigned numbers
  [0xcc, reader => reader.uint(1)],
  [0xcd, reader => reader.uint(2)],
  [0xce, reader => reader.uint(4)],
  [0xcf, reader => reader.ignored(8)],
  // Signed numbers
  [0xd0, reader => reader.int(1)],
  [0xd1, reader => reader.int(2)],
  [0xd2, reader => reader.int(4)],
  [0xd3, reader => reader.ignored(8)],
  // Strings
  [0xd9, reader => reader.block(reader.uint(1))],
  [0xda, reader => reader.block(reader.uint(2))],
  [0xdb, reader => reader.block(reader.uint(4))],
  // Lists
  [0xdc, (reader, depth) => reader.list(reader.uint(2), depth)],
  [0xdd, (reader, depth) => reader.list(reader.uint(4), depth)],
])
