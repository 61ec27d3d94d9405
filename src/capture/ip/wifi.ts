import {u16le, u32be, u32le} from '../../wire/integers.js'
import {afterLlc} from './ether-type.js'
import {noIp} from './no-ip.js'

/** Bits of an 802.11 frame's second byte. */
const toDs = 0x01
const fromDs = 0x02
const isProtected = 0x40
const hasHtControl = 0x80

/**
 * Where the IP packet starts in an 802.11 frame. Only data frames have one.
 * @param alignment the header's length is rounded up to a multiple of it: 4 where radiotap says so, else 1.
 * @returns an offset, or one of `noIp`.
 */
export function afterWifi(bytes: Uint8Array, start: number, end: number, alignment = 1): number {
  if (end - start < 2) return noIp.cutShort
  const control = bytes[start]!
  const flags = bytes[start + 1]!
  const subtype = control >> 4
  // Version 0, type data, and not one of the subtypes without data.
  if ((control & 0x0f) !== 0x08 || subtype & 4) return noIp.other
  const isQos = (subtype & 8) !== 0
  const qosAt = start + 24 + ((flags & (toDs | fromDs)) === (toDs | fromDs) ? 6 : 0)
  const size = qosAt - start + (isQos ? 2 + (flags & hasHtControl ? 4 : 0) : 0)
  if (end - start < size) return noIp.cutShort
  if (flags & isProtected) return noIp.encryptedWifi
  if (isQos && bytes[qosAt]! & 0x80) return noIp.aggregatedWifi
  return afterLlc(bytes, start + Math.ceil(size / alignment) * alignment, end)
}

/** After a radiotap header, whose flags may say that the 802.11 header is padded. https://www.radiotap.org */
export function afterRadiotap(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return noIp.cutShort
  const size = u16le(bytes, start + 2)
  const header = start + size
  if (bytes[start] !== 0 || size < 8) return noIp.other
  if (header > end) return noIp.cutShort
  const present = u32le(bytes, start + 4)
  let at = start + 8
  // The highest bit of a word says that another one follows.
  for (let word = present; word & 0x80000000 && at + 4 <= header; at += 4) word = u32le(bytes, at)
  const hasTime = (present & 1) !== 0
  if (hasTime) at = start + Math.ceil((at - start) / 8) * 8 + 8
  const flags = present & 2 && at < header ? bytes[at]! : 0
  return afterWifi(bytes, header, end, flags & 0x20 ? 4 : 1)
}

/** After the header of AVS, or of Prism, which drivers used before radiotap. Both hold their length. */
export function afterAvsOrPrism(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return noIp.cutShort
  const isAvs = (u32be(bytes, start) & 0xfffff000) === (0x80211000 | 0)
  const size = isAvs ? u32be(bytes, start + 4) : 144
  return size > end - start ? noIp.cutShort : afterWifi(bytes, start + size, end)
}
