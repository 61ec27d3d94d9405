import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {isLowOrder, sharedKeyOfZeroPoint} from '../../src/crypto/low-order.js'
import {advance} from '../../src/crypto/nonce.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {vectors} from './vectors.js'

const box = await loadSodium()
const zero = new Uint8Array(32)

describe('sessions made by an independent script', () => {
  const sessions = vectors('Session')

  test('public keys and shared keys', () => {
    expect(sessions.length).toBe(12)
    for (const s of sessions) {
      const pairs = [
        [s.client_sk, s.client_pk],
        [s.relay_sk, s.relay_pk],
        [s.client_session_sk, s.client_session_pk],
        [s.relay_session_sk, s.relay_session_pk],
      ] as const
      for (const [secret, pub] of pairs) expect(toHex(box.publicKey(fromHex(secret)))).toBe(pub)
      expect(toHex(box.sharedKey(fromHex(s.relay_session_pk), fromHex(s.client_session_sk)))).toBe(s.session_shared_key)
      expect(box.sharedKeys(fromHex(s.client_session_pk), fromHex(s.relay_session_sk)).map(key => toHex(key))).toEqual([
        s.session_shared_key,
      ])
    }
  })

  test('both handshakes open with either long-term secret key', () => {
    for (const s of sessions) {
      const keys = [
        box.sharedKey(fromHex(s.relay_pk), fromHex(s.client_sk)),
        box.sharedKey(fromHex(s.client_pk), fromHex(s.relay_sk)),
      ]
      for (const key of keys) {
        expect(toHex(key)).toBe(s.handshake_shared_key)
        const plain = new Uint8Array(56)
        const client = fromHex(s.c2s_hex)
        expect(
          box.open({bytes: client, start: 56, end: 128}, client.subarray(32, 56), key, {bytes: plain, at: 0}),
        ).toBe(56)
        expect(toHex(plain)).toBe(s.client_session_pk + s.client_base_nonce)
        const relay = fromHex(s.s2c_hex)
        expect(box.open({bytes: relay, start: 24, end: 96}, relay.subarray(0, 24), key, {bytes: plain, at: 0})).toBe(56)
        expect(toHex(plain)).toBe(s.relay_session_pk + s.relay_base_nonce)
      }
    }
  })

  test('every frame opens with its end’s counter, over the wrap too', () => {
    let opened = 0
    for (const s of sessions) {
      const key = fromHex(s.session_shared_key)
      const counters = {c2s: fromHex(s.client_base_nonce), s2c: fromHex(s.relay_base_nonce)}
      for (const frame of s.frames) {
        const sealed = fromHex(frame.hex)
        const counter = counters[frame.dir]
        expect(toHex(counter)).toBe(frame.nonce)
        const length = box.open({bytes: sealed, start: 2, end: sealed.length}, counter, key, {bytes: sealed, at: 0})
        expect(toHex(sealed.subarray(0, length))).toBe(frame.plaintext)
        advance(counter)
        opened++
      }
    }
    expect(opened).toBeGreaterThan(100)
  })

  test('frames open, and seal to the same bytes', () => {
    for (const {hex, fields} of vectors('EncryptedFrame')) {
      const frame = fromHex(hex)
      const target = new Uint8Array(fields.plaintext.length / 2 + 7)
      const length = box.open({bytes: frame, start: 2, end: frame.length}, fromHex(fields.nonce), fromHex(fields.key), {
        bytes: target,
        at: 7,
      })
      expect(toHex(target.subarray(7, 7 + length))).toBe(fields.plaintext)
      expect(toHex(box.seal(fromHex(fields.plaintext), fromHex(fields.nonce), fromHex(fields.key)))).toBe(hex.slice(4))
    }
  })
})

describe('open', () => {
  const bytes = (length: number) => fc.uint8Array({minLength: length, maxLength: length})
  /** A plaintext, a nonce, a key, and a place in other bytes. */
  const placed = [fc.uint8Array({maxLength: 9000, size: 'max'}), bytes(24), bytes(32), fc.nat(40)] as const

  test('opens what seal sealed, also in place and beyond the fixed buffer', () => {
    fc.assert(
      fc.property(...placed, (plain, nonce, key, at) => {
        const sealed = box.seal(plain, nonce, key)
        expect(sealed.length).toBe(plain.length + 16)
        const around = new Uint8Array(at + sealed.length + 3).fill(0xaa)
        around.set(sealed, at)
        expect(box.open({bytes: around, start: at, end: at + sealed.length}, nonce, key, {bytes: around, at})).toBe(
          plain.length,
        )
        expect(around.subarray(at, at + plain.length)).toEqual(plain)
      }),
      {numRuns: 60},
    )
  })

  test('a box sealed into a room is the one that seal returns, and touches nothing beside its room', () => {
    fc.assert(
      fc.property(...placed, (plain, nonce, key, at) => {
        const sealed = box.seal(plain, nonce, key)
        const around = new Uint8Array(at + sealed.length + 3).fill(0xaa)
        const expected = around.slice()
        expected.set(sealed, at)
        box.sealInto({bytes: around, at}, plain, nonce, key)
        expect(Buffer.compare(around, expected)).toBe(0)
        expect(() => box.sealInto({bytes: around, at: at + 4}, plain, nonce, key)).toThrow(RangeError)
      }),
      {numRuns: 30},
    )
  })

  test('one changed bit of box, nonce or key fails and writes nothing', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({maxLength: 100}),
        bytes(24),
        bytes(32),
        fc.nat(),
        fc.nat(7),
        (plain, nonce, key, place, bit) => {
          const sealed = box.seal(plain, nonce, key)
          const parts = [sealed, nonce, key]
          const at = place % (sealed.length + 56)
          const [part, index] =
            at < sealed.length
              ? [0, at]
              : at < sealed.length + 24
                ? [1, at - sealed.length]
                : [2, at - sealed.length - 24]
          parts[part] = Uint8Array.from(parts[part]!, (byte, i) => (i === index ? byte ^ (1 << bit) : byte))
          const target = new Uint8Array(plain.length).fill(0x55)
          expect(
            box.open({bytes: parts[0]!, start: 0, end: sealed.length}, parts[1]!, parts[2]!, {bytes: target, at: 0}),
          ).toBe(-1)
          expect(target.every(byte => byte === 0x55)).toBe(true)
        },
      ),
    )
  })

  test('decrypts no more than is wanted, and compares the MAC over all', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({minLength: 1, maxLength: 5000, size: 'max'}),
        bytes(24),
        bytes(32),
        fc.nat(200),
        fc.nat(),
        (plain, nonce, key, most, place) => {
          const sealed = box.seal(plain, nonce, key)
          const wanted = Math.min(most, plain.length)
          const target = new Uint8Array(wanted + 3).fill(0x55)
          expect(
            box.open({bytes: sealed, start: 0, end: sealed.length}, nonce, key, {bytes: target, at: 2, wanted}),
          ).toBe(plain.length)
          expect(target).toEqual(Uint8Array.of(0x55, 0x55, ...plain.subarray(0, wanted), 0x55))
          sealed[place % sealed.length]! ^= 1
          expect(
            box.open({bytes: sealed, start: 0, end: sealed.length}, nonce, key, {
              bytes: new Uint8Array(wanted),
              at: 0,
              wanted,
            }),
          ).toBe(-1)
        },
      ),
      {numRuns: 60},
    )
  })

  test('fewer bytes than a MAC are no box', () => {
    for (let length = 0; length < 16; length++)
      expect(
        box.open({bytes: new Uint8Array(16), start: 0, end: length}, new Uint8Array(24), zero, {bytes: zero, at: 0}),
      ).toBe(-1)
  })

  test('wrong sizes are our mistakes', () => {
    expect(() =>
      box.open({bytes: new Uint8Array(20), start: 0, end: 20}, new Uint8Array(23), zero, {bytes: zero, at: 0}),
    ).toThrow(RangeError)
    expect(() =>
      box.open({bytes: new Uint8Array(20), start: 0, end: 20}, new Uint8Array(24), new Uint8Array(31), {
        bytes: zero,
        at: 0,
      }),
    ).toThrow(RangeError)
    expect(() =>
      box.open({bytes: new Uint8Array(20), start: 0, end: 20}, new Uint8Array(24), zero, {bytes: zero, at: 29}),
    ).toThrow(RangeError)
  })
})

describe('low-order keys', () => {
  const points = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ]
  const order8 = [
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  ]
  const secretKey = fromHex('77'.repeat(32))

  test('are known, with either top bit, and give both keys that peers go on with', () => {
    for (const hex of [...points, ...order8]) {
      const point = fromHex(hex)
      for (const top of [0, 0x80]) {
        point[31] = point[31]! | top
        expect(isLowOrder(point)).toBe(true)
        expect(box.sharedKeys(point, secretKey)).toEqual([zero, sharedKeyOfZeroPoint()])
        expect(box.sharedKey(point, secretKey)).toEqual(sharedKeyOfZeroPoint())
      }
    }
  })

  test('an ordinary key is none', () => {
    for (const session of vectors('Session')) expect(isLowOrder(fromHex(session.client_pk))).toBe(false)
    expect(isLowOrder(fromHex(`02${'00'.repeat(31)}`))).toBe(false)
  })
})

test('a key pair follows from its seed alone', () => {
  const pair = box.keyPair(zero)
  expect(box.keyPair(zero)).toEqual(pair)
  expect(box.publicKey(pair.secretKey)).toEqual(pair.publicKey)
  expect(toHex(pair.secretKey)).toBe('5046adc1dba838867b2bbbfdd0c3423e58b57970b5267a90f57960924a87f196')
})
