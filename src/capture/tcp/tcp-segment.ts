import type {Time} from '../../wire/chunk.js'
import {i32be, u16be, u32be} from '../../wire/integers.js'
import {unknownSum} from '../../wire/internet/checksum.js'
import type {IpPacket} from '../ip/ip.js'
import type {Payload} from './payload.js'

/** TCP flag bits as the header has them. */
export const flag = {fin: 1, syn: 2, rst: 4, ack: 16} as const

/** One TCP segment. Borrowed: the object is filled in again for the next one. */
export interface Segment extends Payload {
  /** Number of the capture packet that brought it, or, for a piece of a fragmented one, that brought this piece. */
  packet: number
  /** Offset in the file of `bytes[start]`. */
  offset: number
  /** When the segment was complete: for a fragmented one, the time of its last fragment. */
  time: Time | null
  /**
   * Offset in `bytes` of the frame's Ethernet addresses, the receiver's and then the sender's; -1 without Ethernet.
   */
  hardwareAt: number
  version: 4 | 6
  addresses: Uint8Array
  sourceAt: number
  destinationAt: number
  sourcePort: number
  destinationPort: number
  /** Header and payload are `bytes[tcpStart..tcpEnd)`; tcpEnd is -1 where they are not there whole. */
  tcpStart: number
  tcpEnd: number
  /** Sequence and acknowledgement numbers as signed 32 bits. */
  seq: number
  ack: number
  flags: number
  /** Its time stamp and the one that it echoes (RFC 7323), unsigned; -1 for none. */
  stamp: number
  echo: number
  /** Whether a segment that its side sent later was captured before it. */
  isStale: boolean
  sum: number
  /** The payload is `bytes[start..end)`, as far as captured; the capture cut off `missing` more bytes. */
  bytes: Uint8Array
  start: number
  end: number
  missing: number
}

export function blankSegment(): Segment {
  const none = new Uint8Array(0)
  return {
    packet: 0,
    offset: 0,
    time: null,
    hardwareAt: -1,
    version: 4,
    addresses: none,
    sourceAt: 0,
    destinationAt: 0,
    sourcePort: 0,
    destinationPort: 0,
    tcpStart: 0,
    tcpEnd: -1,
    seq: 0,
    ack: 0,
    flags: 0,
    stamp: -1,
    echo: -1,
    isStale: false,
    sum: unknownSum,
    bytes: none,
    start: 0,
    end: 0,
    missing: 0,
  }
}

/** A copy of a segment in bytes of its own. */
export function keptSegment(segment: Segment): Segment {
  const {version, addresses, sourceAt, destinationAt, bytes, start, end, hardwareAt} = segment
  const size = version === 4 ? 4 : 16
  const hardware = hardwareAt < 0 ? 0 : hardwareBytes
  const ends = new Uint8Array(2 * size)
  ends.set(addresses.subarray(sourceAt, sourceAt + size))
  ends.set(addresses.subarray(destinationAt, destinationAt + size), size)
  const kept = new Uint8Array(hardware + end - start)
  if (hardware > 0) kept.set(bytes.subarray(hardwareAt, hardwareAt + hardware))
  kept.set(bytes.subarray(start, end), hardware)
  return {
    ...segment,
    addresses: ends,
    sourceAt: 0,
    destinationAt: size,
    bytes: kept,
    start: hardware,
    end: kept.length,
    hardwareAt: hardware > 0 ? 0 : -1,
    tcpEnd: -1,
  }
}

/** Sequence number of a segment's first byte of payload: a SYN takes one number itself. */
export function payloadSeq({seq, flags}: Segment): number {
  return (flags & flag.syn) === 0 ? seq : (seq + 1) | 0
}

/** Bytes of both Ethernet addresses of a frame. */
const hardwareBytes = 12

/** Bytes of a TCP header up to its flags, which must be captured. */
const usedHeader = 14

/** Read the TCP header of an IP packet. Sets all but packet, offset, time, hardwareAt, isStale and sum. */
export function readTcp(ip: IpPacket, into: Segment): 'ok' | 'cut_short' | 'bad' {
  const {bytes, start, end, missing} = ip
  if (end - start < usedHeader) return end - start + missing < 20 ? 'bad' : 'cut_short'
  const header = (bytes[start + 12]! >> 4) * 4
  if (header < 20 || header > end - start + missing) return 'bad'
  into.version = ip.version
  into.addresses = ip.addresses
  into.sourceAt = ip.sourceAt
  into.destinationAt = ip.destinationAt
  into.sourcePort = u16be(bytes, start)
  into.destinationPort = u16be(bytes, start + 2)
  into.tcpStart = start
  into.tcpEnd = missing > 0 ? -1 : end
  into.seq = i32be(bytes, start + 4)
  into.ack = i32be(bytes, start + 8)
  into.flags = readFlags(bytes[start + 13]!)
  const stamps = stampsAt(bytes, start + 20, Math.min(start + header, end))
  into.stamp = stamps < 0 ? -1 : u32be(bytes, stamps)
  into.echo = stamps < 0 || (into.flags & flag.ack) === 0 ? -1 : u32be(bytes, stamps + 4)
  into.bytes = bytes
  into.start = Math.min(start + header, end)
  into.end = end
  into.missing = missing - (start + header - into.start)
  return 'ok'
}

/** A host looks at RST before SYN (RFC 9293, 3.10.7): a segment with both opens nothing. */
const readFlags = (flags: number): number => ((flags & flag.rst) === 0 ? flags : flags & ~flag.syn)

const nop = 1
const timestamps = 8

/** Offset of the two time stamps in the TCP options; -1 if they are missing. */
function stampsAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (end - at >= 10) {
    const kind = bytes[at]!
    if (kind === timestamps && bytes[at + 1] === 10) return at + 2
    if (kind === 0) return -1
    const length = kind === nop ? 1 : bytes[at + 1]!
    if (length === 0) return -1
    at += length
  }
  return -1
}
