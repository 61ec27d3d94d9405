/** Bytes of a nonce: one big-endian integer that wraps from 2^192 - 1 to 0. */
const nonceBytes = 24

/** Add one in place, with carry to the left. */
export function advance(nonce: Uint8Array): void {
  for (let i = nonceBytes - 1; i >= 0; i--) {
    const next = nonce[i]! + 1
    nonce[i] = next
    if (next < 0x100) return
  }
}

/**
 * Write base + k to into, modulo 2^192.
 * @param k a safe integer, may be negative.
 * @param into 24 bytes; may be base.
 * @returns into
 */
export function offsetNonce(base: Uint8Array, k: number, into: Uint8Array): Uint8Array {
  if (into !== base) into.set(base)
  let carry = k
  for (let i = nonceBytes - 1; i >= 0 && carry !== 0; i--) {
    // Floor and not a shift: k may have more than 32 bits, and a borrow must go to the left. In two steps, lest the sum
    // be too big to be exact.
    const high = Math.floor(carry / 0x100)
    const sum = base[i]! + (carry - high * 0x100)
    into[i] = sum
    carry = high + (sum >> 8)
  }
  return into
}

/**
 * How far nonce is from base, going the shorter way round the circle of 2^192; undefined if that is not a safe integer.
 */
export function nonceDistance(base: Uint8Array, nonce: Uint8Array): number | undefined {
  const difference = new DataView(new ArrayBuffer(nonceBytes))
  let borrow = 0
  for (let i = nonceBytes - 1; i >= 0; i--) {
    const d = nonce[i]! - base[i]! - borrow
    borrow = d < 0 ? 1 : 0
    difference.setUint8(i, d)
  }
  // The lowest seven bytes hold every safe integer; those above must be nothing but its sign.
  const sign = difference.getInt8(0) >> 7
  for (let i = 0; i < nonceBytes - 7; i++) if (difference.getInt8(i) !== sign) return undefined
  const high = (difference.getUint32(nonceBytes - 8) & 0xffffff) + sign * 0x100_0000
  const value = high * 0x1_0000_0000 + difference.getUint32(nonceBytes - 4)
  return Number.isSafeInteger(value) ? value : undefined
}
