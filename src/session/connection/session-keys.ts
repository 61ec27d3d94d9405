import type {Keyring} from '../../crypto/keyring.js'
import {isLowOrder} from '../../crypto/low-order.js'
import {limits} from '../../protocol/limits.js'

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

/**
 * Every key that may seal the frames of a connection, likeliest first, within `sessionKeys` (or, where one handshake is
 * missing, `handshakeKeys`).
 */
export function sessionKeys(keyring: Keyring, facts: HandshakeFacts): SessionKey[] {
  const {client, relay} = facts
  const announced = [client?.baseNonce ?? null, relay?.baseNonce ?? null] as const
  const found: SessionKey[] = []
  for (const line of keyring.tcpSessions(facts.clientNonce, facts.relayNonce)) {
    if (found.length >= limits.sessionKeys) break
    const isSure =
      line.clientNonce !== null && line.relayNonce !== null && facts.clientNonce !== null && facts.relayNonce !== null
    found.push({
      key: line.sharedKey,
      bases: [announced[0] ?? line.clientBaseNonce, announced[1] ?? line.relayBaseNonce],
      isSure,
    })
  }
  const {box} = keyring
  if (!box) return found
  const add = (keys: readonly Uint8Array[], isSure: boolean) =>
    found.push(...keys.map(key => ({key, bases: announced, isSure})))
  if (client && relay) {
    const pairs = [
      [keyring.secretKey(client.sessionPk), relay.sessionPk],
      [keyring.secretKey(relay.sessionPk), client.sessionPk],
    ] as const
    for (const [own, other] of pairs) if (own) add(box.sharedKeys(other, own.secretKey), true)
    // With a key of low order the shared key does not depend on the secret one: nobody's secret is needed.
    for (const {sessionPk} of [client, relay])
      if (isLowOrder(sessionPk)) add(box.sharedKeys(sessionPk, sessionPk), true)
  } else if (client || relay) {
    const other = (client ?? relay)!.sessionPk
    let tried = 0
    for (const pair of keyring.secretKeys())
      if (tried++ < limits.handshakeKeys) add(box.sharedKeys(other, pair.secretKey), false)
  }
  for (const key of keyring.sharedKeys()) add([key], false)
  return found
}
