import type {Endpoint} from '../../wire/chunk.js'
import {checksum, sumOf} from '../../wire/internet/checksum.js'
import {parseIpv4, parseIpv6} from '../../wire/text/address.js'

/** Memory that frames are written into, one after the other. */
export interface FrameSpace {
  readonly bytes: Uint8Array
  /**
   * Reserve memory for a frame.
   * @param length bytes of the frame.
   * @returns offset in `bytes` at which it begins. Checksums are fast if that is even within the buffer.
   */
  take(length: number): number
}

/** Addresses and ports in the form that goes into frames. */
export interface Route {
  readonly version: 4 | 6
  /** Ethernet addresses, 6 bytes each. */
  readonly hardware: readonly [Uint8Array, Uint8Array]
  readonly addresses: readonly [Uint8Array, Uint8Array]
  readonly ports: readonly [number, number]
}

/** Locally administered addresses that end in the number of the end, used if the real ones are not known. */
const anyHardware = [Uint8Array.of(2, 0, 0, 0, 0, 0), Uint8Array.of(2, 0, 0, 0, 0, 1)] as const

/**
 * The route between two ends. IPv6 zones are dropped. The route is IPv4 if both addresses are IPv4 or IPv4-mapped, else
 * IPv6 with IPv4-mapped addresses.
 * @throws RangeError if a text is not an IP address.
 */
export function routeOf(ends: readonly [Endpoint, Endpoint], hardware: Route['hardware'] = anyHardware): Route {
  const [a, b] = ends.map(end => addressOf(end.ip)) as [Uint8Array, Uint8Array]
  const ports: [number, number] = [ends[0].port, ends[1].port]
  return isMapped(a) && isMapped(b)
    ? {version: 4, hardware, addresses: [a.subarray(12), b.subarray(12)], ports}
    : {version: 6, hardware, addresses: [a, b], ports}
}

/** An address of 16 bytes, in IPv4-mapped form for IPv4. */
function addressOf(ip: string): Uint8Array {
  const v4 = parseIpv4(ip)
  if (v4) return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4)
  const v6 = parseIpv6(ip.split('%')[0]!)
  if (!v6) throw new RangeError(`"${ip}" is not an IP address`)
  return v6
}

function isMapped(address: Uint8Array): boolean {
  return address.subarray(0, 10).every(byte => byte === 0) && address[10] === 0xff && address[11] === 0xff
}

/** What differs between the segments of a connection. */
interface SegmentFields {
  /** Index of the sender in the route. */
  readonly from: 0 | 1
  readonly seq: number
  readonly ack: number
  readonly flags: number
  readonly window: number
  /** A multiple of 4 bytes, at most 40. */
  readonly options?: Uint8Array
  readonly payload?: Uint8Array
  /** The identification field of IPv4. */
  readonly identification: number
}

const ethernet = 14
const dontFragment = 0x4000
const hops = 64
const tcpNumber = 6

/** Write an Ethernet frame with IP, TCP and payload into the space, with correct lengths and checksums. */
export function putTcpFrame(route: Route, segment: SegmentFields, space: FrameSpace): void {
  const {from, options, payload} = segment
  const to = from === 0 ? 1 : 0
  const ip = route.version === 4 ? 20 : 40
  const header = 20 + (options?.length ?? 0)
  const tcpLength = header + (payload?.length ?? 0)
  const at = space.take(ethernet + ip + tcpLength)
  // Read after take(), which may have moved the memory.
  const {bytes} = space
  const source = route.addresses[from]
  const destination = route.addresses[to]
  bytes.set(route.hardware[to], at)
  bytes.set(route.hardware[from], at + 6)
  if (route.version === 4) {
    put16(bytes, at + 12, 0x0800)
    const start = at + ethernet
    put16(bytes, start, 0x4500)
    put16(bytes, start + 2, ip + tcpLength)
    put16(bytes, start + 4, segment.identification)
    put16(bytes, start + 6, dontFragment)
    put16(bytes, start + 8, (hops << 8) | tcpNumber)
    put16(bytes, start + 10, 0)
    bytes.set(source, start + 12)
    bytes.set(destination, start + 16)
    put16(bytes, start + 10, checksum(sumOf(bytes, start, start + ip)))
  } else {
    put16(bytes, at + 12, 0x86dd)
    const start = at + ethernet
    put32(bytes, start, 0x60000000)
    put16(bytes, start + 4, tcpLength)
    put16(bytes, start + 6, (tcpNumber << 8) | hops)
    bytes.set(source, start + 8)
    bytes.set(destination, start + 24)
  }
  const tcp = at + ethernet + ip
  put16(bytes, tcp, route.ports[from])
  put16(bytes, tcp + 2, route.ports[to])
  put32(bytes, tcp + 4, segment.seq)
  put32(bytes, tcp + 8, segment.ack)
  put16(bytes, tcp + 12, ((header / 4) << 12) | segment.flags)
  put16(bytes, tcp + 14, segment.window)
  put32(bytes, tcp + 16, 0)
  if (options) bytes.set(options, tcp + 20)
  if (payload) bytes.set(payload, tcp + header)
  // The pseudo header: both addresses, protocol, length.
  const pseudo = sumOf(source, 0, source.length) + sumOf(destination, 0, destination.length) + tcpNumber + tcpLength
  put16(bytes, tcp + 16, checksum(pseudo + sumOf(bytes, tcp, tcp + tcpLength)))
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16)
  put16(bytes, at + 2, value)
}
