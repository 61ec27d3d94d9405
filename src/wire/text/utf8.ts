/**
 * Text in packets: UTF-8, in which a sender may put any bytes. A byte that is not part of a character is shown as
 * `\xff`; so that text can be turned back into the same bytes, a backslash that begins such a sequence is `\x5c`.
 */

/** Bytes of the character at `at`; 0 where none is encoded there. Overlong forms and surrogates are not characters. */
function characterSize(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4 || at + size > end) return 0
  const second = bytes[at + 1]!
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let i = at + 2; i < at + size; i++) if (bytes[i]! >> 6 !== 2) return 0
  return size
}

/** Offset of the first byte in bytes[start,end) that is not UTF-8; -1 if all of it is. */
export function invalidAt(bytes: Uint8Array, start: number, end: number): number {
  for (let at = asciiEnd(bytes, start, end); at < end; ) {
    const size = characterSize(bytes, at, end)
    if (size === 0) return at
    at += size
  }
  return -1
}

/** End of the ASCII that begins at `start`, or up to seven bytes before it: eight take a quarter of the time. */
function asciiEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (; at + 8 <= end; at += 8) {
    const first = bytes[at]! | bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!
    if ((first | bytes[at + 4]! | bytes[at + 5]! | bytes[at + 6]! | bytes[at + 7]!) >= 0x80) return at
  }
  return at
}

const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
const encoder = new TextEncoder()
const escaped = /\\x([0-9a-f]{2})/gi

const withSequencesEscaped = (text: string): string =>
  text.includes('\\') ? text.replace(escaped, sequence => `\\x5c${sequence.slice(1)}`) : text

/** Text of bytes[start,end); bytes that are not UTF-8 as `\xff`. `textBytes` gives the same bytes back. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  // The decoder is native, and puts its mark for each byte that it cannot read. A text may hold that mark as well.
  const whole = decoder.decode(bytes.subarray(start, end))
  if (!whole.includes('\ufffd')) return withSequencesEscaped(whole)
  let text = ''
  for (let at = start; ; ) {
    const bad = invalidAt(bytes, at, end)
    text += withSequencesEscaped(decoder.decode(bytes.subarray(at, bad < 0 ? end : bad)))
    if (bad < 0) return text
    text += `\\x${bytes[bad]!.toString(16).padStart(2, '0')}`
    at = bad + 1
  }
}

/** Bytes of a text as `textOf` gives it: `\xff` is one byte, all else UTF-8. */
export function textBytes(text: string): Uint8Array {
  const out: number[] = []
  let at = 0
  for (const {index, 0: sequence, 1: digits} of text.matchAll(escaped)) {
    out.push(...encoder.encode(text.slice(at, index)), Number.parseInt(digits!, 16))
    at = index + sequence.length
  }
  return at === 0 ? encoder.encode(text) : Uint8Array.of(...out, ...encoder.encode(text.slice(at)))
}
