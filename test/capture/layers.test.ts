import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {unreadPackets} from '../../src/capture/counters.js'
import {limits} from '../../src/capture/limits.js'
import {frameOf, v4, v6, Wire} from './wire.js'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const data = 'the payload'
const sent = {from: 0, seq: 1, data} as const
const ip4 = frameOf(sent).subarray(14)
const ip6 = frameOf(sent, v6).subarray(14)

function textOf(linkType: number, packet: Uint8Array, fields = {}): string {
  const wire = new Wire()
  wire.packet(packet, {linkType, ...fields})
  return wire.text(0)
}

describe('link layers', () => {
  const ethernet = '020000000001 020000000000'
  const radiotap = `0000 0800 00000000 0801 0000 ${ethernet} 020000000002 1000 aaaa03 000000 0800`
  test.each([
    ['Ethernet', 1, `${ethernet} 0800`, ip4],
    ['Ethernet, IPv6', 1, `${ethernet} 86dd`, ip6],
    ['VLAN', 1, `${ethernet} 8100 002a 0800`, ip4],
    ['QinQ', 1, `${ethernet} 88a8 0001 8100 002a 86dd`, ip6],
    ['old QinQ', 1, `${ethernet} 9100 0001 8100 002a 0800`, ip4],
    ['SLL', 113, '0000 0001 0006 020000000000 0000 0800', ip4],
    ['SLL with a VLAN', 113, '0000 0001 0006 020000000000 0000 8100 0007 86dd', ip6],
    ['SLL of a sit tunnel', 113, '0000 0308 0004 c633640100000000 86dd', ip6],
    ['SLL of an ip6tnl tunnel', 113, '0004 0301 0010 20010db800000000 86dd', ip6],
    ['SLL of an ip6gre tunnel, IPv4', 113, '0000 0337 0010 20010db800000000 0800', ip4],
    ['SLL of a tunnel without a type', 113, '0000 0301 0000 0000000000000000 0000', ip6],
    ['SLL of a modem without a type', 113, '0000 0207 0000 0000000000000000 0000', ip4],
    ['SLL of tun', 113, '0000 fffe 0000 0000000000000000 86dd', ip6],
    ['SLL of an interface that monitors', 113, `0000 0323 0000 0000000000000000 0004 ${radiotap}`, ip4],
    ['SLL2 of a sit tunnel', 276, '86dd 0000 00000003 0308 00 04 c633640100000000', ip6],
    ['SLL2 of a tunnel without a type', 276, '0000 0000 00000003 0301 04 10 20010db800000000', ip6],
    ['SLL2', 276, '86dd 0000 00000001 0001 00 06 0200000000000000', ip6],
    ['null, little-endian', 0, '02000000', ip4],
    ['null, big-endian', 0, '00000002', ip4],
    ['null, IPv6 of NetBSD', 0, '18000000', ip6],
    ['null, IPv6 of FreeBSD', 0, '1c000000', ip6],
    ['null, IPv6 of macOS', 0, '1e000000', ip6],
    ['loopback', 108, '00000002', ip4],
    ['loopback, IPv6', 108, '0000001e', ip6],
    ['raw 12', 12, '', ip4],
    ['raw 14', 14, '', ip6],
    ['raw 101', 101, '', ip4],
    ['raw 101, IPv6', 101, '', ip6],
    ['IPv4', 228, '', ip4],
    ['IPv6', 229, '', ip6],
    ['802.3 with LLC and SNAP', 1, `${ethernet} 0064 aaaa03 000000 0800`, ip4],
    ['SLL with LLC and SNAP', 113, '0000 0001 0006 020000000000 0000 0004 aaaa03 000000 0800', ip4],
    ['MPLS', 1, `${ethernet} 8847 00010040 00020140`, ip4],
    ['MPLS, IPv6', 1, `${ethernet} 8848 00020140`, ip6],
    ['an MPLS pseudowire', 1, `${ethernet} 8847 00020140 00000000 ${ethernet} 0800`, ip4],
    ['PPPoE', 1, `${ethernet} 8864 11 00 0001 0064 0021`, ip4],
    ['PPPoE in a VLAN, IPv6', 1, `${ethernet} 8100 0007 8864 11 00 0001 0064 0057`, ip6],
    ['PPPoE alone', 51, '11 00 0001 0064 0021', ip4],
    ['PPP', 9, 'ff03 0021', ip4],
    ['PPP without address and control, short protocol', 9, '57', ip6],
    ['PPP in HDLC framing', 50, 'ff03 0057', ip6],
    ['Cisco HDLC', 104, '0f00 0800', ip4],
    ['PPP with a direction', 204, '01 ff03 0021', ip4],
    ["pppd's PPP", 166, '0003 0021', ip4],
    ['802.11', 105, `0801 0000 ${ethernet} 020000000002 1000 aaaa03 000000 0800`, ip4],
    ['802.11 with QoS', 105, `8802 0000 ${ethernet} 020000000002 1000 0000 aaaa03 000000 86dd`, ip6],
    [
      '802.11 between access points',
      105,
      `8803 0000 ${ethernet} 020000000002 1000 020000000003 0000 aaaa03 000000 0800`,
      ip4,
    ],
    ['radiotap', 127, radiotap, ip4],
    [
      'radiotap with padding behind the 802.11 header',
      127,
      `0000 1200 03000000 0102030405060708 20 00 8801 0000 ${ethernet} 020000000002 1000 0000 0000 aaaa03 000000 0800`,
      ip4,
    ],
    ['AVS', 163, `80211001 0000000c 00000000 0801 0000 ${ethernet} 020000000002 1000 aaaa03 000000 0800`, ip4],
    ['PPI', 192, `0000 0800 69000000 0801 0000 ${ethernet} 020000000002 1000 aaaa03 000000 0800`, ip4],
    ['PKTAP', 258, `10000000 01000000 01000000 00000000 ${ethernet} 0800`, ip4],
    ['PKTAP with another kind of packet', 258, `10000000 02000000 01000000 00000000 ${ethernet} 0800`, ip4],
    ['NFLOG', 239, '0200 0000 0800 0100 08000201 0600 0a00 61000000 0400 0900', ip4],
    ['NFLOG of a big-endian host', 239, '0a00 0000 0008 0001 08000201 0004 0009', ip6],
    ['OpenBSD enc', 109, '02000000 00001234 00000000', ip4],
    ['OpenBSD pflog', 117, '05020000 00000000', ip4],
    ['FDDI', 10, `50 ${'020000000001 020000000000'} aaaa03 000000 0800`, ip4],
    ['ATM', 11, 'aaaa03 000000 86dd', ip6],
    ['FireWire', 138, '0000000000000001 0000000000000002 0800', ip4],
  ])('%s', (_, linkType, header, ip) => {
    const packet = Buffer.concat([bytes(header), ip])
    expect(textOf(linkType, packet)).toBe(data)
    const wire = new Wire()
    for (let length = 0; length < packet.length - data.length; length++)
      wire.packet(packet.subarray(0, length), {linkType, originalLength: packet.length})
    const {counters} = wire.tracker
    expect(wire.connections.length).toBeLessThanOrEqual(1)
    expect(counters.cutShort + counters.segments).toBe(counters.packets)
  })

  test('what cannot be read inside its frame is counted by what it is', () => {
    const wire = new Wire()
    wire.packet(bytes(`0841 0000 ${ethernet} 020000000002 1000 00000000 0000`), {linkType: 105})
    wire.packet(bytes(`8801 0000 ${ethernet} 020000000002 1000 8000 ${ethernet} 0000`), {linkType: 105})
    wire.packet(bytes('ff03 002d 00'), {linkType: 9})
    wire.packet(bytes('ff03 c021 00'), {linkType: 9})
    wire.packet(bytes(`8000 0000 ${ethernet} 020000000002 1000`), {linkType: 105})
    expect(unreadPackets(wire.tracker.counters)).toEqual([
      '1 of encrypted 802.11',
      '1 of aggregated 802.11 (A-MSDU)',
      '1 of compressed or encrypted PPP',
    ])
    expect(wire.tracker.counters.notIp).toBe(2)
  })

  test.each([
    ['PPI', 192, '0000 ffff 69000000'],
    ['PKTAP', 258, 'ffffff00 01000000 01000000 00000000'],
  ])('a %s header that claims more bytes than there are is cut short', (_, linkType, header) => {
    const wire = new Wire()
    wire.packet(Buffer.concat([bytes(header), ip4]), {linkType})
    expect(wire.tracker.counters).toMatchObject({packets: 1, cutShort: 1, segments: 0})
  })

  test('a packet that cannot be read belongs to no connection', () => {
    const wire = new Wire()
    expect(wire.packet(ip4, {linkType: 101})).toBe(0)
    expect(wire.packet(ip4.subarray(0, 30), {linkType: 101})).toBe(-1)
    expect(wire.packet(Buffer.concat([Buffer.from([0x4f]), ip4.subarray(1)]), {linkType: 101})).toBe(-1)
    expect(wire.packet(bytes(`${ethernet} 0806 0001`))).toBe(-1)
    expect(wire.packet(ip4, {linkType: 147})).toBe(-1)
  })

  test('kinds of packets that are not read are counted apart up to a bound', () => {
    const wire = new Wire()
    for (let linkType = 300; linkType < 400; linkType++) wire.packet(ip4, {linkType})
    const {unread} = wire.tracker.counters
    expect(unread.size).toBe(limits.unreadKinds)
    expect(unread.get('other kinds')).toBe(100 - limits.unreadKinds + 1)
  })

  test('other protocols and links are counted', () => {
    const wire = new Wire()
    wire.packet(bytes(`${ethernet} 0806 0001`))
    wire.packet(bytes(`${ethernet} 0026 424203`))
    wire.packet(bytes('07000000'), {linkType: 0})
    wire.packet(ip4, {linkType: 147})
    wire.packet(ip4, {linkType: 189})
    wire.packet(ip4, {linkType: -1})
    wire.packet(bytes(`${ethernet}${' 8100 0001'.repeat(9)} 0800`))
    const {counters} = wire.tracker
    expect(counters).toMatchObject({packets: 7, notIp: 3, segments: 0})
    expect(unreadPackets(counters)).toEqual([
      '1 of link type 147 (user-defined)',
      '1 of link type 189 (USB)',
      '1 of undescribed interfaces',
      '1 of too many tunnels in each other',
    ])
  })
})

/** An IPv4 or IPv6 packet around a payload. */
function ipAround(protocol: number, payload: Uint8Array, version: 4 | 6 = 4): Buffer {
  const header = Buffer.from(version === 4 ? ip4.subarray(0, 20) : ip6.subarray(0, 40))
  if (version === 4) {
    header[9] = protocol
    header.writeUInt16BE(20 + payload.length, 2)
  } else {
    header[6] = protocol
    header.writeUInt16BE(payload.length, 4)
  }
  // The addresses of the tunnel's ends.
  header[header.length - 1] = 99
  return Buffer.concat([header, payload])
}

const udpAround = (port: number, header: string, payload: Uint8Array): Buffer => {
  const around = Buffer.concat([Buffer.alloc(8), bytes(header), payload])
  around.writeUInt16BE(port, 2)
  around.writeUInt16BE(around.length, 4)
  return around
}

describe('tunnels', () => {
  const ethernet = '020000000001 020000000000'
  const join = (header: string, payload: Uint8Array) => Buffer.concat([bytes(header), payload])
  const tcp4 = ip4.subarray(20)
  test.each([
    ['IP in IP', ipAround(4, ip4)],
    ['IPv6 in IPv4 (sit, 6in4, 6to4)', ipAround(41, ip6)],
    ['IPv4 in IPv6', ipAround(4, ip4, 6)],
    ['IPv6 in IPv6 behind a tunnel encapsulation limit', ipAround(60, join('29000401 01010100', ip6), 6)],
    ['IP in IP in IP', ipAround(4, ipAround(41, ip6))],
    ['GRE', ipAround(47, join('0000 0800', ip4))],
    ['GRE with checksum, key and sequence number', ipAround(47, join('b000 86dd 00000000 00000001 00000002', ip6))],
    ['GRE with Ethernet', ipAround(47, join(`2000 6558 00000001 ${ethernet} 0800`, ip4))],
    ['GRE with MPLS', ipAround(47, join('0000 8847 00020140', ip4))],
    ['PPTP', ipAround(47, join('3081 880b 00000001 00000001 00000001 ff03 0021', ip4))],
    ['ERSPAN type II', ipAround(47, join(`1000 88be 00000001 0000000000000000 ${ethernet} 0800`, ip4))],
    ['ERSPAN type III', ipAround(47, join(`1000 22eb 00000001 000000000000000000000000 ${ethernet} 0800`, ip4))],
    ['VXLAN', ipAround(17, udpAround(4789, `08000000 00000100 ${ethernet} 0800`, ip4))],
    [
      "VXLAN on Linux's old port, a VLAN inside",
      ipAround(17, udpAround(8472, `08000000 00000100 ${ethernet} 8100 0001 86dd`, ip6)),
    ],
    ['Geneve with options', ipAround(17, udpAround(6081, `0100 6558 00000100 00000000 ${ethernet} 0800`, ip4))],
    ['MPLS in IP', ipAround(137, join('00020140', ip4))],
    ['IPv6 in IPv6 (ip6tnl)', ipAround(41, ip6, 6)],
    ['GRE over IPv6 (ip6gre)', ipAround(47, join('2000 86dd 00000007', ip6), 6)],
    [
      'GRE with Ethernet over IPv6 behind an encapsulation limit (ip6gretap)',
      ipAround(60, join(`2f000401 01010100 0000 6558 ${ethernet} 86dd`, ip6), 6),
    ],
    ['6in4 in IPv6', ipAround(4, ipAround(41, ip6), 6)],
    ['VXLAN over IPv6', ipAround(17, udpAround(4789, `08000000 00000100 ${ethernet} 86dd`, ip6), 6)],
    ['VXLAN GPE', ipAround(17, udpAround(4790, '0c000002 00000100', ip6))],
    ['EtherIP', ipAround(97, join(`3000 ${ethernet} 0800`, ip4))],
    ['an authentication header', ipAround(51, join('29040000 00000001 00000001 000000000000000000000000', ip6))],
    ['an authentication header, TCP', ipAround(51, join('06040000 00000001 00000001 000000000000000000000000', tcp4))],
    ['Teredo', ipAround(17, udpAround(3544, '', ip6))],
    [
      'Teredo with authentication and origin',
      ipAround(17, udpAround(3544, '00010000 0000000000000000 00 0000 1234 c6336401', ip6)),
    ],
    ['GTP-U', ipAround(17, udpAround(2152, '30ff0000 00000001', ip4))],
    ['GTP-U with an extension header', ipAround(17, udpAround(2152, '34ff0000 00000001 0000 00 85 01 1001 00', ip6))],
    ['GUE', ipAround(17, udpAround(6080, '00290000', ip6))],
    ['GUE with fields, over IPv6', ipAround(17, udpAround(6080, '01040000 00000000', ip4), 6)],
    ['GUE without a header', ipAround(17, udpAround(6080, '', ip6))],
    ['FOU', ipAround(17, udpAround(5555, '', ip6))],
    ['L2TP', ipAround(17, udpAround(1701, '0002 0001 0001 ff03 0021', ip4))],
    [
      'L2TP with length, sequence and offset',
      ipAround(17, udpAround(1701, '4a02 0064 0001 0001 0000 0000 0002 ffff 0057', ip6)),
    ],
  ])('%s', (_, packet) => {
    expect(textOf(101, packet)).toBe(data)
    const wire = new Wire()
    for (let length = 0; length < packet.length - data.length; length++)
      wire.packet(packet.subarray(0, length), {linkType: 101, originalLength: packet.length})
    const {counters} = wire.tracker
    expect(counters.cutShort + counters.notTcp + counters.segments).toBe(counters.packets)
  })

  /** What is read of an IPv4 packet that comes in two fragments. */
  function textOfFragments(whole: Buffer, cut: number): string {
    const wire = new Wire()
    const payload = whole.subarray(20)
    const fragment = (from: number, to: number, more: boolean) => {
      const packet = ipAround(whole[9]!, payload.subarray(from, to))
      packet.writeUInt16BE(7, 4)
      packet.writeUInt16BE((more ? 0x2000 : 0) | (from / 8), 6)
      return packet
    }
    wire.packet(fragment(0, cut, true), {linkType: 101})
    wire.packet(fragment(cut, payload.length, false), {linkType: 101})
    return wire.text(0)
  }

  test('a fragmented tunnel is read', () => {
    expect(textOfFragments(ipAround(47, join('0000 0800', ip4)), 24)).toBe(data)
  })

  test('what follows the packet in a fragmented tunnel is not payload', () => {
    const trailer = Buffer.from('trailer of the frame')
    const tunnel = ipAround(47, Buffer.concat([bytes(`0000 6558 ${ethernet} 0800`), ip4, trailer]))
    for (let cut = 8; cut < tunnel.length - 20; cut += 8) expect(textOfFragments(tunnel, cut)).toBe(data)
  })

  test('an authentication header of a fragmented packet is skipped', () => {
    const authenticated = ipAround(51, join('06040000 00000001 00000001 000000000000000000000000', tcp4))
    expect(textOfFragments(authenticated, 24)).toBe(data)
  })

  test.each([
    ['L2TP', 1701, '0002 0001 0001 ff03 0021', {segments: 1}],
    ['IPsec', 4500, '00001234 00000001', {segments: 0, notTcp: 0}],
  ])('%s is read in both directions where address translation has changed a port', (_, port, header, counted) => {
    const packet = ipAround(17, udpAround(50_000, header, ip4))
    packet.writeUInt16BE(port, 20)
    const wire = new Wire()
    wire.packet(packet, {linkType: 101})
    expect(wire.tracker.counters).toMatchObject(counted)
  })

  test('IPsec and too many tunnels are counted', () => {
    const wire = new Wire()
    wire.packet(ipAround(50, Buffer.alloc(40)), {linkType: 101})
    wire.packet(ipAround(17, udpAround(4500, '00001234 00000001', Buffer.alloc(32))), {linkType: 101})
    let deep: Uint8Array = ip4
    for (let depth = 0; depth <= limits.tunnels; depth++) deep = ipAround(4, deep)
    wire.packet(deep, {linkType: 101})
    expect(unreadPackets(wire.tracker.counters)).toEqual(['2 of IPsec ESP', '1 of too many tunnels in each other'])
  })

  test.each([
    [4789, '00000000 00000000'],
    [4790, '08000003 00000000'],
    [4500, '00000000 00000000'],
    [4500, 'ff'],
    [3544, '0101'],
    [2152, '32010004 00000000'],
    [6080, '20290000'],
    [6080, '00110000'],
    [5555, '45000010'],
    [1701, 'c802 0014 0001 0000'],
  ])('UDP on the port %i of a tunnel that is none is UDP: %s', (port, payload) => {
    const wire = new Wire()
    wire.packet(ipAround(17, udpAround(port, payload, payload === 'ff' ? Buffer.alloc(0) : ip4)), {linkType: 101})
    expect(wire.tracker.counters).toMatchObject({notTcp: 1, segments: 0})
  })
})

describe('IPv4', () => {
  test('options are skipped', () => {
    const packet = Buffer.concat([ip4.subarray(0, 20), bytes('01010101 94040000'), ip4.subarray(20)])
    packet[0] = 0x47
    packet.writeUInt16BE(packet.length, 2)
    expect(textOf(101, packet)).toBe(data)
  })

  test('padding after the end is not payload', () => {
    expect(textOf(101, Buffer.concat([ip4, Buffer.alloc(6)]))).toBe(data)
  })

  test('length 0 is that of the frame (segmentation offload)', () => {
    const packet = Buffer.from(ip4)
    packet.writeUInt16BE(0, 2)
    expect(textOf(101, packet)).toBe(data)
  })

  test('what the snaplen cut off is a gap, between bytes and in front of the next', () => {
    const wire = new Wire().open(0)
    const frame = frameOf({from: 0, seq: 1, data: 'abcdefgh'})
    wire.packet(frame.subarray(0, frame.length - 5), {originalLength: frame.length})
    wire.packet(frame.subarray(0, 54), {originalLength: frame.length})
    wire.send({from: 0, seq: 9, data: 'ij'})
    expect(wire.text(0)).toBe('abc<5>ij')
    expect(wire.tracker.counters).toMatchObject({cutSegments: 2, gaps: 1, gapBytes: 5, retransmissions: 1})
  })

  test('a snaplen inside the TCP options leaves a gap of the payload’s size', () => {
    const wire = new Wire()
    const frame = Buffer.from(frameOf({from: 0, seq: 1, data: `12345678${data}`}))
    frame[46] = 7 << 4
    wire.packet(frame.subarray(0, 14 + 20 + 20), {originalLength: frame.length})
    expect(wire.text(0)).toBe(`<${data.length}>`)
  })

  test('a length over that of a whole frame is not believed', () => {
    const packet = Buffer.from(ip4)
    packet.writeUInt16BE(packet.length + 100, 2)
    expect(textOf(101, packet)).toBe(data)
  })

  test.each([
    ['version', 0, 0x55],
    ['header length', 0, 0x44],
    ['header length over all', 0, 0x4f],
    ['TCP header length', 32, 0x10],
    ['TCP header length over all', 32, 0xf0],
  ])('a wrong %s is bad', (_, at, value) => {
    const packet = Buffer.from(frameOf({from: 0, seq: 1}).subarray(14))
    packet[at] = value
    const wire = new Wire()
    wire.packet(packet, {linkType: 101})
    expect(wire.tracker.counters).toMatchObject({bad: 1, segments: 0})
  })
})

describe('IPv6', () => {
  const withHeaders = (first: number, headers: Uint8Array, body = ip6.subarray(40)) => {
    const packet = Buffer.concat([ip6.subarray(0, 40), headers, body])
    packet[6] = first
    packet.writeUInt16BE(packet.length - 40, 4)
    return packet
  }

  test.each([
    ['hop-by-hop', 0, '06 00 010400000000'],
    ['destination options of 16 bytes', 60, '06 01 010c000000000000000000000000'],
    ['routing', 43, '06 02 00 00 00000000 20010db8000000000000000000000003'],
    ['authentication', 51, '06 04 0000 00000001 00000001 000000000000000000000000'],
    ['mobility', 135, '06 00 000000000000'],
    ['an atomic fragment', 44, '06 00 0000 00000007'],
    ['a chain', 0, '3c 00 010400000000 2b 00 010400000000 33 00 000000000000 06 01 0000 0000000100000002'],
  ])('%s', (_, first, headers) => {
    expect(textOf(101, withHeaders(first, bytes(headers)))).toBe(data)
  })

  test('a header longer than the packet is bad, a chain over the bound too, a cut one is cut', () => {
    const wire = new Wire()
    wire.packet(withHeaders(0, bytes('06 ff 010400000000')), {linkType: 101})
    wire.packet(withHeaders(0, Buffer.alloc(8 * limits.extensionHeaders)), {linkType: 101})
    const cut = withHeaders(0, bytes('06 01 010c000000000000000000000000'))
    wire.packet(cut.subarray(0, 48), {linkType: 101, originalLength: cut.length})
    expect(wire.tracker.counters).toMatchObject({bad: 2, cutShort: 1, segments: 0})
  })

  test('payload length 0 is that of the frame', () => {
    const packet = Buffer.from(ip6)
    packet.writeUInt16BE(0, 4)
    expect(textOf(101, packet)).toBe(data)
  })
})

describe('fragments', () => {
  const long = Buffer.from(Array.from({length: 3000}, (_, i) => i & 255))
  const text = long.toString('latin1')

  /** Fragments of an IP packet: each [offset, length], in multiples of 8 but for the last. */
  function fragment(ends: typeof v4 | typeof v6, id: number, cuts: readonly number[]): Buffer[] {
    const whole = Buffer.from(frameOf({from: 0, seq: 1, data: long}, ends).subarray(14))
    const isV4 = ends === v4
    const header = isV4 ? 20 : 40
    const body = whole.subarray(header)
    return cuts.map((start, i) => {
      const end = cuts[i + 1] ?? body.length
      const more = end < body.length ? 1 : 0
      const extra = isV4 ? Buffer.alloc(0) : Buffer.alloc(8)
      const out = Buffer.concat([whole.subarray(0, header), extra, body.subarray(start, end)])
      if (isV4) {
        out.writeUInt16BE(out.length, 2)
        out.writeUInt16BE(id, 4)
        out.writeUInt16BE((more << 13) | (start / 8), 6)
      } else {
        out.writeUInt16BE(out.length - 40, 4)
        out[6] = 44
        out[40] = 6
        out.writeUInt16BE(start | more, 42)
        out.writeUInt32BE(id, 44)
      }
      return out
    })
  }

  test.each([
    ['IPv4', v4],
    ['IPv6', v6],
  ] as const)('%s, any cut and order, repeated, of two datagrams at once', (_, ends) => {
    const cut = fc
      .uniqueArray(fc.integer({min: 1, max: 374}), {maxLength: 20})
      .map(list => [0, ...list.sort((a, b) => a - b).map(at => at * 8)])
    fc.assert(
      fc.property(cut, cut, fc.infiniteStream(fc.nat()), (first, second, order) => {
        const wire = new Wire()
        const packets = [
          ...fragment(ends, 1, first),
          ...fragment(ends, 2, second),
          ...fragment(ends, 1, first).slice(1),
        ]
        const shuffled = packets.map(packet => ({packet, key: order.next().value})).sort((a, b) => a.key - b.key)
        for (const {packet} of shuffled) wire.packet(packet, {linkType: 101})
        expect(wire.text(0)).toBe(text)
        expect(wire.tracker.counters).toMatchObject({conflicts: 0, bad: 0})
      }),
      {numRuns: 40},
    )
  })

  test('bytes keep the packet and offset that brought them', () => {
    const wire = new Wire()
    const [a, b, c] = fragment(v4, 1, [0, 800, 1600])
    for (const packet of [c, a, b]) wire.packet(packet!, {linkType: 101})
    expect(wire.connections[0]!.pieces[0].map(({packet, offset, at}) => [packet, offset, at])).toEqual([
      [2, 2040, 0],
      [3, 3020, 780],
      [1, 1020, 1580],
    ])
  })

  test('of a connection are followed in its shard alone', () => {
    const numbers = [1, 2, 3]
    const streams = numbers.map(number => {
      const wire = new Wire({number, count: numbers.length})
      for (const packet of fragment(v4, 1, [0, 800, 1600])) wire.packet(packet, {linkType: 101})
      return wire.connections.length === 0 ? 'other' : wire.text(0)
    })
    expect(streams.toSorted((a, b) => a.length - b.length)).toEqual(['other', 'other', text])
  })

  test('the TCP header itself may be cut in two', () => {
    const wire = new Wire()
    for (const packet of fragment(v4, 1, [0, 8, 16]).reverse()) wire.packet(packet, {linkType: 101})
    expect(wire.text(0)).toBe(text)
  })

  test('overlaps keep the first bytes', () => {
    const wire = new Wire()
    const [a, b] = fragment(v4, 1, [0, 800])
    const forged = Buffer.from(fragment(v4, 1, [0, 1600])[0]!)
    forged.fill(0xee, 40)
    for (const packet of [a!, forged, b!]) wire.packet(packet, {linkType: 101})
    const got = Buffer.from(wire.text(0), 'latin1')
    expect(got.subarray(0, 780).equals(long.subarray(0, 780))).toBe(true)
    expect(got.subarray(780, 1580).every(byte => byte === 0xee)).toBe(true)
    expect(got.subarray(1580).equals(long.subarray(1580))).toBe(true)
  })

  test('what the snaplen cut off is a gap between the fragments', () => {
    const wire = new Wire()
    const [a, b] = fragment(v4, 1, [0, 800])
    wire.packet(a!.subarray(0, 520), {linkType: 101, originalLength: a!.length})
    wire.packet(b!, {linkType: 101})
    expect(wire.text(0)).toBe(`${text.slice(0, 480)}<300>${text.slice(780)}`)
  })

  test('that were captured twice are not said to lack others', () => {
    const wire = new Wire()
    for (const packet of fragment(v4, 1, [0, 800, 1600]))
      for (let i = 0; i < 2; i++) wire.packet(packet, {linkType: 101})
    expect(wire.end().text(0)).toBe(text)
    expect(wire.tracker.counters).toMatchObject({fragments: 6, lostDatagrams: 0})
  })

  test('a datagram does not wait longer than its time, and is counted', () => {
    const wire = new Wire()
    const [a, b] = fragment(v4, 1, [0, 800])
    wire.packet(a!, {linkType: 101})
    wire.wait(limits.fragmentMicros)
    wire.packet(b!, {linkType: 101})
    wire.end()
    expect([wire.connections.length, wire.tracker.counters.lostDatagrams]).toEqual([0, 2])
  })

  test('datagrams over the bound are dropped, oldest first', () => {
    const wire = new Wire()
    for (let id = 0; id <= limits.datagrams; id++) wire.packet(fragment(v4, id, [0, 800])[0]!, {linkType: 101})
    wire.packet(fragment(v4, 1, [0, 800])[1]!, {linkType: 101})
    expect(wire.text(0)).toBe(text)
    wire.end()
    expect(wire.tracker.counters.lostDatagrams).toBe(limits.datagrams)
  })
})
