import {offsetNonce} from '../../src/crypto/nonce.js'
import {sealClientHandshake, sealRelayHandshake} from '../../src/peer/handshake.js'
import type {Sender} from '../../src/wire/side.js'
import type {PlayKeys, SessionSecrets} from './keys.js'

/** What both ends of a connection that makes a mistake say. */
export interface MistakenEnds {
  readonly clientHandshake: Uint8Array
  readonly relayHandshake: Uint8Array
  /** The frame of a packet, the index-th of its sender. */
  frame(from: Sender, index: number, plain: Uint8Array): Uint8Array
  /** The key that seals the frames. */
  readonly key: Uint8Array
}

/** The mistakes that people who write a client or relay make, by the rule that names each. */
export type MistakeCode =
  | 'frame-nonce-of-other-end'
  | 'frame-nonce-little-endian'
  | 'frame-nonce-of-handshake'
  | 'frame-mac-behind'
  | 'frame-key-long-term'
  | 'frame-length-counts-itself'
  | 'handshake-fields-exchanged'

interface How {
  readonly key: Uint8Array
  readonly nonce: (from: Sender, index: number) => Uint8Array
  readonly hasMacBehind?: boolean
  readonly countsLength?: boolean
}

const counted = (base: Uint8Array, index: number): Uint8Array => offsetNonce(base, index, new Uint8Array(24))
const littleEndian = (base: Uint8Array, index: number): Uint8Array =>
  counted(Uint8Array.from(base).reverse(), index).reverse()

/** Two ends that both make this mistake, and no other. */
export function mistakenEnds(keys: PlayKeys, secrets: SessionSecrets, mistake: MistakeCode): MistakenEnds {
  const {box, client, relay} = keys
  const longTerm = box.sharedKey(relay.publicKey, client.secretKey)
  const right = box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
  const {clientBase, relayBase, clientNonce, relayNonce} = secrets
  const base = {client: clientBase, relay: relayBase}
  const other = {client: relayBase, relay: clientBase}
  const ofHandshake = {client: clientNonce, relay: relayNonce}
  const usual = (from: Sender, index: number) => counted(base[from], index)
  const ways: Readonly<Record<MistakeCode, How>> = {
    'frame-nonce-of-other-end': {key: right, nonce: (from, index) => counted(other[from], index)},
    'frame-nonce-little-endian': {key: right, nonce: (from, index) => littleEndian(base[from], index)},
    'frame-nonce-of-handshake': {key: right, nonce: (from, index) => counted(ofHandshake[from], index)},
    'frame-mac-behind': {key: right, nonce: usual, hasMacBehind: true},
    'frame-key-long-term': {key: longTerm, nonce: usual},
    'frame-length-counts-itself': {key: right, nonce: usual, countsLength: true},
    'handshake-fields-exchanged': {key: right, nonce: usual},
  }
  const how = ways[mistake]
  const hello = (publicKey: Uint8Array, nonce: Uint8Array) =>
    mistake === 'handshake-fields-exchanged' ? turned(publicKey, nonce) : {sessionKey: publicKey, baseNonce: nonce}
  return {
    key: how.key,
    clientHandshake: sealClientHandshake(
      box,
      client.publicKey,
      hello(secrets.client.publicKey, clientBase),
      clientNonce,
      longTerm,
    ),
    relayHandshake: sealRelayHandshake(box, hello(secrets.relay.publicKey, relayBase), relayNonce, longTerm),
    frame(from, index, plain) {
      const sealed = box.seal(plain, how.nonce(from, index), how.key)
      const body = how.hasMacBehind ? Buffer.concat([sealed.subarray(16), sealed.subarray(0, 16)]) : sealed
      const length = body.length + (how.countsLength ? 2 : 0)
      return framed(length, body)
    },
  }
}

/** A sealed body behind a length, right or wrong. */
export const framed = (length: number, body: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(length >> 8, length & 255), body])

/** A nonce and a key where a key and a nonce belong. */
function turned(publicKey: Uint8Array, nonce: Uint8Array) {
  const plain = Buffer.concat([nonce, publicKey])
  return {sessionKey: new Uint8Array(plain.subarray(0, 32)), baseNonce: new Uint8Array(plain.subarray(32))}
}
