import type {Box} from '../../crypto/box.js'
import {limits} from '../../protocol/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import type {IpPort} from '../../wire/text/address.js'
import type {RelayModel} from './models.js'

/** Ids of the UDP packets that a relay sends for its clients, and of their answers. */
const udpIds = {onionRequest1: 0x81, onionResponse1: 0x8e, forwardRequest: 0x91, forwardReply: 0x92} as const

/**
 * First bytes of the onion responses that a relay passes on. c-toxcore since 0.2.19: the new announce response, too.
 * c-toxcore onion.c handle_recv_1; tox-rs InnerOnionResponse.
 */
const passedResponses: Readonly<Record<RelayModel, readonly number[]>> = {
  'c-toxcore': [0x84, 0x86, 0x88],
  'tox-rs': [0x84, 0x86],
}

/** Bytes of a connection's number in a return address. */
const numberBytes = 5
/** The return address of a forwarded packet has 45 bytes (nonce, MAC, number), as that of c-toxcore. */
const sendbackPlain = numberBytes
const sendbackBytes = limits.nonce + limits.mac + sendbackPlain
const onionReturnPlain = limits.onionReturn1 - limits.nonce - limits.mac

/** A datagram to send. */
export interface Datagram {
  readonly to: Pick<IpPort, 'ip' | 'port'>
  readonly bytes: Uint8Array
}

/** What a datagram brings for a client. */
export interface UdpAnswer {
  readonly connection: number
  readonly kind: 'onion_response' | 'forwarding'
  readonly data: Uint8Array
}

/**
 * UDP packets of a relay for onion requests and forward requests. Their return addresses are boxes that only this relay
 * opens, with the number of the client's connection.
 */
export class UdpPackets {
  readonly #box: Box
  readonly #key: Uint8Array
  readonly #random: (bytes: number) => Uint8Array
  readonly #passed: readonly number[]

  constructor(box: Box, random: (bytes: number) => Uint8Array, model: RelayModel) {
    this.#box = box
    this.#random = random
    this.#key = random(limits.sharedKey)
    this.#passed = passedResponses[model]
  }

  /** OnionRequest1 for the first node: the request without its address, and where its answer goes. */
  onion(
    connection: number,
    {
      nonce,
      ip_port: to,
      temporary_pk: pk,
      payload,
    }: Readonly<Record<'nonce' | 'temporary_pk' | 'payload', Uint8Array>> & {
      readonly ip_port: IpPort
    },
  ): Datagram {
    const back = this.#returnAddress(connection, onionReturnPlain)
    return {to, bytes: concatBytes([Uint8Array.of(udpIds.onionRequest1), nonce, pk, payload, back])}
  }

  forward(connection: number, to: IpPort, data: Uint8Array): Datagram {
    const back = this.#returnAddress(connection, sendbackPlain)
    return {to, bytes: concatBytes([Uint8Array.of(udpIds.forwardRequest, back.length), back, data])}
  }

  /** @returns undefined for a datagram that answers nothing of this relay, and for what it does not pass on. */
  answer(datagram: Uint8Array): UdpAnswer | undefined {
    if (datagram[0] === udpIds.onionResponse1) {
      const start = 1 + limits.onionReturn1
      const connection = this.#connectionIn(datagram.subarray(1, start), onionReturnPlain)
      const data = datagram.subarray(start)
      const isPassed = data.length > 0 && data.length <= limits.onionResponseMax && this.#passed.includes(data[0]!)
      return connection !== undefined && isPassed ? {connection, kind: 'onion_response', data} : undefined
    }
    if (datagram[0] !== udpIds.forwardReply || datagram[1] !== sendbackBytes) return undefined
    const start = 2 + sendbackBytes
    const connection = this.#connectionIn(datagram.subarray(2, start), sendbackPlain)
    const data = datagram.subarray(start)
    return connection !== undefined && data.length < limits.packet ? {connection, kind: 'forwarding', data} : undefined
  }

  #returnAddress(connection: number, size: number): Uint8Array {
    const plain = new Uint8Array(size)
    let left = connection
    for (let i = numberBytes - 1; i >= 0; i--) {
      plain[i] = left % 0x100
      left = Math.floor(left / 0x100)
    }
    const nonce = this.#random(limits.nonce)
    return concatBytes([nonce, this.#box.seal(plain, nonce, this.#key)])
  }

  #connectionIn(address: Uint8Array, size: number): number | undefined {
    if (address.length !== limits.nonce + limits.mac + size) return undefined
    const plain = new Uint8Array(size)
    const nonce = address.subarray(0, limits.nonce)
    const sealed = {bytes: address, start: limits.nonce, end: address.length}
    if (this.#box.open(sealed, nonce, this.#key, {bytes: plain, at: 0}) < 0) return undefined
    return plain.subarray(0, numberBytes).reduce((number, byte) => number * 0x100 + byte, 0)
  }
}
