import {isEqualBytes} from '../../wire/bytes.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {KeyPair} from '../box.js'
import type {SecretKeyItem} from '../key-item.js'

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

/** Pairs by their public keys. */
export class SecretKeyIndex {
  readonly #pairs = new Map<string, Entry>()
  /** The same pairs, oldest first. */
  readonly #entries: Entry[] = []
  readonly #derive: (secretKey: Uint8Array) => Uint8Array

  /** @param derive the public key of a secret key. */
  constructor(derive: (secretKey: Uint8Array) => Uint8Array) {
    this.#derive = derive
  }

  get size(): number {
    return this.#pairs.size
  }

  /** All pairs, oldest first. */
  get all(): readonly RingPair[] {
    return this.#entries
  }

  /** The pair with this public key in hex, if its secret key belongs to it. */
  find(publicKey: string): RingPair | undefined {
    const entry = this.#pairs.get(publicKey)
    if (entry && !entry.isChecked) this.#check(entry)
    return this.#pairs.get(publicKey)
  }

  /**
   * Adds a pair, if it is new.
   * @param hasRoom asked where it is new.
   * @returns whether it was added.
   */
  add(item: SecretKeyItem, source: string, hasRoom: () => boolean): boolean {
    const claimed = item.publicKey && toHex(item.publicKey)
    const taken = claimed === null ? undefined : this.#pairs.get(claimed)
    if (taken && isEqualBytes(taken.secretKey, item.secretKey)) return false
    // A second secret key for the same public key: at most one of them belongs to it, so check now.
    if (taken && !taken.isChecked) this.#check(taken)
    const isChecked = item.publicKey === null || taken !== undefined
    const publicKey = isChecked ? this.#derive(item.secretKey) : item.publicKey
    const id = toHex(publicKey)
    if (this.find(id) || !hasRoom()) return false
    const pair = {publicKey, secretKey: item.secretKey}
    const entry = new Entry(pair, source, isChecked, unchecked => this.#check(unchecked))
    this.#pairs.set(id, entry)
    this.#entries.push(entry)
    return true
  }

  /** Derive the public key from the secret key. If another one was claimed, the pair moves to the derived one. */
  #check(entry: Entry): void {
    const id = toHex(entry.claimed)
    const publicKey = this.#derive(entry.secretKey)
    entry.isChecked = true
    if (isEqualBytes(publicKey, entry.claimed)) return
    if (this.#pairs.get(id) === entry) this.#pairs.delete(id)
    entry.claimed = publicKey
    const right = toHex(publicKey)
    // Whoever claims that key may be wrong as well.
    const other = this.#pairs.get(right)
    if (other && !other.isChecked) this.#check(other)
    if (!this.#pairs.has(right)) this.#pairs.set(right, entry)
  }
}
