import {createHash, timingSafeEqual} from 'node:crypto'
import {isIP} from 'node:net'
import {ipv6Text, parseIpv6} from '../../wire/text/address.js'
import {type Address, isLoopback, parseAddress, plainAddress} from './address.js'

/** Destinations of `--allow`. */
export interface AllowedDestination {
  /** undefined: any host. */
  readonly host: string | undefined
  /** undefined: any port. */
  readonly port: number | undefined
}

/** A user name and a password, as bytes. */
export interface Login {
  readonly user: Uint8Array
  readonly password: Uint8Array
}

/** Who may use a SOCKS5 and HTTP proxy, and for what. */
export interface Access {
  /** Absent: nobody has to log in. */
  readonly login?: Login
  /** Absent: the ports of Tox relays on any host, and for clients of this machine the machine itself. */
  readonly allowed?: readonly AllowedDestination[]
}

/**
 * Ports of public Tox relays: those of tox-bootstrapd's sample configuration (443, 3389, 33445), c-toxcore's port range
 * 33445 to 33545 (TOX_PORTRANGE_FROM, TOX_PORTRANGE_TO), and port 53, which public node lists have.
 */
const isRelayPort = (port: number): boolean =>
  port === 53 || port === 443 || port === 3389 || (port >= 33_445 && port <= 33_545)

/** Parse `[HOST:]PORT`, where the host, the port or both may be `*`. @throws InputError */
export function parseAllowed(text: string): AllowedDestination {
  const isAnyPort = /(?:^|:)\*$/.test(text)
  const {host, port} = parseAddress(isAnyPort ? text.replace(/\*$/, '1') : text, {defaultHost: '*', lowestPort: 1})
  return {host: host === '*' ? undefined : canonicalHost(host), port: isAnyPort ? undefined : port}
}

/** Whether a client may connect to a destination. @param client IP address of the client. */
export function isAllowed({host, port}: Address, client: string, {allowed}: Access): boolean {
  const asked = canonicalHost(host)
  if (allowed)
    return allowed.some(each => (each.host ?? asked) === asked && (each.port === undefined || each.port === port))
  return isRelayPort(port) || (isLocal(asked) && isLoopback(client))
}

/** Whether a user name and a password are right. Takes the same time wherever they differ. */
export function isLogin({user, password}: Login, given: Login): boolean {
  const isUser = isEqual(user, given.user)
  const isPassword = isEqual(password, given.password)
  return isUser && isPassword
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const isEqual = (a: Uint8Array, b: Uint8Array): boolean => timingSafeEqual(digest(a), digest(b))

/** One spelling of each address, and of each name. */
function canonicalHost(host: string): string {
  if (isIP(host) !== 6) return host.toLowerCase().replace(/\.$/, '')
  const bytes = parseIpv6(host)
  return bytes ? plainAddress(ipv6Text(bytes, 0)) : host.toLowerCase()
}

const isLocal = (host: string): boolean => isLoopback(host) || host === 'localhost' || host.endsWith('.localhost')
