/** Signed distance from sequence number `b` to `a`, which wrap around at 2^32. */
export function distance(a: number, b: number): number {
  return (a - b) | 0
}
