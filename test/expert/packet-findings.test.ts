import {expect, test} from 'vitest'
import {checkLonePacket, checkPacket, checkPayloadAlone} from '../../src/expert/check.js'
import {packetFault} from '../../src/expert/faults.js'
import {
  connect,
  cookieRequest,
  cryptoData,
  data,
  disconnect,
  forward,
  forwarded,
  onion,
  onionAnswer,
  oob,
  oobFrom,
  packetOf,
  payloadOf,
  ping,
  pong,
  route,
  routed,
} from '../../src/probe/cases/packets.js'
import {reservedIds} from '../../src/protocol/packets/reserved.js'
import {packetWindow, typeNamed, typeOf} from '../../src/protocol/table.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {faults} from '../../src/wire/layout-faults.js'
import type {PacketType} from '../../src/wire/packet.js'
import type {Sender} from '../../src/wire/side.js'
import {noShift, Window} from '../../src/wire/window.js'
import {peerKey} from '../playbooks/keys.js'
import {findingLine} from './finding-line.js'

const peer = peerKey(1)
const longer = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 1)
const onClientId = (payload: Uint8Array): Uint8Array => data(16, payload)

type Case = readonly [title: string, from: Sender | null, packet: Uint8Array]

/** Packets at both sides of each bound, and with values at both sides of what is allowed. */
const cases: readonly Case[] = [
  ['a route request', 'client', route(peer)],
  ['a route request that lacks a byte', 'client', route(peer).subarray(0, 32)],
  ['a route request that is an id alone', 'client', route(peer).subarray(0, 1)],
  ['a route request with a byte more', 'client', longer(route(peer))],
  ['a route request from a relay', 'relay', route(peer)],
  ['a route request from either end', null, route(peer)],
  ['a route response', 'relay', routed(16, peer)],
  ['a route response from a client', 'client', routed(16, peer)],
  ['a refused route', 'relay', routed(0, peer)],
  ['a refused route that lacks a byte', 'relay', routed(0, peer).subarray(0, 33)],
  ['a route response with the id 1', 'relay', routed(1, peer)],
  ['a route response with the id 15', 'relay', routed(15, peer)],
  ['a connect notification', 'relay', connect(16)],
  ['a connect notification of id 0', 'relay', connect(0)],
  ['a connect notification of id 15', 'relay', connect(15)],
  ['a connect notification from a client', 'client', connect(16)],
  ['a connect notification of id 0 from a client', 'client', connect(0)],
  ['a connect notification of id 15 from a client', 'client', connect(15)],
  ['a connect notification without id from a client', 'client', connect(16).subarray(0, 1)],
  ['a connect notification with a byte more from a client', 'client', longer(connect(16))],
  ['a connect notification of id 15 with a byte more from a client', 'client', longer(connect(15))],
  ['a disconnect notification', 'client', disconnect(255)],
  ['a disconnect notification of id 15', 'client', disconnect(15)],
  ['a disconnect notification of id 15 with a byte more', 'client', longer(disconnect(15))],
  ['a ping', 'client', ping(1)],
  ['a ping with the id 0', 'client', ping(0)],
  ['a ping with the id 0 and a byte more', 'client', longer(ping(0))],
  ['a ping of zeros that lacks a byte', 'client', ping(0).subarray(0, 8)],
  ['a pong with the id 0', 'relay', pong(0)],
  ['a pong', 'relay', pong(1 << 24)],
  ['out-of-band data', 'client', oob(peer, cookieRequest())],
  ['out-of-band data without data', 'client', packetOf(6, 33)],
  ['out-of-band data without a whole key', 'client', packetOf(6, 32)],
  ['out-of-band data of 1024 bytes', 'client', oob(peer, cryptoData(1024))],
  ['out-of-band data of 1025 bytes', 'client', oob(peer, cryptoData(1025))],
  ['out-of-band data that fits no frame', 'client', packetOf(6, 2033)],
  ['out-of-band data of an unknown kind', 'client', oob(peer, payloadOf(0x17, 20))],
  ['a cookie request out of band that lacks a byte', 'client', oob(peer, payloadOf(0x18, 144))],
  ['a group handshake out of band', 'client', oob(peer, payloadOf(0x5a, 300))],
  ['received out-of-band data', 'relay', oobFrom(peer, cryptoData(1024))],
  ['received out-of-band data without data', 'relay', packetOf(7, 33)],
  ['received out-of-band data of 1025 bytes', 'relay', oobFrom(peer, cryptoData(1025))],
  ['received out-of-band data of an unknown kind', 'relay', oobFrom(peer, payloadOf(0x17, 20))],
  ['an onion request', 'client', onion(179)],
  ['an onion request of 159 bytes', 'client', onion(159)],
  ['an onion request of 160 bytes', 'client', onion(160)],
  ['an onion request of 177 bytes', 'client', onion(177)],
  ['an onion request of 178 bytes', 'client', onion(178)],
  ['an onion request of 1360 bytes', 'client', onion(1360)],
  ['an onion request of 1361 bytes', 'client', onion(1361)],
  ['an onion request to IPv6', 'client', onion(355, 10)],
  ['an onion request to TCP over IPv4', 'client', onion(355, 130)],
  ['an onion request to TCP over IPv6', 'client', onion(355, 138)],
  ['an onion request to family 3', 'client', onion(355, 3)],
  ['an onion request with padding that is not zero', 'client', onion(355, 2, `${'00'.repeat(11)}01`)],
  ['an onion response', 'relay', onionAnswer(payloadOf(0x86, 123))],
  ['an onion response without payload', 'relay', Uint8Array.of(9)],
  ['an onion response of an unknown kind', 'relay', onionAnswer(payloadOf(0x85, 123))],
  ['an announce response that is cut off before its box', 'relay', onionAnswer(payloadOf(0x84, 32))],
  ['an announce response with an empty box', 'relay', onionAnswer(payloadOf(0x84, 33))],
  ['a newer announce response', 'relay', onionAnswer(payloadOf(0x88, 100))],
  ['an onion response of 1340 bytes', 'relay', onionAnswer(payloadOf(0x86, 1340))],
  ['an onion response of 1341 bytes', 'relay', onionAnswer(payloadOf(0x86, 1341))],
  ['an onion response of 1400 bytes', 'relay', onionAnswer(payloadOf(0x86, 1400))],
  ['an onion response of 1401 bytes', 'relay', onionAnswer(payloadOf(0x86, 1401))],
  ['a forward request', 'client', forward(10)],
  ['a forward request without data', 'client', forward(0)],
  ['a forward request that lacks a byte of its address', 'client', forward(0).subarray(0, 7)],
  ['a forward request to IPv6 that lacks a byte of its address', 'client', forward(0, 10).subarray(0, 19)],
  ['a forward request that is an id alone', 'client', forward(0).subarray(0, 1)],
  ['a forward request to family 130', 'client', forward(10, 130)],
  ['a forward request to family 130 that is cut off', 'client', forward(0, 130).subarray(0, 3)],
  ['a forward request of 1792 bytes', 'client', forward(1792)],
  ['a forward request of 1793 bytes', 'client', forward(1793)],
  [
    'a forward request with a data search that lacks a byte',
    'client',
    fromHex(`0a020a000001823593${'44'.repeat(111)}`),
  ],
  ['a forwarded answer', 'relay', forwarded(Uint8Array.of(1))],
  ['a forwarded answer that is empty', 'relay', Uint8Array.of(11)],
  ['a reserved packet', 'client', packetOf(reservedIds.last, 20)],
  ['data', 'client', onClientId(cryptoData())],
  ['data without payload from a client', 'client', Uint8Array.of(16)],
  ['data without payload from a relay', 'relay', Uint8Array.of(16)],
  ['data without payload from either end', null, Uint8Array.of(16)],
  ['data of an unknown kind', 'client', onClientId(payloadOf(0x1c, 20))],
  ['data of a group', 'client', onClientId(payloadOf(0x5c, 100))],
  ['a cookie request that lacks a byte', 'client', onClientId(payloadOf(0x18, 144))],
  ['a cookie request with a byte more', 'client', onClientId(payloadOf(0x18, 146))],
  ['a cookie response with a byte more', 'client', onClientId(payloadOf(0x19, 162))],
  ['crypto data of 2 bytes', 'client', onClientId(payloadOf(0x1b, 2))],
  ['crypto data of 3 bytes', 'client', onClientId(payloadOf(0x1b, 3))],
  ['crypto data of 27 bytes', 'client', onClientId(payloadOf(0x1b, 27))],
  ['crypto data of 28 bytes', 'client', onClientId(payloadOf(0x1b, 28))],
  ['crypto data of 1399 bytes', 'client', onClientId(cryptoData(1399))],
  ['crypto data of 1400 bytes', 'client', onClientId(cryptoData(1400))],
  ['crypto data of 1400 bytes from a relay', 'relay', onClientId(cryptoData(1400))],
  ['crypto data of 1400 bytes out of band', 'client', oob(peer, cryptoData(1400))],
  ['crypto data of 1401 bytes', 'client', onClientId(cryptoData(1401))],
  ['data of 2032 bytes', 'client', packetOf(16, 2032)],
  ['data of 2033 bytes', 'client', packetOf(16, 2033)],
]

const windowOn = (bytes: Uint8Array): Window => packetWindow(bytes, 0, bytes.length, noShift)!

test('what is wrong with a packet alone, and where', async () => {
  const lines = cases.flatMap(([title, from, bytes]) => [
    title,
    ...checkLonePacket(windowOn(bytes), from).map(found => `  ${findingLine(found)}`),
  ])
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/findings/packets.txt')
})

test('places in a packet do not depend on what is before it in memory', () => {
  for (const [title, from, bytes] of cases) {
    const moved = new Window(windowOn(bytes).type, Uint8Array.of(9, 9, ...bytes, 9), 2, 2 + bytes.length, noShift)
    expect(checkLonePacket(moved, from), title).toEqual(checkLonePacket(windowOn(bytes), from))
  }
})

test('data without payload from a client is left to the state of its id, and a packet that fits no frame to frames', () => {
  expect(checkPacket(windowOn(Uint8Array.of(16)), 'client')).toEqual([])
  expect(checkPacket(windowOn(Uint8Array.of(16)), null)).toEqual([])
})

test('an empty packet from the wrong end has no id to show', () => {
  expect(checkPacket(new Window(typeNamed('oob_send'), new Uint8Array(3), 1, 1, noShift), 'relay')).toEqual([
    {code: 'wrong-direction', data: {from: 'relay', title: 'OobSend'}, range: [0, 0]},
  ])
})

test('what is wrong with a payload alone, and where', async () => {
  const payloads = [
    ...[144, 145, 146].map(length => payloadOf(0x18, length)),
    ...[160, 161, 162].map(length => payloadOf(0x19, length)),
    ...[384, 385, 386].map(length => payloadOf(0x1a, length)),
    ...[2, 3, 27, 28, 1400, 1401].map(length => payloadOf(0x1b, length)),
    ...[171, 172, 1477, 1478].map(length => payloadOf(0x5a, length)),
    ...[73, 74, 1477, 1478].map(length => payloadOf(0x5c, length)),
  ]
  const responses = [
    ...[8, 32, 33, 81, 82, 626, 627].map(length => payloadOf(0x84, length)),
    ...[56, 57, 121, 122, 1069, 1070].map(length => payloadOf(0x86, length)),
  ]
  const lines = [...payloads, ...responses].flatMap(bytes => {
    const type = (typeOf('payload', bytes[0]!) ?? typeOf('onion_response', bytes[0]!))!
    const found = checkPayloadAlone(new Window(type, bytes, 0, bytes.length, noShift))
    return [`${type.name}, ${bytes.length} bytes`, ...found.map(each => `  ${findingLine(each)}`)]
  })
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/findings/payloads.txt')
})

const addresses: readonly (readonly [
  type: 'client_handshake' | 'relay_handshake' | 'ip_port' | 'padded_ip_port' | 'node',
  hex: string,
  lines: readonly string[],
])[] = [
  [
    'client_handshake',
    '11'.repeat(127),
    ['handshake-cut-off - the stream ends after 127 of 128 bytes of the handshake'],
  ],
  ['relay_handshake', '11'.repeat(20), ['handshake-cut-off - the stream ends after 20 of 96 bytes of the handshake']],
  ['ip_port', `03${'00'.repeat(18)}`, ['onion-family-unknown 0-1 address family 3 is unknown']],
  ['ip_port', '827f0000018235', []],
  ['ip_port', '027f00000182', ['packet-too-short 0-6 IpPort is 6 bytes, needs 7: cut off inside ip_port']],
  ['padded_ip_port', `03${'00'.repeat(18)}`, ['onion-family-unknown 0-1 address family 3 is unknown']],
  [
    'padded_ip_port',
    `027f00000101${'00'.repeat(11)}8235`,
    ['onion-padding 5-17 the 12 bytes of padding after the IPv4 address are not zero'],
  ],
  ['node', `027f0000018235${'11'.repeat(33)}`, ['packet-too-long 39-40 PackedNode is 40 bytes, should be 51']],
]

test.each(addresses)('what is wrong with %s %s', (name, hex, lines) => {
  const bytes = fromHex(hex)
  const type: PacketType = typeNamed(name)
  const window = new Window(type, bytes, 0, bytes.length, noShift)
  expect(faults(window).map(fault => findingLine(packetFault(window, fault)!))).toEqual(lines)
})
