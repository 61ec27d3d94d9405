import {readdirSync, readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {KeyLogReader, keyLogLine, type LoggedItem} from '../../src/crypto/keylog.js'
import * as limits from '../../src/crypto/limits.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {codePoint} from '../properties/code-point.js'

const pk = 'a1'.repeat(32)
const sk = 'B2'.repeat(32)
const n = '0c'.repeat(24)

function read(text: string): {reader: KeyLogReader; items: KeyItem[]} {
  const reader = new KeyLogReader('keys.log')
  return {reader, items: [...reader.push(text), ...reader.end()]}
}

const bytes = (length: number) => fc.uint8Array({minLength: length, maxLength: length})
const maybe = (length: number) => fc.option(bytes(length))
const item: fc.Arbitrary<LoggedItem> = fc.oneof(
  fc.record({kind: fc.constant('secret_key' as const), publicKey: maybe(32), secretKey: bytes(32)}),
  fc.record({
    kind: fc.constant('tcp_session' as const),
    clientNonce: maybe(24),
    relayNonce: maybe(24),
    sharedKey: bytes(32),
    clientBaseNonce: maybe(24),
    relayBaseNonce: maybe(24),
  }),
  fc.record({
    kind: fc.constant('crypto_session' as const),
    publicKeyA: bytes(32),
    publicKeyB: bytes(32),
    sharedKey: bytes(32),
    baseNonceA: maybe(24),
    baseNonceB: maybe(24),
  }),
  fc.record({
    kind: fc.constant('pair_key' as const),
    publicKeyA: maybe(32),
    publicKeyB: maybe(32),
    sharedKey: bytes(32),
  }),
)

describe('lines', () => {
  test('real logs: every line is read', () => {
    const folder = new URL('../../fixtures/captures/', import.meta.url)
    const seen = {secret_key: 0, tcp_session: 0}
    for (const name of readdirSync(folder)) {
      const text = readFileSync(new URL(`${name}/sessions.keylog`, folder), 'utf8')
      const {reader, items} = read(text)
      expect(reader.errors).toEqual([])
      expect(items.map(one => keyLogLine(one as LoggedItem))).toEqual(
        text.split('\n').filter(line => line.startsWith('TOX_')),
      )
      for (const one of items) seen[one.kind as keyof typeof seen]++
    }
    expect(seen).toEqual({secret_key: 7, tcp_session: 45})
  })

  test('a pair under any name, a secret key alone, comments, blank lines, tabs and CRLF', () => {
    const pair = {kind: 'secret_key', publicKey: fromHex(pk), secretKey: fromHex(sk)}
    const {reader, items} = read(
      `# head\r\n\r\nalice\t${pk}  ${sk} # hers\r\nTOX_SECRET_KEY ${pk} ${sk}\n  ${sk}\nTOX_SECRET_KEY - ${sk}`,
    )
    expect(items).toEqual([pair, pair, {...pair, publicKey: null}, {...pair, publicKey: null}])
    expect(reader).toMatchObject({bad: 0, unknown: 0, incomplete: 0, labelled: 3})
  })

  test('later labels and lines without a key are counted, not refused', () => {
    const {reader, items} = read(
      `CLIENT_RANDOM ${pk} ${n}\nTOX_TCP_SESSION ${n} ${n} - ${n} ${n}\nTOX_SECRET_KEY ${pk} -\n`,
    )
    expect(items).toEqual([])
    expect(reader).toMatchObject({bad: 0, unknown: 1, incomplete: 2})
  })

  test.each([
    [`TOX_SECRET_KEY ${pk}`, 'line 2 of keys.log has 1 words after TOX_SECRET_KEY, not 2'],
    [`TOX_SECRET_KEY ${pk} ${sk.slice(1)}`, 'line 2 of keys.log has a secret key that is not 64 hex digits'],
    [`TOX_SECRET_KEY ${pk} ${sk.replace('B', 'g')}`, 'line 2 of keys.log has a secret key that is not 64 hex digits'],
    [
      `TOX_TCP_SESSION ${pk} ${n} ${sk} ${n} ${n}`,
      'line 2 of keys.log has a client handshake nonce that is not 48 hex digits',
    ],
    [sk.slice(2), 'line 2 of keys.log is neither a key log line nor a secret key'],
    [`${sk} ${pk}`, 'line 2 of keys.log is neither a key log line nor a secret key'],
    ['x'.repeat(limits.keyLogLine + 1), `line 2 of keys.log is over ${limits.keyLogLine} characters long`],
  ])('bad: %.30s', (line, message) => {
    const {reader, items} = read(`# one\n${line}\nTOX_SECRET_KEY ${pk} ${sk}`)
    expect(reader.errors.map(error => error.message)).toEqual([message])
    expect(items.length).toBe(1)
    for (const error of reader.errors) expect(`${error.message} ${error.hint}`.toLowerCase()).not.toContain('b2b2')
  })

  test('many bad lines are counted, few described', () => {
    const {reader} = read('no\n'.repeat(1000))
    expect(reader.bad).toBe(1000)
    expect(reader.errors.length).toBe(limits.keyLogDescribed)
  })
})

test('what is written reads back the same, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(item, {maxLength: 8}), fc.array(fc.nat(2000)), (items, cuts) => {
      const text = items.map(one => `${keyLogLine(one)}\n`).join('')
      const reader = new KeyLogReader('grown')
      const places = [0, ...cuts.map(cut => Math.min(cut, text.length)).sort((a, b) => a - b), text.length]
      const found = places.flatMap((place, i) => reader.push(text.slice(place, places[i + 1] ?? text.length)))
      expect([...found, ...reader.end()]).toEqual(items)
      expect(reader.errors).toEqual([])
    }),
  )
})

test('any text at all is read without a throw', () => {
  fc.assert(
    fc.property(fc.string({unit: codePoint, maxLength: 500}), text => {
      const {reader, items} = read(text)
      expect(reader.bad + items.length + reader.unknown + reader.incomplete).toBeLessThanOrEqual(
        text.split('\n').length,
      )
    }),
  )
})
