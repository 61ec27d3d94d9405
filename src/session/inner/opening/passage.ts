import type {CryptoSessionItem, PairKeyItem} from '../../../crypto/key-item.js'
import type {CryptoSession} from './crypto-session.js'
import type {PairPlace} from './pair-place.js'
import type {Route} from './peer-facts.js'

/** Between whom the payload of a record goes. */
export interface Passage extends Route {
  /** Where it is, as its connection says it. */
  readonly place: PairPlace
  /** The two peers, and which of them sends. */
  readonly pair: PairPlace
  /** The session whose key opened its crypto data. */
  readonly session: CryptoSession | undefined
}

/** A key that opened boxes inside packets, as a line of a key log. */
export type InnerKeyItem = PairKeyItem | CryptoSessionItem

/** Called once for each connection and key that opened a box inside one of its packets. */
export type InnerKeyListener = (connection: number, item: InnerKeyItem) => void
