import {toHex} from '../../wire/hex/hex-bytes.js'
import type {PairKeyItem} from '../key-item.js'

const none: readonly PairKeyItem[] = []

/** Precomputed keys by the public keys of their pair. */
export class PairKeyIndex {
  readonly #all: PairKeyItem[] = []
  readonly #ids = new Set<string>()
  readonly #byPublicKey = new Map<string, PairKeyItem[]>()

  get size(): number {
    return this.#all.length
  }

  /** Every line, oldest first. */
  get all(): readonly PairKeyItem[] {
    return this.#all
  }

  has(item: PairKeyItem): boolean {
    return this.#ids.has(idOf(item))
  }

  add(item: PairKeyItem): true {
    this.#ids.add(idOf(item))
    this.#all.push(item)
    for (const publicKey of [item.publicKeyA, item.publicKeyB]) {
      if (!publicKey) continue
      const name = toHex(publicKey)
      const items = this.#byPublicKey.get(name)
      if (items) items.push(item)
      else this.#byPublicKey.set(name, [item])
    }
    return true
  }

  /** Lines that name this public key, oldest first. @param publicKey in hex. */
  naming(publicKey: string): readonly PairKeyItem[] {
    return this.#byPublicKey.get(publicKey) ?? none
  }
}

const idOf = ({publicKeyA, publicKeyB, sharedKey}: PairKeyItem): string =>
  [publicKeyA, publicKeyB, sharedKey].map(bytes => (bytes ? toHex(bytes) : '-')).join(' ')
