const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Bytes of base32 (RFC 4648) that the caller has checked: characters of the alphabet in upper case only. */
export function fromBase32(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let bits = 0
  let count = 0
  let written = 0
  for (const char of text) {
    bits = ((bits << 5) | alphabet.indexOf(char)) & 0xfff
    count += 5
    if (count < 8) continue
    count -= 8
    bytes[written++] = bits >> count
  }
  return bytes
}
