import {isIPv4, isIPv6} from 'node:net'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {ipv4Text, ipv6Text, parseIpv4, parseIpv6} from '../../../src/wire/text/address.js'

describe('IPv6 text', () => {
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['1:2:3:4:5:6::', '1:2:3:4:5:6::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('%s is written %s', (text, shortest) => {
    expect(ipv6Text(parseIpv6(text)!, 0)).toBe(shortest)
  })

  test.each([
    '',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    'fe80::1%eth0',
    '[::1]',
    '12345::',
    '::1.2.3',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:8::',
    'g::',
  ])('%j is none', text => {
    expect(parseIpv6(text)).toBeUndefined()
  })

  test('every address comes back from its text, which Node takes too', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({min: 0, max: 0xffff}))
    fc.assert(
      fc.property(fc.array(group, {minLength: 8, maxLength: 8}), groups => {
        const bytes = Uint8Array.from([9, ...groups.flatMap(g => [g >> 8, g & 255])])
        const text = ipv6Text(bytes, 1)
        expect(isIPv6(text)).toBe(true)
        expect(parseIpv6(text)).toEqual(bytes.subarray(1))
      }),
    )
  })

  test('parses what Node takes, and nothing else', () => {
    const piece = fc.constantFrom('0', '1', 'ffff', 'AbC', ':', '::', '.', '1.2.3.4', '256', '00000')
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 17}), pieces => {
        const text = pieces.join('')
        expect(parseIpv6(text) !== undefined).toBe(isIPv6(text))
      }),
      {numRuns: 2000},
    )
  })
})

describe('IPv4 text', () => {
  test.each(['1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.', '', 'a.b.c.d', ' 1.2.3.4', '1e1.1.1.1'])(
    '%j is none',
    text => {
      expect(parseIpv4(text)).toBeUndefined()
      expect(isIPv4(text)).toBe(false)
    },
  )

  test('every address comes back from its text', () => {
    fc.assert(
      fc.property(fc.uint8Array({minLength: 4, maxLength: 4}), bytes => {
        expect(parseIpv4(ipv4Text(bytes, 0))).toEqual(bytes)
      }),
    )
  })
})
