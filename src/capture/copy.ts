/** A copy of `bytes[start..end)`. Not `slice()`: that of a Buffer copies nothing. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end))
}
