import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {SessionKey} from '../../session/connection/opening/session-keys.js'
import type {ToxConnection} from '../../session/connection/tox-connection.js'
import type {Ends, SessionRecord} from '../../session/record.js'
import {copyOf} from '../../wire/bytes.js'
import type {Endpoint, Time} from '../../wire/chunk.js'
import {fieldOf} from '../../wire/window.js'
import type {Address} from '../explicit/address.js'
import {InterceptAnnotations, type SuppressedPacket} from '../intercept/annotations.js'
import {heldPackets} from '../limits.js'
import {ProxiedDetector} from './proxied-detector.js'
import type {EndingCause, ProxyEvent} from './proxy-event.js'

/** The client's leg of a connection that is known to be Tox. */
export interface Leg {
  /** Counts Tox connections, from 0. */
  readonly id: number
  readonly ends: Ends
  readonly connection: ToxConnection
}

/** State of one open connection through the proxy. */
export class LiveConnection {
  readonly opened: Extract<ProxyEvent, {kind: 'opened'}>
  /** Until it is decided whether the connection is Tox. */
  detector: ProxiedDetector | undefined
  readonly annotations = new InterceptAnnotations()
  leg: Leg | undefined
  /** Name of the protocol that it is instead of Tox, if that was recognised. */
  protocol: string | undefined
  /** Key log entry that opens its frames. */
  session: TcpSessionItem | undefined
  isLogged = false
  /** Why the proxy itself ended the connection; undefined if a peer did. */
  endedBy: EndingCause | undefined
  readonly #nonces: [Uint8Array | null, Uint8Array | null] = [null, null]
  #connected: Extract<ProxyEvent, {kind: 'connected'}> | undefined
  #held: {readonly packet: SuppressedPacket; readonly time: Time}[] = []

  /** @param isTox true: take it for Tox, whatever the bytes are. */
  constructor(opened: Extract<ProxyEvent, {kind: 'opened'}>, isTox: boolean) {
    this.opened = opened
    this.detector = new ProxiedDetector(() => ({isTox: isTox || this.session !== undefined}))
  }

  reached(connected: Extract<ProxyEvent, {kind: 'connected'}>): void {
    this.#connected = connected
    this.detector?.reached()
  }

  /** The relay's address; before it is reached, the address that the client connected to. */
  get relay(): Endpoint {
    return this.#connected?.relay ?? this.opened.listener
  }

  /** The destination that the client named in its request, once it is reached; undefined if it named none. */
  get requested(): Address | undefined {
    const connected = this.#connected
    return connected?.via === 'socks5' || connected?.via === 'http' ? connected.destination : undefined
  }

  /** Whether the embedded relay serves it. */
  get isEmbedded(): boolean {
    return this.#connected?.via === 'embedded'
  }

  ending(cause: EndingCause): void {
    this.endedBy ??= cause
  }

  /** Hold a packet back until it is known whether the connection is Tox. */
  hold(packet: SuppressedPacket, time: Time): void {
    if (this.#held.length < heldPackets) this.#held.push({packet, time})
  }

  takeHeld(): {readonly packet: SuppressedPacket; readonly time: Time}[] {
    return this.#held.splice(0)
  }

  /** Remember the nonce of a handshake's record. */
  heard({kind, from, window}: SessionRecord): void {
    const side = from === 'client' ? 0 : 1
    if (kind !== 'handshake' || !window) return
    const nonce = fieldOf(window, 'nonce')
    if (nonce instanceof Uint8Array) this.#nonces[side] = copyOf(nonce)
  }

  /** Key log entry for the key that opened the frames. */
  openedWith(key: SessionKey | undefined): TcpSessionItem | undefined {
    if (!key) return undefined
    const [clientNonce, relayNonce] = this.#nonces
    const [clientBaseNonce, relayBaseNonce] = key.bases
    return {kind: 'tcp_session', clientNonce, relayNonce, sharedKey: key.key, clientBaseNonce, relayBaseNonce}
  }
}
