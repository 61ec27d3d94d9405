import {toHex} from '../../wire/hex/hex-bytes.js'
import {addToList} from '../../wire/memory/lists.js'
import type {CryptoSessionItem} from '../key-item.js'

/** Lines for net_crypto sessions, by their two session public keys. */
export class CryptoSessionIndex {
  /** By both public keys in hex, that of end a first. */
  readonly #byKeys = new Map<string, CryptoSessionItem[]>()
  readonly #ids = new Set<string>()

  get size(): number {
    return this.#ids.size
  }

  /** Every line, oldest session first. */
  *all(): Generator<CryptoSessionItem> {
    for (const lines of this.#byKeys.values()) yield* lines
  }

  has(item: CryptoSessionItem): boolean {
    return this.#ids.has(idOf(item))
  }

  add(item: CryptoSessionItem): true {
    this.#ids.add(idOf(item))
    addToList(this.#byKeys, keysOf(item.publicKeyA, item.publicKeyB), item)
    return true
  }

  /** Lines for the session between these two keys. End a of each is the first key. */
  of(publicKeyA: Uint8Array, publicKeyB: Uint8Array): readonly CryptoSessionItem[] {
    const [straight, turned] = [keysOf(publicKeyA, publicKeyB), keysOf(publicKeyB, publicKeyA)]
    const lines = this.#byKeys.get(straight) ?? []
    return straight === turned ? lines : [...lines, ...(this.#byKeys.get(turned) ?? []).map(swapEnds)]
  }
}

const keysOf = (publicKeyA: Uint8Array, publicKeyB: Uint8Array): string => `${toHex(publicKeyA)} ${toHex(publicKeyB)}`

const idOf = ({publicKeyA, publicKeyB, sharedKey, baseNonceA, baseNonceB}: CryptoSessionItem): string =>
  [
    keysOf(publicKeyA, publicKeyB),
    ...[sharedKey, baseNonceA, baseNonceB].map(bytes => (bytes ? toHex(bytes) : '-')),
  ].join(' ')

function swapEnds(item: CryptoSessionItem): CryptoSessionItem {
  return {
    ...item,
    publicKeyA: item.publicKeyB,
    publicKeyB: item.publicKeyA,
    baseNonceA: item.baseNonceB,
    baseNonceB: item.baseNonceA,
  }
}
