import {isIP} from 'node:net'
import {noBytes} from '../../wire/chunk.js'
import {InputError} from '../../wire/input-error.js'
import {hostName, httpRequest} from '../limits.js'
import {isLogin, type Login} from './access.js'
import {type Address, parseAddress} from './address.js'
import type {Destination, DialFailure, ProxyRequest, ProxyStep} from './destination.js'
import {emptyLines} from './sniff.js'

// c-toxcore ends its request line with a bare line feed; RFC 9112 section 2.2 lets a server accept that.
const lineEnd = /\r?\n/
const blankLine = /\r?\n\r?\n/
const requestLine = /^CONNECT +(\S+) +HTTP\/1\.[01]$/

const failureLine: Readonly<Record<DialFailure, string>> = {
  refused: '502 Bad Gateway',
  host_unreachable: '502 Bad Gateway',
  network_unreachable: '502 Bad Gateway',
  name_not_found: '502 Bad Gateway',
  failed: '502 Bad Gateway',
  timed_out: '504 Gateway Timeout',
  not_allowed: '403 Forbidden',
  no_descriptors: '503 Service Unavailable',
}

const closing = 'Connection: close\r\nContent-Length: 0\r\n'
const askingForLogin = `Proxy-Authenticate: Basic realm="toxtcp", charset="UTF-8"\r\n${closing}`

const answer = (line: string, headers = closing): Uint8Array =>
  Buffer.from(`HTTP/1.1 ${line}\r\n${headers}\r\n`, 'latin1')

/** HTTP CONNECT (RFC 9110 section 9.3.6). Of the headers only those of Basic authentication (RFC 7617) are read. */
export class HttpConnectRequest implements ProxyRequest {
  readonly #login: Login | undefined
  #held: Uint8Array = noBytes

  /** @param login what the client must give; undefined: it need not log in. */
  constructor(login?: Login) {
    this.#login = login
  }

  receive(bytes: Uint8Array): ProxyStep {
    const all = Buffer.concat([this.#held, bytes])
    const head = all.toString('latin1', 0, httpRequest + 4)
    const start = emptyLines.exec(head)![0].length
    const blank = blankLine.exec(head.slice(start))
    const end = blank ? start + blank.index : -1
    const isTooLong = end < 0 ? all.length > httpRequest : end > httpRequest
    if (!blank && !isTooLong) {
      this.#held = all
      return {kind: 'wait', heard: noBytes, reply: noBytes}
    }
    const rest = new Uint8Array(blank ? all.subarray(end + blank[0].length) : noBytes)
    const heard = Buffer.concat([Buffer.from(masked(head.slice(0, all.length - rest.length)), 'latin1'), rest])
    const refuse = (line: string, reason: string, headers?: string): ProxyStep => ({
      kind: 'refuse',
      heard,
      reply: answer(line, headers),
      reason,
    })
    if (isTooLong) return refuse('431 Request Header Fields Too Large', `the HTTP request is over ${httpRequest} bytes`)
    const [line = '', ...headers] = head.slice(start, end).split(lineEnd)
    const target = requestLine.exec(line)?.[1]
    if (target === undefined)
      return line.startsWith('CONNECT ')
        ? refuse('400 Bad Request', 'the HTTP CONNECT request line is not CONNECT HOST:PORT HTTP/1.1')
        : refuse('405 Method Not Allowed', 'the HTTP request is not CONNECT')
    if (this.#login && !headers.some(header => isLogin(this.#login!, loginOf(header))))
      return refuse(
        '407 Proxy Authentication Required',
        'the HTTP request has no right user name and password',
        askingForLogin,
      )
    try {
      return {kind: 'connect', heard, reply: noBytes, destination: destinationOf(target), rest}
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return refuse('400 Bad Request', error.message)
    }
  }

  connected(_local: Address): Uint8Array {
    return answer('200 Connection established', '')
  }

  failed(cause: DialFailure): Uint8Array {
    return answer(failureLine[cause])
  }
}

/** The destination of a request line. c-toxcore writes IPv6 addresses without brackets. @throws InputError */
function destinationOf(target: string): Destination {
  const bare = /^(.*):(\d+)$/.exec(target)
  const text = bare && isIP(bare[1]!) === 6 ? `[${bare[1]}]:${bare[2]}` : target
  const {host, port} = parseAddress(text, {lowestPort: 1})
  if (host.length > hostName)
    throw new InputError(`the host name has ${host.length} characters`, undefined, 'bad-address')
  return {host, port, form: isIP(host) === 6 ? 'ipv6' : isIP(host) === 4 ? 'ipv4' : 'name'}
}

/** The user name and password of a header; empty ones if it has none. */
function loginOf(header: string): Login {
  const encoded = /^Proxy-Authorization:[ \t]*Basic[ \t]+([A-Za-z0-9+/=]+)[ \t]*$/i.exec(header)?.[1] ?? ''
  const bytes = Buffer.from(encoded, 'base64')
  const colon = bytes.indexOf(':')
  return {user: bytes.subarray(0, Math.max(0, colon)), password: bytes.subarray(colon + 1)}
}

/** A request's head with asterisks in place of credentials. */
const masked = (head: string): string =>
  head.replace(
    /^(Proxy-Authorization:[ \t]*(?:Basic[ \t]+)?)([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gim,
    (_, name: string, credentials: string) => name + '*'.repeat(credentials.length),
  )
