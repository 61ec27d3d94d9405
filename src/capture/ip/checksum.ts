import {isLittleEndian} from '../../wire/bytes.js'

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

function sumOfFew(bytes: Uint8Array, start: number, end: number): number {
  let total = 0
  for (let at = start; at + 1 < end; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!
  return (end - start) % 2 === 1 ? total + (bytes[end - 1]! << 8) : total
}

/** Sums words in the machine's byte order, six times as fast: swapping commutes with the sum (RFC 1071, 2 B). */
function sumOfMany(bytes: Uint8Array, start: number, end: number): number {
  const aligned = start + ((bytes.byteOffset + start) % 4)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + aligned, (end - aligned) >> 2)
  const unrolled = words.length & ~3
  let low = 0
  let high = 0
  let i = 0
  for (; i < unrolled; i += 4) {
    const a = words[i]!
    const b = words[i + 1]!
    const c = words[i + 2]!
    const d = words[i + 3]!
    low += (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff)
    high += (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)
  }
  for (; i < words.length; i++) {
    low += words[i]! & 0xffff
    high += words[i]! >>> 16
  }
  const folded = fold(low + high)
  const inOrder = isLittleEndian ? ((folded & 0xff) << 8) | (folded >> 8) : folded
  return inOrder + sumOfFew(bytes, start, aligned) + sumOfFew(bytes, aligned + 4 * words.length, end)
}

/** The Internet checksum, RFC 1071, of a sum below 2^32. */
export function checksum(total: number): number {
  return ~fold(total) & 0xffff
}

function fold(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded >>> 16) + (folded & 0xffff)
  return folded
}
