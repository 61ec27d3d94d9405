import type {TcpSessionItem} from '../../../crypto/key-item.js'
import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {isLowOrder} from '../../../crypto/low-order.js'
import type {SearchBudget} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'
import type {Trust} from './sealing.js'

/** What one handshake's box says. */
export interface Announced {
  readonly sessionPk: Uint8Array
  readonly baseNonce: Uint8Array
}

/** A key that may seal a connection's frames. */
export interface SessionKey {
  readonly key: Uint8Array
  /** Nonce of each side's first frame as a key log has it, [client, relay]; null where it does not say. */
  readonly bases: readonly [Uint8Array | null, Uint8Array | null]
  /** `certain`: made here, or of what the connection's own handshakes say. `likely`: logged with the nonces of both. */
  readonly trust: Trust
}

/** What is known of a connection's handshakes. */
export interface HandshakeFacts {
  /** The client's long-term public key, which its handshake shows. */
  clientPk: Uint8Array | null
  /** The relay's, once a handshake has opened with it. */
  relayPk: Uint8Array | null
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

/** The base nonces of a key that comes without any: those of the handshakes are used. */
const noBases = [null, null] as const

/**
 * Find every key that may seal the frames of a connection, within `sessionKeys` lines of key logs and, where one
 * handshake is missing, `handshakeKeys` secret keys.
 */
export function sessionKeys(keyring: Keyring, facts: HandshakeFacts, budget: SearchBudget): SessionKeys {
  const {client, relay} = facts
  const found = loggedKeys(keyring, facts)
  const {box} = keyring
  if (!box) return {keys: found, isCutOff: false}
  let isCutOff = false
  const add = (keys: readonly Uint8Array[] | undefined, trust: Trust) => {
    isCutOff ||= keys === undefined
    for (const key of keys ?? []) found.push({key, bases: noBases, trust})
  }
  if (client && relay) {
    add(keysBetween(keyring, client.sessionPk, relay.sessionPk), 'certain')
    // A shared key of a low-order key does not depend on the secret one: no secret is needed.
    for (const {sessionPk} of [client, relay])
      if (isLowOrder(sessionPk)) add(box.sharedKeys(sessionPk, sessionPk), 'certain')
  } else if (client || relay) {
    const other = (client ?? relay)!.sessionPk
    for (const pair of keyring.secretKeys().slice(0, limits.handshakeKeys)) {
      if (isCutOff) break
      add(keyring.sharedKeysOf(other, pair, budget), 'possible')
    }
  }
  for (const key of keyring.sharedKeys()) add([key], 'possible')
  return {keys: found, isCutOff}
}

/** The shared keys of two public keys, as far as a secret key of either is in the ring. */
export function keysBetween(keyring: Keyring, a: Uint8Array, b: Uint8Array): Uint8Array[] {
  const pairs = [
    [keyring.secretKey(a), b],
    [keyring.secretKey(b), a],
  ] as const
  return pairs.flatMap(([own, other]) => (own && keyring.box ? keyring.box.sharedKeys(other, own.secretKey) : []))
}

function loggedKeys(keyring: Keyring, {clientNonce, relayNonce}: HandshakeFacts): SessionKey[] {
  return keyring.tcpSessions(clientNonce, relayNonce, limits.sessionKeys).map(line => ({
    key: line.sharedKey,
    bases: [line.clientBaseNonce, line.relayBaseNonce],
    trust: trustIn(line, clientNonce !== null && relayNonce !== null),
  }))
}

/** @param isWhole whether both handshakes of the connection were captured. */
function trustIn({clientNonce, relayNonce, isOwn}: TcpSessionItem, isWhole: boolean): Trust {
  if (!isWhole || clientNonce === null || relayNonce === null) return 'possible'
  return isOwn ? 'certain' : 'likely'
}
