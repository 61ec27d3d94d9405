import type {Keyring} from '../crypto/keyring/keyring.js'
import type {RingPair} from '../crypto/keyring/secret-keys.js'
import {isLastEnd, type SessionRecord} from '../session/record.js'
import {copyOf, isEqualBytes} from '../wire/bytes.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {countText, groupedCount} from '../wire/text/phrases.js'
import {fieldOf} from '../wire/window.js'
import {comparedKeys, sealedConnections} from './limits.js'

/** What stayed sealed for one reason. */
interface SealedCount {
  readonly frames: number
  readonly handshakes: number
}

/** What is known of a connection of which something stayed sealed. */
interface SealedConnection {
  frames: number
  handshakes: number
  hasOpened: boolean
  isClientOpen: boolean
  isRelayOpen: boolean
  /** The key that was given for it does not open its frames. */
  isMisfit: boolean
  /** Sealed frames that came when others had opened. */
  laterFrames: number
  /** Version of the keyring at the last sealed frame. */
  keysVersion: number
  clientPk: Uint8Array | null
  clientNonce: Uint8Array | null
  relayNonce: Uint8Array | null
}

/** Nothing that a missing key explains: session keys open frames, and no handshake. */
const isUnremarkable = ({frames, handshakes, hasOpened}: SealedConnection): boolean =>
  frames === 0 && (hasOpened || handshakes === 0)

/**
 * Why no key of a `.tox` save opened anything.
 * @param named number of sealed boxes that name one of its keys.
 * @param boxes number of boxes of the kinds that its keys open.
 */
function whyUnused(named: number, boxes: number): string {
  if (named > 0)
    return `${countText(named, 'box names', 'boxes name')} its key, and no public key that is known is the other half`
  if (boxes === 0) return 'no packet that could be read has a box for an identity or a group'
  return `its keys fit none of the ${groupedCount(boxes, 'box', 'boxes')} sealed for an identity or a group`
}

/** Counts what stayed sealed in a run, and says why. */
export class SealedReport {
  readonly #connections = new Map<number | null, SealedConnection>()
  /** Counts by reason for connections that are not held any more. */
  readonly #settled = new Map<string, SealedCount>()
  readonly #keyring: Keyring
  /** A public key that was given as a secret one, and the size of the ring when its keys were compared. */
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
      if (findings.some(({code}) => code === 'frame-sealed') || connection.isMisfit) {
        connection.frames++
        if (connection.hasOpened) connection.laterFrames++
        connection.keysVersion = this.#keyring.version
      }
    }
  }

  /** One line: what stayed sealed, and which `.tox` saves opened nothing; undefined where there is nothing to say. */
  get sentence(): string | undefined {
    const {sealed} = this
    const parts = [...(sealed === undefined ? [] : [sealed]), ...this.#unusedSaves(sealed)]
    return parts.length > 0 ? parts.join('; ') : undefined
  }

  /** Which `.tox` saves opened nothing, in one line; undefined where each opened something. */
  get saves(): string | undefined {
    const parts = this.#unusedSaves(undefined)
    return parts.length > 0 ? parts.join('; ') : undefined
  }

  /** @param said a sentence that may have said it of a save. */
  #unusedSaves(said: string | undefined): string[] {
    const {saves} = this.#keyring
    return saves.unused.flatMap(({name, named}) =>
      said?.includes(`${name} is a .tox save`) ? [] : [`${name} opened nothing: ${whyUnused(named, saves.boxes)}`],
    )
  }

  /** What stayed sealed; undefined where all is open. */
  get sealed(): string | undefined {
    const byReason = new Map(this.#settled)
    for (const {clientPk} of this.#connections.values()) this.#findPublicKey(clientPk)
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
    const {frames, handshakes} = connection
    const reason = this.#reason(connection)
    if (reason === undefined) return
    const sum = byReason.get(reason) ?? {frames: 0, handshakes: 0}
    byReason.set(reason, {
      frames: sum.frames + frames,
      handshakes: sum.handshakes + (frames === 0 ? handshakes : 0),
    })
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
      laterFrames: 0,
      keysVersion: 0,
      clientPk: null,
      clientNonce: null,
      relayNonce: null,
    }
    this.#connections.set(connection, made)
    if (this.#connections.size > sealedConnections) this.#settleOldest()
    return made
  }

  #settleOldest(): void {
    for (const [number, oldest] of this.#connections) {
      this.#count(oldest, this.#settled)
      this.#connections.delete(number)
      return
    }
  }

  #addHandshake(record: SessionRecord): void {
    const {from, state, window, findings} = record
    const connection = this.#of(record)
    const isOpen = state === 'open'
    const nonce = window && fieldOf(window, 'nonce')
    // No key opens one that is cut off or damaged.
    if (findings.some(({code}) => code === 'handshake-sealed')) connection.handshakes++
    if (from === 'client') {
      connection.isClientOpen = isOpen
      const pk = window && fieldOf(window, 'pk')
      // Copies: a record is borrowed.
      if (pk instanceof Uint8Array) connection.clientPk = copyOf(pk)
      if (nonce instanceof Uint8Array) connection.clientNonce = copyOf(nonce)
      if (isOpen && connection.clientPk) this.#keyring.saves.opened([toHex(connection.clientPk)])
    } else {
      connection.isRelayOpen = isOpen
      if (nonce instanceof Uint8Array) connection.relayNonce = copyOf(nonce)
    }
  }

  /** @returns undefined where nothing that was seen shows it. */
  #reason(connection: SealedConnection): string | undefined {
    const {frames, laterFrames, hasOpened, isMisfit, keysVersion} = connection
    const {isClientOpen, isRelayOpen, clientPk, clientNonce, relayNonce} = connection
    const keyring = this.#keyring
    if (keyring.size === 0) return 'no key was given (--keylog, --key)'
    const ofHandshakes = isClientOpen && isRelayOpen ? undefined : this.#withClientsKey(clientPk)
    // Opened handshakes also show keys that an end takes by mistake.
    const ofMisfit = isMisfit && ofHandshakes ? `; ${ofHandshakes}` : ''
    if (isMisfit && !hasOpened) return `the key that was given for the connection does not open them${ofMisfit}`
    const lines = keyring.tcpSessions(clientNonce, relayNonce)
    const named = lines.filter(
      line => (line.clientNonce !== null && clientNonce !== null) || (line.relayNonce !== null && relayNonce !== null),
    )
    // Threads give back their records when the keyring may hold later keys already.
    const isLate = hasOpened ? laterFrames === 0 : named.every(line => keyring.versionOf(line) > keysVersion)
    if (frames > 0 && named.length > 0 && isLate) return 'their key came after them: read the capture again from a file'
    if (hasOpened) return `others of the same connection opened, these did not${ofMisfit}`
    if (frames > 0 && named.some(line => line.clientBaseNonce === null || line.relayBaseNonce === null))
      return 'the shared key is known, and the base nonce is missing: a key that opens the handshakes shows it'
    if (frames > 0 && named.length > 0) return 'the line of the key log for the connection does not open them'
    const hasLines = keyring.tcpSessions(null, null, 1).length > 0
    if (isClientOpen && isRelayOpen)
      return hasLines
        ? 'the session key is missing, and the key log belongs to other sessions'
        : 'the session key is missing: a key log has it, or the secret key of a session'
    if (ofHandshakes) return ofHandshakes
    const publicKey = this.#publicKeyGiven(clientPk)
    const reasons = [...(publicKey === undefined ? [] : [publicKey]), ...this.#doubts]
    if (reasons.length > 0) return reasons.join('; ')
    // The session keys of a key log open frames and no handshake.
    if (hasLines && frames === 0) return undefined
    if (hasLines && (clientNonce || relayNonce)) return 'the key log belongs to other sessions'
    return keyring.size === 1 ? '1 key was tried, and does not fit' : `${keyring.size} keys were tried, and none fits`
  }

  /** What keeps handshakes sealed where the client's secret key is known; undefined where it is not. */
  #withClientsKey(clientPk: Uint8Array | null): string | undefined {
    if (!clientPk || !this.#keyring.secretKey(clientPk)) return undefined
    return this.#keyring.relayKeys().next().done
      ? "the client's secret key is there, and --relay-pk is missing"
      : "the client's secret key is there, and no public key of a relay that was given fits"
  }

  /** Names the source of a public key that was given as a secret one. */
  #publicKeyGiven(clientPk: Uint8Array | null): string | undefined {
    this.#findPublicKey(clientPk)
    return this.#publicKey && `the key from ${this.#publicKey.source} is a public key, not a secret one`
  }

  #findPublicKey(clientPk: Uint8Array | null): void {
    const keyring = this.#keyring
    const pairs = keyring.secretKeys().slice(0, comparedKeys)
    if (this.#comparedSize !== keyring.size) {
      this.#comparedSize = keyring.size
      const known = new Set([...keyring.relayKeys(), ...pairs.map(({publicKey}) => publicKey)].map(key => toHex(key)))
      this.#publicKey ??= pairs.find(({secretKey}) => known.has(toHex(secretKey)))
    }
    if (clientPk) this.#publicKey ??= pairs.find(({secretKey}) => isEqualBytes(secretKey, clientPk))
  }
}
