/**
 * Text as UTF-8: what begins with the byte order mark of UTF-16, as Windows tools write it, is converted; all else is
 * given back as it is, also bytes that begin with the mark and are not text.
 */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-16be'
  if (encoding === 'utf-16be' && !(bytes[0] === 0xfe && bytes[1] === 0xff)) return bytes
  try {
    const text = new TextDecoder(encoding, {fatal: true}).decode(bytes)
    return text.includes('\u0000') ? bytes : new TextEncoder().encode(text)
  } catch {
    return bytes
  }
}
