import {toHex} from '../../wire/hex/hex-bytes.js'
import {addToList} from '../../wire/memory/lists.js'
import type {PairKeyItem} from '../key-item.js'

const none: readonly PairKeyItem[] = []

/** Precomputed keys by the public keys of their pair. */
export class PairKeyIndex {
  readonly #all: PairKeyItem[] = []
  readonly #nameless: PairKeyItem[] = []
  readonly #ids = new Set<string>()
  readonly #byPublicKey = new Map<string, PairKeyItem[]>()
  /** Lines that name both public keys, by these in hex, the smaller one first. */
  readonly #byPair = new Map<string, PairKeyItem[]>()

  get size(): number {
    return this.#all.length
  }

  /** Every line, oldest first. */
  get all(): readonly PairKeyItem[] {
    return this.#all
  }

  /** Lines that name no public key, oldest first. */
  get nameless(): readonly PairKeyItem[] {
    return this.#nameless
  }

  has(item: PairKeyItem): boolean {
    return this.#ids.has(idOf(item))
  }

  add(item: PairKeyItem): true {
    this.#ids.add(idOf(item))
    this.#all.push(item)
    const names = [item.publicKeyA, item.publicKeyB].flatMap(publicKey => (publicKey ? [toHex(publicKey)] : []))
    for (const name of names) addToList(this.#byPublicKey, name, item)
    if (names.length === 0) this.#nameless.push(item)
    const [a, b] = names
    if (a !== undefined && b !== undefined) addToList(this.#byPair, pairId(a, b), item)
    return true
  }

  /** Lines that name these two public keys, oldest first. Both in hex. */
  of(publicKey: string, other: string): readonly PairKeyItem[] {
    return this.#byPair.get(pairId(publicKey, other)) ?? none
  }

  /** Lines that name this public key, oldest first. @param publicKey in hex. */
  naming(publicKey: string): readonly PairKeyItem[] {
    return this.#byPublicKey.get(publicKey) ?? none
  }
}

const pairId = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

const idOf = ({publicKeyA, publicKeyB, sharedKey}: PairKeyItem): string =>
  [publicKeyA, publicKeyB, sharedKey].map(bytes => (bytes ? toHex(bytes) : '-')).join(' ')
