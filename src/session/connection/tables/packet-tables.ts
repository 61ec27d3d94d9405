import {at, type Finding, finding, joined, noFindings} from '../../../expert/finding.js'
import type {SlotEvent} from '../../../protocol/lifecycle.js'
import {limits} from '../../../protocol/limits.js'
import {oobReceive} from '../../../protocol/packets/oob-receive.js'
import {oobSend} from '../../../protocol/packets/oob-send.js'
import {cookieRequest} from '../../../protocol/payloads/cookie-request.js'
import {innerWindow, isPacket} from '../../../protocol/table.js'
import {isEqualBytes} from '../../../wire/bytes.js'
import type {Time} from '../../../wire/chunk.js'
import {offsetOf} from '../../../wire/packet.js'
import {otherSide, type Side} from '../../../wire/side.js'
import {fieldOf, type Window} from '../../../wire/window.js'
import type {HandshakeFacts} from '../opening/session-keys.js'
import {PeerEvidence} from '../peer-evidence.js'
import {Pings, pingUnanswered} from './pings.js'
import {ofHandshake, Reactions} from './reactions.js'
import {Routes} from './routes.js'
import {nothingFollows, type TableResult} from './table-result.js'

/** Real peers count whole seconds, and so close a little before or after the limit. */
const patienceSeconds = limits.pingTimeout - 0.6

/** Payloads that a c-toxcore client takes out of band only from a peer with a route. */
const needsRoute: ReadonlySet<string> = new Set(['cookie_response', 'crypto_data', 'gc_lossless', 'gc_lossy'])

/** What data without payload is, by the state of its id. */
const emptyRules = {
  free: 'data-empty-offline',
  registered: 'data-empty-offline',
  online: 'data-empty-online',
  unknown: 'data-empty-unseen',
} as const

/** Real peers count whole seconds, and so leave up to one before the limit. */
const unusedMicros = (limits.unusedRelay - 1) * 1_000_000

/** What one connection's packets mean one after the other: connection ids, routes, pings. */
export class PacketTables {
  readonly #reactions = new Reactions()
  readonly evidence = new PeerEvidence(this.#reactions)
  readonly #routes: Routes
  /** Pings sent by the client, by the relay. */
  readonly #pings: readonly [Pings, Pings]
  #clientPackets: number
  #relayPackets: number
  #isRequestUnanswered = false
  /** Everything of the connection was seen. */
  #sawAll: boolean
  /** Whether all that matters to the packet at hand was seen, in its place. */
  #seesAll = true
  /** Times of the client's latest onion request and route request. */
  #onionRequested: Time | null = null
  #routeRequested: Time | null = null
  readonly #facts: Pick<HandshakeFacts, 'clientPk'>

  /**
   * @param fromStart false: the stream began in the middle.
   * @param facts have the client's key, once its handshake was seen.
   */
  constructor(fromStart: boolean, facts: Pick<HandshakeFacts, 'clientPk'>) {
    this.#facts = facts
    this.#routes = new Routes(fromStart, this.#reactions)
    this.#pings = [new Pings(fromStart), new Pings(fromStart)]
    this.#sawAll = fromStart
    this.#clientPackets = fromStart ? 0 : 1
    this.#relayPackets = fromStart ? 0 : 1
    if (!fromStart) this.evidence.miss()
  }

  /** Nonce offset of a side's latest frame that the other side has shown to have read; see {@link Reactions}. */
  readTo(side: Side): number {
    return this.#reactions.latest(side)
  }

  /** Something was not seen. */
  forget(): void {
    this.evidence.miss()
    this.#routes.forget()
    for (const pings of this.#pings) pings.forget()
    this.#sawAll = false
    this.#clientPackets = 1
    this.#relayPackets = 1
  }

  /**
   * The next packet.
   * @param index nonce offset of its frame.
   * @param seesAll false where packets of the other side may not have been seen in their place.
   */
  packet(window: Window, side: Side, time: Time | null, index: number, seesAll = true): TableResult {
    this.#seesAll = seesAll
    this.#reactions.to(otherSide(side), ofHandshake)
    const before = joined(this.#pings[otherSide(side)].check(time), this.#checkPlace(window, side))
    const result = this.#byType(window, side, time, index)
    return before.length === 0 ? result : {inferred: result.inferred, findings: joined(before, result.findings)}
  }

  #checkPlace({type}: Window, side: Side): readonly Finding[] {
    if (side === 1) {
      if (this.#routes.unanswered > 0 && type.name !== 'route_response') this.#isRequestUnanswered = true
      const isFirst = this.#relayPackets++ === 0 && this.#clientPackets === 0
      return isFirst ? [finding('relay-speaks-first', {})] : noFindings
    }
    const isFirst = this.#clientPackets++ === 0
    return isFirst && type.name !== 'ping_request' ? [finding('first-not-ping', {})] : noFindings
  }

  #byType(window: Window, side: Side, time: Time | null, index: number): TableResult {
    switch (window.type.name) {
      case 'onion_request':
        this.#onionRequested = time
        return nothingFollows
      case 'route_request':
        this.#routeRequested = time
        this.#isRequestUnanswered = false
        return this.#routeRequest(window, side, index)
      case 'route_response':
        return side === 1 ? this.#routeResponse(window) : nothingFollows
      case 'connect_notification':
        return side === 1 ? this.#notification(window, 'connect<', index, time) : nothingFollows
      case 'disconnect_notification':
        return this.#notification(window, side === 0 ? 'disconnect>' : 'disconnect<', index, time)
      case 'data':
        return this.#data(window, side, index, time)
      case 'ping_request': {
        const id = bytesOf(window, 'ping_id')
        if (id) this.#pings[side].ping(id, time, index)
        return nothingFollows
      }
      case 'pong_response': {
        const id = bytesOf(window, 'ping_id')
        return id ? this.#pong(id, side, time) : nothingFollows
      }
      case 'oob_send':
        return side === 0 ? this.#oobSend(window) : nothingFollows
      case 'oob_receive':
        return side === 1 ? found(this.#oobReceive(window)) : nothingFollows
      default:
        return nothingFollows
    }
  }

  #routeRequest(window: Window, side: Side, index: number): TableResult {
    const pk = side === 0 && bytesOf(window, 'pk')
    return pk ? found(this.#routes.request(pk, this.#facts.clientPk, index)) : nothingFollows
  }

  #routeResponse(window: Window): TableResult {
    const pk = bytesOf(window, 'pk')
    return pk ? found(this.#routes.response(window.bytes[window.start + 1]!, pk)) : nothingFollows
  }

  #pong(id: Uint8Array, side: Side, time: Time | null): TableResult {
    const result = this.#pings[otherSide(side)].pong(id, time)
    const index = result.inferred?.roundTrip?.index
    if (index !== undefined && index !== null) this.#reactions.to(otherSide(side), index)
    return result
  }

  #notification(window: Window, event: SlotEvent, index: number, time: Time | null): TableResult {
    const at = window.start + 1
    return at < window.end ? this.#routes.event(window.bytes[at]!, event, index, time) : nothingFollows
  }

  #data(window: Window, side: Side, index: number, time: Time | null): TableResult {
    const id = window.bytes[window.start]!
    const isEmpty = side === 0 && window.end - window.start === 1
    const state = isEmpty && this.#seesAll ? this.#routes.stateOf(id) : 'unknown'
    const result = this.#routes.event(id, side === 0 ? 'data>' : 'data<', index, time)
    if (!isEmpty) return result
    const empty = finding(emptyRules[state], {id})
    return {inferred: result.inferred, findings: [empty, ...result.findings]}
  }

  #oobSend(window: Window): TableResult {
    const destination = bytesOf(window, 'destination_pk')
    if (!destination) return nothingFollows
    const {clientPk} = this.#facts
    const isOwn = clientPk !== null && isEqualBytes(destination, clientPk)
    const toSelf = isOwn ? [finding('oob-to-self', {}, at(oobSend, 'destination_pk'))] : noFindings
    const id = this.#routes.onlineId(destination)
    const online = id === undefined ? noFindings : [finding('oob-while-online', {id}, at(oobSend, 'destination_pk'))]
    return found(joined(toSelf, online))
  }

  /**
   * A c-toxcore client treats data from a peer that has a route at this relay like data of a connection id. Without
   * a route it acts only on packets that begin a session, and on a cookie request only if its DHT key is the
   * sender's key.
   */
  #oobReceive(window: Window): readonly Finding[] {
    const inner = innerWindow(window)
    const sender = bytesOf(window, 'sender_pk')
    if (!inner || !sender || this.#routes.routeTo(sender) !== 'none') return noFindings
    const place = offsetOf(oobReceive, 'data')
    if (needsRoute.has(inner.type.name))
      return [finding('oob-kind-without-route', {title: inner.type.title}, {range: [place, place + 1]})]
    const pk = isPacket(inner, 'cookie_request') && fieldOf(inner, 'pk')
    return pk && !isEqualBytes(sender, pk)
      ? [finding('oob-cookie-request-key', {}, at(cookieRequest, 'pk', place))]
      : noFindings
  }

  /** The connection is over. @param closer the side that ended it, at this time; null: unknown. */
  end(closer: Side | null, time: Time | null): readonly Finding[] {
    const waits = closer === null ? null : this.#pings[closer].unanswered(time)
    const ping = waits && waits.seconds >= patienceSeconds ? [pingUnanswered(waits)] : noFindings
    const count = this.#routes.unanswered
    const isUnanswered = this.#isRequestUnanswered && count > 0
    const silence = isUnanswered ? [...ping, finding('route-unanswered', {count})] : ping
    const hasPackets = this.#clientPackets + this.#relayPackets > 0
    const mayHaveLeft = closer === 0 && ping.length === 0 && this.#sawAll && hasPackets
    return mayHaveLeft ? [...silence, finding('client-left', {why: this.#reasonsToLeave(time)})] : silence
  }

  /**
   * Ordinary reasons that a client may have to leave its relay at this time. A c-toxcore client that has asked for a
   * friend waits for it; a relay at which it has asked for none it leaves at once.
   */
  #reasonsToLeave(time: Time | null): string {
    const quits = 'the client may have quit'
    if (!time || this.evidence.peers.client === 'tox_rs') return quits
    const isRecent = (past: Time | null) => past !== null && time.micros - past.micros < unusedMicros
    if (isRecent(this.#routeRequested)) return quits
    if (this.#routes.areOnline) return `${quits}, or reaches all of its friends over UDP`
    return isRecent(this.#onionRequested) ? quits : `${quits}, or has enough other relays and does not use this one`
  }
}

const found = (findings: readonly Finding[]): TableResult =>
  findings.length === 0 ? nothingFollows : {inferred: null, findings}

/** A field of bytes; undefined where the packet ends before it. */
const bytesOf = (window: Window, name: string): Uint8Array | undefined =>
  fieldOf(window, name) as Uint8Array | undefined
