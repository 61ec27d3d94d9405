import type {CapturedSegment} from './edited-captures.js'

/** A packet that is overtaken comes at most this much later. */
const latestMicros = 200_000

/** A capture of the same conversation in which packets were lost, repeated or put into another order. */
export function damaged(segments: readonly CapturedSegment[], random: () => number): CapturedSegment[] {
  const kinds = [random() < 0.7, random() < 0.4, random() < 0.4] as const
  const [loses, repeats, shuffles] = kinds.includes(true) ? kinds : [true, false, false]
  const rate = 0.002 + random() * random() * 0.3
  let left = segments.filter(() => !loses || random() >= rate)
  // A capture may begin late.
  if (loses && random() < 0.2) left = left.slice(Math.floor(random() * left.length * 0.5))
  if (repeats) left = left.flatMap(each => (random() < rate ? [each, {...each, micros: each.micros + 1}] : [each]))
  if (!shuffles) return left
  const reach = 1 + Math.floor(random() * 8)
  // No packet is late for longer than it can be on the wire.
  const isNear = (i: number) => (left[i + reach]?.micros ?? Number.POSITIVE_INFINITY) - left[i]!.micros < latestMicros
  const keyed = left.map((segment, i) => ({segment, key: random() < rate && isNear(i) ? i + random() * reach : i}))
  return keyed.sort((a, b) => a.key - b.key).map(({segment}, i) => ({...segment, micros: left[i]!.micros}))
}
