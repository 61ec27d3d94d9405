import {toHex} from '../../wire/hex/hex-bytes.js'
import type {Box, KeyPair} from '../box.js'
import type {CryptoSessionItem, KeyItem, PairKeyItem, SecretKeyItem, TcpSessionItem} from '../key-item.js'
import * as limits from '../limits.js'
import type {SearchBudget} from '../search-budget.js'
import {PairKeyIndex} from './pair-keys.js'
import {SharedKeyCache} from './shared-key-cache.js'
import {TcpSessionIndex} from './tcp-sessions.js'

/**
 * A pair in the ring. Its public key is derived from its secret key, or checked against it when it is first asked for:
 * that costs as much as 80 trial openings.
 */
export interface RingPair extends KeyPair {
  /** Where it came from: a file's name, a flag. */
  readonly source: string
}

/** A pair whose claimed public key may be wrong. */
class Entry implements RingPair {
  isChecked: boolean
  /** As claimed, until it is checked. */
  claimed: Uint8Array
  readonly #check: (entry: Entry) => void

  constructor(
    {publicKey, secretKey}: KeyPair,
    readonly source: string,
    isChecked: boolean,
    check: (entry: Entry) => void,
  ) {
    this.claimed = publicKey
    this.secretKey = secretKey
    this.isChecked = isChecked
    this.#check = check
  }

  readonly secretKey: Uint8Array

  get publicKey(): Uint8Array {
    if (!this.isChecked) this.#check(this)
    return this.claimed
  }
}

/**
 * All keys that the user gave, looked up by what a connection shows: public keys and nonces. It may grow while it is in
 * use, from a key log that another program writes. Duplicates are ignored; keys beyond a bound of limits.ts are dropped
 * and counted.
 */
export class Keyring {
  /** Needed once a public key must be derived or checked. */
  box: Box | undefined
  readonly #pairs = new Map<string, Entry>()
  /** The same pairs, oldest first. */
  readonly #entries: Entry[] = []
  readonly #sharedKeyCache = new SharedKeyCache()
  readonly #relayKeys = new Map<string, Uint8Array>()
  readonly #sharedKeys = new Map<string, Uint8Array>()
  readonly #tcpSessions = new TcpSessionIndex()
  readonly #pairKeys = new PairKeyIndex()
  readonly #friendKeys = new Map<string, Uint8Array>()
  readonly #cryptoSessions = new Map<string, CryptoSessionItem[]>()
  readonly #cryptoSessionIds = new Set<string>()
  readonly #items = new Map<KeyItem, {readonly item: KeyItem; readonly source: string; readonly version: number}>()
  #version = 0
  #dropped = 0

  constructor(box?: Box) {
    this.box = box
  }

  /** Changes with every new key: pieces that did not open before may open now. */
  get version(): number {
    return this.#version
  }

  /** Number of keys and session lines. */
  get size(): number {
    return (
      this.#pairs.size +
      this.#relayKeys.size +
      this.#sharedKeys.size +
      this.#tcpSessions.size +
      this.#pairKeys.size +
      this.#friendKeys.size +
      this.#cryptoSessionIds.size
    )
  }

  /** True if no more keys are held. */
  get isFull(): boolean {
    return this.size >= limits.keyringKeys
  }

  /**
   * Whether threads that each search on their own find what one thread finds: they do not know which keys have opened
   * the connections of others, and each holds all keys again.
   */
  get suitsThreads(): boolean {
    return this.size <= limits.threadKeys && this.#pairs.size <= limits.threadSecretKeys
  }

  /** Number of keys and lines that were dropped at a bound. */
  get dropped(): number {
    return this.#dropped
  }

  /**
   * Add a key.
   * @param source where the key came from, for messages.
   * @returns true if it is new and within the bounds.
   * @throws Error without a box, if the item's public key must be derived.
   */
  add(item: KeyItem, source: string): boolean {
    const added = this.#place(item, source)
    if (added) {
      this.#version++
      this.#items.set(item, {item, source, version: this.#version})
    }
    return added
  }

  /** The ring's version that began with this item; 0 if it is not in the ring. @param item the object that was added. */
  versionOf(item: KeyItem): number {
    return this.#items.get(item)?.version ?? 0
  }

  /** All items in the order in which they were added, for a copy of the ring in another thread. */
  get items(): readonly {readonly item: KeyItem; readonly source: string}[] {
    return [...this.#items.values()]
  }

  /**
   * Remove a session line whose connection is over.
   * @param item the object that was added.
   */
  forgetTcpSession(item: TcpSessionItem): void {
    this.#tcpSessions.delete(item)
    this.#items.delete(item)
  }

  /** The pair with this public key (bytes or lower-case hex), if its secret key is known and belongs to it. */
  secretKey(publicKey: Uint8Array | string): RingPair | undefined {
    const id = typeof publicKey === 'string' ? publicKey : toHex(publicKey)
    const entry = this.#pairs.get(id)
    if (entry && !entry.isChecked) this.#check(entry)
    return this.#pairs.get(id)
  }

  /** All pairs, oldest first. The caller bounds how many it tries. */
  secretKeys(): readonly RingPair[] {
    return this.#entries
  }

  /**
   * Shared keys of a public key and a pair of this ring, as Box.sharedKeys gives them. Each is computed once.
   * @param budget bounds how many are computed.
   * @returns undefined if they are not known yet and the budget is spent or the box is missing.
   */
  sharedKeysOf(publicKey: Uint8Array, {secretKey}: RingPair, budget: SearchBudget): readonly Uint8Array[] | undefined {
    const id = toHex(publicKey)
    const known = this.#sharedKeyCache.find(id, secretKey)
    if (known || !this.box || !budget.take(limits.trialsForSharedKey)) return known
    return this.#sharedKeyCache.add(id, secretKey, this.box.sharedKeys(publicKey, secretKey))
  }

  /** Public keys of relays that the user named, oldest first. */
  relayKeys(): IterableIterator<Uint8Array> {
    return this.#relayKeys.values()
  }

  /** Shared keys given without a session, oldest first. */
  sharedKeys(): IterableIterator<Uint8Array> {
    return this.#sharedKeys.values()
  }

  /**
   * Session lines that may belong to a connection with these handshake nonces (null: not captured), likeliest first:
   * lines with all known nonces, then lines without one of them. If neither nonce is known, any line.
   * @param most maximum number of lines.
   */
  tcpSessions(
    clientNonce: Uint8Array | null,
    relayNonce: Uint8Array | null,
    most = Number.POSITIVE_INFINITY,
  ): readonly TcpSessionItem[] {
    return this.#tcpSessions.find(clientNonce, relayNonce, most)
  }

  /**
   * Lines for the net_crypto session between these two session public keys. End a of each is the first key.
   */
  cryptoSessions(publicKeyA: Uint8Array, publicKeyB: Uint8Array): readonly CryptoSessionItem[] {
    const [a, b] = [toHex(publicKeyA), toHex(publicKeyB)]
    const turned = this.#cryptoSessions.get(`${b} ${a}`) ?? []
    const straight = this.#cryptoSessions.get(`${a} ${b}`) ?? []
    return a === b ? straight : [...straight, ...turned.map(swapEnds)]
  }

  /** Every line for a net_crypto session, oldest first. */
  *allCryptoSessions(): Generator<CryptoSessionItem> {
    for (const lines of this.#cryptoSessions.values()) yield* lines
  }

  /** Precomputed keys whose line names this public key, oldest first. @param publicKey in hex. */
  pairKeysNaming(publicKey: string): readonly PairKeyItem[] {
    return this.#pairKeys.naming(publicKey)
  }

  /** Precomputed keys whose line names these two public keys, oldest first. Both in hex. */
  pairKeysOf(publicKey: string, other: string): readonly PairKeyItem[] {
    return this.#pairKeys.of(publicKey, other)
  }

  /** Every precomputed key of a pair, oldest first. */
  pairKeys(): readonly PairKeyItem[] {
    return this.#pairKeys.all
  }

  /** Real public keys of friends, oldest first. */
  friendKeys(): IterableIterator<Uint8Array> {
    return this.#friendKeys.values()
  }

  /** Whether keys were given that are for boxes inside packets and for nothing else. */
  get namesInnerKeys(): boolean {
    return this.#pairKeys.size > 0 || this.#cryptoSessionIds.size > 0
  }

  /** Whether any key may open a box inside a packet. */
  get hasInnerKeys(): boolean {
    return (
      this.#pairs.size > 0 || this.#pairKeys.size > 0 || this.#cryptoSessionIds.size > 0 || this.#sharedKeys.size > 0
    )
  }

  #place(item: KeyItem, source: string): boolean {
    switch (item.kind) {
      case 'secret_key':
        return this.#addPair(item, source)
      case 'relay_key':
        return this.#addTo(this.#relayKeys, item.publicKey)
      case 'shared_key':
        return this.#addTo(this.#sharedKeys, item.sharedKey)
      case 'tcp_session':
        return this.#tcpSessions.has(item) ? false : this.#room() && this.#tcpSessions.add(item)
      case 'crypto_session':
        return this.#addCryptoSession(item)
      case 'pair_key':
        return this.#pairKeys.has(item) ? false : this.#room() && this.#pairKeys.add(item)
      case 'friend_key':
        return this.#addTo(this.#friendKeys, item.publicKey)
    }
  }

  #addPair(item: SecretKeyItem, source: string): boolean {
    const claimed = item.publicKey && toHex(item.publicKey)
    const taken = claimed === null ? undefined : this.#pairs.get(claimed)
    if (taken && same(taken.secretKey, item.secretKey)) return false
    // A second secret key for the same public key: at most one of them belongs to it, so check now.
    if (taken && !taken.isChecked) this.#check(taken)
    const isChecked = item.publicKey === null || taken !== undefined
    const publicKey = isChecked ? this.#derive(item.secretKey) : item.publicKey
    const id = toHex(publicKey)
    if (this.#pairs.has(id) || !this.#room()) return false
    const pair = {publicKey, secretKey: item.secretKey}
    const entry = new Entry(pair, source, isChecked, unchecked => this.#check(unchecked))
    this.#pairs.set(id, entry)
    this.#entries.push(entry)
    return true
  }

  #addTo(keys: Map<string, Uint8Array>, key: Uint8Array): boolean {
    const id = toHex(key)
    if (keys.has(id) || !this.#room(keys.size < limits.keyringTriedKeys)) return false
    keys.set(id, key)
    return true
  }

  #addCryptoSession(item: CryptoSessionItem): boolean {
    const pair = `${toHex(item.publicKeyA)} ${toHex(item.publicKeyB)}`
    const id = [
      pair,
      ...[item.sharedKey, item.baseNonceA, item.baseNonceB].map(bytes => (bytes ? toHex(bytes) : '-')),
    ].join(' ')
    if (this.#cryptoSessionIds.has(id) || !this.#room()) return false
    this.#cryptoSessionIds.add(id)
    const lines = this.#cryptoSessions.get(pair)
    if (lines) lines.push(item)
    else this.#cryptoSessions.set(pair, [item])
    return true
  }

  #room(isWithin = true): boolean {
    if (isWithin && !this.isFull) return true
    this.#dropped++
    return false
  }

  #derive(secretKey: Uint8Array): Uint8Array {
    if (this.box === undefined) throw new Error('a keyring needs a box to derive a public key')
    return this.box.publicKey(secretKey)
  }

  /**
   * Derive the public key from the secret key. If another one was claimed, the pair moves to the derived one.
   */
  #check(entry: Entry): void {
    const id = toHex(entry.claimed)
    const publicKey = this.#derive(entry.secretKey)
    entry.isChecked = true
    if (same(publicKey, entry.claimed)) return
    if (this.#pairs.get(id) === entry) this.#pairs.delete(id)
    entry.claimed = publicKey
    const right = toHex(publicKey)
    if (!this.#pairs.has(right)) this.#pairs.set(right, entry)
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function swapEnds(item: CryptoSessionItem): CryptoSessionItem {
  return {
    ...item,
    publicKeyA: item.publicKeyB,
    publicKeyB: item.publicKeyA,
    baseNonceA: item.baseNonceB,
    baseNonceB: item.baseNonceA,
  }
}
