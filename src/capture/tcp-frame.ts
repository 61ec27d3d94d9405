import {parseIpv4, parseIpv6} from '../wire/address.js'
import type {Endpoint} from '../wire/chunk.js'

/** Addresses and ports in the form that goes into frames. */
export interface Route {
  readonly version: 4 | 6
  readonly addresses: readonly [Uint8Array, Uint8Array]
  readonly ports: readonly [number, number]
}

/**
 * IPv6 zones are dropped, IPv4-mapped addresses become IPv4 if both are, and IPv4-mapped if only one is.
 * @throws RangeError for what is no IP address.
 */
export function routeOf(ends: readonly [Endpoint, Endpoint]): Route {
  const [a, b] = ends.map(end => addressOf(end.ip)) as [Uint8Array, Uint8Array]
  const ports: [number, number] = [ends[0].port, ends[1].port]
  return isMapped(a) && isMapped(b) ? {version: 4, addresses: [a.subarray(12), b.subarray(12)], ports} : {version: 6, addresses: [a, b], ports}
}

/** 16 bytes; of IPv4 the mapped form. */
function addressOf(ip: string): Uint8Array {
  const v4 = parseIpv4(ip)
  if (v4) return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4)
  const v6 = parseIpv6(ip.split('%')[0]!)
  if (!v6) throw new RangeError(`"${ip}" is no IP address`)
  return v6
}

function isMapped(address: Uint8Array): boolean {
  return address.subarray(0, 10).every(byte => byte === 0) && address[10] === 0xff && address[11] === 0xff
}

/** What differs between the segments of a connection. */
interface SegmentFields {
  /** Index in the route of the sender. */
  readonly from: 0 | 1
  readonly seq: number
  readonly ack: number
  readonly flags: number
  readonly window: number
  /** A multiple of 4 bytes, at most 40. */
  readonly options?: Uint8Array
  readonly payload?: Uint8Array
  /** Of IPv4. */
  readonly identification: number
}

const ethernet = 14

/** An Ethernet frame with IP, TCP and payload: lengths and checksums are right. */
export function tcpFrame({version, addresses, ports}: Route, segment: SegmentFields): Uint8Array {
  const {from, options, payload} = segment
  const ip = version === 4 ? 20 : 40
  const header = 20 + (options?.length ?? 0)
  const tcpLength = header + (payload?.length ?? 0)
  const frame = new Uint8Array(ethernet + ip + tcpLength)
  const view = new DataView(frame.buffer)
  // Locally administered addresses that end in the end's number: the real ones are not known.
  frame[0] = frame[6] = 2
  frame[5] = 1 - from
  frame[11] = from
  view.setUint16(12, version === 4 ? 0x0800 : 0x86dd)
  const source = addresses[from]
  const destination = addresses[from === 0 ? 1 : 0]
  if (version === 4) {
    frame[14] = 0x45
    view.setUint16(16, ip + tcpLength)
    view.setUint16(18, segment.identification)
    view.setUint16(20, 0x4000)
    frame[22] = 64
    frame[23] = 6
    frame.set(source, 26)
    frame.set(destination, 30)
    view.setUint16(24, checksum(sum(frame, 14, 34)))
  } else {
    frame[14] = 0x60
    view.setUint16(18, tcpLength)
    frame[20] = 6
    frame[21] = 64
    frame.set(source, 22)
    frame.set(destination, 38)
  }
  const tcp = ethernet + ip
  view.setUint16(tcp, ports[from])
  view.setUint16(tcp + 2, ports[from === 0 ? 1 : 0])
  view.setUint32(tcp + 4, segment.seq)
  view.setUint32(tcp + 8, segment.ack)
  frame[tcp + 12] = (header / 4) << 4
  frame[tcp + 13] = segment.flags
  view.setUint16(tcp + 14, segment.window)
  if (options) frame.set(options, tcp + 20)
  if (payload) frame.set(payload, tcp + header)
  // The pseudo header: both addresses, protocol, length.
  const pseudo = sum(source, 0, source.length) + sum(destination, 0, destination.length) + 6 + tcpLength
  view.setUint16(tcp + 16, checksum(pseudo + sum(frame, tcp, frame.length)))
  return frame
}

/** Sum of 16-bit words; an odd byte at the end is a high one. */
function sum(bytes: Uint8Array, start: number, end: number): number {
  let total = 0
  for (let at = start; at + 1 < end; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!
  return (end - start) % 2 === 1 ? total + (bytes[end - 1]! << 8) : total
}

/** The Internet checksum, RFC 1071, of a sum below 2^32. */
function checksum(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded >>> 16) + (folded & 0xffff)
  return ~folded & 0xffff
}
