/** A Curve25519 pair: of a relay, client, session, DHT, identity, onion or group. Keys are 32 bytes. */
export interface SecretKeyItem {
  readonly kind: 'secret_key'
  /** null: to be derived. What a file claims is checked before it is used. */
  readonly publicKey: Uint8Array | null
  readonly secretKey: Uint8Array
}

/** The long-term public key of a relay: with a client's secret key it opens that client's handshakes. */
export interface RelayKeyItem {
  readonly kind: 'relay_key'
  readonly publicKey: Uint8Array
}

/** A precomputed key of nobody knows which box: tried on everything. */
export interface SharedKeyItem {
  readonly kind: 'shared_key'
  readonly sharedKey: Uint8Array
}

/**
 * What opens the frames of one connection to a relay. Nonces are 24 bytes; null where the log says that it is unknown.
 */
export interface TcpSessionItem {
  readonly kind: 'tcp_session'
  /** Nonces of the two handshake boxes. A replayed client handshake repeats the client's. */
  readonly clientNonce: Uint8Array | null
  readonly relayNonce: Uint8Array | null
  readonly sharedKey: Uint8Array
  readonly clientBaseNonce: Uint8Array | null
  readonly relayBaseNonce: Uint8Array | null
}

/** What opens the crypto data of one net_crypto session; a and b in the order of the log. */
export interface CryptoSessionItem {
  readonly kind: 'crypto_session'
  /** Session public keys, not long-term ones. */
  readonly publicKeyA: Uint8Array
  readonly publicKeyB: Uint8Array
  readonly sharedKey: Uint8Array
  readonly baseNonceA: Uint8Array | null
  readonly baseNonceB: Uint8Array | null
}

/** The precomputed key of a pair of keys, which opens every box between them. */
export interface PairKeyItem {
  readonly kind: 'pair_key'
  /** null: not known. */
  readonly publicKeyA: Uint8Array | null
  readonly publicKeyB: Uint8Array | null
  readonly sharedKey: Uint8Array
}

/** The real public key of a friend, as a `.tox` save lists it: the other half of a pair of keys. */
export interface FriendKeyItem {
  readonly kind: 'friend_key'
  readonly publicKey: Uint8Array
}

export type KeyItem =
  | SecretKeyItem
  | RelayKeyItem
  | SharedKeyItem
  | TcpSessionItem
  | CryptoSessionItem
  | PairKeyItem
  | FriendKeyItem
