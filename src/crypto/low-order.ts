import {copyOf} from '../wire/bytes.js'
import {fromHex, toHex} from '../wire/hex/hex-bytes.js'

/** HSalsa20 of a zero key and a zero input: the shared key of an all-zero X25519 point. */
const hsalsaOfZero = '351f86faa3b988468a850122b65b0acece9c4826806aeee63de9c0da2bd7f91e'

/**
 * Points of order 1, 2, 4 and 8 of Curve25519 and its twist, in every encoding below 2^255, little endian. RFC 7748
 * section 7; the list that libsodium refuses.
 */
const points: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/**
 * Whether X25519 with this public key gives zero whatever the secret key is. The top bit is ignored, as X25519 ignores
 * it. 32 bytes.
 */
export function isLowOrder(publicKey: Uint8Array): boolean {
  const last = publicKey[31]
  if (last === undefined) return false
  // Nearly every key returns here: the listed points end with one of three bytes.
  const top = last & 0x7f
  if (top !== 0 && top !== 0x57 && top !== 0x7f) return false
  const masked = copyOf(publicKey, 0, 32)
  masked[31] = top
  return points.has(toHex(masked))
}

/** The shared key that tox-rs uses for a public key of low order. A new array each time. */
export function sharedKeyOfZeroPoint(): Uint8Array {
  return fromHex(hsalsaOfZero)
}
