import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {limits} from '../../src/protocol/limits.js'
import {addAt, addTimeline, emptyTimeline, type Timeline} from '../../src/statistics/timeline.js'

interface Event {
  readonly micros: number
  readonly side: 0 | 1
  readonly bytes: number
}

function of(events: readonly Event[]): Timeline {
  const timeline = emptyTimeline()
  for (const {micros, side, bytes} of events) addAt(timeline, micros, side, bytes, 1)
  return timeline
}

const day = 86_400_000_000
const event = fc.record({
  micros: fc.integer({min: 0, max: 30 * day}),
  side: fc.constantFrom(0 as const, 1 as const),
  bytes: fc.nat(2050),
})
const nearby = fc.record({
  micros: fc.integer({min: day, max: day + 3_000_000}),
  side: fc.constantFrom(0 as const, 1 as const),
  bytes: fc.nat(2050),
})
const events = fc.oneof(fc.array(event, {maxLength: 200}), fc.array(nearby, {maxLength: 200}))

/** Bytes and packets by side, and by bucket as its start in microseconds. */
function contents({width, first, count, bytes, packets}: Timeline): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>()
  for (let bucket = 0; bucket < count; bucket++) {
    const cells = [bytes[bucket * 2]!, bytes[bucket * 2 + 1]!, packets[bucket * 2]!, packets[bucket * 2 + 1]!]
    if (cells.some(cell => cell > 0)) found.set((first + bucket) * width, cells)
  }
  return found
}

/** The same, counted plainly with buckets of a known width. */
function expected(list: readonly Event[], width: number): Map<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (const {micros, side, bytes} of list) {
    const start = Math.floor(micros / width) * width
    const cells = found.get(start) ?? [0, 0, 0, 0]
    found.set(start, cells)
    cells[side]! += bytes
    cells[side + 2]! += 1
  }
  return found
}

describe('throughput over time', () => {
  it('counts each byte in its span, whatever the order', () => {
    fc.assert(
      fc.property(events, list => {
        const timeline = of(list)
        expect(contents(timeline)).toEqual(new Map([...expected(list, timeline.width)].sort(([a], [b]) => a - b)))
        expect(timeline.count).toBeLessThanOrEqual(limits.statsTimeBuckets)
      }),
    )
  })

  it('has buckets no wider than it takes, of 1 or 2 and zeros', () => {
    fc.assert(
      fc.property(events, list => {
        const {width, count} = of(list)
        expect(String(width)).toMatch(/^[12]0*$/)
        if (width > 1000) expect(count).toBeGreaterThan(limits.statsTimeBuckets / 6)
      }),
    )
  })

  it('of several threads adds up to that of all', () => {
    fc.assert(
      fc.property(events, events, (some, more) => {
        const timeline = of(some)
        addTimeline(timeline, of(more))
        expect(contents(timeline)).toEqual(
          new Map([...expected([...some, ...more], timeline.width)].sort(([a], [b]) => a - b)),
        )
      }),
    )
  })

  it('stands times that no calendar has', () => {
    const timeline = of([0, 1.8e19, -5_000_000, 1e15].map(micros => ({micros, side: 0, bytes: 1})))
    expect(timeline.bytes.reduce((a, b) => a + b, 0)).toBe(4)
  })
})
