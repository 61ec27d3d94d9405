/** Value of a base64 character, by its code. */
const values = new Uint8Array(128)
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  values[char.charCodeAt(0)] = value
// As URLs have it.
values['-'.charCodeAt(0)] = 62
values['_'.charCodeAt(0)] = 63

/**
 * Bytes of base64 that the caller has checked: characters of the alphabet only, with `+` and `/` or as URLs have it,
 * with or without `=` at the end.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const length = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let bits = 0
  let written = 0
  for (let i = 0; i < length; i++) {
    bits = (bits << 6) | values[text.charCodeAt(i)]!
    // The first character of four completes no byte.
    if (i % 4 !== 0) bytes[written++] = bits >> (6 - 2 * (i % 4))
  }
  return bytes
}
