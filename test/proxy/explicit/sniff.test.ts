import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {sniff} from '../../../src/proxy/explicit/sniff.js'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('the first bytes of a client', () => {
  test.each([
    ['05 01 00', 'socks5'],
    ['05 02 00 02', 'socks5'],
    ['05 01 00 05 01 00 01 7f000001 82a5', 'socks5'],
    ['05 01 00 05', 'socks5'],
    ['05', undefined],
    ['05 03 00 02', undefined],
    ['05 00', 'tox'],
    ['05 02 00 00', 'tox'],
    ['05 01 00 33', 'tox'],
    ['04 01 00', 'tox'],
    ['', undefined],
  ] as const)('%s', (hex, expected) => {
    expect(sniff(bytes(hex))).toBe(expected)
  })

  test('are HTTP from the method on', () => {
    expect(sniff(Buffer.from('CONNECT a:1'))).toBe('http')
    expect(sniff(Buffer.from('GET / HTTP/1.1'))).toBe('http')
    expect(sniff(Buffer.from('CONN'))).toBeUndefined()
    expect(sniff(Buffer.from('\r\n\r\nCONNECT a:1'))).toBe('http')
    expect(sniff(Buffer.from('\r'))).toBeUndefined()
    expect(sniff(Buffer.from('CONNECTED'))).toBe('tox')
  })

  test('are Tox for a handshake, also one that begins with the version of SOCKS5', () => {
    fc.assert(
      fc.property(fc.uint8Array({minLength: 128, maxLength: 128}), fc.boolean(), (handshake, five) => {
        if (five) handshake[0] = 5
        // What a greeting and a request would have in common with it; a random handshake has that less than once in
        // 2^24.
        const behind = handshake.subarray(2 + handshake[1]!)
        fc.pre(!five || !(behind[0] === 5 && behind[2] === 0))
        expect(sniff(handshake)).toBe('tox')
      }),
      {numRuns: 2000},
    )
  })
})
