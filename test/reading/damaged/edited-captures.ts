import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {packetsOf} from '../../capture/collect.js'
import {makePcap} from '../../capture/make-pcap.js'
import type {CaptureFile} from '../capture-files.js'

/** One TCP segment of a capture over Ethernet. */
export interface CapturedSegment {
  readonly micros: number
  readonly bytes: Uint8Array
  /** Whether it goes to the relay's port. */
  readonly isClient: boolean
  readonly client: number
  readonly isSyn: boolean
  /** Bytes of payload. */
  readonly size: number
}

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-edited-'))
let made = 0

/** The segments of a capture. */
export function segmentsOf({file}: Pick<CaptureFile, 'file'>, relayPort: number): CapturedSegment[] {
  return packetsOf(readFileSync(file)).map(({bytes, start, end, time}) => {
    const frame = Uint8Array.from(bytes.subarray(start, end))
    const view = new DataView(frame.buffer)
    const isIp6 = frame[14]! >> 4 === 6
    const tcp = isIp6 ? 14 + 40 : 14 + (frame[14]! & 15) * 4
    const ipEnd = isIp6 ? tcp + view.getUint16(18) : 14 + view.getUint16(16)
    const isClient = view.getUint16(tcp + 2) === relayPort
    return {
      micros: time!.micros,
      bytes: frame,
      isClient,
      client: view.getUint16(isClient ? tcp : tcp + 2),
      isSyn: (frame[tcp + 13]! & 2) !== 0,
      size: ipEnd - tcp - (frame[tcp + 12]! >> 4) * 4,
    }
  })
}

/** A capture file of these segments. @returns its path. */
export function captureOf(segments: readonly CapturedSegment[]): string {
  const path = join(folder, `${made++}.pcap`)
  const records = segments.map(({micros, bytes}) => ({
    seconds: Math.floor(micros / 1_000_000),
    fraction: micros % 1_000_000,
    bytes,
  }))
  writeFileSync(path, makePcap({little: true, magic: 0xa1b2c3d4}, records))
  return path
}

/** A generator of numbers 0..1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The data segments in another order within windows of so many, at the times of those whose places they take. */
export function shuffled(
  segments: readonly CapturedSegment[],
  window: number,
  random: () => number,
): CapturedSegment[] {
  const places = segments.flatMap(({size, isSyn}, index) => (size > 0 && !isSyn ? [index] : []))
  const out = [...segments]
  for (let at = 0; at < places.length; at += window) {
    const slots = places.slice(at, at + window)
    const order = slots.map(index => ({index, key: random()})).sort((a, b) => a.key - b.key)
    for (const [i, {index}] of order.entries())
      out[slots[i]!] = {...segments[index]!, micros: segments[slots[i]!]!.micros}
  }
  return out
}
