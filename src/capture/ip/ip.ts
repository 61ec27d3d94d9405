import {u16be, u32be} from '../../wire/integers.js'
import {limits} from '../limits.js'

/** The header of IPsec that proves the sender and leaves the payload readable, RFC 4302; in IPv4 too. */
const authenticationHeader = 51

/** One IP packet, or a fragment of one. Borrowed: the object is filled in again for the next one. */
export interface IpPacket {
  version: 4 | 6
  /** The array that holds the addresses, each of 4 or 16 bytes. */
  addresses: Uint8Array
  sourceAt: number
  destinationAt: number
  /**
   * Number of the protocol that the packet carries: 6 is TCP. In an IPv6 fragment, the number of the header after the
   * fragment header.
   */
  protocol: number
  /** The payload is `bytes[start..end)`, as far as captured. */
  bytes: Uint8Array
  start: number
  end: number
  /** Number of payload bytes after `end` that the capture cut off. */
  missing: number
  /** Only for a fragment: which datagram, where in it, and whether more fragments follow. */
  identification: number
  fragmentOffset: number
  moreFragments: boolean
}

/** `cut_short`: the captured bytes end inside a header. `bad`: the header contradicts itself. */
export type IpResult = 'whole' | 'fragment' | 'cut_short' | 'bad'

export function blankIpPacket(): IpPacket {
  const none = new Uint8Array(0)
  return {
    version: 4,
    addresses: none,
    sourceAt: 0,
    destinationAt: 0,
    protocol: 0,
    bytes: none,
    start: 0,
    end: 0,
    missing: 0,
    identification: 0,
    fragmentOffset: 0,
    moreFragments: false,
  }
}

/**
 * Read the IP headers at `bytes[start..]`.
 * @param end where the captured bytes end.
 * @param wireEnd where the packet ended on the wire: `end`, or later if the capture cut it off.
 */
export function readIp(bytes: Uint8Array, start: number, end: number, wireEnd: number, into: IpPacket): IpResult {
  if (start >= end) return 'cut_short'
  into.bytes = into.addresses = bytes
  const version = bytes[start]! >> 4
  if (version === 4) return readIpv4(bytes, start, end, wireEnd, into)
  return version === 6 ? readIpv6(bytes, start, end, wireEnd, into) : 'bad'
}

function readIpv4(bytes: Uint8Array, start: number, end: number, wireEnd: number, into: IpPacket): IpResult {
  if (end - start < 20) return 'cut_short'
  const header = (bytes[start]! & 15) * 4
  const total = u16be(bytes, start + 2)
  if (header < 20 || (total !== 0 && total < header)) return 'bad'
  if (start + header > wireEnd) return 'bad'
  into.version = 4
  into.sourceAt = start + 12
  into.destinationAt = start + 16
  into.protocol = bytes[start + 9]!
  // Length 0: with TSO, the network card splits the segment and fills the length in later.
  cut(into, start + header, total === 0 ? wireEnd : start + total, end, wireEnd)
  const fragment = u16be(bytes, start + 6)
  if ((fragment & 0x3fff) === 0) return skipExtensions(into)
  into.identification = u16be(bytes, start + 4)
  into.fragmentOffset = (fragment & 0x1fff) * 8
  into.moreFragments = (fragment & 0x2000) !== 0
  return 'fragment'
}

function readIpv6(bytes: Uint8Array, start: number, end: number, wireEnd: number, into: IpPacket): IpResult {
  if (end - start < 40) return 'cut_short'
  into.version = 6
  into.sourceAt = start + 8
  into.destinationAt = start + 24
  into.protocol = bytes[start + 6]!
  const length = u16be(bytes, start + 4)
  cut(into, start + 40, length === 0 ? wireEnd : start + 40 + length, end, wireEnd)
  return skipExtensions(into)
}

/**
 * Set start, end and missing. A length that reaches past the end of the packet on the wire is not believed; bytes after
 * the length are padding.
 */
function cut(into: IpPacket, start: number, claimedEnd: number, end: number, wireEnd: number): void {
  const realEnd = Math.min(claimedEnd, wireEnd)
  into.start = Math.min(start, end)
  into.end = Math.max(into.start, Math.min(realEnd, end))
  into.missing = realEnd - Math.max(into.end, start)
}

/**
 * Move `start` and `protocol` past IPv6 extension headers: hop-by-hop, routing, destination options, authentication,
 * mobility, HIP, shim6. Of these, IPv4 has authentication alone.
 */
export function skipExtensions(into: IpPacket): IpResult {
  const {version, bytes, end} = into
  for (let count = 0; count < limits.extensionHeaders; count++) {
    const at = into.start
    const kind = into.protocol
    if (version === 4 && kind !== authenticationHeader) return 'whole'
    if (kind === 44) {
      if (end - at < 8) return 'cut_short'
      into.protocol = bytes[at]!
      into.start = at + 8
      const fragment = u16be(bytes, at + 2)
      if ((fragment & 0xfff9) === 0) continue
      into.identification = u32be(bytes, at + 4)
      into.fragmentOffset = fragment & 0xfff8
      into.moreFragments = (fragment & 1) !== 0
      return 'fragment'
    }
    const isOptions = kind === 0 || kind === 43 || kind === 60 || kind === 135 || kind === 139 || kind === 140
    if (!isOptions && kind !== authenticationHeader) return 'whole'
    if (end - at < 2) return 'cut_short'
    const size = isOptions ? (bytes[at + 1]! + 1) * 8 : (bytes[at + 1]! + 2) * 4
    if (size > end - at) return into.missing > 0 ? 'cut_short' : 'bad'
    into.protocol = bytes[at]!
    into.start = at + size
  }
  return 'bad'
}
