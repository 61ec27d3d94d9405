import {toHex} from '../../wire/hex/hex-bytes.js'
import type {Box} from '../box.js'
import type {CryptoSessionItem, KeyItem, PairKeyItem, TcpSessionItem} from '../key-item.js'
import * as limits from '../limits.js'
import type {SearchBudget} from '../search-budget.js'
import {CryptoSessionIndex} from './crypto-sessions.js'
import {PairKeyIndex} from './pair-keys.js'
import {SaveUse} from './save-use.js'
import {type RingPair, SecretKeyIndex} from './secret-keys.js'
import {SharedKeyCache} from './shared-key-cache.js'
import {TcpSessionIndex} from './tcp-sessions.js'

/**
 * All keys that the user gave, looked up by what a connection shows: public keys and nonces. It may grow while it is in
 * use, from a key log that another program writes. Duplicates are ignored; keys beyond a bound of limits.ts are dropped
 * and counted.
 */
export class Keyring {
  /** Needed once a public key must be derived or checked. */
  box: Box | undefined
  /** What the `.tox` saves that keys came from have opened. */
  readonly saves = new SaveUse()
  readonly #pairs = new SecretKeyIndex(secretKey => this.#derive(secretKey))
  readonly #sharedKeyCache = new SharedKeyCache()
  readonly #relayKeys = new Map<string, Uint8Array>()
  readonly #sharedKeys = new Map<string, Uint8Array>()
  readonly #tcpSessions = new TcpSessionIndex()
  readonly #pairKeys = new PairKeyIndex()
  readonly #friendKeys = new Map<string, Uint8Array>()
  readonly #cryptoSessions = new CryptoSessionIndex()
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
      this.#cryptoSessions.size
    )
  }

  /** True if no more keys are held. */
  get isFull(): boolean {
    return this.size >= limits.keyringKeys
  }

  /**
   * Most threads besides the first that may use its keys. Each holds all of them again, which bounds their number. With
   * many secret keys there are none: threads that each search on their own do not know which keys have opened the
   * connections of others, and find less than one thread.
   */
  get mostThreads(): number {
    if (this.#pairs.size > limits.threadSecretKeys) return 0
    return Math.floor(limits.threadKeys / Math.max(1, this.size))
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

  /**
   * The ring's version that began with this item; 0 if it is not in the ring.
   * @param item the object that was added.
   */
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
    return this.#pairs.find(typeof publicKey === 'string' ? publicKey : toHex(publicKey))
  }

  /** All pairs, oldest first. The caller bounds how many it tries. */
  secretKeys(): readonly RingPair[] {
    return this.#pairs.all
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
    return this.#cryptoSessions.of(publicKeyA, publicKeyB)
  }

  /** Every line for a net_crypto session, oldest first. */
  allCryptoSessions(): Generator<CryptoSessionItem> {
    return this.#cryptoSessions.all()
  }

  /** Precomputed keys whose line names this public key, oldest first. @param publicKey in hex. */
  pairKeysNaming(publicKey: string): readonly PairKeyItem[] {
    return this.#pairKeys.naming(publicKey)
  }

  /** Precomputed keys whose line names these two public keys, oldest first. Both in hex. */
  pairKeysOf(publicKey: string, other: string): readonly PairKeyItem[] {
    return this.#pairKeys.of(publicKey, other)
  }

  /** Precomputed keys whose line names no public key, oldest first. */
  namelessKeys(): readonly PairKeyItem[] {
    return this.#pairKeys.nameless
  }

  /** Every precomputed key of a pair, oldest first. */
  pairKeys(): readonly PairKeyItem[] {
    return this.#pairKeys.all
  }

  /** Real public keys of friends, oldest first. */
  friendKeys(): IterableIterator<Uint8Array> {
    return this.#friendKeys.values()
  }

  /** Whether keys were given that are meant for boxes inside packets: handshakes need those of a relay and a client. */
  get namesInnerKeys(): boolean {
    const {size: pairs} = this.#pairs
    return this.#pairKeys.size > 0 || this.#cryptoSessions.size > 0 || this.#friendKeys.size > 0 || pairs > 2
  }

  /** Whether any key may open a box inside a packet. */
  get hasInnerKeys(): boolean {
    return this.#pairs.size > 0 || this.#pairKeys.size > 0 || this.#cryptoSessions.size > 0 || this.#sharedKeys.size > 0
  }

  #place(item: KeyItem, source: string): boolean {
    switch (item.kind) {
      case 'secret_key':
        return this.#pairs.add(item, source, () => this.#room())
      case 'relay_key':
        return this.#addTo(this.#relayKeys, item.publicKey)
      case 'shared_key':
        return this.#addTo(this.#sharedKeys, item.sharedKey)
      case 'tcp_session':
        return this.#tcpSessions.has(item) ? false : this.#room() && this.#tcpSessions.add(item)
      case 'crypto_session':
        return this.#cryptoSessions.has(item) ? false : this.#room() && this.#cryptoSessions.add(item)
      case 'pair_key':
        return this.#pairKeys.has(item) ? false : this.#room() && this.#pairKeys.add(item)
      case 'friend_key':
        return this.#addTo(this.#friendKeys, item.publicKey)
    }
  }

  #addTo(keys: Map<string, Uint8Array>, key: Uint8Array): boolean {
    const id = toHex(key)
    if (keys.has(id) || !this.#room(keys.size < limits.keyringTriedKeys)) return false
    keys.set(id, key)
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
}
