import type {Keyring, RingPair} from '../../crypto/keyring.js'
import {limits} from '../../protocol/limits.js'

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

/** A key that may have sealed a handshake, and the pair to remember if it did. */
export interface HandshakeKey {
  readonly key: Uint8Array
  readonly relayPair: RingPair | undefined
}

/**
 * Keys that may have sealed the handshakes between a client key and a relay, likeliest first: what opened others
 * before, the client's own secret key with every relay key that is known, every secret key as the relay's, every bare
 * shared key.
 * @param clientPk null: the client's handshake was not captured; every pair is tried as the client's.
 */
export function* handshakeKeys(
  keyring: Keyring,
  hints: KeyHints,
  clientPk: Uint8Array | null,
): Generator<HandshakeKey> {
  const {box} = keyring
  if (!box) return
  let tried = 0
  const keysOf = (publicKey: Uint8Array, secretKey: Uint8Array) =>
    tried++ < limits.handshakeKeys ? box.sharedKeys(publicKey, secretKey) : []
  if (clientPk)
    for (const pair of hints.relayPairs)
      for (const key of keysOf(clientPk, pair.secretKey)) yield {key, relayPair: pair}
  const own = clientPk && keyring.secretKey(clientPk)
  for (const client of clientPk ? (own ? [own] : []) : keyring.secretKeys()) {
    for (const relayPk of keyring.relayKeys())
      for (const key of keysOf(relayPk, client.secretKey)) yield {key, relayPair: undefined}
    for (const relay of keyring.secretKeys())
      for (const key of keysOf(relay.publicKey, client.secretKey)) yield {key, relayPair: relay}
  }
  if (clientPk)
    for (const pair of keyring.secretKeys())
      for (const key of keysOf(clientPk, pair.secretKey)) yield {key, relayPair: pair}
  for (const key of keyring.sharedKeys()) yield {key, relayPair: undefined}
}
