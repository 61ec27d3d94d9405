import {concatBytes} from './bytes.js'
import type {FieldSpec, Fields, Values} from './field.js'
import {fromHex} from './hex/hex-bytes.js'
import {hasId, type PacketType} from './packet.js'
import {isIpv4Family, paddedIpPortSize, shortIpPortSize} from './sizes.js'
import type {IpPort, PackedNode} from './text/address.js'
import {parseIpv4, parseIpv6} from './text/address.js'
import {textBytes} from './text/utf8.js'

/** Values of fields by name, as `readField` gives them. The first absent field ends the packet. */
export type PartialValues = Readonly<Record<string, unknown>>

/**
 * Bytes of a packet from its field values, the exact inverse of reading. Lengths and ranges are not checked: broken
 * packets can be built too.
 * @throws RangeError where a value does not fit its field, as a number that is too large.
 */
export function encode<F extends Fields>(type: PacketType<F>, values: Values<F>): Uint8Array {
  return encodePartial(type, values)
}

/**
 * As `encode`, for values that may lack the last fields.
 * @param id first byte, for a type with a range of ids and no id field; default: the type's own.
 * @param rest bytes after the last field.
 * @throws RangeError where a value does not fit its field, or the id belongs to another type.
 */
export function encodePartial(type: PacketType, values: PartialValues, id?: number, rest?: Uint8Array): Uint8Array {
  const idField = type.placed.find(p => p.spec.kind === 'id')
  const parts: Uint8Array[] = []
  const first = idField ? values[idField.name] : (id ?? (typeof type.id === 'number' ? type.id : type.id?.[0]))
  if (type.id !== null && first === undefined) return new Uint8Array(0)
  if (type.id !== null && !hasId(type, first as number)) throw new RangeError(`${first} is not an id of ${type.name}`)
  if (type.id !== null) parts.push(uintBytes(first as number, 1))
  for (const placed of type.placed) {
    if (placed.spec.kind === 'id') continue
    const value = values[placed.name]
    if (value === undefined) break
    if (value !== null) parts.push(fieldBytes(placed.name, placed.spec, value))
  }
  if (rest) parts.push(rest)
  return concatBytes(parts)
}

function fieldBytes(name: string, spec: FieldSpec, value: unknown): Uint8Array {
  switch (spec.kind) {
    case 'bytes':
      return sized(name, spec, value as Uint8Array)
    case 'rest':
    case 'box':
      return value as Uint8Array
    case 'uint':
      return uintBytes(value as number | bigint, spec.size)
    case 'ip_port':
      return ipPortBytes(value as IpPort, spec.padded)
    case 'node':
      return concatBytes([ipPortBytes(value as PackedNode, false), fromHex((value as PackedNode).pk)])
    case 'id':
      return new Uint8Array(0)
    case 'text':
      return filled(name, spec, textBytes(value as string))
    case 'zeros':
      return new Uint8Array(value as number)
    case 'list':
      return concatBytes((value as readonly unknown[]).map(element => fieldBytes(name, spec.of, element)))
    case 'struct': {
      const values = value as PartialValues
      const given = Object.entries(spec.fields).filter(([key]) => values[key] !== undefined && values[key] !== null)
      return concatBytes(given.map(([key, field]) => fieldBytes(`${name}.${key}`, field, values[key])))
    }
  }
}

function sized(name: string, spec: FieldSpec & {kind: 'bytes'}, value: Uint8Array): Uint8Array {
  if (value.length !== spec.size) throw new RangeError(`${name} has ${value.length} bytes, not ${spec.size}`)
  return value
}

function filled(name: string, {filledTo}: FieldSpec & {kind: 'text'}, text: Uint8Array): Uint8Array {
  if (filledTo === undefined) return text
  if (text.length > filledTo) throw new RangeError(`${name} has ${text.length} bytes, at most ${filledTo}`)
  const out = new Uint8Array(filledTo)
  out.set(text)
  return out
}

function uintBytes(value: number | bigint, size: number): Uint8Array {
  const out = new Uint8Array(size)
  let left = BigInt(value)
  if (left < 0n || left >= 1n << BigInt(8 * size)) throw new RangeError(`${value} does not fit ${size} bytes`)
  for (let i = size - 1; i >= 0; i--) {
    out[i] = Number(left & 0xffn)
    left >>= 8n
  }
  return out
}

function ipPortBytes({family, ip, port, padding}: IpPort, padded: boolean): Uint8Array {
  const isIpv4 = isIpv4Family(family)
  const address = isIpv4 ? parseIpv4(ip) : parseIpv6(ip)
  if (!address) throw new RangeError(`"${ip}" is not an IPv${isIpv4 ? 4 : 6} address`)
  const out = new Uint8Array(isIpv4 && !padded ? shortIpPortSize : paddedIpPortSize)
  out.set([family])
  out.set(address, 1)
  if (padding && isIpv4 && padded) out.set(fromHex(padding).subarray(0, 12), 5)
  out.set(uintBytes(port, 2), out.length - 2)
  return out
}
