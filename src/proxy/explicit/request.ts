import type {Socket} from 'node:net'
import {noBytes} from '../../wire/chunk.js'
import type {Login} from './access.js'
import type {Destination, ProxyRequest} from './destination.js'
import {HttpConnectRequest} from './http-connect.js'
import {type FirstBytes, sniff} from './sniff.js'
import {Socks5Request} from './socks5.js'

/** What a client asked for that must name its destination. `rest` followed the request. */
export type RequestOutcome =
  | {
      readonly kind: 'connect'
      readonly via: 'socks5' | 'http'
      readonly destination: Destination
      readonly request: ProxyRequest
      readonly rest: Uint8Array
    }
  /** The request was refused, and the answer sent. */
  | {readonly kind: 'refused'; readonly reason: string}
  /** The first bytes, all that came, are not a request: most likely a Tox handshake. */
  | {readonly kind: 'no_destination'; readonly bytes: Uint8Array}
  | {readonly kind: 'gone'; readonly how: 'fin' | 'rst'}

/** Result of reading a request: parsed bytes, without passwords; bytes to answer; what was asked, once it is known. */
interface Heard {
  readonly heard: Uint8Array
  readonly reply: Uint8Array
  readonly asked: RequestOutcome | undefined
}

/** Finds the request in a client's first bytes, sans-io. */
class RequestReader {
  #held: Uint8Array = noBytes
  #via: 'socks5' | 'http' | undefined
  #request: ProxyRequest | undefined
  readonly #login: Login | undefined

  constructor(login: Login | undefined) {
    this.#login = login
  }

  receive(bytes: Uint8Array): Heard {
    let unread = bytes
    if (!this.#request) {
      unread = this.#held = Buffer.concat([this.#held, bytes])
      const first: FirstBytes | undefined = sniff(unread)
      if (first === undefined) return {heard: noBytes, reply: noBytes, asked: undefined}
      if (first === 'tox') return {heard: unread, reply: noBytes, asked: {kind: 'no_destination', bytes: unread}}
      this.#via = first
      this.#request = first === 'socks5' ? new Socks5Request(this.#login) : new HttpConnectRequest(this.#login)
    }
    const step = this.#request.receive(unread)
    const {heard, reply} = step
    if (step.kind === 'wait') return {heard, reply, asked: undefined}
    if (step.kind === 'refuse') return {heard, reply, asked: {kind: 'refused', reason: step.reason}}
    const {destination, rest} = step
    return {heard, reply, asked: {kind: 'connect', via: this.#via!, destination, request: this.#request, rest}}
  }
}

/**
 * Read a client's request to the proxy and answer its greeting. The socket is paused when this resolves.
 * @param reply writes to the client.
 * @param heard called with the client's parsed bytes, without passwords, before they are answered.
 * @param login what the client must give; undefined: it need not log in.
 */
export const readRequest = (
  client: Socket,
  reply: (bytes: Uint8Array) => void,
  heard: (bytes: Uint8Array) => void,
  login?: Login,
): Promise<RequestOutcome> =>
  new Promise(done => {
    const reader = new RequestReader(login)
    const settle = (asked: RequestOutcome) => {
      client.pause()
      client.off('data', data).off('end', fin).off('close', rst)
      done(asked)
    }
    const data = (bytes: Buffer) => {
      const step = reader.receive(bytes)
      if (step.heard.length > 0) heard(step.heard)
      if (step.reply.length > 0) reply(step.reply)
      if (step.asked) settle(step.asked)
    }
    const fin = () => settle({kind: 'gone', how: 'fin'})
    const rst = () => settle({kind: 'gone', how: 'rst'})
    client.on('data', data).on('end', fin).on('close', rst).resume()
  })
