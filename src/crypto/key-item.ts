/** A Curve25519 pair of any use: relay, client, session, DHT, identity, onion or group. Keys have 32 bytes. */
export interface SecretKeyItem {
  readonly kind: 'secret_key'
  /** null: derived when needed. One that a file claims is checked before it is used. */
  readonly publicKey: Uint8Array | null
  readonly secretKey: Uint8Array
}

/** The long-term public key of a relay: with a client's secret key it opens that client's handshakes. */
export interface RelayKeyItem {
  readonly kind: 'relay_key'
  readonly publicKey: Uint8Array
}

/** A shared key of unknown use: tried on every box. */
export interface SharedKeyItem {
  readonly kind: 'shared_key'
  readonly sharedKey: Uint8Array
}

/**
 * The key of one connection's frames. Nonces have 24 bytes; null where the log says that they are unknown.
 */
export interface TcpSessionItem {
  readonly kind: 'tcp_session'
  /** Nonces of the two handshake boxes. A replayed client handshake has the same nonce again. */
  readonly clientNonce: Uint8Array | null
  readonly relayNonce: Uint8Array | null
  readonly sharedKey: Uint8Array
  readonly clientBaseNonce: Uint8Array | null
  readonly relayBaseNonce: Uint8Array | null
  /** Made here, not given by the user: it is certain to be the connection's. */
  readonly isOwn?: true
}

/** The key of one net_crypto session's data. Ends a and b are in the order of the log. */
export interface CryptoSessionItem {
  readonly kind: 'crypto_session'
  /** Public keys of the session, not long-term ones. */
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
