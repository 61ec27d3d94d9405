import {u16be} from '../../wire/integers.js'
import {limits} from '../limits.js'
import {afterEthernet, afterEtherType, afterLabels, isIpVersion} from './ether-type.js'
import {type IpPacket, type IpResult, readIp} from './ip.js'
import {noIp} from './no-ip.js'
import {afterPpp} from './ppp.js'
import {afterUdp, notTunnel} from './udp-tunnel.js'

/** IP protocol numbers. https://www.iana.org/assignments/protocol-numbers */
const protocols = {ipv4: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, esp: 50, etherIp: 97, mpls: 137} as const

/**
 * Read the IP headers at `bytes[at..]`, and those inside IP-in-IP, 6in4, GRE (PPTP's and ERSPAN too), EtherIP,
 * MPLS-in-IP and the tunnels over UDP.
 * @param end where the captured bytes end.
 * @param wireEnd where the packet ended on the wire.
 * @returns the result for the innermost packet; or one of `noIp`, which are negative.
 */
export function readTunnelled(
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
  into: IpPacket,
): IpResult | number {
  const result = readIp(bytes, at, end, wireEnd, into)
  return result === 'whole' && into.protocol !== protocols.tcp ? insideTunnels(into) : result
}

/** The same from a packet that was read or put together. */
export function insideTunnels(packet: IpPacket): IpResult | number {
  for (let tunnels = 0; tunnels < limits.tunnels; tunnels++) {
    const at = innerStart(packet)
    if (at === notTunnel) return 'whole'
    if (at < 0) return at
    const {bytes, end, missing} = packet
    const result = readIp(bytes, at, end, end + missing, packet)
    if (result !== 'whole' || packet.protocol === protocols.tcp) return result
  }
  return noIp.tooDeep
}

/** @returns the offset of the IP packet inside, one of `noIp`, or `notTunnel`. */
function innerStart(packet: IpPacket): number {
  const {bytes, start, end} = packet
  switch (packet.protocol) {
    case protocols.ipv4:
    case protocols.ipv6:
      return start
    case protocols.gre:
      return afterGre(bytes, start, end)
    case protocols.udp:
      return afterUdp(bytes, start, end)
    case protocols.mpls: {
      const at = afterLabels(bytes, start, end)
      return at < 0 || isIpVersion(bytes[at]!) ? at : noIp.other
    }
    case protocols.etherIp: // Version 3 and 12 zero bits, RFC 3378.
      return end - start < 2 ? noIp.cutShort : afterEthernet(bytes, start + 2, end)
    case protocols.esp:
      return noIp.encryptedIp
    default:
      return notTunnel
  }
}

/** GRE, RFC 2784 and 2890; version 1 is PPTP's, RFC 2637. */
function afterGre(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 4) return noIp.cutShort
  const flags = u16be(bytes, start)
  const type = u16be(bytes, start + 2)
  const hasSequence = (flags & 0x1000) !== 0
  const optional = (flag: number) => (flags & flag ? 4 : 0)
  if ((flags & 7) === 1) {
    const at = start + 8 + optional(0x1000) + optional(0x0080)
    return at > end ? noIp.cutShort : afterPpp(bytes, at, end)
  }
  const at = start + 4 + optional(0xc000) + optional(0x2000) + optional(0x1000)
  if (type === 0x88be) return afterEthernet(bytes, at + (hasSequence ? 8 : 0), end)
  if (type === 0x22eb) {
    if (end - at < 12) return noIp.cutShort
    return afterEthernet(bytes, at + 12 + (bytes[at + 11]! & 1 ? 8 : 0), end)
  }
  return afterEtherType(type, bytes, at, end)
}
