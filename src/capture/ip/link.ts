import {u16be, u16le, u32be, u32le} from '../../wire/integers.js'
import {afterEthernet, afterEtherType, afterLlc, isIpVersion} from './ether-type.js'
import {noIp} from './no-ip.js'
import {afterPpp} from './ppp.js'
import {afterAvsOrPrism, afterRadiotap, afterWifi} from './wifi.js'

const ethernet = 1
/** Link types that wrap another one, whose number they hold. */
const ppi = 192
const pktap = 258

/** Kinds of Linux interfaces, as if_arp.h of the kernel numbers them. */
const arphrd = {rawIp: 519, tunnel: 768, tunnel6: 769, sit: 776, gre: 778, wifi: 801, radiotap: 803, gre6: 823} as const
const noHeader = 0xfffe
/** Interfaces whose packets begin with an IP header: IPv4 and IPv6 tunnels, modems of phones, tun. */
const ipTunnels: readonly number[] = [
  arphrd.rawIp,
  arphrd.tunnel,
  arphrd.tunnel6,
  arphrd.sit,
  arphrd.gre,
  arphrd.gre6,
  noHeader,
]

/**
 * Where the IP packet in a captured packet starts. Link types as https://www.tcpdump.org/linktypes.html numbers them.
 * @returns an offset in `bytes`, at most `end`, or one of `noIp`, which are negative.
 */
export function ipStart(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  if (linkType === ethernet) return afterEthernet(bytes, start, end)
  const at = wrappedStart(linkType, bytes, start, end)
  return at > end ? noIp.cutShort : at
}

/**
 * Offset of the Ethernet addresses of a captured packet, the receiver's and then the sender's; -1 for other link
 * types.
 */
export function hardwareStart(linkType: number, start: number): number {
  return linkType === ethernet ? start : -1
}

function wrappedStart(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  if (linkType !== ppi && linkType !== pktap) return plainStart(linkType, bytes, start, end)
  if (end - start < 12) return noIp.cutShort
  const size = linkType === ppi ? u16le(bytes, start + 2) : u32le(bytes, start)
  const inner = u32le(bytes, start + (linkType === ppi ? 4 : 8))
  if (size > end - start) return noIp.cutShort
  return inner === ethernet ? afterEthernet(bytes, start + size, end) : plainStart(inner, bytes, start + size, end)
}

function plainStart(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  switch (linkType) {
    case 113: // Linux cooked: packet type, ARPHRD, address, type
      return afterCooked(bytes, start + 14, start + 2, start + 16, end)
    case 276: // Linux cooked 2: type, two bytes, interface, ARPHRD, and 10 bytes more
      return afterCooked(bytes, start, start + 8, start + 20, end)
    case 0: // BSD loopback
    case 108:
      return afterFamily(bytes, start, start + 4, end)
    case 109: // OpenBSD's enc(4): family, SPI, flags
      return afterFamily(bytes, start, start + 12, end)
    case 117: // OpenBSD's pflog(4): length, without padding, then the family
      if (end - start < 2) return noIp.cutShort
      return isFamily(bytes[start + 1]!) ? start + Math.ceil(bytes[start]! / 4) * 4 : noIp.other
    case 12: // IP alone
    case 14:
    case 101:
    case 228:
    case 229:
      return start
    case 9: // PPP
      return afterPpp(bytes, start, end)
    case 50: // PPP in HDLC framing, or Cisco's HDLC
      return bytes[start] === 0x0f || bytes[start] === 0x8f
        ? afterTyped(bytes, start + 2, start + 4, end)
        : afterPpp(bytes, start, end)
    case 51: // PPPoE session
      return afterEtherType(0x8864, bytes, start, end)
    case 104: // Cisco's HDLC: address, control, type
      return afterTyped(bytes, start + 2, start + 4, end)
    case 166: // pppd's PPP: its first byte is the direction
    case 204:
      return afterPpp(bytes, linkType === 166 && bytes[start + 1] === 0x03 ? start + 2 : start + 1, end)
    case 105:
      return afterWifi(bytes, start, end)
    case 127:
      return afterRadiotap(bytes, start, end)
    case 119:
    case 163:
      return afterAvsOrPrism(bytes, start, end)
    case 10: // FDDI: frame control, two addresses
      return afterLlc(bytes, start + 13, end)
    case 11: // RFC 1483 over ATM
      return afterLlc(bytes, start, end)
    case 138: // IP over FireWire: two addresses, type
      return afterTyped(bytes, start + 16, start + 18, end)
    case 239:
      return afterNflog(bytes, start, end)
    default:
      return noIp.unknownLink
  }
}

/** @param typeAt offset of the EtherType. @param at offset after the link header. */
function afterTyped(bytes: Uint8Array, typeAt: number, at: number, end: number): number {
  return at > end ? noIp.cutShort : afterEtherType(u16be(bytes, typeAt), bytes, at, end)
}

/**
 * After Linux's cooked header, by its type: an EtherType, 4 for LLC, 1 for Novell's IPX. Interfaces that monitor 802.11
 * put their own header in front, and some tunnels of the kernel leave the type at 0: there the ARPHRD decides.
 */
function afterCooked(bytes: Uint8Array, typeAt: number, hardwareAt: number, at: number, end: number): number {
  if (at > end) return noIp.cutShort
  const hardware = u16be(bytes, hardwareAt)
  if (hardware === arphrd.radiotap) return afterRadiotap(bytes, at, end)
  if (hardware === arphrd.wifi) return afterWifi(bytes, at, end)
  const type = u16be(bytes, typeAt)
  if (type > 1500 || type === 4) return afterEtherType(type, bytes, at, end)
  if (!ipTunnels.includes(hardware)) return noIp.other
  return at >= end ? noIp.cutShort : isIpVersion(bytes[at]!) ? at : noIp.other
}

/**
 * Some headers begin with an address family of 4 bytes, in practice in the capturing host's byte order.
 */
function afterFamily(bytes: Uint8Array, start: number, at: number, end: number): number {
  if (at > end) return noIp.cutShort
  return isFamily(Math.min(u32le(bytes, start), u32be(bytes, start))) ? at : noIp.other
}

/** AF_INET, or AF_INET6, which differs between systems. */
function isFamily(family: number): boolean {
  return family === 2 || family === 10 || family === 24 || family === 28 || family === 30
}

/**
 * Linux NFLOG: family, version 0, resource id, then attributes in the capturing host's byte order, each with its length
 * (4 bytes of header included) and type, padded to 4 bytes; number 9 is the packet.
 */
function afterNflog(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return noIp.cutShort
  const first = u16le(bytes, start + 4)
  const read = first >= 4 && first <= end - start - 4 ? u16le : u16be
  for (let at = start + 4; at + 4 <= end; ) {
    const size = read(bytes, at)
    if ((read(bytes, at + 2) & 0x7fff) === 9)
      return at + 4 >= end ? noIp.cutShort : isIpVersion(bytes[at + 4]!) ? at + 4 : noIp.other
    if (size < 4) return noIp.other
    at += Math.ceil(size / 4) * 4
  }
  return noIp.cutShort
}
