import type {CryptoSessionItem} from '../../../crypto/key-item.js'
import type {PairPlace} from './pair-place.js'

/** What a crypto handshake says of its sender. */
export interface CryptoAnnounced {
  /** In hex. */
  readonly sessionPk: string
  readonly baseNonce: Uint8Array
}

/** Crypto data that opened: the record's number, and its connection. */
export interface OpenedData {
  readonly number: number
  readonly connection: number
}

/** A key of crypto data between two peers, with the nonce that each side has come to. */
export interface CryptoSession {
  /** The same object wherever the session is the same one. */
  readonly key: Uint8Array
  readonly bases: [Uint8Array | null, Uint8Array | null]
  /** Session public key of each side. */
  readonly names: readonly [Uint8Array, Uint8Array]
  /** Those of which it was made; undefined: it was made of a line of a key log. */
  readonly handshakes: readonly [CryptoAnnounced, CryptoAnnounced] | undefined
  /** The record of each side that the key opened last, since the peers last prepared another session. */
  readonly opened: [OpenedData | undefined, OpenedData | undefined]
  /** The id of its two peers, whose sides the nonces have; undefined: they are not known. */
  pair: string | undefined
  /** Makes the session's line of a key log: few are wanted, and there may be thousands. */
  readonly item: () => CryptoSessionItem
}

/** The session whose key opened crypto data, and between whom that goes. */
export interface OpenedSession {
  readonly session: CryptoSession
  readonly place: PairPlace
}
