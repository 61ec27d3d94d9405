import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {compareBytes, concatBytes, copyOf, includesBytes, isEqualBytes, latin1Text} from '../../src/wire/bytes.js'
import {fromHex, toHex, writeHex} from '../../src/wire/hex/hex-bytes.js'
import {fromBase64} from '../../src/wire/text/base64.js'

const bytes = fc.uint8Array({maxLength: 5000, size: 'max'})
/** Few values, so that arrays share beginnings and contain each other. */
const similar = fc.uint8Array({maxLength: 6, max: 2})

describe('bytes without Buffer are what Buffer makes of them', () => {
  it('joined', () => {
    fc.assert(
      fc.property(fc.array(similar), parts => {
        expect(concatBytes(parts)).toEqual(joined(parts))
      }),
    )
  })

  it('in order', () => {
    fc.assert(
      fc.property(similar, similar, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
        expect(isEqualBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      }),
    )
  })

  it('searched', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 30, max: 2}), similar, (whole, part) => {
        expect(includesBytes(whole, part)).toBe(Buffer.from(whole).includes(Buffer.from(part)))
      }),
    )
  })

  it('as one character each', () => {
    fc.assert(
      fc.property(bytes, given => {
        expect(latin1Text(given)).toBe(Buffer.from(given).toString('latin1'))
      }),
    )
  })

  it('as hex, whole and in part', () => {
    fc.assert(
      fc.property(bytes, fc.nat(40), fc.nat(5100), (given, start, end) => {
        expect(toHex(given)).toBe(Buffer.from(given).toString('hex'))
        expect(toHex(given, start, end)).toBe(Buffer.from(given.subarray(start, Math.max(start, end))).toString('hex'))
      }),
    )
  })

  it('from hex of either case', () => {
    fc.assert(
      fc.property(bytes, given => {
        expect(fromHex(Buffer.from(given).toString('hex'))).toEqual(given)
        expect(fromHex(Buffer.from(given).toString('hex').toUpperCase())).toEqual(given)
      }),
    )
  })

  it('from base64 with and without padding', () => {
    fc.assert(
      fc.property(bytes, given => {
        const text = Buffer.from(given).toString('base64')
        expect(fromBase64(text)).toEqual(given)
        expect(fromBase64(text.replace(/=+$/, ''))).toEqual(given)
      }),
    )
  })
})

it('writes hex into the middle of an array and leaves the rest', () => {
  const into = new Uint8Array(4).fill(9)
  writeHex('aB0f', into, 1)
  expect(into).toEqual(Uint8Array.of(9, 0xab, 0x0f, 9))
})

it('copies a range of a Buffer instead of viewing it', () => {
  const buffer = Buffer.of(1, 2, 3)
  const copy = copyOf(buffer, 1)
  buffer.fill(0)
  expect(copy).toEqual(Uint8Array.of(2, 3))
})

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
