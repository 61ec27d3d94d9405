import {describe, expect, it} from 'vitest'
import {pairOf} from '../../../src/session/inner/opening/pair-place.js'
import {type PacketName, SeenPackets, writeWords} from '../../../src/session/inner/tracking/seen-packets.js'

const named = (number: number, length = 100): PacketName => ({length, words: Uint32Array.of(number, 7, 7, 7)})
const place = pairOf('a', 'b', '', true)
const elsewhere = pairOf('a', 'c', '', true)
const seen = (number: number) =>
  ({place, number, connection: 3, from: 'client', micros: 1_795_399_253_000_000, isOpened: false}) as const

describe('packets that were seen', () => {
  it('are found with the record, the connection, the sender and the time of the first sighting', () => {
    const packets = new SeenPackets(10)
    packets.add(named(1), seen(1))
    const nowhere = {place: undefined, number: 2, connection: null, from: null, micros: null, isOpened: true}
    packets.add(named(2), nowhere)
    expect(packets.find(named(1))).toEqual(seen(1))
    expect(packets.find(named(2))).toEqual(nowhere)
  })

  it('are others where their words, their length or whose they are differ', () => {
    const packets = new SeenPackets(10)
    packets.add(named(1), seen(1))
    for (const other of [named(2), named(1, 101)]) expect(packets.find(other)).toBeUndefined()
    expect(packets.find(named(1), elsewhere)).toBeUndefined()
    packets.add(named(1), {...seen(2), place: elsewhere})
    expect(packets.find(named(1), elsewhere)?.number).toBe(2)
    expect(packets.find(named(1), place)?.number).toBe(1)
  })

  it('are the same at a place of unknown peers and where both are known, but not at two places of unknown peers', () => {
    const [unknown, other] = [pairOf(null, 'b', '0 16', true), pairOf(null, 'b', '1 16', true)]
    const packets = new SeenPackets(10)
    packets.add(named(1), {...seen(1), place: unknown})
    expect(packets.find(named(1), place)?.number).toBe(1)
    expect(packets.find(named(1), other)).toBeUndefined()
  })

  it('are remembered as opened once they are', () => {
    const packets = new SeenPackets(10)
    packets.add(named(1), seen(1))
    packets.open(named(1), elsewhere)
    expect(packets.find(named(1))?.isOpened).toBe(false)
    packets.open(named(1), place)
    expect(packets.find(named(1))?.isOpened).toBe(true)
  })

  it('are forgotten beyond the bound, the oldest first, and never before it', () => {
    const most = 5000
    const packets = new SeenPackets(most)
    for (let number = 0; number < 3 * most; number++) {
      packets.add(named(number), seen(number))
      expect(packets.find(named(number - most))).toBeUndefined()
      if (number >= most) expect(packets.find(named(number - most + 1))?.number).toBe(number - most + 1)
    }
    for (let number = 2 * most; number < 3 * most; number++) expect(packets.find(named(number))?.number).toBe(number)
  })
})

it('Up to 16 bytes are four numbers, of which those that are missing are zero', () => {
  const words = new Uint32Array(4).fill(9)
  writeWords(
    words,
    Uint8Array.from({length: 18}, (_, at) => at),
    1,
    17,
  )
  expect([...words]).toEqual([0x01020304, 0x05060708, 0x090a0b0c, 0x0d0e0f10])
  writeWords(words, Uint8Array.of(1, 2, 3, 4, 5), 1, 5)
  expect([...words]).toEqual([0x02030405, 0, 0, 0])
})
