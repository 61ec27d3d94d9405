import type {FieldSpec, StructField} from '../../wire/field.js'
import {fromHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import {isIpv4Family} from '../../wire/sizes.js'
import type {IpPort, PackedNode} from '../../wire/text/address.js'
import {parseIpv4, parseIpv6} from '../../wire/text/address.js'
import {countText, leftOut} from '../../wire/text/phrases.js'
import * as limits from '../limits.js'

/** A JSON object whose members are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The place of a value, for errors: its line, and the member's path. */
export interface JsonPlace {
  readonly line: string
  readonly path: string
}

/** A value as an error shows it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= limits.quotedValue ? text : `${text.slice(0, limits.quotedValue)}${leftOut}`
}

const wrong = ({line, path}: JsonPlace, value: unknown, is: string, hint: string): InputError =>
  new InputError(
    `${line}: ${path} is ${value === undefined ? 'missing' : `${quoted(value)}, ${is}`}`,
    hint,
    'bad-record',
  )

/** @throws InputError */
export function hexValue(value: unknown, place: JsonPlace): Uint8Array {
  if (typeof value === 'string' && /^(?:[0-9a-fA-F]{2})*$/.test(value)) return fromHex(value)
  throw wrong(place, value, 'which is not hex', 'bytes are a string of hex, two digits each')
}

function sizedHex(value: unknown, size: number, place: JsonPlace): Uint8Array {
  const bytes = hexValue(value, place)
  if (bytes.length === size) return bytes
  throw new InputError(
    `${place.line}: ${place.path} has ${countText(bytes.length, 'byte')}, not ${size}`,
    `give ${size * 2} hex digits`,
    'bad-record',
  )
}

function uintValue(value: unknown, size: number, place: JsonPlace): number | bigint {
  const most = (1n << BigInt(8 * size)) - 1n
  const isDecimal = size === 8 && typeof value === 'string' && /^\d{1,20}$/.test(value)
  const number = isDecimal
    ? BigInt(value)
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? BigInt(value)
      : -1n
  if (number >= 0n && number <= most) return size === 8 ? number : Number(number)
  throw wrong(
    place,
    value,
    'which does not fit',
    size === 8 ? `a decimal string from 0 to ${most}` : `a whole number from 0 to ${most}`,
  )
}

function ipPortValue(value: unknown, place: JsonPlace): IpPort {
  const example = '{"family":2,"ip":"1.2.3.4","port":33445}'
  if (!isObject(value)) throw wrong(place, value, 'which is not an address', `an address is ${example}`)
  const part = (name: string): JsonPlace => ({line: place.line, path: `${place.path}.${name}`})
  const family = uintValue(value['family'], 1, part('family')) as number
  const {ip, padding} = value
  const isIpv4 = isIpv4Family(family)
  if (typeof ip !== 'string' || !(isIpv4 ? parseIpv4(ip) : parseIpv6(ip))) {
    throw wrong(
      part('ip'),
      ip,
      `which is no IPv${isIpv4 ? 4 : 6} address`,
      'families 2 and 130 are IPv4, all others IPv6',
    )
  }
  const port = uintValue(value['port'], 2, part('port')) as number
  if (padding === undefined) return {family, ip, port}
  sizedHex(padding, 12, part('padding'))
  return {family, ip, port, padding: padding as string}
}

/**
 * A field's value as the codec takes it, from its JSON.
 * @throws InputError
 */
export function fieldValue(spec: FieldSpec, value: unknown, place: JsonPlace): unknown {
  switch (spec.kind) {
    case 'bytes':
      return sizedHex(value, spec.size, place)
    case 'rest':
    case 'box':
      return hexValue(value, place)
    case 'id':
      return uintValue(value, 1, place)
    case 'uint':
      return uintValue(value, spec.size, place)
    case 'ip_port':
      return ipPortValue(value, place)
    case 'node': {
      const address = ipPortValue(value, place)
      const pk = {line: place.line, path: `${place.path}.pk`}
      const key = (value as JsonObject)['pk']
      sizedHex(key, 32, pk)
      return {...address, pk: key} as PackedNode
    }
    case 'text':
      if (typeof value === 'string') return value
      throw wrong(place, value, 'which is not text', 'text is a string; a byte that is not UTF-8 is \\xff in it')
    case 'zeros':
      return uintValue(value, 2, place)
    case 'list':
      if (Array.isArray(value))
        return value.map((element, index) => fieldValue(spec.of, element, within(place, `[${index}]`)))
      throw wrong(place, value, 'which is not a list', 'a list is an array of JSON')
    case 'struct':
      if (isObject(value)) return structValue(spec, value, place)
      throw wrong(place, value, 'which is not an object', `its members are ${Object.keys(spec.fields).join(', ')}`)
  }
}

const within = ({line, path}: JsonPlace, part: string): JsonPlace => ({line, path: `${path}${part}`})

function structValue({fields}: StructField, value: JsonObject, place: JsonPlace): Record<string, unknown> {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name))
      throw wrong(
        within(place, `.${name}`),
        value[name],
        'which has no place',
        `its members are ${Object.keys(fields).join(', ')}`,
      )
  }
  const entries = Object.entries(fields).filter(([name, spec]) => !spec.when || Object.hasOwn(value, name))
  return Object.fromEntries(
    entries.map(([name, spec]) => [name, fieldValue(spec, value[name], within(place, `.${name}`))]),
  )
}
