import type {Time} from '../wire/chunk.js'
import {i32be, u16be} from './integers.js'
import type {IpPacket} from './ip.js'

/** TCP flag bits as the header has them. */
export const flag = {fin: 1, syn: 2, rst: 4, ack: 16} as const

/** One TCP segment. Borrowed: filled in again for the next. */
export interface Segment {
  /** Number of the capture packet that brought it, or, for a piece of a fragmented one, that brought this piece. */
  packet: number
  /** Offset in the file of `bytes[start]`. */
  offset: number
  /** When all of it was there. */
  time: Time | null
  /** Offset in `bytes` of its frame's Ethernet addresses, the receiver's and then the sender's; -1 where there are none. */
  hardwareAt: number
  version: 4 | 6
  addresses: Uint8Array
  sourceAt: number
  destinationAt: number
  sourcePort: number
  destinationPort: number
  /** Sequence and acknowledgement numbers as signed 32 bits. */
  seq: number
  ack: number
  flags: number
  /** Payload `bytes[start..end)`, as far as captured, and the count of its bytes that the capture cut off behind. */
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
    seq: 0,
    ack: 0,
    flags: 0,
    bytes: none,
    start: 0,
    end: 0,
    missing: 0,
  }
}

/** Bytes of a TCP header up to its flags: all that is needed of it. */
const usedHeader = 14

/** Read the TCP header of an IP packet. Sets all but packet, offset, time and hardwareAt. */
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
  into.seq = i32be(bytes, start + 4)
  into.ack = i32be(bytes, start + 8)
  into.flags = bytes[start + 13]!
  into.bytes = bytes
  into.start = Math.min(start + header, end)
  into.end = end
  into.missing = missing - (start + header - into.start)
  return 'ok'
}
