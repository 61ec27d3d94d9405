import {limits} from '../../protocol/limits.js'
import {u16be} from '../../wire/integers.js'

const prefix = limits.frameLengthPrefix
/** Bytes of one frame that are sampled, so that a long one does not weigh more than others. */
const sampledOfFrame = 64
/** Frames from which on a byte that is the same in most of their MACs is not chance: it is five times in a million. */
const framesToCompare = 4
/** The part of the frames, of whose MACs one byte may not be the same. */
const mostAlike = 0.75
/** Standard deviations below the mean at which bytes are not random any more: once in a thousand million. */
const mostDeviations = 6

/**
 * Whether bytes look random, as all that is sealed does: by the number of different values among them.
 * @param bytes with too few, any pass.
 */
export function looksRandom(bytes: Uint8Array): boolean {
  const load = bytes.length / 256
  const absent = Math.exp(-load)
  const mean = 256 * (1 - absent)
  const deviation = Math.sqrt(256 * (absent - (1 + load) * absent * absent))
  return distinctValues(bytes) >= mean - mostDeviations * deviation
}

/** Number of different values among bytes, with a bit for each: a Set takes five times as long, and 6 KB. */
function distinctValues(bytes: Uint8Array): number {
  const seen = new Uint32Array(8)
  let count = 0
  for (const byte of bytes) {
    const bit = 1 << (byte & 31)
    if ((seen[byte >> 5]! & bit) !== 0) continue
    seen[byte >> 5]! |= bit
    count++
  }
  return count
}

/**
 * Whether the whole frames from an offset on can be sealed ones: their bytes look random, and no byte of the MAC is
 * the same in most. Other protocols with a length in front have a header there.
 * @param isMissing whether bytes [start,end) were not all captured: such a frame is passed over.
 */
export function framesLookSealed(
  bytes: Uint8Array,
  offset: number,
  isMissing: (start: number, end: number) => boolean,
): boolean {
  const sample: number[] = []
  const macs: Uint8Array[] = []
  for (let at = offset; at + prefix <= bytes.length; ) {
    const [start, end] = [at + prefix, at + prefix + u16be(bytes, at)]
    at = end
    if (end > bytes.length || isMissing(start, end)) continue
    sample.push(...bytes.subarray(start, Math.min(end, start + sampledOfFrame)))
    macs.push(bytes.subarray(start, start + limits.mac))
  }
  if (!looksRandom(Uint8Array.from(sample))) return false
  if (macs.length < framesToCompare) return true
  const limit = Math.max(framesToCompare, macs.length * mostAlike)
  return !Array.from({length: limits.mac}, (_, i) => mostFrequent(macs.map(mac => mac[i]!))).some(most => most >= limit)
}

/** How often the value occurs that occurs most often. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Math.max(...counts.values())
}
