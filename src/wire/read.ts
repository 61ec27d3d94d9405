import {ipv4Text, ipv6Text} from './address.js'
import type {FieldSpec, IpPort, PackedNode} from './field.js'
import {toHex} from './hex/hex-bytes.js'
import {u16be, u32be} from './integers.js'
import type {PacketType} from './packet.js'
import {isIpv4Family, paddedIpPortSize, shortIpPortSize} from './sizes.js'

/** Bytes that a field takes at `at`, were the packet long enough. A field that runs to the end takes what there is. */
export function sizeAt(spec: FieldSpec, bytes: Uint8Array, at: number, end: number): number {
  switch (spec.kind) {
    case 'bytes':
    case 'uint':
      return spec.size
    case 'id':
      return 0
    case 'ip_port':
      return spec.padded ? paddedIpPortSize : unpaddedSize(bytes, at, end)
    case 'node':
      return unpaddedSize(bytes, at, end) + 32
    case 'rest':
    case 'box':
      return Math.max(0, end - at)
  }
}

const unpaddedSize = (bytes: Uint8Array, at: number, end: number): number =>
  at < end && !isIpv4Family(bytes[at]!) ? paddedIpPortSize : shortIpPortSize

/** Absolute offset of a field's first byte, at most `end`. */
export function fieldStart(type: PacketType, index: number, bytes: Uint8Array, start: number, end: number): number {
  let first = index
  while (type.placed[first]!.offset === undefined) first--
  let at = start + type.placed[first]!.offset!
  for (let i = first; i < index; i++) at += sizeAt(type.placed[i]!.spec, bytes, at, end)
  return Math.min(at, end)
}

/**
 * Value of one field: Uint8Array (a view), number, bigint for 8-byte numbers, IpPort or PackedNode.
 * @returns undefined where the packet ends inside the field.
 */
export function readField(type: PacketType, index: number, bytes: Uint8Array, start: number, end: number): unknown {
  const {spec} = type.placed[index]!
  const at = fieldStart(type, index, bytes, start, end)
  if (spec.kind === 'id') return start < end ? bytes[start]! : undefined
  const size = sizeAt(spec, bytes, at, end)
  if (at + size > end) return undefined
  switch (spec.kind) {
    case 'bytes':
    case 'rest':
    case 'box':
      return bytes.subarray(at, at + size)
    case 'uint':
      return uintAt(bytes, at, spec.size)
    case 'ip_port':
      return ipPortAt(bytes, at, spec.padded)
    case 'node':
      return nodeAt(bytes, at, size)
  }
}

function uintAt(bytes: Uint8Array, at: number, size: 1 | 2 | 4 | 8): number | bigint {
  if (size === 1) return bytes[at]!
  if (size === 2) return u16be(bytes, at)
  if (size === 4) return u32be(bytes, at)
  return (BigInt(u32be(bytes, at)) << 32n) | BigInt(u32be(bytes, at + 4))
}

function ipPortAt(bytes: Uint8Array, at: number, padded: boolean): IpPort {
  const family = bytes[at]!
  const isIpv4 = isIpv4Family(family)
  const ip = isIpv4 ? ipv4Text(bytes, at + 1) : ipv6Text(bytes, at + 1)
  if (!isIpv4 || !padded) return {family, ip, port: u16be(bytes, at + (isIpv4 ? 5 : 17))}
  const port = u16be(bytes, at + 17)
  return isPaddingZero(bytes, at) ? {family, ip, port} : {family, ip, port, padding: toHex(bytes, at + 5, at + 17)}
}

/** True if the 12 bytes behind a padded IPv4 address at `at` are zero, as every implementation sends them. */
export function isPaddingZero(bytes: Uint8Array, at: number): boolean {
  for (let i = at + 5; i < at + 17; i++) if (bytes[i] !== 0) return false
  return true
}

const nodeAt = (bytes: Uint8Array, at: number, size: number): PackedNode => ({
  ...ipPortAt(bytes, at, false),
  pk: toHex(bytes, at + size - 32, at + size),
})
