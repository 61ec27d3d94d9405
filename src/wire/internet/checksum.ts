import {isLittleEndian} from '../bytes.js'

/** Least number of bytes for which summing 32-bit words pays, although a view has to be made. */
const worthWords = 128

/**
 * A number with the same Internet checksum as the sum of the big-endian 16-bit words in `bytes[start..end)`. A single
 * byte at the end is the upper half of a word.
 * @returns less than 2^31 for up to 65,535 bytes.
 */
export function sumOf(bytes: Uint8Array, start: number, end: number): number {
  const isAligned = (bytes.byteOffset + start) % 2 === 0
  return end - start >= worthWords && isAligned ? sumOfMany(bytes, start, end) : sumOfFew(bytes, start, end)
}

/** The same, faster for a header. */
export function sumOfFew(bytes: Uint8Array, start: number, end: number): number {
  let total = 0
  for (let at = start; at + 1 < end; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!
  return (end - start) % 2 === 1 ? total + (bytes[end - 1]! << 8) : total
}

/**
 * Sums 32-bit words in the machine's byte order, twelve times as fast: swapping commutes with the sum (RFC 1071, 2 B),
 * and both halves of a word count alike, since 2^32 is 2^16 modulo 0xffff. The sum of 65,535 bytes is below 2^46, and
 * so exact; sums of pairs are independent of each other, which halves the time again.
 */
function sumOfMany(bytes: Uint8Array, start: number, end: number): number {
  const aligned = start + ((bytes.byteOffset + start) % 4)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + aligned, (end - aligned) >> 2)
  const unrolled = words.length & ~3
  let total = 0
  let i = 0
  for (; i < unrolled; i += 4) total += words[i]! + words[i + 1]! + (words[i + 2]! + words[i + 3]!)
  for (; i < words.length; i++) total += words[i]!
  const folded = fold(Math.floor(total / 2 ** 32) + (total >>> 16) + (total & 0xffff))
  const inOrder = isLittleEndian ? ((folded & 0xff) << 8) | (folded >> 8) : folded
  return inOrder + sumOfFew(bytes, start, aligned) + sumOfFew(bytes, aligned + 4 * words.length, end)
}

/** The Internet checksum, RFC 1071, of a sum below 2^32. */
export function checksum(total: number): number {
  return ~fold(total) & 0xffff
}

/** In the place of an expected sum: nothing is known of it, or it is known to be another one. */
export const unknownSum = -1
export const wrongSum = -2

/** What bytes must have as their sum, modulo 0xffff, so that the checksum over them and all else is right. */
export const expectedSum = (ofAllElse: number): number => (0xffff - (ofAllElse % 0xffff)) % 0xffff

/**
 * Whether bytes have another sum than the checksum says.
 * @param expected `expectedSum`, `unknownSum` or `wrongSum`.
 */
export function hasWrongSum(expected: number, bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  return expected >= 0 ? fold(sumOf(bytes, start, end)) % 0xffff !== expected : expected === wrongSum
}

function fold(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded >>> 16) + (folded & 0xffff)
  return folded
}
