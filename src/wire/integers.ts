/** Unsigned 16 bits, big-endian. Offsets here and below are inside `bytes`: the caller has checked. */
export function u16be(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

export function u16le(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

/** Signed 32 bits, big-endian: the form in which sequence numbers are subtracted. */
export function i32be(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

export function u32be(bytes: Uint8Array, at: number): number {
  return i32be(bytes, at) >>> 0
}

export function u32le(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** Signed distance from number `b` to `a` of those that wrap around at 2^32: of TCP's bytes, or of packets. */
export function distance(a: number, b: number): number {
  return (a - b) | 0
}
