import type {Keyring, RingPair} from '../crypto/keyring.js'
import {isLastEnd, type SessionRecord} from '../session/record.js'
import {compareBytes} from '../wire/bytes.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {countText} from '../wire/text.js'
import {fieldOf} from '../wire/window.js'
import {comparedKeys, sealedConnections} from './limits.js'

/** What is known of a connection of which something stayed sealed. */
interface SealedConnection {
  frames: number
  handshakes: number
  hasOpened: boolean
  isClientOpen: boolean
  isRelayOpen: boolean
  /** The key that was given for it does not open its frames. */
  isMisfit: boolean
  clientPk: Uint8Array | null
  clientNonce: Uint8Array | null
  relayNonce: Uint8Array | null
}

/** Nothing that a missing key explains: session keys open frames, and no handshake. */
const isUnremarkable = ({frames, handshakes, hasOpened}: SealedConnection): boolean =>
  frames === 0 && (hasOpened || handshakes === 0)

interface SealedCount {
  frames: number
  handshakes: number
}

/** Counts what stayed sealed in a run, and says why. */
export class SealedReport {
  readonly #connections = new Map<number | null, SealedConnection>()
  /** What is counted of connections beyond the limit, by the reason that was known by then. */
  readonly #counted = new Map<string, SealedCount>()
  readonly #keyring: Keyring
  /** A key of the ring that was given as a secret key and is a public one, and the size of the ring at that look. */
  #publicKey: RingPair | undefined
  #comparedSize = 0
  readonly #doubts: readonly string[]

  /** @param doubts about the key files: what may keep their keys from opening anything. */
  constructor(keyring: Keyring, doubts: readonly string[]) {
    this.#keyring = keyring
    this.#doubts = doubts
  }

  add(record: SessionRecord): void {
    const {kind, state, findings, connection: number} = record
    if (isLastEnd(record)) this.#forgetOpened(number)
    else if (kind === 'handshake') this.#addHandshake(record)
    else if (kind === 'frame' && state === 'open') this.#of(record).hasOpened = true
    else if (kind === 'frame' && state !== 'plain') {
      const connection = this.#of(record)
      connection.isMisfit ||= findings.some(({code}) => code === 'key-does-not-fit')
      // Damaged frames have findings of their own.
      if (findings.some(({code}) => code === 'frame-sealed') || connection.isMisfit) connection.frames++
    }
  }

  /** One line; undefined where all is open. */
  get sentence(): string | undefined {
    const byReason = new Map([...this.#counted].map(([reason, count]) => [reason, {...count}]))
    for (const connection of this.#connections.values()) this.#count(connection, byReason)
    const parts = [...byReason].map(([reason, {frames, handshakes}]) => {
      const what = [
        ...(frames > 0 ? [countText(frames, 'frame')] : []),
        ...(handshakes > 0 ? [countText(handshakes, 'handshake')] : []),
      ].join(' and ')
      return `${what} stayed sealed: ${reason}`
    })
    return parts.length > 0 ? parts.join('; ') : undefined
  }

  #count(connection: SealedConnection, byReason: Map<string, SealedCount>): void {
    if (isUnremarkable(connection)) return
    const reason = this.#reason(connection)
    if (reason === undefined) return
    const sum = byReason.get(reason) ?? {frames: 0, handshakes: 0}
    byReason.set(reason, sum)
    sum.frames += connection.frames
    if (connection.frames === 0) sum.handshakes += connection.handshakes
  }

  /** Nothing more comes of a connection: without anything sealed there is nothing to say about it. */
  #forgetOpened(number: number | null): void {
    const connection = this.#connections.get(number)
    if (connection && isUnremarkable(connection)) this.#connections.delete(number)
  }

  #of({connection}: SessionRecord): SealedConnection {
    const known = this.#connections.get(connection)
    if (known) return known
    const made: SealedConnection = {
      frames: 0,
      handshakes: 0,
      hasOpened: false,
      isClientOpen: false,
      isRelayOpen: false,
      isMisfit: false,
      clientPk: null,
      clientNonce: null,
      relayNonce: null,
    }
    this.#connections.set(connection, made)
    if (this.#connections.size > sealedConnections) this.#countOldest()
    return made
  }

  #countOldest(): void {
    for (const [number, connection] of this.#connections) {
      this.#connections.delete(number)
      this.#count(connection, this.#counted)
      return
    }
  }

  #addHandshake(record: SessionRecord): void {
    const {from, state, window} = record
    const connection = this.#of(record)
    const isOpen = state === 'open'
    const nonce = window && fieldOf(window, 'nonce')
    if (!isOpen) connection.handshakes++
    if (from === 'client') {
      connection.isClientOpen = isOpen
      const pk = window && fieldOf(window, 'pk')
      // Copies: a record is borrowed.
      if (pk instanceof Uint8Array) connection.clientPk = pk.slice()
      if (nonce instanceof Uint8Array) connection.clientNonce = nonce.slice()
    } else {
      connection.isRelayOpen = isOpen
      if (nonce instanceof Uint8Array) connection.relayNonce = nonce.slice()
    }
  }

  /** @returns undefined where what was seen does not tell. */
  #reason(connection: SealedConnection): string | undefined {
    const {frames, isMisfit, isClientOpen, isRelayOpen, clientPk, clientNonce, relayNonce, hasOpened} = connection
    const keyring = this.#keyring
    if (keyring.size === 0) return 'no key was given (--keylog, --key)'
    if (isMisfit) return 'the key that was given for the connection does not open them'
    if (hasOpened) return 'others of the same connection opened, these did not'
    const lines = keyring.tcpSessions(clientNonce, relayNonce)
    const named = lines.filter(
      line => (line.clientNonce !== null && clientNonce !== null) || (line.relayNonce !== null && relayNonce !== null),
    )
    if (frames > 0 && named.some(line => line.clientBaseNonce === null || line.relayBaseNonce === null))
      return 'the shared key is known, and the base nonce is missing: a key that opens the handshakes shows it'
    if (frames > 0 && named.length > 0) return 'the line of the key log for the connection does not open them'
    if (isClientOpen && isRelayOpen)
      return 'the session key is missing: a key log has it, or the secret key of a session'
    if (clientPk && keyring.secretKey(clientPk))
      return keyring.relayKeys().next().done
        ? "the client's secret key is there, and --relay-pk is missing"
        : "the client's secret key is there, and no public key of a relay that was given fits"
    const publicKey = this.#publicKeyGiven(clientPk)
    const reasons = [...(publicKey === undefined ? [] : [publicKey]), ...this.#doubts]
    if (reasons.length > 0) return reasons.join('; ')
    const hasLines = keyring.tcpSessions(null, null, 1).length > 0
    // The session keys of a key log open frames and no handshake.
    if (hasLines && frames === 0) return undefined
    if (hasLines && (clientNonce || relayNonce)) return 'the key log belongs to other sessions'
    return keyring.size === 1 ? '1 key was tried, and does not fit' : `${keyring.size} keys were tried, and none fits`
  }

  /** Names the source of a public key that was given as a secret one. */
  #publicKeyGiven(clientPk: Uint8Array | null): string | undefined {
    const pairs = this.#keyring.secretKeys().slice(0, comparedKeys)
    if (this.#comparedSize !== this.#keyring.size) {
      const known = new Set(
        [...this.#keyring.relayKeys(), ...pairs.map(({publicKey}) => publicKey)].map(key => toHex(key)),
      )
      this.#publicKey = pairs.find(({secretKey}) => known.has(toHex(secretKey)))
      this.#comparedSize = this.#keyring.size
    }
    const wrong =
      this.#publicKey ?? (clientPk && pairs.find(({secretKey}) => compareBytes(secretKey, clientPk) === 0)) ?? undefined
    return wrong && `the key from ${wrong.source} is a public key, not a secret one`
  }
}
