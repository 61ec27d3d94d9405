import fc from 'fast-check'
import {expect, test} from 'vitest'
import {advance, nonceDistance, offsetNonce} from '../../src/crypto/nonce.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {vectors} from './vectors.js'

const circle = 2n ** 192n
const nonce = fc.oneof(
  fc.uint8Array({minLength: 24, maxLength: 24}),
  // Near a carry through many bytes, where counters go wrong.
  fc
    .tuple(fc.nat(24), fc.constantFrom(0, 0xff), fc.nat(255))
    .map(([at, fill, last]) => new Uint8Array(24).fill(fill, at).fill(last, 23)),
)
const toBig = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)
const wrap = (n: bigint) => ((n % circle) + circle) % circle

test('increments as the vectors say', () => {
  for (const {from, to} of vectors('NonceIncrement')) {
    const counter = fromHex(from)
    advance(counter)
    expect(toHex(counter)).toBe(to)
    expect(toHex(offsetNonce(fromHex(from), 1, new Uint8Array(24)))).toBe(to)
    expect(toHex(offsetNonce(fromHex(to), -1, new Uint8Array(24)))).toBe(from)
    expect(nonceDistance(fromHex(from), fromHex(to))).toBe(1)
  }
})

test('wraps to zero', () => {
  const counter = new Uint8Array(24).fill(0xff)
  advance(counter)
  expect(counter).toEqual(new Uint8Array(24))
  expect(offsetNonce(counter, -1, counter)).toEqual(new Uint8Array(24).fill(0xff))
})

test('an offset is addition modulo 2^192, and the distance takes it back', () => {
  fc.assert(
    fc.property(nonce, fc.maxSafeInteger(), (base, k) => {
      const moved = offsetNonce(base, k, new Uint8Array(24))
      expect(toBig(moved)).toBe(wrap(toBig(base) + BigInt(k)))
      expect(nonceDistance(base, moved)).toBe(k)
    }),
  )
})

test('a distance beyond safe integers is none', () => {
  fc.assert(
    fc.property(nonce, nonce, (a, b) => {
      const distance = nonceDistance(a, b)
      const exact = wrap(toBig(b) - toBig(a))
      const signed = exact > circle / 2n ? exact - circle : exact
      const safe = signed <= BigInt(Number.MAX_SAFE_INTEGER) && signed >= BigInt(Number.MIN_SAFE_INTEGER)
      expect(distance).toBe(safe ? Number(signed) : undefined)
    }),
  )
})
