import {u16be} from '../../wire/integers.js'
import {limits} from '../limits.js'
import {afterEthernet, afterEtherType, isIpVersion} from './ether-type.js'
import {noIp} from './no-ip.js'
import {afterPpp} from './ppp.js'

/** Not a tunnel: the packet carries what its protocol number says. */
export const notTunnel = Number.MIN_SAFE_INTEGER

const udpHeader = 8

/** What reads the payload of a UDP packet. @returns an offset, one of `noIp`, or `notTunnel`. */
type AfterPort = (bytes: Uint8Array, at: number, end: number) => number

/** Tunnels whose answers go from this port to any other: of Teredo, and where address translation changes ports. */
const answers: Readonly<Record<number, AfterPort>> = {1701: afterL2tp, 3544: afterTeredo, 4500: insideNatTraversal}

/**
 * Tunnels by the port of their receiver. https://www.iana.org/assignments/service-names-port-numbers; Linux used 8472
 * for VXLAN before it had 4789, and its manual pages use 5555 for IP packets directly in UDP (FOU).
 */
const tunnels: Readonly<Record<number, AfterPort>> = {
  ...answers,
  2152: afterGtp,
  4789: afterVxlan,
  4790: afterVxlanGpe,
  5555: directIp,
  6080: afterGue,
  6081: afterGeneve,
  8472: afterVxlan,
}

/** Past a UDP header and the tunnel's header. @param start of the UDP header. */
export function afterUdp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < udpHeader) return notTunnel
  const read = tunnels[u16be(bytes, start + 2)] ?? answers[u16be(bytes, start)]
  return read?.(bytes, start + udpHeader, end) ?? notTunnel
}

/** RFC 7348. */
function afterVxlan(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return noIp.cutShort
  return bytes[at]! & 0x08 ? afterEthernet(bytes, at + 8, end) : notTunnel
}

/** VXLAN that names what it carries in its fourth byte: 1 IPv4, 2 IPv6, 3 Ethernet. */
function afterVxlanGpe(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return noIp.cutShort
  const carries = bytes[at] === 0x0c ? bytes[at + 3] : 0
  if (carries === 3) return afterEthernet(bytes, at + 8, end)
  return carries === 1 || carries === 2 ? at + 8 : notTunnel
}

/** RFC 8926. */
function afterGeneve(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return noIp.cutShort
  return afterEtherType(u16be(bytes, at + 2), bytes, at + 8 + 4 * (bytes[at]! & 0x3f), end)
}

/** IPv6 behind NAT, RFC 4380: perhaps an authentication (type 1) and an origin (type 0), then the packet. */
function afterTeredo(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  if (end - at >= 4 && u16be(bytes, at) === 1) at += 4 + bytes[at + 2]! + bytes[at + 3]! + 9
  if (end - at >= 8 && u16be(bytes, at) === 0) at += 8
  return at < end && bytes[at]! >> 4 === 6 ? at : notTunnel
}

/** What a phone sends through its mobile network: GTP-U, 3GPP TS 29.281; type 255 carries a packet. */
function afterGtp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return noIp.cutShort
  const flags = bytes[start]!
  if (flags >> 4 !== 3 || bytes[start + 1] !== 255) return notTunnel
  let at = start + 8
  if (flags & 7) {
    at += 4
    // The last byte of each header says which one follows, 0 that none does.
    for (let headers = 0; flags & 4 && at <= end && bytes[at - 1] !== 0; headers++) {
      if (at >= end) return noIp.cutShort
      if (headers === limits.linkHeaders || bytes[at] === 0) return noIp.tooDeep
      at += 4 * bytes[at]!
    }
  }
  if (at >= end) return noIp.cutShort
  return isIpVersion(bytes[at]!) ? at : notTunnel
}

/** Generic UDP encapsulation of Linux: version 0 with a header that names the IP protocol, version 1 without. */
function afterGue(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 4) return noIp.cutShort
  const first = bytes[at]!
  if (first >> 6 === 1) return directIp(bytes, at, end)
  const isControl = (first & 0x20) !== 0
  const carriesIp = bytes[at + 1] === 4 || bytes[at + 1] === 41
  if (first >> 6 !== 0 || isControl || !carriesIp) return notTunnel
  const inner = at + 4 + 4 * (first & 0x1f)
  return inner >= end ? noIp.cutShort : inner
}

/** An IP packet directly in UDP, whose own length must agree with what was captured of it. */
function directIp(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || !isIpVersion(bytes[at]!)) return notTunnel
  if (end - at < 6) return noIp.cutShort
  const length = bytes[at]! >> 4 === 4 ? u16be(bytes, at + 2) : 40 + u16be(bytes, at + 4)
  return length >= end - at ? at : notTunnel
}

/** Data messages of L2TP version 2, which carry PPP, RFC 2661. */
function afterL2tp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 6) return noIp.cutShort
  const flags = u16be(bytes, start)
  const isControl = (flags & 0x8000) !== 0
  if (isControl || (flags & 0x0f) !== 2) return notTunnel
  const hasLength = (flags & 0x4000) !== 0
  const hasSequence = (flags & 0x0800) !== 0
  const hasOffset = (flags & 0x0200) !== 0
  let at = start + 6 + (hasLength ? 2 : 0) + (hasSequence ? 4 : 0)
  if (hasOffset) {
    if (end - at < 2) return noIp.cutShort
    at += 2 + u16be(bytes, at)
  }
  return at > end ? noIp.cutShort : afterPpp(bytes, at, end)
}

/** IPsec behind NAT, RFC 3948: four zero bytes are key exchange, one byte keeps the mapping alive, the rest is ESP. */
function insideNatTraversal(bytes: Uint8Array, at: number, end: number): number {
  return end - at < 8 || (u16be(bytes, at) === 0 && u16be(bytes, at + 2) === 0) ? notTunnel : noIp.encryptedIp
}
