import * as limits from '../limits.js'

/**
 * Keeps computed shared keys. Each costs as much as 150 trial openings, and connections of one capture are often between
 * the same two keys.
 */
export class SharedKeyCache {
  /** Shared keys by public key in hex, oldest first, then by the array of the secret key. */
  readonly #keys = new Map<string, Map<Uint8Array, readonly Uint8Array[]>>()
  #size = 0

  /**
   * @param publicKey in hex.
   * @param secretKey the array that was given to add.
   * @returns undefined if they were not added or have been dropped since.
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
