import {limits} from '../protocol/limits.js'

/** Buckets to each power of two: what is in one lies within 1.1 % of its middle. */
const bucketsPerOctave = 64
/** Round trips of an hour and more share the last bucket. */
const octaves = 32

/** How a quantity, in whole microseconds from 0, is spread. Plain data: it goes from thread to thread. */
export interface Distribution {
  count: number
  min: number
  max: number
  /** Every value, unsorted, as long as there are few. */
  values: number[] | null
  /** How many there are in each bucket, once there are many. */
  buckets: Float64Array | null
}

export const emptyDistribution = (): Distribution => ({
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  values: [],
  buckets: null,
})

const bucketOf = (value: number): number =>
  Math.min(Math.floor(Math.log2(Math.max(1, value)) * bucketsPerOctave), octaves * bucketsPerOctave - 1)
const middleOf = (bucket: number): number => 2 ** ((bucket + 0.5) / bucketsPerOctave)

/** Count one value. */
export function addValue(distribution: Distribution, value: number): void {
  distribution.count++
  if (value < distribution.min) distribution.min = value
  if (value > distribution.max) distribution.max = value
  if (distribution.values && distribution.values.length >= limits.statsPingSamples) intoBuckets(distribution)
  if (distribution.values) distribution.values.push(value)
  else distribution.buckets![bucketOf(value)]!++
}

function intoBuckets(distribution: Distribution): void {
  distribution.buckets ??= new Float64Array(octaves * bucketsPerOctave)
  for (const value of distribution.values ?? []) distribution.buckets[bucketOf(value)]!++
  distribution.values = null
}

/** Count all that another one has counted. */
export function addDistribution(distribution: Distribution, {count, min, max, values, buckets}: Distribution): void {
  distribution.count += count
  distribution.min = Math.min(distribution.min, min)
  distribution.max = Math.max(distribution.max, max)
  if (values && distribution.values && values.length + distribution.values.length <= limits.statsPingSamples) {
    distribution.values.push(...values)
    return
  }
  intoBuckets(distribution)
  for (const value of values ?? []) distribution.buckets![bucketOf(value)]!++
  buckets?.forEach((more, bucket) => {
    distribution.buckets![bucket]! += more
  })
}

/**
 * The smallest value that at least this share of all values does not exceed (nearest rank).
 * @param share above 0, up to 1.
 * @returns undefined without a value.
 */
export function percentile({count, min, max, values, buckets}: Distribution, share: number): number | undefined {
  if (count === 0) return undefined
  const rank = Math.max(1, Math.ceil(count * share))
  if (values) return [...values].sort((a, b) => a - b)[rank - 1]
  let seen = 0
  const bucket = buckets!.findIndex(more => {
    seen += more
    return seen >= rank
  })
  return Math.min(max, Math.max(min, Math.round(middleOf(bucket))))
}

/** How many values lie in each of `count` spans of equal ratio between two bounds, of which the first may be 0. */
export function spread({values, buckets}: Distribution, from: number, to: number, spans: number): number[] {
  const counts = new Array<number>(spans).fill(0)
  const low = Math.log2(Math.max(1, from))
  const width = (Math.log2(Math.max(1, to)) - low) / spans
  const put = (value: number, count: number) => {
    const at = width > 0 ? Math.floor((Math.log2(Math.max(1, value)) - low) / width) : 0
    counts[Math.max(0, Math.min(spans - 1, at))]! += count
  }
  for (const value of values ?? []) put(value, 1)
  buckets?.forEach((count, bucket) => {
    if (count > 0) put(middleOf(bucket), count)
  })
  return counts
}
