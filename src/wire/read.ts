import type {FieldSpec, ListField, StructField} from './field.js'
import {toHex} from './hex/hex-bytes.js'
import {u16be, u32be} from './integers.js'
import {type PacketType, type Placed, structFields} from './packet.js'
import {isIpv4Family, paddedIpPortSize, shortIpPortSize} from './sizes.js'
import type {IpPort, PackedNode} from './text/address.js'
import {ipv4Text, ipv6Text} from './text/address.js'
import {textOf} from './text/utf8.js'

/** Half-open offsets. */
type Range = readonly [start: number, end: number]

/**
 * Bytes that a field takes at `at`, were the packet long enough. A field that runs to the end takes what there is.
 * @param start first byte of the packet or struct that the field belongs to.
 */
export function sizeAt(
  {spec, presence, count, behind}: Placed,
  bytes: Uint8Array,
  at: number,
  end: number,
  start: number,
) {
  if (presence) {
    const value = numberAt(presence, bytes, start, end)
    if (value === undefined) return missing
    if (!spec.when!.is.includes(value)) return 0
  }
  const counted = count && (numberAt(count, bytes, start, end) ?? Number.POSITIVE_INFINITY)
  return ownSize(spec, counted, bytes, at, end - behind)
}

/** A size that no packet has bytes for: what says how long the field is was cut off. */
const missing = Number.POSITIVE_INFINITY

/** @param counted bytes or elements, as an earlier field of the packet says. */
function ownSize(spec: FieldSpec, counted: number | undefined, bytes: Uint8Array, at: number, end: number): number {
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
    case 'text':
      return spec.filledTo ?? counted ?? Math.max(0, end - at)
    case 'zeros':
      return zerosAt(bytes, at, end)
    case 'struct':
      return structSize(spec, bytes, at, end)
    case 'list': {
      const elements = elementRanges(spec, counted, bytes, at, end)
      if (counted !== undefined && elements.length < counted) return missing
      return (elements.at(-1)?.[1] ?? at) - at
    }
  }
}

function zerosAt(bytes: Uint8Array, at: number, end: number): number {
  let to = at
  while (to < end && bytes[to] === 0) to++
  return to - at
}

function structSize(spec: StructField, bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (const placed of structFields(spec)) {
    const size = sizeAt(placed, bytes, at, end, start)
    if (at + size > end) return missing
    at += size
  }
  return at - start
}

/**
 * Half-open, absolute ranges of the whole elements of a list.
 * @param counted how many there are to be; undefined: as many as there are.
 */
function elementRanges(
  {of, max, endsAt}: ListField,
  counted: number | undefined,
  bytes: Uint8Array,
  start: number,
  end: number,
): Range[] {
  const found: Range[] = []
  let at = start
  while (at < end && found.length < (counted ?? max) && bytes[at] !== endsAt) {
    const size = ownSize(of, undefined, bytes, at, end)
    if (size === 0 || at + size > end) break
    found.push([at, at + size])
    at += size
  }
  return found
}

/** A part of a compound field, for those who show its parts. */
export interface Part {
  readonly placed: Placed
  /** Half-open, absolute. */
  readonly range: Range
  readonly value: unknown
}

/** Place of an element of a list. */
const elementPlace = {name: '', offset: 0, size: undefined, presence: undefined, count: undefined, behind: 0} as const

/** The elements of a list or the fields of a struct in bytes[at,end), which are whole. */
export function partsOf(spec: FieldSpec, bytes: Uint8Array, at: number, end: number): readonly Part[] {
  if (spec.kind === 'list') {
    const element: Placed = {...elementPlace, spec: spec.of}
    return elementRanges({...spec, max: Number.POSITIVE_INFINITY}, undefined, bytes, at, end).map(range => ({
      placed: element,
      range,
      value: valueAt(spec.of, bytes, ...range),
    }))
  }
  if (spec.kind !== 'struct') return []
  let from = at
  return structFields(spec).flatMap(placed => {
    const size = sizeAt(placed, bytes, from, end, at)
    const range: Range = [from, from + size]
    from += size
    return size === 0 && placed.presence ? [] : [{placed, range, value: valueAt(placed.spec, bytes, ...range)}]
  })
}

/** Values by name; null for a field that another says is not there. */
const structValue = ({fields}: StructField, parts: readonly Part[]): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(fields).map(name => [name, null])),
  ...Object.fromEntries(parts.map(({placed, value}) => [placed.name, value])),
})

function numberAt(
  {offset, size}: {readonly offset: number; readonly size: number},
  bytes: Uint8Array,
  start: number,
  end: number,
): number | undefined {
  const at = start + offset
  return at + size > end ? undefined : Number(uintAt(bytes, at, size as 1 | 2 | 4))
}

/** Whether a field of that size at `at` has all its bytes: only some kinds may have none. */
export const isWhole = ({spec, presence}: Placed, at: number, size: number, end: number): boolean =>
  at + size <= end && (size > 0 || at < end || presence !== undefined || mayBeEmpty(spec.kind))

const mayBeEmpty = (kind: FieldSpec['kind']): boolean =>
  kind === 'rest' || kind === 'text' || kind === 'zeros' || kind === 'list'

/**
 * Absolute offset of a field's first byte, at most `end`, given where the field before it ends: who looks at all fields
 * of millions of packets adds their sizes up on the way.
 */
export const startAfter = ({offset}: Placed, behind: number, start: number, end: number): number =>
  Math.min(offset === undefined ? behind : start + offset, end)

/** Absolute offset of a field's first byte, at most `end`. */
export function fieldStart(type: PacketType, index: number, bytes: Uint8Array, start: number, end: number): number {
  let first = index
  while (type.placed[first]!.offset === undefined) first--
  let at = start + type.placed[first]!.offset!
  for (let i = first; i < index; i++) at += sizeAt(type.placed[i]!, bytes, at, end, start)
  return Math.min(at, end)
}

const unpaddedSize = (bytes: Uint8Array, at: number, end: number): number =>
  at < end && !isIpv4Family(bytes[at]!) ? paddedIpPortSize : shortIpPortSize

/**
 * Value of one field: Uint8Array (a view), number, bigint for 8-byte numbers, IpPort, PackedNode, text, an array for a
 * list, an object for a struct; null for a field that another says is not there.
 * @returns undefined where the packet ends inside the field.
 */
export function readField(type: PacketType, index: number, bytes: Uint8Array, start: number, end: number): unknown {
  const placed = type.placed[index]!
  if (placed.spec.kind === 'id') return start < end ? bytes[start]! : undefined
  const at = fieldStart(type, index, bytes, start, end)
  const size = sizeAt(placed, bytes, at, end, start)
  if (at + size > end) return undefined
  return placed.presence && size === 0 ? null : valueAt(placed.spec, bytes, at, at + size)
}

/** Value of the field that is bytes[at,end). */
function valueAt(spec: FieldSpec, bytes: Uint8Array, at: number, end: number): unknown {
  switch (spec.kind) {
    case 'bytes':
    case 'rest':
    case 'box':
      return bytes.subarray(at, end)
    case 'uint':
      return uintAt(bytes, at, spec.size)
    case 'id':
      return bytes[at]
    case 'ip_port':
      return ipPortAt(bytes, at, spec.padded)
    case 'node':
      return nodeAt(bytes, at, end - at)
    case 'text':
      return textOf(bytes, at, spec.filledTo === undefined ? end : filledFrom(bytes, at, end))
    case 'zeros':
      return end - at
    case 'list':
      return partsOf(spec, bytes, at, end).map(({value}) => value)
    case 'struct':
      return structValue(spec, partsOf(spec, bytes, at, end))
  }
}

/** Offset of the zero bytes at the end of bytes[at,end). */
function filledFrom(bytes: Uint8Array, at: number, end: number): number {
  let to = end
  while (to > at && bytes[to - 1] === 0) to--
  return to
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

/** True if the 12 bytes after a padded IPv4 address at `at` are zero, as every implementation sends them. */
export function isPaddingZero(bytes: Uint8Array, at: number): boolean {
  for (let i = at + 5; i < at + 17; i++) if (bytes[i] !== 0) return false
  return true
}

const nodeAt = (bytes: Uint8Array, at: number, size: number): PackedNode => ({
  ...ipPortAt(bytes, at, false),
  pk: toHex(bytes, at + size - 32, at + size),
})
