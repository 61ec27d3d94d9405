import * as limits from './limits.js'

/**
 * A MessagePack value as far as a save needs it. Strings come as bytes, 64-bit numbers and floats as null: nobody asks
 * for them.
 */
export type Msgpack = null | boolean | number | Uint8Array | readonly Msgpack[]

/** Deepest nesting that is followed; a save has three levels. */
const deepest = 8

/**
 * Reads one MessagePack value. @returns undefined if the bytes end too early, hold a map or an extension, or go beyond
 * the bounds of limits.ts.
 */
export function readMsgpack(bytes: Uint8Array): Msgpack | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let values = 0

  const number = (size: number, read: (offset: number) => number): number => {
    const value = read(at)
    at += size
    return value
  }
  const length = (size: 1 | 2 | 4): number =>
    number(size, offset =>
      size === 1 ? view.getUint8(offset) : size === 2 ? view.getUint16(offset) : view.getUint32(offset),
    )
  const block = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new RangeError('beyond the end')
    at += count
    return bytes.subarray(at - count, at)
  }
  const skip = (count: number): null => {
    block(count)
    return null
  }
  const list = (count: number, depth: number): Msgpack[] => {
    const items: Msgpack[] = []
    for (let i = 0; i < count; i++) items.push(value(depth + 1))
    return items
  }
  const value = (depth: number): Msgpack => {
    if (++values > limits.saveValues || depth > deepest) throw new RangeError('beyond the bounds')
    const tag = length(1)
    if (tag < 0x80) return tag
    if (tag >= 0xe0) return tag - 0x100
    if (tag >= 0xa0 && tag < 0xc0) return block(tag & 0x1f)
    if (tag >= 0x90 && tag < 0xa0) return list(tag & 0x0f, depth)
    switch (tag) {
      case 0xc0:
        return null
      case 0xc2:
      case 0xc3:
        return tag === 0xc3
      case 0xc4:
      case 0xd9:
        return block(length(1))
      case 0xc5:
      case 0xda:
        return block(length(2))
      case 0xc6:
      case 0xdb:
        return block(length(4))
      case 0xcc:
        return length(1)
      case 0xcd:
        return length(2)
      case 0xce:
        return length(4)
      case 0xd0:
        return number(1, offset => view.getInt8(offset))
      case 0xd1:
        return number(2, offset => view.getInt16(offset))
      case 0xd2:
      case 0xca:
        return number(4, offset => view.getInt32(offset))
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return skip(8)
      case 0xdc:
        return list(length(2), depth)
      case 0xdd:
        return list(length(4), depth)
      default:
        throw new RangeError('a map or an extension')
    }
  }

  try {
    return value(0)
  } catch (error) {
    // DataView says the same at the end of the bytes.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
