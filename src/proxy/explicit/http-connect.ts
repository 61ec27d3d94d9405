import {isIP} from 'node:net'
import {InputError} from '../../wire/input-error.js'
import {hostName, httpRequest} from '../limits.js'
import {type Address, parseAddress} from './address.js'
import type {DialFailure, ProxyRequest, ProxyStep} from './destination.js'

const nothing = new Uint8Array()
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
}

const answer = (line: string, headers = 'Connection: close\r\nContent-Length: 0\r\n'): Uint8Array =>
  Buffer.from(`HTTP/1.1 ${line}\r\n${headers}\r\n`, 'latin1')

/** HTTP CONNECT (RFC 9110 section 9.3.6). Headers are skipped; no other method is served. */
export class HttpConnectRequest implements ProxyRequest {
  #held: Uint8Array = nothing

  receive(bytes: Uint8Array): ProxyStep {
    const all = Buffer.concat([this.#held, bytes])
    const head = all.toString('latin1', 0, httpRequest + 4)
    const blank = blankLine.exec(head)
    const end = blank?.index ?? -1
    if (end < 0 ? all.length > httpRequest : end > httpRequest)
      return this.#refuse('431 Request Header Fields Too Large', `the HTTP request is over ${httpRequest} bytes`)
    if (!blank) {
      this.#held = all
      return {kind: 'wait', reply: nothing}
    }
    const [line = ''] = head.slice(0, end).split(lineEnd)
    const target = requestLine.exec(line)?.[1]
    if (target === undefined)
      return line.startsWith('CONNECT ')
        ? this.#refuse('400 Bad Request', 'the HTTP CONNECT request line is not CONNECT HOST:PORT HTTP/1.1')
        : this.#refuse('405 Method Not Allowed', 'the HTTP request is not CONNECT')
    try {
      const {host, port} = parseAddress(target, {lowestPort: 1})
      if (host.length > hostName)
        throw new InputError(`the host name has ${host.length} characters`, undefined, 'bad-address')
      const form = isIP(host) === 6 ? 'ipv6' : isIP(host) === 4 ? 'ipv4' : 'name'
      return {
        kind: 'connect',
        reply: nothing,
        destination: {host, port, form},
        rest: new Uint8Array(all.subarray(end + blank[0].length)),
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return this.#refuse('400 Bad Request', error.message)
    }
  }

  #refuse(line: string, reason: string): ProxyStep {
    return {kind: 'refuse', reply: answer(line), reason}
  }

  connected(_local: Address): Uint8Array {
    return answer('200 Connection established', '')
  }

  failed(cause: DialFailure): Uint8Array {
    return answer(failureLine[cause])
  }
}
