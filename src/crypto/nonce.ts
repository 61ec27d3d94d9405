/** Size of a nonce in bytes. It is one big-endian integer that wraps from 2^192 - 1 to 0. */
const nonceBytes = 24

/** Add one to a nonce in place. */
export function advance(nonce: Uint8Array): void {
  for (let i = nonceBytes - 1; i >= 0; i--) {
    const next = nonce[i]! + 1
    nonce[i] = next
    if (next < 0x100) return
  }
}

/**
 * Write base + k, modulo 2^192, to `into`.
 * @param k a safe integer, may be negative.
 * @param into 24 bytes; may be base.
 * @returns into
 */
export function offsetNonce(base: Uint8Array, k: number, into: Uint8Array): Uint8Array {
  if (into !== base) into.set(base)
  let carry = k
  for (let i = nonceBytes - 1; i >= 0 && carry !== 0; i--) {
    // Floor instead of a shift: k may have more than 32 bits, and a negative one borrows from the left. In two steps,
    // so that the sum stays small enough to be exact.
    const high = Math.floor(carry / 0x100)
    const sum = base[i]! + (carry - high * 0x100)
    into[i] = sum
    carry = high + (sum >> 8)
  }
  return into
}

/**
 * The signed distance from base to nonce, the shorter way round modulo 2^192; undefined if it is not a safe integer.
 */
export function nonceDistance(base: Uint8Array, nonce: Uint8Array): number | undefined {
  const difference = new DataView(new ArrayBuffer(nonceBytes))
  let borrow = 0
  for (let i = nonceBytes - 1; i >= 0; i--) {
    const d = nonce[i]! - base[i]! - borrow
    borrow = d < 0 ? 1 : 0
    difference.setUint8(i, d)
  }
  // A safe integer fits into the lowest seven bytes; all others must only extend its sign.
  const sign = difference.getInt8(0) >> 7
  for (let i = 0; i < nonceBytes - 7; i++) if (difference.getInt8(i) !== sign) return undefined
  const high = (difference.getUint32(nonceBytes - 8) & 0xffffff) + sign * 0x100_0000
  const value = high * 0x1_0000_0000 + difference.getUint32(nonceBytes - 4)
  return Number.isSafeInteger(value) ? value : undefined
}
