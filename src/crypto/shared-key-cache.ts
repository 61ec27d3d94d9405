import * as limits from './limits.js'

/**
 * Shared keys of pairs of keys, each worked out once: that costs as much as 150 trial openings, and the connections
 * of one capture are often between the same ends.
 */
export class SharedKeyCache {
  /** By public key in hex, oldest first, then by the secret key's array. */
  readonly #keys = new Map<string, Map<Uint8Array, readonly Uint8Array[]>>()
  #size = 0

  /**
   * @param publicKey in hex.
   * @param secretKey the array that was given to add.
   * @returns undefined if they have not been worked out, or were dropped since.
   */
  find(publicKey: string, secretKey: Uint8Array): readonly Uint8Array[] | undefined {
    return this.#keys.get(publicKey)?.get(secretKey)
  }

  /** @returns the keys that were added. */
  add(publicKey: string, secretKey: Uint8Array, keys: readonly Uint8Array[]): readonly Uint8Array[] {
    const ofPublicKey = this.#keys.get(publicKey) ?? new Map<Uint8Array, readonly Uint8Array[]>()
    this.#keys.set(publicKey, ofPublicKey.set(secretKey, keys))
    if (++this.#size > limits.cachedSharedKeys) this.#dropOldest()
    return keys
  }

  #dropOldest(): void {
    const [oldest] = this.#keys
    if (oldest === undefined) return
    const [publicKey, {size}] = oldest
    this.#keys.delete(publicKey)
    this.#size -= size
  }
}
