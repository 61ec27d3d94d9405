import {type Finding, finding} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {compareBytes} from '../../wire/bytes.js'
import type {Time} from '../../wire/chunk.js'
import {otherSide, type Side} from '../../wire/side.js'
import {fieldOf, type Window} from '../../wire/window.js'
import type {Inferred} from '../record.js'
import {Pings, pingUnanswered} from './pings.js'
import {Routes} from './routes.js'

type Raise = (found: Finding) => void

/** Real peers count whole seconds, and so close a little before or after the limit. */
const patienceSeconds = limits.pingTimeout - 0.6

/** What one connection's packets mean one after the other: connection ids, routes, pings. */
export class PacketTables {
  readonly #routes: Routes
  /** Pings sent by the client, by the relay. */
  readonly #pings: readonly [Pings, Pings]
  #clientPackets: number
  #isRequestUnanswered = false
  /** The client's key, once its handshake was seen. */
  ownPk: Uint8Array | null = null

  constructor(fromStart: boolean) {
    this.#routes = new Routes(fromStart)
    this.#pings = [new Pings(fromStart), new Pings(fromStart)]
    this.#clientPackets = fromStart ? 0 : 1
  }

  /** Something was not seen. */
  forget(): void {
    this.#routes.forget()
    for (const pings of this.#pings) pings.forget()
    this.#clientPackets = 1
  }

  /** @returns what follows from the packet and those before it. */
  packet(window: Window, side: Side, time: Time | null, index: number, raise: Raise): Inferred | null {
    this.#pings[otherSide(side)].check(time, raise)
    if (side === 0 && this.#clientPackets++ === 0 && window.type.name !== 'ping_request')
      raise(finding('first-not-ping', {}))
    if (side === 1 && this.#routes.unanswered > 0 && window.type.name !== 'route_response')
      this.#isRequestUnanswered = true
    return this.#byType(window, side, time, index, raise)
  }

  #byType(window: Window, side: Side, time: Time | null, index: number, raise: Raise): Inferred | null {
    switch (window.type.name) {
      case 'route_request':
        if (side === 0) withField(window, 'pk', (pk: Uint8Array) => this.#routes.request(pk, this.ownPk, raise))
        this.#isRequestUnanswered = false
        return null
      case 'route_response':
        if (side === 1)
          withField(window, 'pk', (pk: Uint8Array) => this.#routes.response(window.bytes[window.start + 1]!, pk, raise))
        return null
      case 'connect_notification':
        return side === 1 ? this.#slotEvent(window, 'connect<', 1, raise) : null
      case 'disconnect_notification':
        return this.#slotEvent(window, side === 0 ? 'disconnect>' : 'disconnect<', 1, raise)
      case 'data':
        return this.#data(window, side, raise)
      case 'ping_request':
        withField(window, 'ping_id', (id: Uint8Array) => this.#pings[side].ping(id, time, index))
        return null
      case 'pong_response':
        return (
          withField(window, 'ping_id', (id: Uint8Array) => this.#pings[otherSide(side)].pong(id, time, raise)) ?? null
        )
      case 'oob_send':
        if (side === 0) withField(window, 'destination_pk', (pk: Uint8Array) => this.#oob(pk, raise))
        return null
      case 'oob_receive':
        if (side === 1) checkCookieRequest(window, raise)
        return null
      default:
        return null
    }
  }

  #slotEvent(
    window: Window,
    event: 'connect<' | 'disconnect<' | 'disconnect>',
    at: number,
    raise: Raise,
  ): Inferred | null {
    const id = window.bytes[window.start + at]
    if (id === undefined || window.start + at >= window.end) return null
    const peer = this.#routes.peerOf(id)
    this.#routes.event(id, event, raise)
    return peer === undefined ? null : {peer}
  }

  #data(window: Window, side: Side, raise: Raise): Inferred | null {
    const id = window.bytes[window.start]!
    const peer = this.#routes.peerOf(id)
    if (side === 0 && window.end - window.start === 1) {
      raise(finding(this.#routes.stateOf(id) === 'online' ? 'data-empty-online' : 'data-empty', {id}))
    }
    this.#routes.event(id, side === 0 ? 'data>' : 'data<', raise)
    return peer === undefined ? null : {peer}
  }

  #oob(destination: Uint8Array, raise: Raise): void {
    if (this.ownPk && compareBytes(destination, this.ownPk) === 0) raise(finding('oob-to-self', {}, {range: [1, 33]}))
    const id = this.#routes.onlineId(destination)
    if (id !== undefined) raise(finding('oob-while-online', {id}, {range: [1, 33]}))
  }

  /** The connection is over. closer: the side that ended it, at this time. */
  end(closer: Side | null, time: Time | null, raise: Raise): void {
    const waits = closer === null ? null : this.#pings[closer].unanswered(time)
    if (waits && waits.seconds >= patienceSeconds) raise(pingUnanswered(waits))
    if (this.#isRequestUnanswered && this.#routes.unanswered > 0)
      raise(finding('route-unanswered', {count: this.#routes.unanswered}))
  }
}

function withField<V, R>(window: Window, name: string, use: (value: V) => R): R | undefined {
  const value = fieldOf(window, name)
  return value === undefined ? undefined : use(value as V)
}

/** c-toxcore answers a cookie request out of band only if its DHT key is the sender's key at the relay. */
function checkCookieRequest(window: Window, raise: Raise): void {
  const {bytes, start} = window
  const data = start + 33
  if (window.end - data < 33 || bytes[data] !== 0x18) return
  if (compareBytes(bytes.subarray(start + 1, start + 33), bytes.subarray(data + 1, data + 33)) !== 0) {
    raise(finding('oob-cookie-request-key', {}, {range: [34, 66]}))
  }
}
