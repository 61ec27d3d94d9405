import type {CryptoSessionItem, PairKeyItem} from '../../../crypto/key-item.js'
import type {Keyring} from '../../../crypto/keyring/keyring.js'
import type {SaveUse} from '../../../crypto/keyring/save-use.js'
import {type Finding, finding} from '../../../expert/finding.js'
import {checkOpened} from '../../../expert/inner-check.js'
import {limits as protocolLimits} from '../../../protocol/limits.js'
import {innerWindow, isPacket, openedWindow} from '../../../protocol/table.js'
import type {BoxField} from '../../../wire/field.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {fieldStart} from '../../../wire/read.js'
import {fieldOf, Window} from '../../../wire/window.js'
import {Arena} from '../../arena.js'
import {isLastEnd, type SessionRecord} from '../../record.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import {type CryptoSession, CryptoSessions, type OpenedData, type PairPlace, pairOf} from './crypto-sessions.js'
import {type Candidate, InnerBudget, KeyCandidates, pairKeyOf, type SealedBox} from './key-candidates.js'
import {PeerFacts, type Route} from './peer-facts.js'

/** A box that is to be opened: its level, and the levels around it, innermost last. */
interface Sealed {
  readonly window: Window
  readonly spec: BoxField
  readonly around: readonly Window[]
  readonly route: Route
  readonly pair: PairPlace
  readonly connection: number
}

/** Between whom the payload of a record goes. */
export interface Passage extends Route {
  /** The two peers, and which of them sends. */
  readonly pair: PairPlace
  /** The session whose key opened its crypto data. */
  readonly session: CryptoSession | undefined
}

/** A key that opened boxes inside packets, as a line of a key log. */
export type InnerKeyItem = PairKeyItem | CryptoSessionItem

/** Called once for each connection and key that opened a box inside one of its packets. */
export type InnerKeyListener = (connection: number, item: InnerKeyItem) => void

/** A handshake that stayed sealed, and what was known when it was last tried. */
interface Kept {
  readonly sealed: Sealed
  knowledge: string
}

/**
 * Opens the boxes inside packets with the keys of a ring. It sees the records of all connections in order: a session
 * between two peers uses several relays, and what one packet tells opens the next.
 */
export class InnerOpener {
  readonly #keyring: Keyring
  readonly #budget = new InnerBudget()
  readonly #candidates: KeyCandidates
  readonly #sessions: CryptoSessions
  readonly #facts = new PeerFacts()
  /** Handshakes that stayed sealed, the last of each side, by the two peers. */
  readonly #kept = new BoundedMap<string, [Kept | undefined, Kept | undefined]>(limits.cryptoSessions)
  /** The client's key of each connection, in hex. */
  readonly #clients = new Map<number, string>()
  /** Boxes that stayed sealed after the trials had ended before all keys were tried. */
  untried = 0
  /** Without a key for any of them, it goes without saying that boxes stay sealed. */
  #hasOpened = false
  /** The session that opened the crypto data of the current record. */
  #session: CryptoSession | undefined

  /** Room for the plaintexts. */
  readonly #arena = new Arena()
  readonly #onKey: InnerKeyListener | undefined
  /** The last record of each connection whose contents are not known: a gap, or a sealed frame. */
  readonly #unseen = new Map<number, number>()
  /** Keys that opened boxes of a connection, where somebody wants them. */
  readonly #used = new Map<number, Set<Uint8Array>>()

  constructor(keyring: Keyring, onKey?: InnerKeyListener) {
    this.#keyring = keyring
    this.#onKey = onKey
    this.#candidates = new KeyCandidates(keyring, this.#budget)
    this.#sessions = new CryptoSessions(keyring, this.#budget)
  }

  /** Sessions whose keys were forgotten because too many others came after them. */
  get dropped(): number {
    return this.#sessions.dropped
  }

  /**
   * Opens what the record carries, and adds what there is to say about it.
   * @returns between whom it goes, if it carries something.
   */
  take(record: SessionRecord): Passage | undefined {
    const {kind, connection, window} = record
    if (kind === 'handshake' && connection !== null && record.from === 'client') this.#client(connection, window)
    else if (isLastEnd(record) && connection !== null) this.#end(connection)
    else if (!window && connection !== null && (kind === 'gap' || kind === 'frame'))
      this.#unseen.set(connection, record.number)
    else if (window && window.type.tail >= 0 && kind !== 'handshake' && this.#isReady) return this.#open(record, window)
    return undefined
  }

  #end(connection: number): void {
    this.#clients.delete(connection)
    this.#used.delete(connection)
    this.#unseen.delete(connection)
  }

  get #isReady(): boolean {
    return this.#keyring.box !== undefined && this.#keyring.hasInnerKeys
  }

  #client(connection: number, window: Window | null): void {
    const pk = window && fieldOf(window, 'pk')
    if (!(pk instanceof Uint8Array)) return
    this.#clients.set(connection, toHex(pk))
    this.#facts.dhtKey(toHex(pk))
    this.#budget.addConnection()
  }

  #open(record: SessionRecord, outermost: Window): Passage {
    const opened: Window[] = []
    const around: Window[] = []
    const found: Finding[] = []
    const connection = record.connection ?? -1
    const route = this.#routeOf(record, outermost)
    const {sender, receiver, slot, isClient} = route
    const pair = pairOf(sender, receiver, `${connection} ${slot}`, isClient)
    this.#session = undefined
    this.#budget.addBytes(outermost.end - outermost.start)
    for (let window: Window | undefined = outermost; window; ) {
      const spec = boxOf(window)
      let content: Window = window
      if (spec) {
        const {refused} = this.#budget
        const plain = this.#openBox({window, spec, around, route, pair, connection})
        if (!(plain instanceof Window)) {
          const isUntried = this.#budget.refused > refused
          if (isUntried) this.untried++
          const last = isUntried ? undefined : this.#openedBefore(window, pair, connection)
          if (last) {
            found.push(failedFinding(window, outermost, last.number))
            break
          }
          if (this.#hasOpened || this.#keyring.namesInnerKeys) found.push(this.#sealedFinding(window, outermost, plain))
          break
        }
        opened.push(plain)
        for (const each of checkOpened(plain, plain.shift - outermost.shift)) found.push(each)
        // The key of a relay opens onions alone: with it, nobody expects more to open.
        this.#hasOpened ||= spec.keys !== 'onion'
        content = plain
      }
      const next = hexField(window, 'next_pk')
      if (next !== undefined) this.#facts.dhtKey(next)
      around.push(window)
      if (content !== window) around.push(content)
      window = innerWindow(content)
    }
    if (opened.length > 0) {
      record.opened = opened
      this.#noteSession(record, pair, connection)
    }
    if (found.length > 0) record.findings = [...record.findings, ...found]
    return {sender, receiver, slot, isClient, pair, session: this.#session}
  }

  #sealedFinding(window: Window, outermost: Window, publicKeys: readonly string[]): Finding {
    const {type, start, end, shift} = window
    const at = shift - outermost.shift
    const hasSecrets = publicKeys.length > 0 && publicKeys.every(key => this.#keyring.secretKey(key))
    return finding(
      'inner-sealed',
      {title: type.title, publicKeys: publicKeys.join(' or '), missing: hasSecrets ? 'public_key' : 'secret_key'},
      {range: [at, at + end - start]},
    )
  }

  /** Remembers which crypto data its session's key opened last. */
  #noteSession({number}: SessionRecord, {side}: PairPlace, connection: number): void {
    if (this.#session) this.#session.opened[side] = {number, connection}
  }

  /**
   * Crypto data of the same sender that the key of the session opened before on this connection. Since then every
   * packet was seen and none prepared another session, so that this key is certain.
   */
  #openedBefore({type}: Window, {id, side}: PairPlace, connection: number): OpenedData | undefined {
    if (type.name !== 'crypto_data') return undefined
    const last = this.#sessions.openedLast(id, side)
    const isCertain = last?.connection === connection && last.number > (this.#unseen.get(connection) ?? 0)
    return isCertain ? last : undefined
  }

  #routeOf({connection, from, inferred}: SessionRecord, outermost: Window): Route {
    const client = connection === null ? null : (this.#clients.get(connection) ?? null)
    const named = fieldOf(outermost, 'destination_pk') ?? fieldOf(outermost, 'sender_pk')
    const peer = named instanceof Uint8Array ? toHex(named) : (inferred?.peer ?? null)
    if (peer !== null) this.#facts.dhtKey(peer)
    const isClient = from !== 'relay'
    const [sender, receiver] = isClient ? [client, peer] : [peer, client]
    const id = outermost.type.name === 'data' ? outermost.bytes[outermost.start] : ''
    return {sender, receiver, slot: peer ?? `${connection} ${id}`, isClient}
  }

  /** @returns the plaintext; or the public keys, in hex, of which a secret one would open the box. */
  #openBox(sealed: Sealed): Window | readonly string[] {
    const {window, spec} = sealed
    if (window.type.name === 'crypto_data') return this.#openCryptoData(sealed)
    if (window.type.layer === 'payload') this.#sessions.doubt(sealed.pair.id)
    const nonce = spec.nonce === undefined ? undefined : bytesNamed(sealed, spec.nonce)
    if (!nonce) return []
    const box = this.#describe(sealed)
    const {saves} = this.#keyring
    if (spec.keys === 'real' || spec.keys === 'group') saves.boxes++
    const sendback = hexField(window, 'sendback')
    for (const candidate of this.#allCandidates(sendback, box)) {
      const plain = this.#tryKey(sealed, nonce, candidate.key)
      if (!plain) continue
      this.#candidates.remember(box, candidate)
      if (saves.isNeeded) noteOpened(saves, box, candidate)
      this.#note(sealed.connection, candidate.key, () => pairKeyOf(candidate, box.publicKeys))
      this.#learn(sealed, plain, candidate)
      return plain
    }
    saves.stayedSealed(box.publicKeys)
    if (window.type.name === 'crypto_handshake') this.#keep(sealed)
    if (sendback !== undefined) return this.#keysOfResponse(sealed)
    if (spec.keys === 'onion') this.#facts.sealedRequest(sealed.connection, box.publicKeys)
    return box.publicKeys
  }

  /** A response names no key: it is sealed as a request before it was, which for announcing oneself is the real key. */
  #keysOfResponse({connection, route}: Sealed): readonly string[] {
    const requests = this.#facts.sealedRequests(connection)
    return [...new Set([...requests, ...this.#facts.realKeysOf(route.receiver)])]
  }

  /** @param sendback of a response, in hex: names the request that it answers. */
  *#allCandidates(sendback: string | undefined, box: SealedBox): Generator<Candidate> {
    const asked = sendback === undefined ? undefined : this.#facts.answer(sendback)
    if (asked) yield asked
    yield* this.#candidates.of(box)
  }

  #describe(sealed: Sealed): SealedBox {
    const {window, spec, route, connection} = sealed
    const publicKeys = new Set<string>()
    for (const name of spec.publicKeys ?? []) {
      const value = bytesNamed(sealed, name)
      if (value) publicKeys.add(toHex(value))
    }
    for (const name of this.#peersKeys(sealed)) publicKeys.add(name)
    return {
      keys: spec.keys,
      publicKeys: [...publicKeys],
      peer: window.type.layer === 'payload' ? route.slot : String(connection),
      others: this.#othersOf(spec),
      size: window.end - window.start,
    }
  }

  /** Public keys of the two peers, of the kind that seals the box. */
  #peersKeys({spec, route, window}: Sealed): readonly string[] {
    const {sender, receiver} = route
    const {layer} = window.type
    if (layer !== 'payload' && layer !== 'forwarded') return []
    switch (spec.keys) {
      case 'dht':
        return [sender, receiver].filter(key => key !== null)
      case 'real':
        return [...this.#facts.realKeysOf(sender), ...this.#facts.realKeysOf(receiver)]
      case 'group':
        return [...this.#facts.groupSessionsOf(sender), ...this.#facts.groupSessionsOf(receiver)]
      default:
        return []
    }
  }

  #othersOf({keys}: BoxField): readonly string[] {
    if (keys === 'dht') return this.#facts.dhtKeys
    return keys === 'real'
      ? [...this.#facts.realKeys, ...Array.from(this.#keyring.friendKeys(), key => toHex(key))]
      : []
  }

  #openCryptoData(sealed: Sealed): Window | readonly string[] {
    const {window, route, pair} = sealed
    const low = fieldOf(window, 'nonce_last_bytes')
    if (typeof low !== 'number') return []
    const {id, side} = pair
    let plain: Window | undefined
    const tryKey = (nonce: Uint8Array, key: Uint8Array): boolean => {
      plain = this.#tryKey(sealed, nonce, key)
      return plain !== undefined
    }
    const size = window.end - window.start
    this.#session = this.#sessions.open(id, side, low, size, tryKey)
    if (!this.#session && this.#openKept(id)) this.#session = this.#sessions.open(id, side, low, size, tryKey)
    if (this.#session && plain) {
      const {key, item} = this.#session
      this.#note(sealed.connection, key, item)
      return plain
    }
    const announced = this.#sessions.announced(id)
    return announced.length > 0
      ? announced
      : [...this.#facts.realKeysOf(route.sender), ...this.#facts.realKeysOf(route.receiver)]
  }

  #note(connection: number, key: Uint8Array, item: () => InnerKeyItem): void {
    if (!this.#onKey) return
    const used = this.#used.get(connection) ?? new Set()
    if (used.has(key)) return
    this.#used.set(connection, used.add(key))
    this.#onKey(connection, item())
  }

  /** A handshake that no key opens yet: one may be learned until the session that it begins is used. */
  #keep(sealed: Sealed): void {
    const {window, pair} = sealed
    const {type, bytes, start, end, shift} = window
    const {id, side} = pair
    this.#sessions.begins(id)
    const kept = this.#kept.get(id) ?? [undefined, undefined]
    const copy = new Window(type, bytes.slice(start, end), 0, end - start, shift)
    kept[side] = {sealed: {...sealed, window: copy, around: []}, knowledge: this.#knowledge}
    this.#kept.set(id, kept)
  }

  /** Tries the kept handshakes of two peers with what was learned since. @returns whether one opened. */
  #openKept(id: string): boolean {
    const kept = this.#kept.get(id)
    if (!kept) return false
    let hasOpened = false
    for (const side of [0, 1] as const) {
      const handshake = kept[side]
      if (!handshake || handshake.knowledge === this.#knowledge) continue
      handshake.knowledge = this.#knowledge
      kept[side] = undefined
      if (this.#openBox(handshake.sealed) instanceof Window) hasOpened = true
      else kept[side] = handshake
    }
    return hasOpened
  }

  /** Changes with every key that is learned. */
  get #knowledge(): string {
    return `${this.#keyring.version} ${this.#facts.version}`
  }

  #tryKey({window}: Sealed, nonce: Uint8Array, key: Uint8Array): Window | undefined {
    const {type, bytes, start, end} = window
    const at = fieldStart(type, type.tail, bytes, start, end)
    if (end - at < protocolLimits.mac) return undefined
    const length = end - at - protocolLimits.mac
    this.#arena.reserve(length)
    if (this.#keyring.box!.open({bytes, start: at, end}, nonce, key, this.#arena) < 0) return undefined
    const from = this.#arena.keep(length)
    return openedWindow(window, this.#arena.bytes, from, from + length)
  }

  /** Keeps what an opened box shows of its peers. */
  #learn(sealed: Sealed, plain: Window, candidate: Candidate): void {
    const {window, route, pair} = sealed
    const value = (name: string) => {
      const bytes = fieldOf(plain, name)
      return bytes instanceof Uint8Array ? bytes : undefined
    }
    const real = value('real_pk')
    if (real) this.#facts.realKey(hexField(window, 'pk') ?? route.sender, toHex(real))
    const sendback = value('sendback')
    if (sendback) this.#facts.request(toHex(sendback), candidate)
    const from = value('sender_pk')
    if (from) this.#facts.realKey(null, toHex(from))
    const announced = innerWindow(plain)
    const dht = isPacket(announced ?? null, 'dht_pk_announce') && hexField(announced!, 'dht_pk')
    const owner = bytesNamed(sealed, 'sender_pk')
    if (dht && owner) this.#facts.realKey(dht, toHex(owner))
    const sessionPk = value('session_pk')
    if (!sessionPk) return
    const member = hexField(window, 'sender_enc_pk')
    if (member) this.#facts.groupSession(member, toHex(sessionPk))
    const baseNonce = value('base_nonce')
    if (window.type.name !== 'crypto_handshake' || !baseNonce) return
    this.#sessions.handshake(pair.id, pair.side, {sessionPk: toHex(sessionPk), baseNonce: baseNonce.slice()})
  }
}

function noteOpened(saves: SaveUse, {publicKeys}: SealedBox, {made}: Candidate): void {
  saves.opened(publicKeys, made?.publicKey)
  if (made) saves.opened([toHex(made.own.publicKey)])
}

function failedFinding({start, end, shift}: Window, outermost: Window, number: number): Finding {
  const at = shift - outermost.shift
  return finding('inner-failed', {number}, {range: [at, at + end - start]})
}

/** The box that a packet ends with, if it is whole enough to hold a MAC. */
function boxOf({type}: Window): BoxField | undefined {
  const spec = type.placed[type.tail]?.spec
  return spec?.kind === 'box' && spec.keys !== 'handshake' ? spec : undefined
}

function hexField(window: Window, name: string): string | undefined {
  const value = fieldOf(window, name)
  return value instanceof Uint8Array ? toHex(value) : undefined
}

/** A field of bytes of a level or of the levels around it, the innermost first. */
function bytesNamed({window, around}: Sealed, name: string): Uint8Array | undefined {
  for (const level of [window, ...around.toReversed()]) {
    const value = fieldOf(level, name)
    if (value instanceof Uint8Array) return value
  }
  return undefined
}
