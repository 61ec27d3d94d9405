import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {PacketTracker} from '../../src/capture/packet-tracker.js'
import {CaptureReader} from '../../src/capture/reader.js'
import {seededRandom} from '../../src/proxy/net/impairments.js'
import {InputError} from '../../src/wire/input-error.js'
import {Collector, captureFile, names, packetsOf} from './collect.js'

/**
 * Run a damaged file to its end. The collector fails on what a sink must never see; anything thrown but an InputError
 * fails too.
 */
function survive(file: Uint8Array): Collector {
  const collector = new Collector()
  const tracker = new PacketTracker()
  const reader = new CaptureReader()
  try {
    for (let at = 0; at < file.length; at += 5000) {
      for (const item of reader.read(file.subarray(at, at + 5000)))
        if (item.kind === 'packet') collector.add(tracker.add(item).events)
    }
    reader.end()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.message).toMatch(/^[^\n]{12,200}[^.\n]$/)
  }
  collector.add(tracker.end())
  const {counters} = tracker
  expect(
    [...counters.unread.values()].reduce((sum, count) => sum + count, 0) +
      counters.notIp +
      counters.notTcp +
      counters.cutShort +
      counters.bad +
      counters.segments +
      counters.fragments,
  ).toBeGreaterThanOrEqual(counters.packets)
  let bytes = 0
  for (const {pieces, closes} of collector.connections) {
    expect(closes.map(list => list.length)).toEqual([1, 1])
    for (const piece of pieces.flat()) bytes += piece.bytes?.length ?? 0
  }
  expect(bytes).toBeLessThanOrEqual(file.length)
  return collector
}

const files = [
  ...names('captures').map(name => captureFile('captures', name)),
  ...names('variants').map(name => captureFile('variants', name)),
].map(file => file.subarray(0, 40_000))

describe('damaged files end in records or one sentence', () => {
  test.each(files.map((file, i) => [i, file] as const))('file %i: bytes changed, from few to many', (i, file) => {
    for (let round = 0; round < 16; round++) {
      const next = seededRandom(i * 1000 + round)
      const share = [0.0005, 0.005, 0.02, 0.1][round % 4]!
      const damaged = new Uint8Array(file)
      // The first bytes are spared in most rounds, or nothing behind them would be tried.
      for (let at = round < 12 ? 48 : 0; at < damaged.length; at++)
        if (next() < share) damaged[at] = Math.floor(next() * 256)
      survive(damaged)
    }
  })

  test.each(files.map((file, i) => [i, file] as const))(
    'file %i: bytes of packets changed, records whole',
    (i, file) => {
      const ranges = packetsOf(file).map(({offset, start, end}) => [offset, offset + end - start] as const)
      for (let round = 0; round < 8; round++) {
        const next = seededRandom(i * 1000 + round + 500)
        const damaged = new Uint8Array(file)
        for (const [start, end] of ranges)
          for (let at = start; at < end; at++) if (next() < 0.02) damaged[at] = Math.floor(next() * 256)
        survive(damaged)
      }
    },
  )

  test('parts left out, doubled and moved', () => {
    const place = fc.double({min: 0, max: 1, noNaN: true})
    fc.assert(
      fc.property(
        fc.nat(files.length - 1),
        fc.array(fc.tuple(place, place, place), {minLength: 1, maxLength: 5}),
        (index, moves) => {
          let damaged: Uint8Array = files[index]!
          for (const [a, b, c] of moves) {
            const [from, to] = [
              Math.floor(Math.min(a, b) * damaged.length),
              Math.floor(Math.max(a, b) * damaged.length),
            ]
            const part = damaged.subarray(from, Math.min(to, from + 3000))
            const at = Math.floor(c * damaged.length)
            damaged =
              a < b
                ? Buffer.concat([damaged.subarray(0, from), damaged.subarray(to)])
                : Buffer.concat([damaged.subarray(0, at), part, damaged.subarray(at)])
          }
          survive(damaged)
        },
      ),
      {numRuns: 150, seed: 7},
    )
  })

  test('noise behind a good header', () => {
    fc.assert(
      fc.property(fc.nat(files.length - 1), fc.uint8Array({maxLength: 400}), (index, noise) => {
        const file = files[index]!
        survive(Buffer.concat([file.subarray(0, 300), noise, file.subarray(300, 3000)]))
      }),
      {numRuns: 300, seed: 7},
    )
  })
})

test('packets of every link type made of noise', () => {
  const tracker = new PacketTracker()
  const collector = new Collector()
  const wordlike = fc.constantFrom(0x45, 0x60, 0x08, 0x00, 0x81, 0x86, 0xdd, 0x06, 0x2c, 0x3c, 0x02, 0x18, 0x50, 0xff)
  const noise = fc.array(fc.oneof(wordlike, fc.nat(255)), {maxLength: 120})
  let number = 0
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1, 12, 14, 101, 108, 113, 228, 229, 276, -1, 147),
      noise,
      fc.nat(0xffffffff),
      (linkType, list, originalLength) => {
        const bytes = Uint8Array.from(list)
        const {events} = tracker.add({
          kind: 'packet',
          number: ++number,
          time: null,
          linkType,
          bytes,
          start: 0,
          end: bytes.length,
          originalLength,
          offset: 0,
          interfaceId: 0,
          source: null,
          options: [],
        })
        collector.add(events)
      },
    ),
    {numRuns: 20_000, seed: 3},
  )
  collector.add(tracker.end())
  expect(tracker.counters.packets).toBe(20_000)
})
