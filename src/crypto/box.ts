/** A Curve25519 key pair: 32 bytes each. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

/**
 * The one primitive of Tox: crypto_box of NaCl (X25519, HSalsa20, XSalsa20-Poly1305). With a shared key in hand a box
 * and a secretbox are the same thing, so open and seal serve both. Keys are 32 bytes, nonces 24, the MAC is 16 bytes
 * and comes first. Nothing here keeps what it is given.
 */
export interface Box {
  /**
   * The shared key that a strict implementation works out, X25519 then HSalsa20. Never throws on a low-order public
   * key: the point is all zero then, and so the key is HSalsa20 of zero, as tox-rs has it. See sharedKeys for what
   * c-toxcore does.
   */
  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array
  /**
   * Every key that a real peer may go on with, likeliest first: one as a rule; for a low-order public key two, 32 zero
   * bytes (c-toxcore ignores that crypto_box_beforenm failed) and HSalsa20 of zero (tox-rs).
   */
  sharedKeys(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array[]
  publicKey(secretKey: Uint8Array): Uint8Array
  /** Deterministic: the secret key is the first half of SHA-512 of the 32-byte seed. Randomness comes from outside. */
  keyPair(seed: Uint8Array): KeyPair
  /**
   * Open bytes[start, end), a MAC and a body that may be empty, and write the plaintext to target[at..].
   * target may be bytes itself. Nothing is written unless the MAC, which is over all of the body, matches.
   * @param most plaintext bytes that are wanted, default all: only so many are written, which takes a third of the time
   *   for a long body.
   * @returns length of the whole plaintext; -1 if the MAC does not match or there are under 16 bytes.
   * @throws RangeError if a key or nonce has a wrong length, or target has no room.
   */
  open(
    bytes: Uint8Array,
    start: number,
    end: number,
    nonce: Uint8Array,
    key: Uint8Array,
    target: Uint8Array,
    at: number,
    most?: number,
  ): number
  /** @returns MAC and body, 16 bytes longer than plain. */
  seal(plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array
}
