/**
 * Make room in an array that is filled from its start.
 * @param needed number of bytes that it must be able to hold.
 * @param most number of bytes that it never grows beyond; at least `needed`.
 * @returns the array itself if it is long enough, else a copy in an array at least twice as long.
 */
export function withRoom(bytes: Uint8Array, needed: number, most = Number.POSITIVE_INFINITY): Uint8Array {
  if (needed <= bytes.length) return bytes
  const larger = new Uint8Array(Math.min(most, Math.max(needed, 2 * bytes.length)))
  larger.set(bytes)
  return larger
}
