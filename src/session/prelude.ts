import {ipv4Text, ipv6Text} from '../wire/address.js'
import {latin1Text} from '../wire/bytes.js'
import {u16be} from '../wire/integers.js'

/** What precedes the Tox handshake when a client reaches its relay through a proxy. */
export interface Prelude {
  readonly proxy: 'socks5' | 'http'
  /** Where the proxy was asked to connect to: `host:port`. */
  readonly destination: string
  /** Bytes of each side, [client, relay]. */
  readonly bytes: readonly [number, number]
}

const socksVersion = 5
/** Bytes of an HTTP request or response head that are looked at. */
const headBytes = 8192

/**
 * A proxy's talk at the start of a connection.
 * @param client, relay first bytes of each side.
 * @returns 'more' while it may be one; undefined if it is none.
 */
export function preludeOf(client: Uint8Array, relay: Uint8Array): Prelude | 'more' | undefined {
  if (client.length === 0) return 'more'
  if (client[0] === socksVersion) return socks5(client, relay)
  const connect = 'CONNECT '
  const head = latin1(client, connect.length)
  if (head.length < connect.length && connect.startsWith(head)) return 'more'
  return head === connect ? httpConnect(client, relay) : undefined
}

const latin1 = (bytes: Uint8Array, most: number): string => latin1Text(bytes.subarray(0, most))

/**
 * Greeting `05 n methods`, answer `05 00`, request `05 01 00 type address port`, answer `05 00 00 type address port`;
 * behind an answer `05 02` a name and password.
 */
function socks5(client: Uint8Array, relay: Uint8Array): Prelude | 'more' | undefined {
  const methods = client[1]
  if (methods === 0) return undefined
  if (methods === undefined) return 'more'
  if (relay.length > 0 && relay[0] !== socksVersion) return undefined
  const method = relay[1]
  if (method !== undefined && method !== 0 && method !== withPassword) return undefined
  const greeting = 2 + methods
  if (client.length < greeting || method === undefined)
    return client.length > greeting + mostRequest ? undefined : 'more'
  const login = method === 0 ? noLogin : loginSize(client, greeting, relay)
  if (typeof login !== 'object') return login
  const request = greeting + login.asked
  if (client.length > request && client[request] !== socksVersion) return undefined
  const asked = addressSize(client, request)
  const answered = addressSize(relay, 2 + login.answered)
  if (asked === undefined || answered === undefined) return undefined
  if (asked === 'more' || answered === 'more') return 'more'
  return {
    proxy: 'socks5',
    destination: destinationOf(client, request),
    bytes: [request + asked, 2 + login.answered + answered],
  }
}

const withPassword = 2
/** A greeting and a request that are longest. */
const mostRequest = 2 + 255 + 262
const noLogin = {asked: 0, answered: 0}

/** RFC 1929: `01 n name n password`, answer `01 00`. */
function loginSize(client: Uint8Array, at: number, relay: Uint8Array): typeof noLogin | 'more' | undefined {
  if (
    (client.length > at && client[at] !== 1) ||
    (relay.length > 2 && relay[2] !== 1) ||
    (relay.length > 3 && relay[3] !== 0)
  )
    return undefined
  const name = client[at + 1]
  const password = name === undefined ? undefined : client[at + 2 + name]
  if (name === undefined || password === undefined || relay.length < 4) return 'more'
  const asked = 3 + name + password
  return client.length < at + asked ? 'more' : {asked, answered: 2}
}

/** Bytes of a request or answer with its address. */
function addressSize(bytes: Uint8Array, at: number): number | 'more' | undefined {
  const type = bytes[at + 3]
  if (type === undefined) return 'more'
  const size =
    type === 1 ? 4 : type === 4 ? 16 : type === 3 ? (bytes[at + 4] === undefined ? undefined : 1 + bytes[at + 4]!) : -1
  if (size === undefined) return 'more'
  if (size < 0) return undefined
  return bytes.length >= at + 6 + size ? 6 + size : 'more'
}

function destinationOf(bytes: Uint8Array, at: number): string {
  const type = bytes[at + 3]
  const start = at + 4
  if (type === 3) {
    const end = start + 1 + bytes[start]!
    return `${printable(latin1(bytes.subarray(start + 1, end), 255))}:${portAt(bytes, end)}`
  }
  const end = start + (type === 1 ? 4 : 16)
  const ip = type === 1 ? ipv4Text(bytes, start) : `[${ipv6Text(bytes, start)}]`
  return `${ip}:${portAt(bytes, end)}`
}

const portAt = u16be

/** Names from the wire hold nothing that a terminal acts on. */
const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, '?')

/** `CONNECT host:port HTTP/1.1`, headers, an empty line; answer `HTTP/1.x 200`. */
function httpConnect(client: Uint8Array, relay: Uint8Array): Prelude | 'more' | undefined {
  const asked = headEnd(client)
  const answered = headEnd(relay)
  if (asked === undefined || answered === undefined) return undefined
  if (asked === 'more' || answered === 'more') return 'more'
  const status = /^HTTP\/1\.[01] 2\d\d/.test(latin1(relay, 16))
  const destination = printable(latin1(client, asked).split(' ')[1] ?? '')
  return status ? {proxy: 'http', destination, bytes: [asked, answered]} : undefined
}

// RFC 9112 section 2.2 lets a receiver take a bare line feed for the end of a line; c-toxcore ends its request line
// with one.
const blankLine = /\r?\n\r?\n/

function headEnd(bytes: Uint8Array): number | 'more' | undefined {
  const blank = blankLine.exec(latin1(bytes, headBytes))
  if (blank) return blank.index + blank[0].length
  return bytes.length >= headBytes ? undefined : 'more'
}
