import {concatBytes, copyOf} from '../../wire/bytes.js'
import {noBytes} from '../../wire/chunk.js'
import {u16be} from '../../wire/integers.js'
import {ipv4Text, ipv6Text, parseIpv4, parseIpv6} from '../../wire/text/address.js'
import {socksRequest} from '../limits.js'
import {isLogin, type Login} from './access.js'
import {type Address, isPlainName, plainAddress} from './address.js'
import type {Destination, DialFailure, ProxyRequest, ProxyStep} from './destination.js'

const version = 5
const noAuthentication = 0
const userAndPassword = 2
const noneAcceptable = 0xff
/** Version of the login of RFC 1929. */
const loginVersion = 1
const loginSucceeded = 0
const loginFailed = 1
const connectCommand = 1
const ipv4 = 1
const name = 3
const ipv6 = 4
const asterisk = 0x2a

const replies = {
  succeeded: 0,
  failed: 1,
  not_allowed: 2,
  network_unreachable: 3,
  host_unreachable: 4,
  refused: 5,
  timed_out: 6,
  command: 7,
  addressType: 8,
} as const

const replyTo: Readonly<Record<DialFailure, number>> = {
  refused: replies.refused,
  host_unreachable: replies.host_unreachable,
  network_unreachable: replies.network_unreachable,
  timed_out: replies.timed_out,
  name_not_found: replies.host_unreachable,
  not_allowed: replies.not_allowed,
  no_descriptors: replies.failed,
  failed: replies.failed,
}

const all = (parts: readonly Part[], key: 'heard' | 'reply'): Uint8Array => concatBytes(parts.map(part => part[key]))

/**
 * Length of an address of this type, including the length byte of a name; undefined while that byte is missing, 0 for
 * an unknown type.
 */
const addressBytes = (bytes: Uint8Array, at: number, type: number): number | undefined => {
  if (type === ipv4) return 4
  if (type === ipv6) return 16
  if (type !== name) return 0
  const length = bytes[at]
  return length === undefined ? undefined : 1 + length
}

/** What one part of the talk gave: the parsed bytes, the answer, and why it was refused. */
interface Part {
  readonly heard: Uint8Array
  readonly reply: Uint8Array
  readonly refusal?: string
}

/**
 * SOCKS5 (RFC 1928): CONNECT to IPv4, IPv6 or a name; without a login, or with user name and password (RFC 1929). A
 * client may send its request without waiting for the first reply.
 */
export class Socks5Request implements ProxyRequest {
  readonly #login: Login | undefined
  #held: Uint8Array = noBytes
  #stage: 'greeting' | 'login' | 'request' = 'greeting'
  #form: Destination['form'] = 'ipv4'

  /** @param login what the client must give; undefined: it need not log in. */
  constructor(login?: Login) {
    this.#login = login
  }

  receive(bytes: Uint8Array): ProxyStep {
    this.#held = Uint8Array.from([...this.#held, ...bytes.subarray(0, socksRequest)])
    const overflow = bytes.subarray(socksRequest)
    const parts: Part[] = []
    while (this.#stage !== 'request') {
      const part = this.#stage === 'greeting' ? this.#greet() : this.#logIn(this.#login!)
      if (part) parts.push(part)
      if (part?.refusal !== undefined)
        return {kind: 'refuse', heard: all(parts, 'heard'), reply: all(parts, 'reply'), reason: part.refusal}
      if (!part) return {kind: 'wait', heard: all(parts, 'heard'), reply: all(parts, 'reply')}
    }
    const step = this.#request(overflow)
    return {
      ...step,
      heard: Uint8Array.from([...all(parts, 'heard'), ...step.heard]),
      reply: Uint8Array.from([...all(parts, 'reply'), ...step.reply]),
    }
  }

  /** Answer the greeting; undefined while it is not whole. */
  #greet(): Part | undefined {
    const count = this.#held[1]
    if (count === undefined || this.#held.length < 2 + count) return undefined
    const heard = this.#take(2 + count)
    const wanted = this.#login ? userAndPassword : noAuthentication
    this.#stage = this.#login ? 'login' : 'request'
    if (heard.includes(wanted, 2)) return {heard, reply: Uint8Array.of(version, wanted)}
    const method = this.#login ? 'user name and password' : 'no authentication'
    const refusal = `the SOCKS5 client does not offer the method "${method}"`
    return {heard, reply: Uint8Array.of(version, noneAcceptable), refusal}
  }

  /** Answer `01 n name n password`; undefined while it is not whole. */
  #logIn(login: Login): Part | undefined {
    const [askedVersion, name] = this.#held
    if (askedVersion !== undefined && askedVersion !== loginVersion)
      return {
        heard: noBytes,
        reply: Uint8Array.of(loginVersion, loginFailed),
        refusal: `a SOCKS5 login of version ${askedVersion} followed the greeting`,
      }
    const length = name === undefined ? undefined : this.#held[2 + name]
    if (name === undefined || length === undefined || this.#held.length < 3 + name + length) return undefined
    const heard = this.#take(3 + name + length)
    const given = {user: copyOf(heard, 2, 2 + name), password: copyOf(heard, 3 + name)}
    heard.fill(asterisk, 3 + name)
    this.#stage = 'request'
    if (isLogin(login, given)) return {heard, reply: Uint8Array.of(loginVersion, loginSucceeded)}
    return {
      heard,
      reply: Uint8Array.of(loginVersion, loginFailed),
      refusal: 'the SOCKS5 login has no right user name and password',
    }
  }

  /** Take bytes out of those that are held. */
  #take(count: number): Uint8Array {
    const taken = copyOf(this.#held, 0, count)
    this.#held = copyOf(this.#held, count)
    return taken
  }

  #request(overflow: Uint8Array): ProxyStep {
    const waiting: ProxyStep = {kind: 'wait', heard: noBytes, reply: noBytes}
    const [requestVersion, command, , type] = this.#held
    if (requestVersion !== undefined && requestVersion !== version)
      return this.#refuse(replies.failed, `a SOCKS request of version ${requestVersion} followed the greeting`)
    if (command !== undefined && command !== connectCommand)
      return this.#refuse(replies.command, `the SOCKS5 command is ${command}, and only CONNECT (1) is served`)
    if (type === undefined) return waiting
    const length = addressBytes(this.#held, 4, type)
    if (length === 0)
      return this.#refuse(replies.addressType, `the SOCKS5 address type is ${type}, which is not 1, 3 or 4`)
    if (length === undefined || this.#held.length < 4 + length + 2) return waiting
    const address = this.#held.subarray(4, 4 + length)
    const port = u16be(this.#held, 4 + length)
    const host =
      type === ipv4
        ? ipv4Text(address, 0)
        : type === ipv6
          ? ipv6Text(address, 0)
          : Buffer.from(address.subarray(1)).toString('latin1')
    this.#form = type === ipv4 ? 'ipv4' : type === ipv6 ? 'ipv6' : 'name'
    if (port === 0 || host === '') return this.#refuse(replies.failed, 'the SOCKS5 request names no host or port 0')
    if (!isPlainName(host))
      return this.#refuse(replies.failed, 'the name in the SOCKS5 request has a character that no name has')
    const rest = Uint8Array.from([...this.#held.subarray(4 + length + 2), ...overflow])
    const heard = Uint8Array.from([...this.#held, ...overflow])
    return {kind: 'connect', heard, reply: noBytes, destination: {host, port, form: this.#form}, rest}
  }

  #refuse(code: number, reason: string): ProxyStep {
    return {kind: 'refuse', heard: this.#held, reply: this.#reply(code, {host: '', port: 0}), reason}
  }

  connected(local: Address): Uint8Array {
    return this.#reply(replies.succeeded, local)
  }

  failed(cause: DialFailure): Uint8Array {
    return this.#reply(replyTo[cause], {host: '', port: 0})
  }

  /**
   * The bound address is given in the family of the request, as zeros if it is of the other family: c-toxcore reads
   * as many bytes as an address of its own request has.
   */
  #reply(code: number, {host, port}: Address): Uint8Array {
    const wide = this.#form === 'ipv6'
    const address = wide ? parseIpv6(host) : parseIpv4(plainAddress(host))
    const told = address ? port : 0
    return Uint8Array.of(
      version,
      code,
      0,
      wide ? ipv6 : ipv4,
      ...(address ?? new Uint8Array(wide ? 16 : 4)),
      told >> 8,
      told & 0xff,
    )
  }
}
