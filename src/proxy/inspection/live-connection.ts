import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {SessionKey} from '../../session/connection/session-keys.js'
import type {ToxConnection} from '../../session/connection/tox-connection.js'
import {ToxDetector} from '../../session/recognition/tox-detector.js'
import type {Ends, SessionRecord} from '../../session/record.js'
import type {Endpoint, Time} from '../../wire/chunk.js'
import {fieldOf} from '../../wire/window.js'
import {InterceptAnnotations, type SuppressedPacket} from '../intercept/annotations.js'
import {heldPackets} from '../limits.js'
import type {ForwardCause} from '../net/forward-options.js'
import type {ProxyEvent} from './proxy-event.js'

/** A connection's client leg, once it is known to be Tox. */
export interface Leg {
  /** Counts Tox connections, from 0. */
  readonly id: number
  readonly ends: Ends
  readonly connection: ToxConnection
}

/** What is known of one connection through the proxy while it lasts. */
export class LiveConnection {
  readonly opened: Extract<ProxyEvent, {kind: 'opened'}>
  /** Until it is decided whether the connection is Tox. */
  recogniser: ToxDetector | undefined
  readonly marks = new InterceptAnnotations()
  leg: Leg | undefined
  /** The line that opens its frames. */
  session: TcpSessionItem | undefined
  isLogged = false
  /** How often its key was looked for in logs. */
  looks = 0
  /** Set if the proxy itself ended it. */
  endedBy: ForwardCause | undefined
  readonly #nonces: [Uint8Array | null, Uint8Array | null] = [null, null]
  #connected: Extract<ProxyEvent, {kind: 'connected'}> | undefined
  #held: {readonly packet: SuppressedPacket; readonly time: Time}[] = []

  /** @param isTox whatever it looks like. */
  constructor(opened: Extract<ProxyEvent, {kind: 'opened'}>, isTox: boolean) {
    this.opened = opened
    this.recogniser = new ToxDetector(() => ({hasSyn: true, isTox: isTox || this.session !== undefined, relayEnd: 1}))
  }

  reached(connected: Extract<ProxyEvent, {kind: 'connected'}>): void {
    this.#connected = connected
  }

  /** The relay as it was reached; before that, where the client connected to. */
  get relay(): Endpoint {
    return this.#connected?.relay ?? this.opened.listener
  }

  /** As the client, or the user, named it. */
  get destination(): Extract<ProxyEvent, {kind: 'connected'}>['destination'] | undefined {
    return this.#connected?.destination
  }

  ending(cause: ForwardCause): void {
    this.endedBy ??= cause
  }

  /** Keep a packet until it is known whether the connection is Tox. */
  hold(packet: SuppressedPacket, time: Time): void {
    if (this.#held.length < heldPackets) this.#held.push({packet, time})
  }

  takeHeld(): {readonly packet: SuppressedPacket; readonly time: Time}[] {
    return this.#held.splice(0)
  }

  /** Notes what a record says of nonces. */
  heard({kind, from, window}: SessionRecord): void {
    const side = from === 'client' ? 0 : 1
    if (kind !== 'handshake' || !window) return
    const nonce = fieldOf(window, 'nonce')
    if (nonce instanceof Uint8Array) this.#nonces[side] = nonce.slice()
  }

  /** The key log line of the key that opened its frames. */
  openedWith(key: SessionKey | undefined): TcpSessionItem | undefined {
    if (!key) return undefined
    const [clientNonce, relayNonce] = this.#nonces
    const [clientBaseNonce, relayBaseNonce] = key.bases
    return {kind: 'tcp_session', clientNonce, relayNonce, sharedKey: key.key, clientBaseNonce, relayBaseNonce}
  }
}
