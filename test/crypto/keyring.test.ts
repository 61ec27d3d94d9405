import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {CryptoSessionItem, TcpSessionItem} from '../../src/crypto/key-item.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import * as limits from '../../src/crypto/limits.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {toHex} from '../../src/wire/hex/hex-bytes.js'

const box = await loadSodium()
const key = (n: number) => new Uint8Array(32).fill(n)
const nonce = (n: number) => new Uint8Array(24).fill(n)
const pairOf = (n: number) => box.keyPair(key(n))
const line = (client: number | null, relay: number | null, shared = 9): TcpSessionItem => ({
  kind: 'tcp_session',
  clientNonce: client === null ? null : nonce(client),
  relayNonce: relay === null ? null : nonce(relay),
  sharedKey: key(shared),
  clientBaseNonce: nonce(1),
  relayBaseNonce: null,
})

describe('secret keys', () => {
  test('are found by public key, as bytes and as hex, and a duplicate changes nothing', () => {
    const ring = new Keyring(box)
    const pair = pairOf(1)
    expect(ring.add({kind: 'secret_key', ...pair}, 'a file')).toBe(true)
    expect(ring.version).toBe(1)
    expect(ring.add({kind: 'secret_key', ...pair}, 'again')).toBe(false)
    expect(ring.add({kind: 'secret_key', publicKey: null, secretKey: pair.secretKey}, 'again')).toBe(false)
    expect(ring.version).toBe(1)
    expect(ring.size).toBe(1)
    expect(ring.secretKey(pair.publicKey)).toMatchObject({...pair, source: 'a file'})
    expect(ring.secretKey(toHex(pair.publicKey))?.secretKey).toEqual(pair.secretKey)
    expect(ring.secretKey(key(0))).toBeUndefined()
  })

  test('come in the order in which they were added', () => {
    const ring = new Keyring(box)
    const pairs = [3, 1, 2].map(pairOf)
    for (const pair of pairs) ring.add({kind: 'secret_key', publicKey: null, secretKey: pair.secretKey}, 'flag')
    expect([...ring.secretKeys()].map(pair => toHex(pair.publicKey))).toEqual(pairs.map(pair => toHex(pair.publicKey)))
  })

  test('a wrong public key is found out when it is looked at, and the pair goes under the right one', () => {
    const [a, b] = [pairOf(1), pairOf(2)]
    const ring = new Keyring(box)
    ring.add({kind: 'secret_key', publicKey: a.publicKey, secretKey: b.secretKey}, 'wrong')
    expect(ring.secretKey(a.publicKey)).toBeUndefined()
    expect(ring.secretKey(b.publicKey)?.secretKey).toEqual(b.secretKey)
    const other = new Keyring(box)
    other.add({kind: 'secret_key', publicKey: a.publicKey, secretKey: b.secretKey}, 'wrong')
    expect([...other.secretKeys()].map(pair => pair.publicKey)).toEqual([b.publicKey])
  })

  test('two pairs with each other’s public key both go under the right one', () => {
    const [a, b] = [pairOf(1), pairOf(2)]
    const ring = new Keyring(box)
    ring.add({kind: 'secret_key', publicKey: a.publicKey, secretKey: b.secretKey}, 'wrong')
    ring.add({kind: 'secret_key', publicKey: b.publicKey, secretKey: a.secretKey}, 'wrong')
    for (const pair of [a, b, a]) expect(ring.secretKey(pair.publicKey)?.secretKey).toEqual(pair.secretKey)
    expect(ring.size).toBe(2)
  })

  test('a right pair takes its place from a wrong one that came first', () => {
    const [a, b] = [pairOf(1), pairOf(2)]
    const ring = new Keyring(box)
    ring.add({kind: 'secret_key', publicKey: a.publicKey, secretKey: b.secretKey}, 'wrong')
    expect(ring.add({kind: 'secret_key', ...a}, 'right')).toBe(true)
    expect(ring.secretKey(a.publicKey)?.secretKey).toEqual(a.secretKey)
    expect(ring.secretKey(b.publicKey)?.secretKey).toEqual(b.secretKey)
    expect(ring.size).toBe(2)
  })

  test('a secret key alone takes the place of a wrong pair that came first', () => {
    const [a, b] = [pairOf(1), pairOf(2)]
    const ring = new Keyring(box)
    ring.add({kind: 'secret_key', publicKey: a.publicKey, secretKey: b.secretKey}, 'wrong')
    expect(ring.add({kind: 'secret_key', publicKey: null, secretKey: a.secretKey}, 'right')).toBe(true)
    for (const pair of [a, b]) expect(ring.secretKey(pair.publicKey)?.secretKey).toEqual(pair.secretKey)
  })
})

describe('session lines', () => {
  const [full, replayed, noRelay, noClient, neither, other] = [
    line(1, 2),
    line(1, 3),
    line(1, null),
    line(null, 2),
    line(null, null),
    line(7, 8),
  ]
  const all = [neither, noClient, noRelay, replayed, full, other]
  const ring = new Keyring()
  for (const item of all) ring.add(item, 'log')

  test('both nonces: the full line first, then those that leave one open', () => {
    expect(ring.tcpSessions(nonce(1), nonce(2))).toEqual([full, noRelay, noClient, neither])
  })

  test('one nonce: full lines with it, then what leaves something open', () => {
    expect(ring.tcpSessions(nonce(1), null)).toEqual([replayed, full, noRelay, neither, noClient])
    expect(ring.tcpSessions(null, nonce(2))).toEqual([full, noClient, neither, noRelay])
  })

  test('no nonce: every line', () => {
    expect(ring.tcpSessions(null, null)).toEqual(all)
  })

  test('nothing known of these nonces: only lines that could still be meant', () => {
    expect(ring.tcpSessions(nonce(20), nonce(21))).toEqual([neither])
  })

  test('finds exactly the lines that fit, each once', () => {
    const word = fc.constantFrom(null, 1, 2, 3)
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(word, word, fc.nat(3)), {selector: String}),
        word,
        word,
        (lines, client, relay) => {
          const some = new Keyring()
          for (const [c, r, shared] of lines) expect(some.add(line(c, r, shared), 'log')).toBe(true)
          const fits = lines.filter(
            ([c, r]) =>
              (c === null || client === null || c === client) && (r === null || relay === null || r === relay),
          )
          const found = some.tcpSessions(client === null ? null : nonce(client), relay === null ? null : nonce(relay))
          const text = (items: readonly TcpSessionItem[]) => items.map(item => JSON.stringify(item)).sort()
          expect(text(found)).toEqual(text(fits.map(([c, r, shared]) => line(c, r, shared))))
        },
      ),
    )
  })
})

test('a net_crypto session is found from both sides', () => {
  const item: CryptoSessionItem = {
    kind: 'crypto_session',
    publicKeyA: key(1),
    publicKeyB: key(2),
    sharedKey: key(3),
    baseNonceA: nonce(4),
    baseNonceB: null,
  }
  const ring = new Keyring()
  expect(ring.add(item, 'log')).toBe(true)
  expect(ring.add(item, 'log')).toBe(false)
  expect(ring.cryptoSessions(key(1), key(2))).toEqual([item])
  expect(ring.cryptoSessions(key(2), key(1))).toEqual([
    {...item, publicKeyA: key(2), publicKeyB: key(1), baseNonceA: null, baseNonceB: nonce(4)},
  ])
  expect(ring.cryptoSessions(key(1), key(1))).toEqual([])
})

test('what is beyond a bound is dropped and counted', () => {
  const ring = new Keyring()
  const numbered = (n: number) => {
    const bytes = new Uint8Array(32)
    new DataView(bytes.buffer).setUint32(0, n)
    return bytes
  }
  for (let n = 0; n < limits.keyringTriedKeys + 5; n++) ring.add({kind: 'relay_key', publicKey: numbered(n)}, 'flag')
  expect([...ring.relayKeys()].length).toBe(limits.keyringTriedKeys)
  expect(ring.dropped).toBe(5)
  expect(ring.add({kind: 'relay_key', publicKey: numbered(0)}, 'flag')).toBe(false)
  expect(ring.dropped).toBe(5)
  expect(ring.add({kind: 'shared_key', sharedKey: numbered(0)}, 'flag')).toBe(true)
  expect([...ring.sharedKeys()]).toEqual([numbered(0)])
})
