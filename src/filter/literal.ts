import {severities} from '../expert/rule.js'
import {typesOfConstant} from '../protocol/table.js'
import {concatBytes} from '../wire/bytes.js'
import {type Endpoint, noBytes, type Time} from '../wire/chunk.js'
import {fromHex} from '../wire/hex/hex-bytes.js'
import {parseIpv4, parseIpv6} from '../wire/text/address.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'
import {parseSeconds, parseTime} from '../wire/time.js'
import type {Operand} from './expression.js'
import {filterError} from './filter-error.js'
import {isInNetwork, type Kind, orders, type Value} from './values.js'

/**
 * Compares a value with a literal: negative, 0 or positive as the value comes before, is, or comes after it; NaN if
 * they have no order.
 */
export type Comparator = (value: Value) => number

/** The field on the other side of a literal, as far as the literal depends on it. */
export interface Expected {
  readonly name: string
  readonly kind: Kind
  /** Given where the literal must be a whole value, not a part or a bound. */
  readonly words?: readonly string[]
  readonly size?: number
  /** True if fewer bytes than the size are compared with the first bytes of a value. */
  readonly isStart?: boolean
}

/** @returns undefined if the operand is not a literal of that kind: it may be a field's name. */
type Reader = (operand: Operand, text: string, filter: string) => Comparator | undefined

const against =
  (kind: Kind, constant: Value): Comparator =>
  value =>
    orders[kind](value, constant)

/** A key as lists show it: its first bytes and its last ones. */
const shortKey = /^((?:[0-9a-f]{2}){2,})(?:\.\.\.?|\u2026)((?:[0-9a-f]{2})+)$/i

/** 0 for a value with these first and last bytes, NaN for others: what is left out has no order. */
const keyAgainst =
  (first: Uint8Array, last: Uint8Array): Comparator =>
  value => {
    const bytes = value as Uint8Array
    const isSame = [first, last].every((part, isEnd) => {
      const at = isEnd === 1 ? bytes.length - part.length : 0
      return at >= 0 && part.every((byte, index) => bytes[at + index] === byte)
    })
    return isSame ? 0 : Number.NaN
  }

const example: Readonly<Record<Kind, string>> = {
  bytes: 'bytes are hex as 00:11:22, 0x001122 or 001122, a key as 8f01…bb10, or a string in quotes',
  number: 'numbers are decimal, as 64, or hex, as 0x40',
  text: 'text goes in quotes',
  ip: 'addresses are as 127.0.0.1, 10.0.0.0/8, ::1 or fe80::/10',
  address: 'addresses are as 127.0.0.1:33445, [::1]:33445, 127.0.0.1 or 10.0.0.0/8',
  time: 'times are as "2026-11-23 01:50:00.123", in UTC, or "2026-11-23T01:50:00+02:00", or seconds since 1970',
  epoch: 'times are seconds since 1970, as 1795398600.123, or dates as "2026-11-23 01:50:00"',
  seconds: 'durations are seconds, as 0.5',
  severity: `severities are ${severities.join(' < ')}`,
}

const readers: Readonly<Record<Kind, Reader>> = {
  bytes: (operand, text, filter) => {
    const ends = operand.kind === 'word' && shortKey.exec(text)
    if (ends) return keyAgainst(fromHex(ends[1]!), fromHex(ends[2]!))
    const bytes = literalBytes(operand, filter)
    return bytes && against('bytes', bytes)
  },
  number: (_, text) => {
    const value = numberOf(text)
    return value === undefined ? undefined : against('number', value)
  },
  text: (_, text) => against('text', text),
  ip: (_, text) => ipAgainst(text),
  address: (_, text) => addressAgainst(text),
  time: (_, text) => timeAgainst(text),
  epoch: (_, text) => timeAgainst(text),
  seconds: (_, text) => secondsAgainst(text),
  severity: (_, text) => ((severities as readonly string[]).includes(text) ? against('severity', text) : undefined),
}

/**
 * The comparison of a field with a literal.
 * @returns undefined for a word that is not a literal of the field's kind: it may be another field's name.
 * @throws InputError for a literal that the field can never have.
 */
export function literal(expected: Expected, operand: Operand, filter: string): Comparator | undefined {
  const text = literalText(operand, filter)
  const start = expected.isStart && operand.kind === 'word' ? hexBytes(text) : undefined
  const found = start ? keyAgainst(start, noBytes) : readers[expected.kind](operand, text, filter)
  if (found === undefined) {
    if (operand.kind !== 'word') throw literalError(expected, operand, filter)
    return undefined
  }
  checkWord(expected, operand, text, filter)
  checkSize(expected, operand, text, filter)
  checkTime(expected, operand, text, filter)
  return found
}

/** The error for a word that is neither a literal for the field nor a name. */
export function literalError({name, kind}: Expected, operand: Operand, filter: string) {
  const what = {
    bytes: 'hex',
    number: 'a number',
    text: 'text',
    ip: 'an IP address',
    address: 'an address',
    time: 'a time',
    epoch: 'a time',
    seconds: 'a number of seconds',
    severity: 'a severity',
  }[kind]
  const near = kind === 'severity' ? didYouMean(operand.text, nearest(operand.text, severities)) : undefined
  return filterError(filter, operand, `"${operand.text}" is not ${what}, which ${name} is`, near ?? example[kind])
}

function checkWord({name, words}: Expected, operand: Operand, text: string, filter: string): void {
  if (!words || words.includes(text)) return
  const few = words.length <= 8 ? `it is one of ${words.join(', ')}` : undefined
  const known = typesOfConstant(text).flatMap(type => words.filter(word => word === type.name))
  const near = known.length > 0 ? known : nearest(text, words)
  throw filterError(filter, operand, `${name} is never "${text}"`, didYouMean(text, near) ?? few)
}

function checkSize({name, kind, size, isStart}: Expected, operand: Operand, text: string, filter: string): void {
  if (kind !== 'bytes' || size === undefined || (operand.kind === 'word' && shortKey.test(text))) return
  // It was read as bytes before.
  const given = literalBytes(operand, filter)!.length
  if (given === size || (isStart && given < size)) return
  const written = filter.slice(operand.at, operand.end)
  const slice = given < size ? `compare the first bytes: ${name}[0:${given}] == ${written}` : undefined
  throw filterError(filter, operand, `${name} has ${size} bytes, not ${given}`, slice)
}

/** @throws InputError for seconds that are hardly a point in time, which every record of a capture would come after. */
function checkTime({name, kind}: Expected, operand: Operand, text: string, filter: string): void {
  if (kind !== 'time' || !/^\d{1,7}(?:\.\d*)?$/.test(text) || Number(text) === 0) return
  const hint = 'seconds since the first record: frame.time_relative; since 1970: frame.time_epoch'
  throw filterError(filter, operand, `${name} is a point in time, and ${text} would be one in 1970`, hint)
}

const escapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', "'": "'", '0': '\0'}

/** The characters of a literal. @throws InputError for an unknown escape in a string. */
export const literalText = (operand: Operand, filter: string): string =>
  operand.kind === 'string' ? unescaped(operand.text, operand, filter) : operand.text

/**
 * The bytes of a literal: hex in a word, UTF-8 in quotes, where `\xff` is one byte, as in Wireshark.
 * @returns undefined for a word that is not hex.
 * @throws InputError for an unknown escape in a string.
 */
export function literalBytes(operand: Operand, filter: string): Uint8Array | undefined {
  const {kind, text} = operand
  if (kind === 'word') return hexBytes(text)
  if (kind === 'raw') return new TextEncoder().encode(text)
  const pieces = text.matchAll(/\\x([0-9a-fA-F]{2})|(?:\\(?!x[0-9a-fA-F]{2})[\s\S]|[^\\])+/g)
  return concatBytes(
    Array.from(pieces, ([piece, byte]) =>
      byte === undefined ? new TextEncoder().encode(unescaped(piece, operand, filter)) : fromHex(byte),
    ),
  )
}

/** Characters between quotes with their escapes read. */
function unescaped(text: string, operand: Operand, filter: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g,
    (all, byte?: string, unit?: string, char?: string) => {
      const hex = byte ?? unit
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      const known = escapes[char!]
      if (known === undefined)
        throw filterError(filter, operand, `unknown escape "${all}"`, 'in r"..." characters are literal')
      return known
    },
  )
}

/** `00:11:22`, `00-11`, `00.11`, `0x0011`, `0011`. */
function hexBytes(text: string): Uint8Array | undefined {
  const bare = text.replace(/^0x/i, '')
  if (!/^[0-9a-f]{2}(?:([:.-])[0-9a-f]{2}(?:\1[0-9a-f]{2})*|(?:[0-9a-f]{2})*)$/i.test(bare)) return undefined
  return fromHex(bare.replace(/[:.-]/g, ''))
}

function numberOf(text: string): number | bigint | undefined {
  if (!/^-?(?:\d+(?:\.\d+)?|0x[0-9a-f]+)$/i.test(text)) return undefined
  const value = /^-0x/i.test(text) ? -Number(text.slice(1)) : Number(text)
  return Number.isSafeInteger(value) || text.includes('.') || text.startsWith('-') ? value : BigInt(text)
}

const networkForm = /^([^/]+)\/(\d{1,3})$/

function ipAgainst(text: string): Comparator | undefined {
  const network = networkForm.exec(text)
  const address = network ? network[1]! : text
  const bytes = parseIpv4(address) ?? parseIpv6(address)
  if (!bytes) return undefined
  if (!network) return against('ip', address)
  const bits = Number(network[2])
  if (bits > bytes.length * 8) return undefined
  return value => (isInNetwork(value as string, bytes, bits) ? 0 : orders.ip(value, address))
}

function addressAgainst(text: string): Comparator | undefined {
  const form = /^(?:\[([0-9a-f:.]+)\]|([\d.]+)):(\d{1,5})$/i.exec(text)
  const ofIp = ipAgainst(form ? (form[1] ?? form[2]!) : text.replace(/^\[(.*)\]$/, '$1'))
  if (!ofIp) return undefined
  const port = form ? Number(form[3]) : undefined
  return value => {
    const {ip, port: given} = value as Endpoint
    const order = ofIp(ip)
    return order === 0 && port !== undefined ? given - port : order
  }
}

function secondsAgainst(text: string): Comparator | undefined {
  const seconds = parseSeconds(text)
  return seconds && against('seconds', seconds)
}

function timeAgainst(text: string): Comparator | undefined {
  const time: Time | undefined = parseTime(text)
  return time && against('time', time)
}
