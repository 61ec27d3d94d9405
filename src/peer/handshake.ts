import type {Box} from '../crypto/box.js'
import {limits} from '../protocol/limits.js'
import {copyOf} from '../wire/bytes.js'

/** Contents of a handshake's box. */
export interface Hello {
  /** Session public key of the sender, 32 bytes. */
  readonly sessionKey: Uint8Array
  /** Nonce of the sender's first frame, 24 bytes. */
  readonly baseNonce: Uint8Array
}

/** An opened handshake. */
export interface OpenHandshake extends Hello {
  /** Nonce of the handshake's own box, 24 bytes. */
  readonly nonce: Uint8Array
}

const boxBytes = limits.handshakeBox

const copy = (bytes: Uint8Array, start: number, length: number) => copyOf(bytes, start, start + length)

const open = (box: Box, bytes: Uint8Array, nonceAt: number, key: Uint8Array): OpenHandshake | undefined => {
  const nonce = copy(bytes, nonceAt, limits.nonce)
  const start = nonceAt + limits.nonce
  const plain = new Uint8Array(limits.handshakePlain)
  if (box.open({bytes, start, end: start + boxBytes}, nonce, key, {bytes: plain, at: 0}) < 0) return undefined
  return {nonce, sessionKey: copyOf(plain, 0, limits.publicKey), baseNonce: copyOf(plain, limits.publicKey)}
}

const seal = (box: Box, hello: Hello, nonce: Uint8Array, key: Uint8Array): Uint8Array => {
  const plain = new Uint8Array(limits.handshakePlain)
  plain.set(hello.sessionKey)
  plain.set(hello.baseNonce, limits.publicKey)
  return box.seal(plain, nonce, key)
}

/** The public key that a client handshake claims in clear. A copy. @param bytes at least 32. */
export const claimedKey = (bytes: Uint8Array): Uint8Array => copy(bytes, 0, limits.publicKey)

/**
 * Open a client's handshake.
 * @param bytes exactly 128.
 * @param key shared by the long-term keys of both ends.
 * @returns undefined if the MAC does not match.
 */
export const openClientHandshake = (box: Box, bytes: Uint8Array, key: Uint8Array): OpenHandshake | undefined =>
  open(box, bytes, limits.publicKey, key)

/** Open a relay's handshake, as openClientHandshake does. @param bytes exactly 96. */
export const openRelayHandshake = (box: Box, bytes: Uint8Array, key: Uint8Array): OpenHandshake | undefined =>
  open(box, bytes, 0, key)

/**
 * Seal a client's handshake.
 * @param nonce 24 bytes that were never used with this key.
 * @returns 128 bytes: public key, nonce, box.
 */
export const sealClientHandshake = (
  box: Box,
  publicKey: Uint8Array,
  hello: Hello,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array => {
  const bytes = new Uint8Array(limits.clientHandshake)
  bytes.set(publicKey)
  bytes.set(nonce, limits.publicKey)
  bytes.set(seal(box, hello, nonce, key), limits.publicKey + limits.nonce)
  return bytes
}

/** Seal a relay's handshake, as sealClientHandshake does. @returns 96 bytes: nonce, box. */
export const sealRelayHandshake = (box: Box, hello: Hello, nonce: Uint8Array, key: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(limits.relayHandshake)
  bytes.set(nonce)
  bytes.set(seal(box, hello, nonce, key), limits.nonce)
  return bytes
}
