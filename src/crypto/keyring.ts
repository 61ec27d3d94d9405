import {toHex} from '../wire/hex/hex-bytes.js'
import type {Box, KeyPair} from './box.js'
import type {CryptoSessionItem, KeyItem, SecretKeyItem, TcpSessionItem} from './key-item.js'
import * as limits from './limits.js'
import {TcpSessionIndex} from './tcp-sessions.js'

/** A pair in the ring, its public key derived from its secret key or checked against it. */
export interface RingPair extends KeyPair {
  /** Where it came from: a file's name, a flag. */
  readonly source: string
}

interface Entry {
  publicKey: Uint8Array
  readonly secretKey: Uint8Array
  readonly source: string
  checked: boolean
}

/**
 * Every key that the user gave, found by what a connection shows of itself. Grows while it is in use (a key log that
 * somebody else writes); a duplicate changes nothing; what is beyond a bound of limits.ts is dropped and counted.
 */
export class Keyring {
  /** Needed from the first secret key on whose public key must be derived or checked. */
  box: Box | undefined
  readonly #pairs = new Map<string, Entry>()
  readonly #relayKeys = new Map<string, Uint8Array>()
  readonly #sharedKeys = new Map<string, Uint8Array>()
  readonly #tcpSessions = new TcpSessionIndex()
  readonly #cryptoSessions = new Map<string, CryptoSessionItem[]>()
  readonly #cryptoSessionIds = new Set<string>()
  readonly #items = new Map<KeyItem, {readonly item: KeyItem; readonly source: string}>()
  #version = 0
  #dropped = 0

  constructor(box?: Box) {
    this.box = box
  }

  /** Changes with every key that is really new: what could not be opened before may be worth another look. */
  get version(): number {
    return this.#version
  }

  /** Keys and session lines held. */
  get size(): number {
    return (
      this.#pairs.size +
      this.#relayKeys.size +
      this.#sharedKeys.size +
      this.#tcpSessions.size +
      this.#cryptoSessionIds.size
    )
  }

  /** Keys and lines that found no room. */
  get dropped(): number {
    return this.#dropped
  }

  /**
   * @param source where the key came from, for messages.
   * @returns whether it was new and found room.
   * @throws Error without a box, if the item's public key must be derived.
   */
  add(item: KeyItem, source: string): boolean {
    const added = this.#place(item, source)
    if (added) {
      this.#version++
      this.#items.set(item, {item, source})
    }
    return added
  }

  /** Everything held, in the order in which it came: what another ring needs to be as good as this one. */
  get items(): readonly {readonly item: KeyItem; readonly source: string}[] {
    return [...this.#items.values()]
  }

  /**
   * Make room: the connection of this line is over.
   * @param item the object that was added.
   */
  forgetTcpSession(item: TcpSessionItem): void {
    this.#tcpSessions.delete(item)
    this.#items.delete(item)
  }

  /** The pair with this public key (bytes, or lower-case hex), if its secret key is known and fits. */
  secretKey(publicKey: Uint8Array | string): RingPair | undefined {
    const id = typeof publicKey === 'string' ? publicKey : toHex(publicKey)
    const entry = this.#pairs.get(id)
    if (entry === undefined || entry.checked) return entry
    this.#check(id, entry)
    return this.#pairs.get(id)
  }

  /**
   * Every pair, oldest first. To be tried in turn within the caller's bound: checking one for the first time costs
   * about as much as opening fifty frames.
   */
  *secretKeys(): IterableIterator<RingPair> {
    // A copy of the ids: checking moves an entry whose public key was wrong.
    for (const [id, entry] of [...this.#pairs]) {
      if (!entry.checked) this.#check(id, entry)
      yield entry
    }
  }

  /** Public keys of relays, as the user named them, oldest first. */
  relayKeys(): IterableIterator<Uint8Array> {
    return this.#relayKeys.values()
  }

  /** Shared keys given without a session, oldest first. */
  sharedKeys(): IterableIterator<Uint8Array> {
    return this.#sharedKeys.values()
  }

  /**
   * Session lines that may be those of a connection with these handshake nonces (null: not captured), the surest first:
   * lines with every nonce that is known, then lines that leave one open. With neither nonce known, every line.
   */
  tcpSessions(clientNonce: Uint8Array | null, relayNonce: Uint8Array | null): readonly TcpSessionItem[] {
    return this.#tcpSessions.find(clientNonce, relayNonce)
  }

  /**
   * Lines for the net_crypto session between these two session public keys, each turned so that a is the first one
   * asked for.
   */
  cryptoSessions(publicKeyA: Uint8Array, publicKeyB: Uint8Array): readonly CryptoSessionItem[] {
    const [a, b] = [toHex(publicKeyA), toHex(publicKeyB)]
    const turned = this.#cryptoSessions.get(`${b} ${a}`) ?? []
    const straight = this.#cryptoSessions.get(`${a} ${b}`) ?? []
    return a === b ? straight : [...straight, ...turned.map(swapEnds)]
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
        return this.#tcpSessions.has(item)
          ? false
          : this.#room(this.#tcpSessions.size, limits.keyringTcpSessions) && this.#tcpSessions.add(item)
      case 'crypto_session':
        return this.#addCryptoSession(item)
    }
  }

  #addPair(item: SecretKeyItem, source: string): boolean {
    const claimed = item.publicKey && toHex(item.publicKey)
    const taken = claimed === null ? undefined : this.#pairs.get(claimed)
    if (taken && same(taken.secretKey, item.secretKey)) return false
    // A second secret key for the same public key: at most one of them is right, so look now.
    if (claimed !== null && taken && !taken.checked) this.#check(claimed, taken)
    const checked = item.publicKey === null || taken !== undefined
    const publicKey = checked ? this.#derive(item.secretKey) : item.publicKey
    const id = toHex(publicKey)
    if (this.#pairs.has(id) || !this.#room(this.#pairs.size, limits.keyringSecretKeys)) return false
    this.#pairs.set(id, {publicKey, secretKey: item.secretKey, source, checked})
    return true
  }

  #addTo(keys: Map<string, Uint8Array>, key: Uint8Array): boolean {
    const id = toHex(key)
    if (keys.has(id) || !this.#room(keys.size, limits.keyringTriedKeys)) return false
    keys.set(id, key)
    return true
  }

  #addCryptoSession(item: CryptoSessionItem): boolean {
    const pair = `${toHex(item.publicKeyA)} ${toHex(item.publicKeyB)}`
    const id = [
      pair,
      ...[item.sharedKey, item.baseNonceA, item.baseNonceB].map(bytes => (bytes ? toHex(bytes) : '-')),
    ].join(' ')
    if (this.#cryptoSessionIds.has(id) || !this.#room(this.#cryptoSessionIds.size, limits.keyringCryptoSessions))
      return false
    this.#cryptoSessionIds.add(id)
    const lines = this.#cryptoSessions.get(pair)
    if (lines) lines.push(item)
    else this.#cryptoSessions.set(pair, [item])
    return true
  }

  #room(size: number, bound: number): boolean {
    if (size < bound) return true
    this.#dropped++
    return false
  }

  #derive(secretKey: Uint8Array): Uint8Array {
    if (this.box === undefined) throw new Error('a keyring needs a box to derive a public key')
    return this.box.publicKey(secretKey)
  }

  /**
   * Believe the secret key: where the public key beside it was another, the pair goes under the one that belongs to it.
   */
  #check(id: string, entry: Entry): void {
    const publicKey = this.#derive(entry.secretKey)
    entry.checked = true
    if (same(publicKey, entry.publicKey)) return
    if (this.#pairs.get(id) === entry) this.#pairs.delete(id)
    entry.publicKey = publicKey
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
