import {ipv4Text, ipv6Text, parseIpv4, parseIpv6} from '../../wire/address.js'
import {socksRequest} from '../limits.js'
import type {Address} from './address.js'
import {plainAddress} from './address.js'
import type {Destination, DialFailure, ProxyRequest, ProxyStep} from './destination.js'

const version = 5
const noAuthentication = 0
const noneAcceptable = 0xff
const connectCommand = 1
const ipv4 = 1
const name = 3
const ipv6 = 4
const nothing = new Uint8Array()

const replies = {
  succeeded: 0,
  failed: 1,
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
  failed: replies.failed,
}

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

/**
 * SOCKS5 (RFC 1928): no authentication, CONNECT to IPv4, IPv6 or a name. A client may send its request without waiting
 * for the first reply.
 */
export class Socks5Request implements ProxyRequest {
  #held: Uint8Array = nothing
  #greeted = false
  #form: Destination['form'] = 'ipv4'

  receive(bytes: Uint8Array): ProxyStep {
    this.#held = Uint8Array.from([...this.#held, ...bytes.subarray(0, socksRequest)])
    const overflow = bytes.subarray(socksRequest)
    const greeting = this.#greeted ? nothing : this.#greet()
    if (!greeting) return {kind: 'wait', reply: nothing}
    if (greeting[1] === noneAcceptable)
      return {kind: 'refuse', reply: greeting, reason: 'the SOCKS5 client offers no method without authentication'}
    const step = this.#request(overflow)
    return {...step, reply: Uint8Array.from([...greeting, ...step.reply])}
  }

  /** The version and method reply, once the greeting is whole. */
  #greet(): Uint8Array | undefined {
    const count = this.#held[1]
    if (count === undefined || this.#held.length < 2 + count) return undefined
    const methods = this.#held.subarray(2, 2 + count)
    this.#held = this.#held.slice(2 + count)
    this.#greeted = true
    return Uint8Array.of(version, methods.includes(noAuthentication) ? noAuthentication : noneAcceptable)
  }

  #request(overflow: Uint8Array): ProxyStep {
    const [requestVersion, command, , type] = this.#held
    if (requestVersion !== undefined && requestVersion !== version)
      return this.#refuse(replies.failed, `a SOCKS request of version ${requestVersion} followed the greeting`)
    if (command !== undefined && command !== connectCommand)
      return this.#refuse(replies.command, `the SOCKS5 command is ${command}, and only CONNECT (1) is served`)
    if (type === undefined) return {kind: 'wait', reply: nothing}
    const length = addressBytes(this.#held, 4, type)
    if (length === 0)
      return this.#refuse(replies.addressType, `the SOCKS5 address type is ${type}, which is not 1, 3 or 4`)
    if (length === undefined || this.#held.length < 4 + length + 2) return {kind: 'wait', reply: nothing}
    const address = this.#held.subarray(4, 4 + length)
    const port = (this.#held[4 + length]! << 8) | this.#held[4 + length + 1]!
    const host =
      type === ipv4
        ? ipv4Text(address, 0)
        : type === ipv6
          ? ipv6Text(address, 0)
          : Buffer.from(address.subarray(1)).toString('latin1')
    this.#form = type === ipv4 ? 'ipv4' : type === ipv6 ? 'ipv6' : 'name'
    if (port === 0 || host === '') return this.#refuse(replies.failed, 'the SOCKS5 request names no host or port 0')
    const rest = Uint8Array.from([...this.#held.subarray(4 + length + 2), ...overflow])
    return {kind: 'connect', reply: nothing, destination: {host, port, form: this.#form}, rest}
  }

  #refuse(code: number, reason: string): ProxyStep {
    return {kind: 'refuse', reply: this.#reply(code, {host: '', port: 0}), reason}
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
