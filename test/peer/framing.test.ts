import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {type FrameEvent, FrameOpener, FrameSealer, longestPlain} from '../../src/peer/framing.js'
import {cut} from './cut.js'
import {bytesOf, hexOf, vectorsOf} from './vectors.js'

const box = await loadSodium()
const key = new Uint8Array(32).fill(7)
const nonce = new Uint8Array(24).fill(255)
const empty = new Uint8Array(2)

const opened = (
  stream: Uint8Array,
  cuts: readonly number[],
  keys: readonly Uint8Array[] = [key],
): {events: FrameEvent[]; held: Uint8Array} => {
  const opener = new FrameOpener(box, keys, nonce)
  return {events: cut(stream, cuts).flatMap(piece => opener.receive(piece)), held: opener.held}
}

test.each(vectorsOf('Session'))('frames of the session of $client_pk', session => {
  for (const dir of ['c2s', 's2c'] as const) {
    const base = bytesOf(dir === 'c2s' ? session.client_base_nonce : session.relay_base_nonce)
    const shared = bytesOf(session.session_shared_key)
    const frames = session.frames.filter(frame => frame.dir === dir)
    const sealer = new FrameSealer(box, shared, base)
    const opener = new FrameOpener(box, [shared], base)
    for (const frame of frames) {
      expect(hexOf(sealer.seal(bytesOf(frame.plaintext)))).toBe(frame.hex)
      expect(opener.receive(bytesOf(frame.hex))).toEqual([
        {kind: 'frame', index: frame.index, plain: bytesOf(frame.plaintext), wire: bytesOf(frame.hex)},
      ])
    }
    expect(frames.length).toBeGreaterThan(0)
  }
})

describe('a stream of frames', () => {
  test('gives the same packets however it is cut', () => {
    const plains = fc.array(fc.uint8Array({minLength: 0, maxLength: 2032}), {maxLength: 6})
    fc.assert(
      fc.property(plains, fc.array(fc.nat(12_000)), (packets, cuts) => {
        const sealer = new FrameSealer(box, key, nonce)
        const stream = Buffer.concat(packets.flatMap(plain => [empty, sealer.seal(plain)]))
        const {events, held} = opened(stream, cuts)
        expect(held.length).toBe(0)
        expect(events.flatMap(event => (event.kind === 'frame' ? [hexOf(event.plain)] : []))).toEqual(
          packets.map(hexOf),
        )
        expect(events.filter(event => event.kind === 'empty').length).toBe(packets.length)
        expect(Buffer.concat(events.map(({wire}) => wire))).toEqual(stream)
      }),
      {numRuns: 50},
    )
  })

  test('accounts for every byte behind noise, and stops at the first break', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 5000}), fc.array(fc.nat(5000)), (noise, cuts) => {
        const stream = Buffer.concat([new FrameSealer(box, key, nonce).seal(Uint8Array.of(4, 1)), noise])
        const {events, held} = opened(stream, cuts)
        expect(Buffer.concat([...events.map(({wire}) => wire), held])).toEqual(stream)
        const broken = events.findIndex(event => event.kind === 'broken')
        if (broken >= 0) expect(events.slice(broken + 1).every(event => event.kind === 'raw')).toBe(true)
      }),
      {numRuns: 100},
    )
  })

  test('every bad length breaks as soon as its two bytes are there', () => {
    for (const length of [1, 15, 2049, 65_535]) {
      const prefix = Uint8Array.of(length >> 8, length)
      expect(opened(prefix, [])).toMatchObject({events: [{kind: 'broken', fault: 'length', length, wire: prefix}]})
    }
    for (const length of [16, 17, 2048]) expect(opened(Uint8Array.of(length >> 8, length, 0), []).events).toEqual([])
  })

  test('a MAC that does not match breaks, with the whole frame', () => {
    const frame = new FrameSealer(box, key, nonce).seal(Uint8Array.of(4, 1, 2, 3))
    frame[10]! ^= 1
    const {events} = opened(Buffer.concat([frame, Uint8Array.of(9, 9, 9)]), [])
    expect(events).toMatchObject([
      {kind: 'broken', fault: 'mac', length: 20},
      {kind: 'raw', wire: {length: 3}},
    ])
    expect(hexOf(events[0]!.wire)).toBe(hexOf(frame))
  })

  test('the first of several keys that opens a frame is kept', () => {
    const sealer = new FrameSealer(box, key, nonce)
    const stream = Buffer.concat([sealer.seal(Uint8Array.of(1)), sealer.seal(Uint8Array.of(2))])
    expect(opened(stream, [], [new Uint8Array(32), key]).events).toMatchObject([
      {kind: 'frame', index: 0},
      {kind: 'frame', index: 1},
    ])
  })

  test('the sealer refuses what the length cannot say', () => {
    const sealer = new FrameSealer(box, key, nonce)
    expect(sealer.seal(new Uint8Array(longestPlain)).subarray(0, 2)).toEqual(Uint8Array.of(255, 255))
    expect(() => sealer.seal(new Uint8Array(longestPlain + 1))).toThrow(RangeError)
  })
})
