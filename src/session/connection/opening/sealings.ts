import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {isLowOrder} from '../../../crypto/low-order.js'
import {offsetNonce} from '../../../crypto/nonce.js'
import {finding} from '../../../expert/finding.js'
import {copyOf, isEqualBytes} from '../../../wire/bytes.js'
import {otherSide, type Side, senders} from '../../../wire/side.js'
import type {Sealing} from './sealing.js'
import {type Announced, type HandshakeFacts, keysBetween, type SessionKey} from './session-keys.js'

const announcedBy = ({client, relay}: HandshakeFacts, side: Side): Announced | null => (side === 0 ? client : relay)

/** What is known of a side, and of the keys. */
interface SideFacts {
  readonly facts: HandshakeFacts
  readonly side: Side
  /** Whether the key has opened a frame of the connection. */
  readonly isProven: boolean
  /** Keys that are made of long-term keys, as far as they are known. */
  readonly longTermKeys: readonly Uint8Array[]
}

/**
 * How a side may seal its frames with a key: with the base nonce that its handshake announced, and with the one that a
 * key log has where that is another.
 */
export function sealingsOf(
  {key, bases, trust}: SessionKey,
  {facts, side, isProven, longTermKeys}: SideFacts,
): Sealing[] {
  // Keys of low order: both shared keys are that of zero.
  const hasZeroKey = [facts.client, facts.relay].some(announced => announced && isLowOrder(announced.sessionPk))
  const isLongTerm = !hasZeroKey && longTermKeys.some(each => isEqualBytes(key, each))
  const ofKey = isLongTerm ? {found: finding('frame-key-long-term', {})} : {}
  const announced = announcedBy(facts, side)?.baseNonce
  const logged = bases[side]
  const found: Sealing[] = []
  // That one end makes the mistake does not show that the other does.
  const proven = isLongTerm ? 'possible' : 'certain'
  if (announced) found.push({key, base: announced, trust: isProven ? proven : trust, ...ofKey})
  if (logged && !(announced && isEqualBytes(logged, announced)))
    found.push({
      key,
      base: logged,
      trust: trust === 'certain' ? 'likely' : trust,
      ...ofKey,
      ...oddBase(facts, side, logged),
    })
  return found
}

/** What it means that a side seals with this nonce, which it did not announce. */
function oddBase(facts: HandshakeFacts, side: Side, base: Uint8Array): Pick<Sealing, 'found'> {
  const [own, other] = [announcedBy(facts, side), announcedBy(facts, otherSide(side))]
  if (own && other && isEqualBytes(base, other.baseNonce)) return {found: ofOtherEnd(side)}
  return own && isEqualBytes(base, exchanged(own).baseNonce) ? {found: fieldsExchanged(senders[side])} : {}
}

const ofOtherEnd = (side: Side) => finding('frame-nonce-of-other-end', {own: senders[side]})

/**
 * Mistakes that are made in writing a client or relay: how a side may seal its frames in spite of the protocol, each
 * with what is wrong about it. One trial opening each.
 * @param keys those of the connection, as certain as they are.
 * @param handshakeKey the shared key of the long-term keys, if it is known.
 */
export function* mistakenSealings(
  keyring: Keyring,
  facts: HandshakeFacts,
  side: Side,
  {keys, handshakeKey}: {readonly keys: readonly SessionKey[]; readonly handshakeKey: Uint8Array | undefined},
): Generator<Sealing> {
  const own = announcedBy(facts, side)
  for (const session of keys) {
    const {key, bases} = session
    const base = own?.baseNonce ?? bases[side]
    const sealing = (changes: Partial<Sealing>): Sealing => ({key, base: base!, trust: 'certain', ...changes})
    const other = announcedBy(facts, otherSide(side))?.baseNonce ?? bases[otherSide(side)]
    if (other && !(base && isEqualBytes(base, other)))
      yield sealing({base: other, found: own ? ofOtherEnd(side) : finding('key-log-nonces-exchanged', {})})
    if (base) {
      yield sealing({isLittleEndian: true, found: finding('frame-nonce-little-endian', {})})
      yield sealing({hasMacBehind: true, found: finding('frame-mac-behind', {})})
      yield sealing({countsLength: true, found: finding('frame-length-counts-itself', {})})
    }
    const nonce = side === 0 ? facts.clientNonce : facts.relayNonce
    if (nonce) {
      const found = finding('frame-nonce-of-handshake', {own: senders[side]})
      yield sealing({base: nonce, found})
      yield sealing({base: next(nonce), found})
    }
    if (own) yield sealing({base: exchanged(own).baseNonce, found: fieldsExchanged(senders[side])})
  }
  yield* withExchangedFields(keyring, facts, side)
  if (!own) return
  for (const key of longTermKeys(keyring, facts, handshakeKey))
    yield {key, base: own.baseNonce, trust: 'certain', found: finding('frame-key-long-term', {})}
}

/** The nonce after this one. */
function next(nonce: Uint8Array): Uint8Array {
  return offsetNonce(nonce, 1, new Uint8Array(nonce.length))
}

/** Keys that are made of a long-term key where the protocol wants the one of the session. */
function* longTermKeys(keyring: Keyring, facts: HandshakeFacts, handshakeKey: Uint8Array | undefined) {
  if (handshakeKey) yield handshakeKey
  const {clientPk, client, relay, relayPk} = facts
  if (clientPk && relay) yield* keysBetween(keyring, clientPk, relay.sessionPk)
  if (relayPk && client) yield* keysBetween(keyring, relayPk, client.sessionPk)
}

const fieldsExchanged = (of: 'client' | 'relay' | 'both') => finding('handshake-fields-exchanged', {of})

/** A handshake's plaintext read as a nonce and a key, instead of a key and a nonce. */
function exchanged({sessionPk, baseNonce}: Announced): Announced {
  const size = baseNonce.length
  const plain = new Uint8Array(sessionPk.length + size)
  plain.set(sessionPk)
  plain.set(baseNonce, sessionPk.length)
  return {baseNonce: copyOf(plain, 0, size), sessionPk: copyOf(plain, size)}
}

/**
 * How ends seal that exchange the key and the nonce in their handshakes, one or both, where a secret key is known. The
 * finding is that of the end that did so: the frames of the other one only show that it knows.
 */
function* withExchangedFields(keyring: Keyring, {client, relay}: HandshakeFacts, side: Side): Generator<Sealing> {
  if (!client || !relay) return
  const readings = [
    {pair: [exchanged(client), relay], of: 'client'},
    {pair: [client, exchanged(relay)], of: 'relay'},
    {pair: [exchanged(client), exchanged(relay)], of: 'both'},
  ] as const
  for (const {pair, of} of readings)
    for (const key of keysBetween(keyring, pair[0].sessionPk, pair[1].sessionPk))
      yield {
        key,
        base: pair[side].baseNonce,
        trust: 'certain',
        ...(of === 'both' || of === senders[side] ? {found: fieldsExchanged(of)} : {}),
      }
}
