import {describe, expect, test} from 'vitest'
import {limits} from '../../../src/protocol/limits.js'
import {RivalBytes} from '../../../src/session/connection/waiting/rival-bytes.js'
import type {Conflict} from '../../../src/wire/chunk.js'

/** A frame of `fill` bytes, 30 with its prefix. */
const frame = (fill: number): Uint8Array => Uint8Array.from([0, 28, ...new Uint8Array(28).fill(fill)])
const garbage = new Uint8Array(30).fill(0xff)
const rival = (position: number, bytes: Uint8Array, packet = 1): Conflict => ({
  connection: 0,
  end: 0,
  time: null,
  packet,
  position,
  bytes,
})
const opens = (fill: number) => (bytes: Uint8Array, start: number) => bytes[start] === fill

describe('bytes in the place of others', () => {
  test('are used if only so a frame opens', () => {
    const rivals = new RivalBytes()
    rivals.add(rival(100, frame(7), 5))
    expect(rivals.bytesInstead(100, garbage, opens(8))).toBeUndefined()
    expect(rivals.bytesInstead(100, garbage, opens(7))).toEqual({bytes: frame(7), rival: rival(100, frame(7), 5)})
  })

  test('are not used behind a frame that opens without them', () => {
    const rivals = new RivalBytes()
    rivals.add(rival(159, Uint8Array.of(0xff)))
    const both = Uint8Array.from([...frame(7), ...frame(7)])
    expect(rivals.bytesInstead(100, both, opens(7))).toBeUndefined()
    expect(rivals.bytesInstead(130, frame(7), opens(7))).toBeUndefined()
  })

  test('are used without a key if only so frames end where the bytes end', () => {
    const rivals = new RivalBytes()
    rivals.add(rival(100, frame(7)))
    expect(rivals.bytesInstead(100, garbage, () => undefined)?.bytes).toEqual(frame(7))
    expect(rivals.bytesInstead(100, frame(3), () => undefined)).toBeUndefined()
  })

  test('may begin before the frame, or later', () => {
    const rivals = new RivalBytes()
    rivals.add(rival(90, Uint8Array.from([...new Uint8Array(10), ...frame(7).subarray(0, 10)])))
    rivals.add(rival(110, frame(7).subarray(10)))
    expect(rivals.bytesInstead(100, garbage, opens(7))?.bytes).toEqual(frame(7))
  })

  test('are tried one by one if all together do not open', () => {
    const rivals = new RivalBytes()
    rivals.add(rival(100, frame(7)))
    rivals.add(rival(100, garbage.subarray(1)))
    expect(rivals.bytesInstead(100, garbage, opens(7))?.bytes).toEqual(frame(7))
  })

  test('are forgotten, the oldest first, over rivalSegments and over rivalBytes', () => {
    const rivals = new RivalBytes()
    for (let n = 0; n <= limits.rivalSegments; n++) rivals.add(rival(30 * n, frame(n)))
    expect(rivals.bytesInstead(0, garbage, opens(0))).toBeUndefined()
    expect(rivals.bytesInstead(30, garbage, opens(1))?.bytes).toEqual(frame(1))
    rivals.add(rival(1_000_000, new Uint8Array(limits.rivalBytes)))
    expect(rivals.bytesInstead(30, garbage, opens(1))).toBeUndefined()
  })

  test('are taken out once what is in their place was read', () => {
    const rivals = new RivalBytes()
    rivals.add(rival(0, frame(1)))
    rivals.add(rival(100, frame(2)))
    expect(rivals.takeBefore(29)).toEqual([])
    expect(rivals.takeBefore(30)).toHaveLength(1)
    expect(rivals.isEmpty).toBe(false)
  })
})
