import {isIP, isIPv4} from 'node:net'
import {hostPort} from '../../protocol/text.js'
import {InputError} from '../../wire/input-error.js'

/** Where to listen or connect: a name or an address, IPv6 without brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * Whether a host's name can be looked up and shown: without control, format and separator characters, which no name
 * has, at which resolvers cut a name off, and of which a terminal could obey one.
 */
export const isPlainName = (host: string): boolean => !/[\p{C}\p{Z}]/u.test(host)

const pattern = /^(?:(?:\[(?<v6>[^\]]*)\]|(?<host>[^:[\]]*)):)?(?<port>\d{1,5})$/

/**
 * Parse `[HOST:]PORT`. An IPv6 host is written in brackets.
 * @param options the host that is used where none is given (undefined: a host is required), and the lowest port: 0
 * where the system may choose, 1 elsewhere.
 * @throws InputError
 */
export const parseAddress = (
  text: string,
  options: {readonly defaultHost?: string; readonly lowestPort: 0 | 1},
): Address => {
  const {defaultHost, lowestPort} = options
  const form = defaultHost === undefined ? 'HOST:PORT' : '[HOST:]PORT'
  const fault = (why: string) =>
    new InputError(
      `"${text}" is not ${form}: ${why}`,
      'for example 33445, relay.example:33445, 127.0.0.1:0 or [::1]:33445',
      'bad-address',
    )
  const groups = pattern.exec(text)?.groups
  if (!groups)
    throw fault(
      text.split(':').length > 2 && !text.startsWith('[')
        ? 'an IPv6 address needs brackets'
        : 'it does not end with a port number',
    )
  const {v6, host: named, port: digits} = groups
  if (v6 !== undefined && isIP(v6.replace(/%.*$/, '')) !== 6) throw fault('the brackets do not hold an IPv6 address')
  const host = v6 ?? (named || defaultHost)
  if (!host) throw fault('the host is missing')
  if (!isPlainName(host)) throw fault('the host has a blank, a control character or another that no name has')
  const port = Number(digits)
  if (port < lowestPort || port > 65_535) throw fault(`a port is ${lowestPort} to 65535`)
  return {host, port}
}

/** Text of an address, `HOST:PORT`, with brackets around IPv6. */
export const addressText = ({host, port}: Address): string => hostPort({ip: host, port})

/** An IPv4 address taken out of its IPv6 form (::ffff:1.2.3.4), which a socket of both families reports. */
export const plainAddress = (ip: string): string => {
  const inner = /^::ffff:(.*)$/i.exec(ip)?.[1]
  return inner !== undefined && isIPv4(inner) ? inner : ip
}

/** Whether an IP address (not a name) reaches only this machine. */
export const isLoopback = (ip: string): boolean => {
  const plain = plainAddress(ip)
  return isIPv4(plain) ? plain.startsWith('127.') : plain === '::1'
}
