import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {type Finding, finding} from '../../../expert/finding.js'
import {checkOpened} from '../../../expert/inner-check.js'
import {limits as protocolLimits} from '../../../protocol/limits.js'
import {innerWindow, openedWindow} from '../../../protocol/table.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {fieldStart} from '../../../wire/read.js'
import {fieldOf, lengthOf, type Window} from '../../../wire/window.js'
import {Arena} from '../../arena.js'
import {isLastEnd, type SessionRecord} from '../../record.js'
import type {Deliveries} from '../tracking/deliveries.js'
import type {OpenedData, OpenedSession} from './crypto-session.js'
import {CryptoSessions} from './crypto-sessions.js'
import {KeptHandshakes} from './kept-handshakes.js'
import {type Candidate, InnerBudget, KeyCandidates, noteOpened, pairKeyOf, type SealedBox} from './key-candidates.js'
import {learnPeers, learnSession, placeNamed} from './learned.js'
import {endsAt, type PairPlace, PairPlaces, slotOf} from './pair-place.js'
import type {InnerKeyItem, InnerKeyListener, Passage} from './passage.js'
import {PeerFacts, type Route} from './peer-facts.js'
import {boxOf, bytesNamed, describe, hexField, keysOfResponse, type Sealed} from './sealed.js'
import {SessionHomes} from './session-homes.js'

export interface InnerOpenerOptions {
  /** Which place belongs to which pair of peers; default: its own. */
  readonly homes?: SessionHomes
  /** Packets between peers that were seen before; absent: each record is one by itself. */
  readonly deliveries?: Deliveries
  readonly onKey?: InnerKeyListener | undefined
}

/** What came of a box: its plaintext, or the public keys, in hex, of which a secret one would open it. */
type Outcome =
  | {readonly plain: Window; readonly opened: OpenedSession | undefined}
  | {readonly plain: undefined; readonly publicKeys: readonly string[]}

const staysSealed = (publicKeys: readonly string[]): Outcome => ({plain: undefined, publicKeys})

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
  readonly #pairs = new PairPlaces()
  readonly #homes: SessionHomes
  readonly #deliveries: Deliveries | undefined
  readonly #kept = new KeptHandshakes()
  /** The client's key of each connection, in hex. */
  readonly #clients = new Map<number, string>()
  /** Boxes that stayed sealed after the trials had ended before all keys were tried. */
  untried = 0
  /** Without a key for any of them, it goes without saying that boxes stay sealed. */
  #hasOpened = false
  /** Room for the plaintexts. */
  readonly #arena = new Arena()
  readonly #onKey: InnerKeyListener | undefined
  /** The last record of each connection whose contents are not known: a gap, or a sealed frame. */
  readonly #unseen = new Map<number, number>()
  /** Keys that opened boxes of a connection, where somebody wants them. */
  readonly #used = new Map<number, Set<Uint8Array>>()

  constructor(keyring: Keyring, {homes = new SessionHomes(), deliveries, onKey}: InnerOpenerOptions = {}) {
    this.#keyring = keyring
    this.#homes = homes
    this.#deliveries = deliveries
    this.#onKey = onKey
    this.#candidates = new KeyCandidates(keyring, this.#budget)
    this.#sessions = new CryptoSessions(keyring, this.#budget, homes)
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
    else if (isLastEnd(record) && connection !== null) this.over(connection)
    else if (!window && connection !== null && (kind === 'gap' || kind === 'frame'))
      this.#unseen.set(connection, record.number)
    else if (window && window.type.tail >= 0 && kind !== 'handshake' && this.#isReady) return this.#open(record, window)
    return undefined
  }

  /** No more records come of a connection. */
  over(connection: number): void {
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
    const named = this.#routeOf(record, outermost)
    const place = this.#pairs.of(named, connection)
    const pair = this.#pairAt(place, record, outermost)
    const route = pair === place ? named : {...named, ...endsAt(pair)}
    let data: OpenedSession | undefined
    this.#budget.addBytes(outermost.end - outermost.start)
    for (let window: Window | undefined = outermost; window; ) {
      const spec = boxOf(window)
      let content: Window = window
      if (spec) {
        const {refused} = this.#budget
        const sealed = {window, spec, around, route, place, pair, connection}
        const outcome = this.#openBox(sealed)
        const {plain} = outcome
        if (!plain) {
          const isUntried = this.#budget.refused > refused
          if (isUntried) this.untried++
          found.push(...this.#sealedFindings(sealed, outermost, outcome.publicKeys, isUntried))
          break
        }
        opened.push(plain)
        data ??= outcome.opened
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
      if (data) data.session.opened[data.place.side] = {number: record.number, connection}
    }
    if (found.length > 0) record.findings = [...record.findings, ...found]
    const latest = data?.place ?? this.#homes.get(place) ?? pair
    const session = data?.session
    if (latest !== pair) return {...route, ...endsAt(latest), place, pair: latest, session}
    // By name and not spread, which takes longer: nearly each packet comes here.
    const {sender, receiver, slot, isClient} = route
    return {sender, receiver, slot, isClient, place, pair, session}
  }

  /** Between whom a record goes, where its connection does not say it. */
  #pairAt(place: PairPlace, record: SessionRecord, outermost: Window): PairPlace {
    const payload = place.isKnown || !this.#deliveries ? undefined : innerWindow(outermost)
    return payload && boxOf(payload) ? this.#deliveries!.placeOf(record, place, payload) : place
  }

  /** What there is to say about a box that stays sealed. @param publicKeys of which a secret one would open it. */
  #sealedFindings(
    {window, pair, connection}: Sealed,
    outermost: Window,
    publicKeys: readonly string[],
    isUntried: boolean,
  ): Finding[] {
    const at = window.shift - outermost.shift
    const range = [at, at + lengthOf(window)] as const
    const last = isUntried ? undefined : this.#openedBefore(window, pair, connection)
    if (last) return [finding('inner-failed', {number: last.number}, {range})]
    if (!this.#hasOpened && !this.#keyring.namesInnerKeys) return []
    const hasSecrets = publicKeys.length > 0 && publicKeys.every(key => this.#keyring.secretKey(key))
    const lacksNonces = window.type.name === 'crypto_data' && this.#sessions.lacksNonces
    const missing = lacksNonces ? 'base_nonce' : hasSecrets ? 'public_key' : 'secret_key'
    return [finding('inner-sealed', {title: window.type.title, publicKeys: publicKeys.join(' or '), missing}, {range})]
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
    const id = outermost.type.name === 'data' ? outermost.bytes[outermost.start] : undefined
    return {sender, receiver, slot: peer ?? slotOf(connection, id), isClient}
  }

  #openBox(sealed: Sealed): Outcome {
    const {window, spec} = sealed
    if (window.type.name === 'crypto_data') return this.#openCryptoData(sealed)
    if (window.type.layer === 'payload') this.#sessions.doubt(sealed.pair.id)
    const nonce = spec.nonce === undefined ? undefined : bytesNamed(sealed, spec.nonce)
    if (!nonce) return staysSealed([])
    const box = describe(sealed, this.#facts, this.#keyring)
    const {saves} = this.#keyring
    if (spec.keys === 'real' || spec.keys === 'group') saves.boxes++
    const sendback = hexField(window, 'sendback')
    for (const candidate of this.#allCandidates(sendback, box)) {
      const plain = this.#tryKey(sealed, nonce, candidate.key)
      if (!plain) continue
      this.#candidates.remember(box, candidate)
      if (saves.isNeeded) noteOpened(saves, box, candidate)
      this.#note(sealed.connection, candidate.key, () => pairKeyOf(candidate, box.publicKeys))
      learnPeers(sealed, plain, candidate, this.#facts)
      const named = placeNamed(sealed, candidate, this.#facts)
      const pair = named ? this.#homes.set(sealed.place, named) : sealed.pair
      learnSession({...sealed, pair}, plain, this.#sessions)
      return {plain, opened: undefined}
    }
    saves.stayedSealed(box.publicKeys)
    if (window.type.name === 'crypto_handshake') {
      this.#sessions.begins(sealed.pair.id)
      this.#kept.keep(sealed, this.#knowledge)
    }
    if (sendback !== undefined) return staysSealed(keysOfResponse(sealed, this.#facts))
    if (spec.keys === 'onion') this.#facts.sealedRequest(sealed.connection, box.publicKeys)
    return staysSealed(box.publicKeys)
  }

  /** @param sendback of a response, in hex: names the request that it answers. */
  *#allCandidates(sendback: string | undefined, box: SealedBox): Generator<Candidate> {
    const asked = sendback === undefined ? undefined : this.#facts.answer(sendback)
    if (asked) yield asked
    yield* this.#candidates.of(box)
  }

  #openCryptoData(sealed: Sealed): Outcome {
    const {window, route, place, pair} = sealed
    const low = fieldOf(window, 'nonce_last_bytes')
    if (typeof low !== 'number') return staysSealed([])
    let plain: Window | undefined
    const tryKey = (nonce: Uint8Array, key: Uint8Array): boolean => {
      const tried = this.#tryKey(sealed, nonce, key)
      plain = tried ?? plain
      return tried !== undefined
    }
    const open = () => this.#sessions.open(place, low, lengthOf(window), tryKey)
    const opened = open() ?? (this.#openKept(pair.id) ? open() : undefined)
    if (opened && plain) {
      this.#note(sealed.connection, opened.session.key, opened.session.item)
      return {plain, opened}
    }
    const announced = this.#sessions.announced(pair.id)
    if (announced.length > 0) return staysSealed(announced)
    return staysSealed([...this.#facts.realKeysOf(route.sender), ...this.#facts.realKeysOf(route.receiver)])
  }

  #note(connection: number, key: Uint8Array, item: () => InnerKeyItem): void {
    if (!this.#onKey) return
    const used = this.#used.get(connection) ?? new Set()
    if (used.has(key)) return
    this.#used.set(connection, used.add(key))
    this.#onKey(connection, item())
  }

  /** Tries the kept handshakes of two peers with what was learned since. @returns whether one opened. */
  #openKept(id: string): boolean {
    const opens = (sealed: Sealed) => this.#openBox(sealed).plain !== undefined
    return this.#kept.openAgain(id, () => this.#knowledge, opens)
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
}
