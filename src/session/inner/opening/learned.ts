import {innerWindow, isPacket} from '../../../protocol/table.js'
import {copyOf} from '../../../wire/bytes.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {fieldOf, type Window} from '../../../wire/window.js'
import type {CryptoSessions} from './crypto-sessions.js'
import type {Candidate} from './key-candidates.js'
import {type PairPlace, pairOf} from './pair-place.js'
import type {PeerFacts} from './peer-facts.js'
import {bytesNamed, hexField, type Sealed} from './sealed.js'

/** Keeps what an opened box shows of its peers. @param candidate the key that opened it. */
export function learnPeers(sealed: Sealed, plain: Window, candidate: Candidate, facts: PeerFacts): void {
  const {window, route} = sealed
  const real = hexField(plain, 'real_pk')
  if (real !== undefined) facts.realKey(hexField(window, 'pk') ?? route.sender, real)
  const sendback = hexField(plain, 'sendback')
  if (sendback !== undefined) facts.request(sendback, candidate)
  const from = hexField(plain, 'sender_pk')
  if (from !== undefined) facts.realKey(null, from)
  const announced = innerWindow(plain)
  const dht = isPacket(announced ?? null, 'dht_pk_announce') && hexField(announced!, 'dht_pk')
  const owner = bytesNamed(sealed, 'sender_pk')
  if (dht && owner) facts.realKey(dht, toHex(owner))
  const member = hexField(window, 'sender_enc_pk')
  const sessionPk = hexField(plain, 'session_pk')
  if (member !== undefined && sessionPk !== undefined) facts.groupSession(member, sessionPk)
}

/** Keeps what an opened crypto handshake announces of the session that begins. */
export function learnSession({window, pair}: Sealed, plain: Window, sessions: CryptoSessions): void {
  if (window.type.name !== 'crypto_handshake') return
  const sessionPk = hexField(plain, 'session_pk')
  const baseNonce = fieldOf(plain, 'base_nonce')
  if (sessionPk === undefined || !(baseNonce instanceof Uint8Array)) return
  sessions.handshake(pair, {sessionPk, baseNonce: copyOf(baseNonce)})
}

/**
 * Between whom a box goes whose connection does not name both peers: the keys that opened it do.
 * @param candidate the key that opened it.
 * @returns undefined: one of them stays unknown.
 */
export function placeNamed(sealed: Sealed, candidate: Candidate, facts: PeerFacts): PairPlace | undefined {
  const {window, spec, route, place} = sealed
  if (place.isKnown || window.type.layer !== 'payload') return undefined
  const keys = endsOf(candidate).map(key => (spec.keys === 'real' ? facts.dhtKeyOf(key) : key))
  const [one, other] = keys
  if (one === undefined || other === undefined || keys.length > 2) return undefined
  const sender = route.sender ?? hexField(window, 'pk') ?? otherOf(keys, route.receiver)
  const receiver = route.receiver ?? otherOf(keys, sender)
  if (!keys.includes(sender) || !keys.includes(receiver)) return undefined
  return pairOf(sender ?? null, receiver ?? null, '', route.isClient)
}

/** Public keys, in hex, of which a key was made, as far as they are known. */
function endsOf({made, logged}: Candidate): string[] {
  if (made) return [toHex(made.own.publicKey), made.publicKey]
  return [logged?.publicKeyA, logged?.publicKeyB].flatMap(key => (key ? [toHex(key)] : []))
}

const otherOf = ([one, other]: readonly (string | undefined)[], key: string | null | undefined): string | undefined =>
  key === one ? other : key === other ? one : undefined
