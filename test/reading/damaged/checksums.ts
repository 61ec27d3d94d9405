import {checksum, sumOf} from '../../../src/wire/internet/checksum.js'
import type {CapturedSegment} from './edited-captures.js'
import {likeSegment, nextSeq} from './forgeries.js'

// Checksums of TCP segments over Ethernet and IPv4, as a host computes them, or as damage on the way leaves them.

const tcpOf = ({bytes}: CapturedSegment): number => 14 + (bytes[14]! & 15) * 4

const withField = (segment: CapturedSegment, field: number): CapturedSegment => {
  const bytes = Uint8Array.from(segment.bytes)
  new DataView(bytes.buffer).setUint16(tcpOf(segment) + 16, field)
  return {...segment, bytes}
}

/** The segment with the checksum of all its bytes. */
export function withRightSum(segment: CapturedSegment): CapturedSegment {
  const blank = withField(segment, 0)
  const tcp = tcpOf(segment)
  const end = 14 + new DataView(blank.bytes.buffer).getUint16(16)
  return withField(segment, checksum(sumOf(blank.bytes, 26, 34) + 6 + end - tcp + sumOf(blank.bytes, tcp, end)))
}

/** The segment with another checksum than it has. */
export function withWrongSum(segment: CapturedSegment): CapturedSegment {
  const field = new DataView(segment.bytes.buffer, segment.bytes.byteOffset).getUint16(tcpOf(segment) + 16)
  return withField(segment, field ^ 0x1234)
}

const flagsOf = (segment: CapturedSegment): number => segment.bytes[tcpOf(segment) + 13]!

/** The payload of a segment. */
export const payloadOf = ({bytes, size, ...segment}: CapturedSegment): Uint8Array => {
  const start = tcpOf({bytes, size, ...segment}) + (bytes[tcpOf({bytes, size, ...segment}) + 12]! >> 4) * 4
  return bytes.slice(start, start + size)
}

/** The segment with some bytes of its payload changed on the way: its checksum is not that of its bytes any more. */
export function damagedAt(segment: CapturedSegment, offsets: readonly number[]): CapturedSegment {
  const bytes = Uint8Array.from(segment.bytes)
  const start = tcpOf(segment) + (bytes[tcpOf(segment) + 12]! >> 4) * 4
  for (const offset of offsets) bytes[start + offset]! ^= 0x55
  return {...segment, bytes}
}

/** What a network card makes of adjacent segments: one with all their bytes, and the checksum of the first. */
export function joined(first: CapturedSegment, second: CapturedSegment): CapturedSegment {
  const payload = Uint8Array.from([...payloadOf(first), ...payloadOf(second)])
  const both = likeSegment(first, {seq: nextSeq(first) - first.size, flags: flagsOf(second), payload})
  return {...both, micros: second.micros}
}
