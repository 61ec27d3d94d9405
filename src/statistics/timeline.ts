import {limits} from '../protocol/limits.js'

/**
 * Bytes and packets of each side in spans of equal length one after the other. Plain data: it goes from thread to
 * thread.
 */
export interface Timeline {
  /** Microseconds that each bucket spans: a millisecond, then twice and five times that in turn. */
  width: number
  /** Number of the first bucket, counted from the epoch. */
  first: number
  /** Buckets in use. */
  count: number
  /** [client, relay] of each bucket. */
  readonly bytes: Float64Array
  readonly packets: Float64Array
}

const firstWidth = 1000

export function emptyTimeline(): Timeline {
  const size = limits.statsTimeBuckets * 2
  return {width: firstWidth, first: 0, count: 0, bytes: new Float64Array(size), packets: new Float64Array(size)}
}

/** Count some bytes, and packets, of a side (0: client) at a time in microseconds since the epoch. */
export function addAt(timeline: Timeline, micros: number, side: 0 | 1, bytes: number, packets: number): void {
  let at = Math.floor(micros / timeline.width) - timeline.first
  if (at < 0 || at >= timeline.count) at = reach(timeline, micros)
  const cell = at * 2 + side
  timeline.bytes[cell]! += bytes
  timeline.packets[cell]! += packets
}

/** Makes buckets up to a time, wider ones if need be. @returns the one of that time. */
function reach(timeline: Timeline, micros: number): number {
  const number = Math.floor(micros / timeline.width)
  if (timeline.count === 0) {
    timeline.first = number
    timeline.count = 1
    return 0
  }
  const first = Math.min(timeline.first, number)
  const count = Math.max(timeline.first + timeline.count, number + 1) - first
  if (count > limits.statsTimeBuckets) {
    widen(timeline)
    return reach(timeline, micros)
  }
  const before = (timeline.first - first) * 2
  if (before > 0) {
    for (const cells of [timeline.bytes, timeline.packets]) {
      cells.copyWithin(before, 0, timeline.count * 2)
      cells.fill(0, 0, before)
    }
  }
  timeline.first = first
  timeline.count = count
  return number - first
}

/** The next width of 1, 2, 10, 20, 100 ... ms, each a multiple of the one before. */
export const wider = (width: number): number => (String(width).startsWith('1') ? 2 : 5) * width

function widen(timeline: Timeline): void {
  const width = wider(timeline.width)
  const ratio = width / timeline.width
  const first = Math.floor(timeline.first / ratio)
  const {bytes, packets} = timeline
  for (const cells of [bytes, packets]) {
    const old = cells.slice(0, timeline.count * 2)
    cells.fill(0)
    old.forEach((value, cell) => {
      const bucket = Math.floor((timeline.first + (cell >> 1)) / ratio) - first
      cells[bucket * 2 + (cell & 1)]! += value
    })
  }
  timeline.count = Math.floor((timeline.first + timeline.count - 1) / ratio) - first + 1
  timeline.first = first
  timeline.width = width
}

/** Count all that another one has counted. */
export function addTimeline(timeline: Timeline, other: Timeline): void {
  while (timeline.width < other.width) widen(timeline)
  for (let bucket = 0; bucket < other.count; bucket++) {
    const micros = (other.first + bucket) * other.width
    for (const side of [0, 1] as const) {
      const cell = bucket * 2 + side
      if (other.packets[cell]! > 0) addAt(timeline, micros, side, other.bytes[cell]!, other.packets[cell]!)
    }
  }
}
