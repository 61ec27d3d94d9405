import {severities} from '../expert/rule.js'
import {hostPort} from '../protocol/text.js'
import {compareBytes} from '../wire/bytes.js'
import type {Endpoint, Time} from '../wire/chunk.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {parseIpv4, parseIpv6} from '../wire/text/address.js'
import {isoTime, secondsText} from '../wire/time.js'
import * as limits from './limits.js'

/** A value of a name in one record. Bytes are views; an address may be an IpPort with its family. */
export type Value = string | number | bigint | Uint8Array | Time | Endpoint

/**
 * Kind of a name's values. bytes: Uint8Array. number: number, or bigint for 8 bytes. ip: text. address: Endpoint.
 * time, epoch, seconds: Time (epoch is shown as seconds since 1970, seconds are a duration). severity: text, but in
 * order. text: any other.
 */
export type Kind = 'bytes' | 'number' | 'text' | 'ip' | 'address' | 'time' | 'epoch' | 'seconds' | 'severity'

/**
 * A value as `-T fields` and patterns see it: bytes as lower-case hex, times in UTC with 6 digits, or 9 where there are
 * nanoseconds.
 */
export function valueText(kind: Kind, value: Value): string {
  if (typeof value !== 'object') return String(value)
  if (value instanceof Uint8Array) return toHex(value)
  if ('micros' in value) return (kind === 'time' ? isoTime(value) : undefined) ?? secondsText(value)
  return hostPort(value)
}

/** Negative, 0 or positive as `a` comes before, is, or comes after `b`; NaN without an order (IPv4 and IPv6). */
export type Order = (a: Value, b: Value) => number

const plainOrder: Order = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

const timeOrder: Order = (a, b) => {
  const [x, y] = [a as Time, b as Time]
  return x.micros === y.micros ? x.nanos - y.nanos : x.micros - y.micros
}

const ipOrder: Order = (a, b) => (a === b ? 0 : bytesOrder(ipBytes(a as string), ipBytes(b as string)))

function bytesOrder(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  return a && b && a.length === b.length ? compareBytes(a, b) : Number.NaN
}

const addressOrder: Order = (a, b) => {
  const [x, y] = [a as Endpoint, b as Endpoint]
  const order = ipOrder(x.ip, y.ip)
  return order === 0 ? x.port - y.port : order
}

/** Order and equality of the values of each kind. */
export const orders: Readonly<Record<Kind, Order>> = {
  bytes: (a, b) => compareBytes(a as Uint8Array, b as Uint8Array),
  number: plainOrder,
  text: plainOrder,
  ip: ipOrder,
  address: addressOrder,
  time: timeOrder,
  epoch: timeOrder,
  seconds: timeOrder,
  severity: (a, b) => rank(a) - rank(b),
}

const ranks: ReadonlyMap<string, number> = new Map(severities.map((severity, index) => [severity, index]))
const rank = (severity: Value): number => ranks.get(severity as string) ?? Number.NaN

/**
 * Bytes of addresses by their text. Few addresses occur in millions of records; parsing each anew takes most of the
 * time of a filter on addresses. The values depend on the text alone, so all filters of a process share them.
 */
const known = new Map<string, Uint8Array | undefined>()

/** The 4 or 16 bytes of an address's text; undefined for other text. */
function ipBytes(text: string): Uint8Array | undefined {
  if (known.has(text)) return known.get(text)
  if (known.size >= limits.knownAddresses) known.clear()
  const bytes = parseIpv4(text) ?? parseIpv6(text)
  known.set(text, bytes)
  return bytes
}

/** True if an address lies in the network of the first `bits` bits of `network`. */
export function isInNetwork(ip: string, network: Uint8Array, bits: number): boolean {
  const bytes = ipBytes(ip)
  if (bytes?.length !== network.length) return false
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (bytes[i] !== network[i]) return false
  const left = bits & 7
  return left === 0 || bytes[whole]! >> (8 - left) === network[whole]! >> (8 - left)
}
