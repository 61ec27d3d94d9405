import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
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
  test.each([
    ['Ethernet', 1, `${ethernet} 0800`, ip4],
    ['Ethernet, IPv6', 1, `${ethernet} 86dd`, ip6],
    ['VLAN', 1, `${ethernet} 8100 002a 0800`, ip4],
    ['QinQ', 1, `${ethernet} 88a8 0001 8100 002a 86dd`, ip6],
    ['old QinQ', 1, `${ethernet} 9100 0001 8100 002a 0800`, ip4],
    ['SLL', 113, '0000 0001 0006 020000000000 0000 0800', ip4],
    ['SLL with a VLAN', 113, '0000 0001 0006 020000000000 0000 8100 0007 86dd', ip6],
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

  test('other protocols and links are counted', () => {
    const wire = new Wire()
    wire.packet(bytes(`${ethernet} 0806 0001`))
    wire.packet(bytes(`${ethernet} 0026 4242`))
    wire.packet(bytes('07000000'), {linkType: 0})
    wire.packet(ip4, {linkType: 105})
    wire.packet(ip4, {linkType: -1})
    wire.packet(bytes(`${ethernet}${' 8100 0001'.repeat(9)} 0800`))
    expect(wire.tracker.counters).toMatchObject({packets: 6, notIp: 4, unknownLink: 2, segments: 0})
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
