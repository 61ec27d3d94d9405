import {bytesCount, hostPort} from '../protocol/text.js'
import type {BoxKeys, FieldSpec} from '../wire/field.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import type {IpPort, PackedNode} from '../wire/text/address.js'
import {countText, leftOut} from '../wire/text/phrases.js'
import type {Node} from './node.js'

/** A field's value in words. */
export type FieldText = Pick<Node, 'text' | 'role'>

/** Keys that open a box, to end a sentence with. */
const openers: Readonly<Record<BoxKeys, string>> = {
  handshake: "the relay's or the client's secret key",
  dht: "either end's DHT secret key",
  real: "either end's real secret key",
  crypto_session: 'the key of their net_crypto session',
  onion: "either end's onion key",
  group: 'a group key of either member',
  data_route: "the receiver's data key",
}

const families: Readonly<Record<number, string>> = {
  2: 'UDP over IPv4',
  10: 'UDP over IPv6',
  130: 'TCP over IPv4',
  138: 'TCP over IPv6',
}

/** Most bytes that are shown whole; of longer ones the first half of that is shown. */
const shownBytes = 32

/** `145 bytes: 1b3f…`; all bytes if they are few. */
export function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty'
  const shown = bytes.length <= shownBytes ? toHex(bytes) : `${toHex(bytes, 0, shownBytes / 2)}${leftOut}`
  return `${bytesCount(bytes.length)}: ${shown}`
}

const hexNumber = (value: number, size: number): string => `0x${value.toString(16).padStart(size * 2, '0')}`

function addressText(value: IpPort): string {
  const padding = value.padding === undefined ? '' : `, padding ${value.padding}`
  return `${hostPort(value)}, ${families[value.family] ?? `unknown family ${value.family}`}${padding}`
}

/** The name of a key's owner, by the key in hex. */
export type NameOf = (key: string) => string | undefined

/** No names are known. */
export const nameless: NameOf = () => undefined

/** A whole key, and the name of its owner: `8f01...bb10 (Anna)`. @param key in hex. */
export function namedKey(key: string, nameOf: NameOf): string {
  const name = nameOf(key)
  return name === undefined ? key : `${key} (${name})`
}

/** @param value as `readField` gives it; not undefined. */
export function fieldText(spec: FieldSpec, value: unknown, nameOf: NameOf): FieldText {
  switch (spec.kind) {
    case 'bytes': {
      const text = toHex(value as Uint8Array)
      return spec.role === 'key' ? {text: namedKey(text, nameOf), role: 'key'} : {text}
    }
    case 'uint':
      return {
        text:
          spec.size === 1 || typeof value !== 'number' ? String(value) : `${value} (${hexNumber(value, spec.size)})`,
      }
    case 'id':
      return {text: `${value} (${hexNumber(value as number, 1)})`}
    case 'ip_port':
      return {text: addressText(value as IpPort)}
    case 'node':
      return {text: `${addressText(value as PackedNode)}, key ${namedKey((value as PackedNode).pk, nameOf)}`}
    case 'text':
      return {text: JSON.stringify(value)}
    case 'zeros':
      return {text: countText(value as number, 'zero byte')}
    case 'list':
      return {text: countText((value as readonly unknown[]).length, 'element')}
    case 'struct':
      return {text: ''}
    case 'rest':
      return {text: bytesText(value as Uint8Array)}
    case 'box':
      return {
        text: `${bytesCount((value as Uint8Array).length)} sealed; opens with ${openers[spec.keys]}`,
        role: 'sealed',
      }
  }
}
