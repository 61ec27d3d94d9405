import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {LoggedSessions} from '../../../crypto/keyring/logged-sessions.js'
import {offsetNonce} from '../../../crypto/nonce.js'
import {trialsToOpen} from '../../../crypto/search-budget.js'
import {copyOf, isEqualBytes} from '../../../wire/bytes.js'
import {fromHex} from '../../../wire/hex/hex-bytes.js'
import {u16be} from '../../../wire/integers.js'
import type {Side} from '../../../wire/side.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import type {CryptoAnnounced, CryptoSession, OpenedData, OpenedSession} from './crypto-session.js'
import type {InnerBudget} from './key-candidates.js'
import type {PairPlace} from './pair-place.js'
import {SessionHomes} from './session-homes.js'

/** Two handshakes of which a session was made. */
interface Made {
  readonly a: CryptoAnnounced
  readonly b: CryptoAnnounced
  readonly version: number
}

/** What is known of the sessions between two peers. Sides: whose DHT key is the smaller one is 0. */
interface PeerPair {
  /** Newest first. */
  readonly handshakes: [CryptoAnnounced[], CryptoAnnounced[]]
  /** What opened last first. */
  sessions: CryptoSession[]
  /** Handshakes of which sessions were made, with the version of the ring at that time. */
  made: readonly Made[]
  /** Whether logged sessions were searched since the last handshake, by side. */
  searched: [boolean, boolean]
  /** Version of the ring with which sessions of all handshakes were made; undefined: a handshake came since then. */
  madeWith: number | undefined
}

/** Tries to open a box with a nonce. @returns whether the MAC matches. */
type TryKey = (nonce: Uint8Array, key: Uint8Array) => boolean

/** The net_crypto sessions of all pairs of peers, over every connection and relay that they use. */
export class CryptoSessions {
  readonly #keyring: Keyring
  readonly #budget: InnerBudget
  readonly #loggedSessions: LoggedSessions
  readonly #pairs = new BoundedMap<string, PeerPair>(limits.cryptoSessions)
  /** What opened last first. */
  readonly #recent: CryptoSession[] = []
  readonly #homes: SessionHomes
  /** Sessions at places of unknown peers of which it was looked up who they are. */
  readonly #looked = new WeakSet<CryptoSession>()
  readonly #nonce = new Uint8Array(24)

  /** @param homes which place belongs to which pair of peers. */
  constructor(keyring: Keyring, budget: InnerBudget, homes = new SessionHomes()) {
    this.#keyring = keyring
    this.#budget = budget
    this.#homes = homes
    this.#loggedSessions = new LoggedSessions(keyring)
  }

  /** Pairs of peers that were forgotten at the bound. */
  get dropped(): number {
    return this.#pairs.dropped
  }

  /** A side has announced a session key: it is sent again until the other side answers. */
  handshake(place: PairPlace, announced: CryptoAnnounced): void {
    const {id, side} = place
    const pair = this.#pairOf(id)
    const {handshakes} = pair
    this.begins(id)
    this.#homes.announced(place, announced.sessionPk)
    if (handshakes[side].some(({sessionPk}) => sessionPk === announced.sessionPk)) return
    pair.madeWith = undefined
    handshakes[side] = [announced, ...handshakes[side]].slice(0, limits.handshakesPerPeer)
  }

  /** A handshake, opened or not: the crypto data after it may belong to another session than those before. */
  begins(id: string): void {
    this.#pairOf(id).searched = [false, false]
  }

  /** The peers exchange cookies or handshakes: the next crypto data may belong to another session. */
  doubt(id: string): void {
    for (const {opened} of this.#pairs.get(id)?.sessions ?? []) opened.fill(undefined)
  }

  /** What the session in use opened last of a side; undefined where another session may have begun since. */
  openedLast(id: string, side: Side): OpenedData | undefined {
    return this.#pairs.get(id)?.sessions[0]?.opened[side]
  }

  /** Whether a line of a key log lacks a base nonce, so that crypto data of its session may stay sealed. */
  get lacksNonces(): boolean {
    return this.#loggedSessions.lacksNonces
  }

  /** Session public keys, in hex, that the two sides announced last. */
  announced(id: string): string[] {
    const {handshakes} = this.#pairs.get(id) ?? {handshakes: [[], []]}
    return handshakes.flatMap(([newest]) => (newest ? [newest.sessionPk] : []))
  }

  /**
   * Open crypto data.
   * @param place where it is: what is found of its peers replaces it.
   * @param low the low 16 bits of its nonce.
   * @param size bytes of the box.
   * @returns the session whose key opened it.
   */
  open(place: PairPlace, low: number, size: number, tryKey: TryKey): OpenedSession | undefined {
    const home = this.#homes.get(place)
    const opened = (home && this.#openAt(home, low, size, tryKey)) ?? this.#openAt(place, low, size, tryKey)
    if (!opened || opened.place.isKnown || this.#looked.has(opened.session)) return opened
    this.#looked.add(opened.session)
    const found = this.#homes.of(opened.session.names[place.side])
    return (found && this.#openAt(this.#homes.set(place, found), low, size, tryKey)) ?? opened
  }

  #openAt(place: PairPlace, low: number, size: number, tryKey: TryKey): OpenedSession | undefined {
    const {id, side, isKnown} = place
    const pair = this.#pairOf(id)
    if (pair.madeWith !== this.#keyring.version) {
      pair.sessions = [...this.#made(pair, isKnown ? id : undefined), ...pair.sessions].slice(0, limits.sessionsPerPair)
      pair.madeWith = this.#keyring.version
    }
    const latest = pair.sessions[0]
    if (latest && this.#opens(latest, side, low, tryKey)) return this.#opened(place, latest)
    const opens = (session: CryptoSession) => this.#opens(session, side, low, tryKey)
    const found = pair.sessions.find(session => session !== latest && opens(session))
    if (found) return this.#opened(place, found)
    return (
      this.#openRecent(place, low, size, tryKey) ??
      this.#logged(place, low, trialsToOpen(size), tryKey) ??
      this.#afterLoss(place, low, size, tryKey)
    )
  }

  /** The sessions of other peers that opened last: those of an unknown peer may be one of them, on either side. */
  #openRecent(place: PairPlace, low: number, size: number, tryKey: TryKey): OpenedSession | undefined {
    for (const session of this.#recent) {
      const {pair} = session
      const places =
        pair === undefined || place.isKnown ? [place] : ([0, 1] as const).map(side => ({id: pair, side, isKnown: true}))
      for (const each of places) {
        if (!this.#budget.search.take(trialsToOpen(size))) return undefined
        if (this.#opens(session, each.side, low, tryKey)) return this.#opened(this.#homes.set(place, each), session)
      }
    }
    return undefined
  }

  /** A session that has opened crypto data is tried first for what comes next. */
  #opened(place: PairPlace, found: CryptoSession): OpenedSession {
    if (place.isKnown) found.pair ??= place.id
    const pair = this.#pairOf(place.id)
    if (pair.sessions[0] !== found)
      pair.sessions = [found, ...pair.sessions.filter(other => other !== found)].slice(0, limits.sessionsPerPair)
    this.#putFirst(found)
    return {session: found, place}
  }

  /** In place: where sessions take turns, each of their packets changes the order. */
  #putFirst(found: CryptoSession): void {
    const recent = this.#recent
    const before = recent.indexOf(found)
    let at = before >= 0 ? before : Math.min(recent.length, limits.recentSessions - 1)
    for (; at > 0; at--) recent[at] = recent[at - 1]!
    recent[0] = found
  }

  #pairOf(id: string): PeerPair {
    const known = this.#pairs.get(id)
    if (known) return known
    const pair: PeerPair = {
      ...{handshakes: [[], []], sessions: [], made: [], madeWith: undefined},
      searched: [false, false],
    }
    this.#pairs.set(id, pair)
    return pair
  }

  /**
   * Sessions of each two handshakes that were not made before, or not with the keys of now.
   * @param id of the two peers, if they are known.
   */
  #made(pair: PeerPair, id: string | undefined): CryptoSession[] {
    const [first, second] = pair.handshakes
    const {version} = this.#keyring
    const before = pair.made
    pair.made = first.flatMap(a => second.map(b => ({a, b, version})))
    const sessions: CryptoSession[] = []
    for (const a of first)
      for (const b of second) {
        if (before.some(made => made.a === a && made.b === b && made.version === version)) continue
        const [publicKeyA, publicKeyB] = [fromHex(a.sessionPk), fromHex(b.sessionPk)]
        const nonces = {baseNonceA: a.baseNonce, baseNonceB: b.baseNonce}
        for (const key of this.#keysOf(a.sessionPk, b.sessionPk)) {
          const same = pair.sessions.filter(known => isEqualBytes(known.key, key))
          // It keeps the nonces that it has come to when a key log grows.
          if (same.some(({handshakes}) => handshakes?.includes(a) && handshakes.includes(b))) continue
          sessions.push({
            ...{key: same[0]?.key ?? key, bases: [copyOf(a.baseNonce), copyOf(b.baseNonce)]},
            ...{names: [publicKeyA, publicKeyB], handshakes: [a, b], pair: id, opened: [undefined, undefined]},
            item: () => ({kind: 'crypto_session', publicKeyA, publicKeyB, sharedKey: key, ...nonces}),
          })
        }
      }
    return sessions
  }

  *#keysOf(a: string, b: string): Generator<Uint8Array> {
    for (const {sharedKey} of this.#keyring.cryptoSessions(fromHex(a), fromHex(b))) yield sharedKey
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const pair = this.#keyring.secretKey(own)
      if (pair) yield* this.#keyring.sharedKeysOf(fromHex(other), pair, this.#budget.named) ?? []
    }
    for (const {sharedKey} of this.#keyring.pairKeysOf(a, b)) yield sharedKey
    for (const name of [a, b])
      for (const {sharedKey} of this.#keyring.pairKeysNaming(name).slice(0, limits.triedLoggedKeys)) yield sharedKey
  }

  /** The session lines of key logs, either way round, the likeliest first. */
  #logged(place: PairPlace, low: number, trials: number, tryKey: TryKey): OpenedSession | undefined {
    const pair = this.#pairOf(place.id)
    let free = pair.searched[place.side] ? 0 : limits.nearestSessions
    pair.searched[place.side] = true
    for (const {item, own, other} of this.#loggedSessions.nearest(low)) {
      if (free > 0) free--
      else if (!this.#budget.search.take(trials)) return undefined
      const {publicKeyA, publicKeyB} = item
      const isSame = (own === item.baseNonceA) === (place.side === 0)
      const names = isSame ? ([publicKeyA, publicKeyB] as const) : ([publicKeyB, publicKeyA] as const)
      const [first, second] = place.side === 0 ? [own, other] : [other, own]
      const bases: CryptoSession['bases'] = [first ? copyOf(first) : null, second ? copyOf(second) : null]
      const session: CryptoSession = {
        ...{key: item.sharedKey, bases, names, opened: [undefined, undefined]},
        ...{handshakes: undefined, pair: undefined, item: () => item},
      }
      if (this.#opens(session, place.side, low, tryKey)) return this.#opened(place, session)
    }
    return undefined
  }

  #opens({key, bases}: CryptoSession, side: Side, low: number, tryKey: TryKey): boolean {
    const base = bases[side]
    if (!base) return false
    const ahead = (low - u16be(base, 22)) & 0xffff
    if (!tryKey(offsetNonce(base, ahead, this.#nonce), key)) return false
    if (ahead > 2 * limits.nonceStep) offsetNonce(base, limits.nonceStep, base)
    return true
  }

  /** Packets that were not captured may have taken the counter round; one that comes late may be from before. */
  #afterLoss(place: PairPlace, low: number, size: number, tryKey: TryKey): OpenedSession | undefined {
    for (const session of this.#pairOf(place.id).sessions.slice(0, 2)) {
      const base = session.bases[place.side]
      if (!base) continue
      const ahead = (low - u16be(base, 22)) & 0xffff
      for (let round = -1; round <= limits.missedRounds; round++) {
        if (round === 0) continue
        if (!this.#budget.search.take(trialsToOpen(size))) return undefined
        if (!tryKey(offsetNonce(base, ahead + round * 0x1_0000, this.#nonce), session.key)) continue
        if (round > 0) offsetNonce(base, ahead + round * 0x1_0000, base)
        return this.#opened(place, session)
      }
    }
    return undefined
  }
}
