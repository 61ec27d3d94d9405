import type {Keyring} from '../../../crypto/keyring.js'
import {isLowOrder} from '../../../crypto/low-order.js'
import type {SearchBudget} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'

/** What one handshake's box says. */
export interface Announced {
  readonly sessionPk: Uint8Array
  readonly baseNonce: Uint8Array
}

/** A key that may seal a connection's frames. */
export interface SessionKey {
  readonly key: Uint8Array
  /** Nonce of each side's first frame, [client, relay]; null where unknown. */
  readonly bases: readonly [Uint8Array | null, Uint8Array | null]
  /**
   * True if it must be the one: made from this connection's own handshakes, or logged with both their nonces. A MAC
   * that does not match is then the frame's fault.
   */
  readonly isSure: boolean
}

/** What is known of a connection's handshakes. */
export interface HandshakeFacts {
  clientNonce: Uint8Array | null
  relayNonce: Uint8Array | null
  client: Announced | null
  relay: Announced | null
}

/** Keys that may seal a connection's frames. */
export interface SessionKeys {
  /** Likeliest first. */
  readonly keys: readonly SessionKey[]
  /** Whether keys are missing because the budget is spent. */
  readonly isCutOff: boolean
}

/**
 * Find every key that may seal the frames of a connection, within `sessionKeys` lines of key logs and, where one
 * handshake is missing, `handshakeKeys` secret keys.
 */
export function sessionKeys(keyring: Keyring, facts: HandshakeFacts, budget: SearchBudget): SessionKeys {
  const {client, relay} = facts
  const bases = [client?.baseNonce ?? null, relay?.baseNonce ?? null] as const
  const found = loggedKeys(keyring, facts)
  const {box} = keyring
  if (!box) return {keys: found, isCutOff: false}
  let isCutOff = false
  const add = (keys: readonly Uint8Array[] | undefined, isSure: boolean) => {
    isCutOff ||= keys === undefined
    for (const key of keys ?? []) found.push({key, bases, isSure})
  }
  if (client && relay) {
    const pairs = [
      [keyring.secretKey(client.sessionPk), relay.sessionPk],
      [keyring.secretKey(relay.sessionPk), client.sessionPk],
    ] as const
    for (const [own, other] of pairs) if (own) add(box.sharedKeys(other, own.secretKey), true)
    // A shared key of a low-order key does not depend on the secret one: no secret is needed.
    for (const {sessionPk} of [client, relay])
      if (isLowOrder(sessionPk)) add(box.sharedKeys(sessionPk, sessionPk), true)
  } else if (client || relay) {
    const other = (client ?? relay)!.sessionPk
    for (const pair of keyring.secretKeys().slice(0, limits.handshakeKeys)) {
      if (isCutOff) break
      add(keyring.sharedKeysOf(other, pair, budget), false)
    }
  }
  for (const key of keyring.sharedKeys()) add([key], false)
  return {keys: found, isCutOff}
}

/** Keys of session lines, with the base nonces of the handshakes where those have opened. */
function loggedKeys(keyring: Keyring, {clientNonce, relayNonce, client, relay}: HandshakeFacts): SessionKey[] {
  return keyring.tcpSessions(clientNonce, relayNonce, limits.sessionKeys).map(line => ({
    key: line.sharedKey,
    bases: [client?.baseNonce ?? line.clientBaseNonce, relay?.baseNonce ?? line.relayBaseNonce],
    isSure: line.clientNonce !== null && line.relayNonce !== null && clientNonce !== null && relayNonce !== null,
  }))
}
