import {u16be, u32be, u32le} from '../../wire/integers.js'
import {limits} from '../limits.js'

/** What `ipStart` returns instead of an offset. */
export const noIp = {
  /** Another protocol than IP, such as ARP. */
  other: -1,
  /** The captured bytes end inside the link header. */
  cutShort: -2,
  /** An unknown link type. */
  unknownLink: -3,
} as const

const ethernet = 1

/**
 * Where the IP packet in a captured packet starts. Link types as https://www.tcpdump.org/linktypes.html numbers them.
 * @returns an offset in `bytes`, at most `end`, or one of `noIp`, which are negative.
 */
export function ipStart(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  switch (linkType) {
    case ethernet: // two addresses, type
      return afterType(bytes, start + 12, start + 14, end)
    case 113: // Linux cooked: packet type, ARPHRD, address, type
      return afterType(bytes, start + 14, start + 16, end)
    case 276: // Linux cooked 2: type, and 18 bytes more
      return afterType(bytes, start, start + 20, end)
    case 0:
    case 108:
      return afterFamily(bytes, start, end)
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return start
    default:
      return noIp.unknownLink
  }
}

/**
 * Offset of the Ethernet addresses of a captured packet, the receiver's and then the sender's; -1 for other link
 * types.
 */
export function hardwareStart(linkType: number, start: number): number {
  return linkType === ethernet ? start : -1
}

/** @param typeAt offset of the EtherType. @param at offset after the link header. */
function afterType(bytes: Uint8Array, typeAt: number, at: number, end: number): number {
  if (at > end) return noIp.cutShort
  let type = u16be(bytes, typeAt)
  let next = at
  for (let tags = 0; isVlan(type) && tags < limits.vlanTags; tags++) {
    if (end - next < 4) return noIp.cutShort
    type = u16be(bytes, next + 2)
    next += 4
  }
  return type === 0x0800 || type === 0x86dd ? next : noIp.other
}

/** Whether the EtherType is 802.1Q, 802.1ad or the older number for stacked tags. */
function isVlan(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100
}

/**
 * BSD null and loopback have an address family of 4 bytes, in practice in the capturing host's byte order with either
 * link type. AF_INET6 differs between systems.
 */
function afterFamily(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 4) return noIp.cutShort
  const family = Math.min(u32le(bytes, start), u32be(bytes, start))
  return family === 2 || family === 10 || family === 24 || family === 28 || family === 30 ? start + 4 : noIp.other
}
