import {u16be} from '../../wire/integers.js'
import {checksum, sumOf} from '../../wire/internet/checksum.js'
import {blankIpPacket, type IpPacket, readIp} from '../ip/ip.js'
import {ipStart} from '../ip/link.js'
import {sumOfEnds} from './sums/segment-sum.js'
import {blankSegment, readTcp, type Segment} from './tcp-segment.js'

const tcp = 6

/** What a packet without its capture may begin with, by the link types of pcap. */
const links: readonly (readonly [linkType: number, name: string])[] = [
  [101, 'an IP packet'],
  [1, 'an Ethernet frame'],
  [113, 'a Linux cooked frame'],
  [276, 'a Linux cooked frame'],
  [0, 'a loopback frame'],
  [108, 'a loopback frame'],
]

/** A TCP segment, and what it was found in: `an Ethernet frame`. */
export interface LoneSegment {
  readonly segment: Segment
  readonly link: string
}

/**
 * The TCP segment in bytes that are a whole packet, as `tshark -x` and `tcpdump -x` print it. Packets are recognised by
 * the checksum of IPv4, by that of TCP, or in IPv6 by a length that is exactly that of the bytes: other bytes have them
 * by chance once in 65,536 times, besides all else that the headers must be.
 */
export function segmentIn(bytes: Uint8Array): LoneSegment | undefined {
  for (const [linkType, link] of links) {
    const start = ipStart(linkType, bytes, 0, bytes.length)
    if (start < 0) continue
    const packet = blankIpPacket()
    const segment = blankSegment()
    const isTcp = readIp(bytes, start, bytes.length, bytes.length, packet) === 'whole' && packet.protocol === tcp
    if (isTcp && isCertain(bytes, start, packet) && readTcp(packet, segment) === 'ok') return {segment, link}
  }
  return undefined
}

function isCertain(bytes: Uint8Array, start: number, packet: IpPacket): boolean {
  if (packet.version === 4) {
    const header = (bytes[start]! & 15) * 4
    if (u16be(bytes, start + 10) !== 0 && checksum(sumOf(bytes, start, start + header)) === 0) return true
  } else if (start + 40 + u16be(bytes, start + 4) === bytes.length) return true
  return hasTcpChecksum(packet)
}

function hasTcpChecksum(packet: IpPacket): boolean {
  const {bytes, start, end} = packet
  return checksum(sumOfEnds(packet) + (end - start) + sumOf(bytes, start, end)) === 0
}
