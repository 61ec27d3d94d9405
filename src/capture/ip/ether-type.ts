import {u16be, u32be} from '../../wire/integers.js'
import {limits} from '../limits.js'
import {noIp} from './no-ip.js'
import {afterPpp} from './ppp.js'

/** The sources' and receivers' addresses, and the EtherType. */
const ethernetHeader = 14

/**
 * Where the IP packet starts after an EtherType: past VLAN tags (802.1Q, 802.1ad), MPLS labels (RFC 3032), PPPoE
 * (RFC 2516), Ethernet inside Ethernet, and the LLC and SNAP headers of 802.3 frames, whose type is a length.
 * @param at offset after the EtherType, perhaps after `end`.
 * @returns an offset, or one of `noIp`.
 */
export function afterEtherType(etherType: number, bytes: Uint8Array, at: number, end: number): number {
  let type = etherType
  let next = at
  for (let headers = 0; headers < limits.linkHeaders; headers++) {
    if (next > end) return noIp.cutShort
    if (type === 0x0800 || type === 0x86dd) return next
    if (isVlan(type)) {
      if (end - next < 4) return noIp.cutShort
      type = u16be(bytes, next + 2)
      next += 4
    } else if (type === 0x8847 || type === 0x8848) {
      const inner = afterLabels(bytes, next, end)
      if (inner < 0 || isIpVersion(bytes[inner]!)) return inner
      // A pseudowire carries Ethernet, mostly behind a control word whose first four bits are 0 (RFC 4448).
      next = inner + (bytes[inner]! >> 4 === 0 ? 4 : 0) + ethernetHeader
      type = next > end ? 0 : u16be(bytes, next - 2)
    } else if (type === 0x8864) {
      // Version and type, code, session, length.
      return end - next < 6 ? noIp.cutShort : afterPpp(bytes, next + 6, end)
    } else if (type === 0x6558) {
      next += ethernetHeader
      type = next > end ? 0 : u16be(bytes, next - 2)
    } else return type <= 1500 ? afterLlc(bytes, next, end) : noIp.other
  }
  return noIp.tooDeep
}

/** Past an Ethernet header, as `afterEtherType`. */
export function afterEthernet(bytes: Uint8Array, start: number, end: number): number {
  const at = start + ethernetHeader
  return at > end ? noIp.cutShort : afterEtherType(u16be(bytes, at - 2), bytes, at, end)
}

/** Past the LLC header and, where there is one, the SNAP header, which ends with an EtherType. RFC 1042. */
export function afterLlc(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return noIp.cutShort
  const sap = bytes[at]!
  if (sap === 0x06 && bytes[at + 1] === 0x06) return at + 3
  if (sap !== 0xaa || bytes[at + 1] !== 0xaa) return noIp.other
  if (end - at < 8) return noIp.cutShort
  const type = u16be(bytes, at + 6)
  return type <= 1500 ? noIp.other : afterEtherType(type, bytes, at + 8, end)
}

/** Past MPLS labels: four bytes each, the last has its ninth-lowest bit set. @returns at most `end - 1`. */
export function afterLabels(bytes: Uint8Array, at: number, end: number): number {
  for (let label = 0; label < limits.mplsLabels; label++) {
    const next = at + 4 * (label + 1)
    if (next >= end) return noIp.cutShort
    if (u32be(bytes, next - 4) & 0x100) return next
  }
  return noIp.tooDeep
}

/** Whether a packet's first byte is that of an IPv4 or IPv6 header. */
export function isIpVersion(first: number): boolean {
  return first >> 4 === 4 || first >> 4 === 6
}

/** Whether the EtherType is 802.1Q, 802.1ad or the older number for stacked tags. */
function isVlan(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100
}
