import * as limits from '../limits.js'

/**
 * Keeps computed shared keys. Each costs as much as 150 trial openings, and connections of one capture are often
 * between the same two keys.
 */
export class SharedKeyCache {
  /**
   * Shared keys by the array of the secret key, oldest first, then by the public key in hex: a capture with thousands
   * of peers has few secret keys, and each map costs more than what one peer needs.
   */
  readonly #keys = new Map<Uint8Array, Map<string, readonly Uint8Array[]>>()
  #size = 0

  /**
   * @param publicKey in hex.
   * @param secretKey the array that was given to add.
   * @returns undefined if they were not added or have been dropped since.
   */
  find(publicKey: string, secretKey: Uint8Array): readonly Uint8Array[] | undefined {
    return this.#keys.get(secretKey)?.get(publicKey)
  }

  /** @returns the keys that were added. */
  add(publicKey: string, secretKey: Uint8Array, keys: readonly Uint8Array[]): readonly Uint8Array[] {
    const ofSecretKey = this.#keys.get(secretKey) ?? new Map<string, readonly Uint8Array[]>()
    this.#keys.set(secretKey, ofSecretKey.set(publicKey, keys))
    if (++this.#size > limits.cachedSharedKeys) this.#dropOldest()
    return keys
  }

  #dropOldest(): void {
    for (const [secretKey, ofSecretKey] of this.#keys)
      for (const publicKey of ofSecretKey.keys()) {
        ofSecretKey.delete(publicKey)
        if (ofSecretKey.size === 0) this.#keys.delete(secretKey)
        this.#size--
        return
      }
  }
}
