/** Whether this machine stores the low byte of a word first. */
export const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Bytes of several arrays in one new array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** A copy of `bytes[start..end)`. Not `bytes.slice()`: on a Node Buffer that returns a view of the same memory. */
export function copyOf(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(start, end))
}

/** Compare byte by byte, then by length. @returns below 0, 0 or above 0, as `a` sorts before, with or after `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** Whether both have the same bytes. */
export function isEqualBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0
}

/** Whether `part` occurs in `whole`. An empty part always does. */
export function includesBytes(whole: Uint8Array, part: Uint8Array): boolean {
  if (part.length === 0) return true
  const last = whole.length - part.length
  for (let at = whole.indexOf(part[0]!); at >= 0 && at <= last; at = whole.indexOf(part[0]!, at + 1)) {
    let same = 1
    while (same < part.length && whole[at + same] === part[same]) same++
    if (same === part.length) return true
  }
  return false
}

/** Bytes converted by one call: engines limit the number of arguments. */
const latin1Piece = 4096

/** Text with one character per byte, U+0000 to U+00FF. TextDecoder's `latin1` is windows-1252, a different table. */
export function latin1Text(bytes: Uint8Array): string {
  let text = ''
  // Not a spread, which is several times as slow.
  for (let at = 0; at < bytes.length; at += latin1Piece)
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + latin1Piece))
  return text
}
