/**
 * Text as UTF-8: UTF-16, as Windows tools write it, is converted. It is known by its byte order mark, or by its first
 * characters, which are ASCII. All else is given back as it is, also bytes that begin with the mark and are not text.
 */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  const encoding = utf16Of(bytes)
  if (encoding === undefined) return bytes
  try {
    const text = new TextDecoder(encoding, {fatal: true}).decode(bytes)
    return text.includes('\u0000') ? bytes : new TextEncoder().encode(text)
  } catch {
    return bytes
  }
}

/** Characters without a mark that are looked at; of fewer, `04 00` would be text. */
const looked = 8

/** Bytes from which `utf16Of` can tell. */
export const utf16Head = 2 * looked

/** Which UTF-16 a text is in, by its first bytes; undefined: in none. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes.length < utf16Head) return undefined
  for (const [encoding, low] of [['utf-16le', 0] as const, ['utf-16be', 1] as const]) {
    const isAscii = Array.from({length: looked}, (_, at) => 2 * at).every(
      at => bytes[at + 1 - low] === 0 && isText(bytes[at + low]!),
    )
    if (isAscii) return encoding
  }
  return undefined
}

/** Whether a byte is a printable character of ASCII or a blank. */
export const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13)
