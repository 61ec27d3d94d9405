import fc from 'fast-check'
import {expect, test} from 'vitest'
import {checksum, sumOf} from '../../../src/wire/internet/checksum.js'

/** As RFC 1071 says it, byte by byte. */
function plain(bytes: Uint8Array): number {
  let total = 0
  for (const [at, byte] of bytes.entries()) total += at % 2 === 0 ? byte * 256 : byte
  while (total > 0xffff) total = Math.floor(total / 65_536) + (total % 65_536)
  return 0xffff - total
}

test('the sum is that of 16-bit words, however long the bytes are and wherever they lie', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 700}), fc.nat(9), fc.nat(9), (bytes, offset, start) => {
      const within = new Uint8Array(new ArrayBuffer(offset + start + bytes.length + 8), offset)
      within.fill(0xaa)
      within.set(bytes, start)
      expect(checksum(sumOf(within, start, start + bytes.length))).toBe(plain(bytes))
    }),
  )
})

test.each([65_535, 65_534, 65_533])('no sum is too large: %i bytes of ones', length => {
  const bytes = new Uint8Array(length).fill(0xff)
  expect(checksum(sumOf(bytes, 0, length))).toBe(plain(bytes))
})
