import type {Keyring} from '../../../crypto/keyring/keyring.js'
import type {RingPair} from '../../../crypto/keyring/secret-keys.js'
import type {SearchBudget} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'

/**
 * Pairs that opened a handshake before, as a relay's: tried first on the next connection. Shared by the connections of
 * one run.
 */
export class KeyHints {
  readonly #relayPairs: RingPair[] = []

  get relayPairs(): readonly RingPair[] {
    return this.#relayPairs
  }

  opened(pair: RingPair): void {
    if (!this.#relayPairs.includes(pair) && this.#relayPairs.length < limits.sessionKeys) this.#relayPairs.push(pair)
  }
}

/** What the searches for keys share in one run. */
export interface KeySearch {
  readonly hints: KeyHints
  readonly budget: SearchBudget
}

/** A key that may have sealed a handshake, and the pair to remember if it did. */
export interface HandshakeKey {
  readonly key: Uint8Array
  readonly relayPair: RingPair | undefined
  /** Public key that the relay has if it did; undefined: the key is a shared one. */
  readonly relayPk: (() => Uint8Array) | undefined
}

/**
 * Keys that may have sealed the handshakes between a client key and a relay, likeliest first: what opened others
 * before, the client's own secret key with every relay key that is known, every secret key as the relay's, every bare
 * shared key.
 * @param clientPk null: the client's handshake was not captured; every pair is tried as the client's.
 * @returns by its generator, whether keys were left out because the budget is spent.
 */
export function* handshakeKeys(
  keyring: Keyring,
  {hints, budget}: KeySearch,
  clientPk: Uint8Array | null,
): Generator<HandshakeKey, boolean> {
  let isCutOff = false
  for (const {publicKey, pair, relayPair} of firstOf(limits.handshakeKeys, pairings(keyring, hints, clientPk))) {
    const keys = keyring.sharedKeysOf(publicKey, pair, budget)
    if (!keys) {
      isCutOff = true
      break
    }
    for (const key of keys) yield {key, relayPair, relayPk: () => relayPair?.publicKey ?? publicKey}
  }
  for (const key of keyring.sharedKeys()) yield {key, relayPair: undefined, relayPk: undefined}
  return isCutOff
}

/** A public key and a pair whose shared key may have sealed a handshake. */
interface Pairing {
  readonly publicKey: Uint8Array
  readonly pair: RingPair
  readonly relayPair: RingPair | undefined
}

function* pairings(keyring: Keyring, hints: KeyHints, clientPk: Uint8Array | null): Generator<Pairing> {
  if (clientPk) for (const pair of hints.relayPairs) yield {publicKey: clientPk, pair, relayPair: pair}
  const own = clientPk && keyring.secretKey(clientPk)
  for (const client of clientPk ? (own ? [own] : []) : keyring.secretKeys()) {
    for (const publicKey of keyring.relayKeys()) yield {publicKey, pair: client, relayPair: undefined}
    for (const relay of keyring.secretKeys()) yield {publicKey: relay.publicKey, pair: client, relayPair: relay}
  }
  if (clientPk) for (const pair of keyring.secretKeys()) yield {publicKey: clientPk, pair, relayPair: pair}
}

function* firstOf<T>(most: number, items: Iterable<T>): Generator<T> {
  let left = most
  for (const item of items) {
    if (left-- <= 0) return
    yield item
  }
}
