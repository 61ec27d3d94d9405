/** A Curve25519 key pair: 32 bytes each. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

/** A sealed box: bytes[start, end), a MAC and a body that may be empty. */
export interface SealedBytes {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Where a result goes: bytes[at..]. */
export interface Room {
  readonly bytes: Uint8Array
  readonly at: number
}

/** Where a plaintext goes. */
export interface PlainRoom extends Room {
  /** Most plaintext bytes to write, default all. A few of a long body take a third of the time. */
  readonly wanted?: number
}

/**
 * The cryptography of Tox: crypto_box of NaCl (X25519, HSalsa20, XSalsa20-Poly1305). Once the shared key is known, a
 * box and a secretbox are the same, so open and seal work for both. Keys have 32 bytes, nonces 24; the MAC has 16 bytes
 * and comes first. Arguments are not kept.
 */
export interface Box {
  /**
   * The shared key as the standard computes it: X25519, then HSalsa20. A public key of low order gives a point of
   * zeros, so the key is HSalsa20 of zero, as in tox-rs. See sharedKeys for what c-toxcore does.
   */
  sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array
  /**
   * Every shared key that a real peer may use, likeliest first. Usually one; two for a public key of low order: 32 zero
   * bytes (c-toxcore ignores that crypto_box_beforenm failed) and HSalsa20 of zero (tox-rs).
   */
  sharedKeys(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array[]
  publicKey(secretKey: Uint8Array): Uint8Array
  /** The pair of a 32-byte seed, which must be random: the secret key is the first half of SHA-512 of the seed. */
  keyPair(seed: Uint8Array): KeyPair
  /** SHA-512: 64 bytes. */
  sha512(bytes: Uint8Array): Uint8Array
  /**
   * Open a box and write its plaintext into a room, which may be in the same array. Nothing is written unless the MAC
   * matches; it covers the whole body.
   * @returns length of the whole plaintext; -1 if the MAC does not match or there are under 16 bytes.
   * @throws RangeError if a key or nonce has a wrong length, or the room is too small.
   */
  open(sealed: SealedBytes, nonce: Uint8Array, key: Uint8Array, room: PlainRoom): number
  /** @returns MAC and body, 16 bytes longer than plain. */
  seal(plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array
  /**
   * Seal, and write MAC and body into a room.
   * @throws RangeError if a key or nonce has a wrong length, or the room is too small.
   */
  sealInto(room: Room, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
}
