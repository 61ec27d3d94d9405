import {expect, test} from 'vitest'
import {
  connect,
  cookieRequest,
  cookieRequestOf,
  cryptoData,
  data,
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
import {keysOf, peerKey} from './keys.js'
import {finding, type Play, play} from './play.js'

const keys = keysOf(1)
const [a, b] = [peerKey(1), peerKey(2)]
const start = (): Play => play(keys).client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response')
const online = (): Play =>
  start()
    .client(route(a))
    .expect('route_request')
    .relay(routed(16, a))
    .expect('route_response')
    .relay(connect(16))
    .expect('connect_notification')

test('data of one byte, wherever it goes', () => {
  start().client(Uint8Array.of(16)).expect('data', finding('data-empty-offline'), finding('data-on-free-id')).end()
  start()
    .client(route(a))
    .expect('route_request')
    .relay(routed(16, a))
    .expect('route_response')
    .client(Uint8Array.of(16))
    .expect('data', finding('data-empty-offline'), finding('data-on-offline-id'))
    .end()
  online().client(Uint8Array.of(16)).expect('data', finding('data-empty-online')).end()
  const unseen = online().gap('relay', 40).expect('gap', finding('bytes-missing'))
  unseen.client(Uint8Array.of(16)).expect('data', finding('data-empty-unseen')).end()
  online().relay(Uint8Array.of(16)).expect('data', finding('data-empty-from-relay')).end()
  start()
    .relay(Uint8Array.of(16))
    .expect('data', finding('data-empty-from-relay'), finding('data-from-relay-on-free-id'))
    .end()
})

test('what data carries', () => {
  const p = online()
  p.client(data(16, cookieRequest())).expect('data')
  p.client(data(16, payloadOf(0x18, 146))).expect('data', finding('data-payload-length-minor'))
  p.client(data(16, payloadOf(0x1a, 386))).expect('data', finding('data-payload-length'))
  p.client(data(16, cryptoData(1400))).expect('data', finding('crypto-data-full'))
  p.client(data(16, cryptoData(1401))).expect('data', finding('data-payload-length'))
  p.client(data(16, payloadOf(0x5a, 200))).expect('data', finding('data-kind-group'))
  p.client(data(16, payloadOf(0x5a, 50))).expect('data', finding('data-kind-group'), finding('data-payload-length'))
  p.client(data(16, payloadOf(0x20, 50))).expect('data', finding('data-kind-unknown'))
  p.relay(data(16, cryptoData(1400))).expect('data')
  p.relay(data(16, payloadOf(0x5b, 100)))
    .expect('data', finding('data-kind-group'))
    .end()
})

test('oob both ways', () => {
  const p = start()
  p.client(oob(a, cookieRequest())).expect('oob_send')
  p.client(packetOf(6, 33)).expect('oob_send', finding('oob-empty'))
  p.client(packetOf(6, 20)).expect('oob_send', finding('packet-too-short'))
  p.client(oob(a, cryptoData(1024))).expect('oob_send')
  p.client(oob(a, cryptoData(1025))).expect('oob_send', finding('oob-too-long'))
  p.client(oob(a, payloadOf(0x77, 9))).expect('oob_send', finding('oob-kind-unknown'))
  p.relay(oobFrom(a, cookieRequestOf(a))).expect('oob_receive')
  p.relay(oobFrom(b, cookieRequestOf(a))).expect('oob_receive', finding('oob-cookie-request-key'))
  p.relay(packetOf(7, 33)).expect('oob_receive', finding('oob-receive-empty'))
  p.relay(oobFrom(a, cryptoData(1025))).expect(
    'oob_receive',
    finding('oob-kind-without-route'),
    finding('oob-receive-too-long'),
  )
  p.relay(oobFrom(a, payloadOf(0x5a, 180)))
    .expect('oob_receive')
    .end()
})

test('out of band, a peer with a route may send what one without may not', () => {
  const p = start().relay(oobFrom(a, cryptoData())).expect('oob_receive', finding('oob-kind-without-route'))
  p.relay(oobFrom(a, payloadOf(0x1a, 385))).expect('oob_receive')
  p.client(route(a)).expect('route_request')
  p.relay(oobFrom(a, cryptoData())).expect('oob_receive')
  p.relay(oobFrom(a, cookieRequestOf(b))).expect('oob_receive')
  p.relay(routed(16, a)).expect('route_response')
  p.relay(oobFrom(a, payloadOf(0x5b, 100))).expect('oob_receive')
  p.relay(oobFrom(b, payloadOf(0x5b, 100)))
    .expect('oob_receive', finding('oob-kind-without-route'))
    .end()
})

test('a relay that speaks first is no reason to hold findings back', () => {
  play(keys)
    .relay(routed(16, a))
    .expect('route_response', finding('relay-speaks-first'), finding('route-response-unasked'))
    .end()
})

test('onion requests and their answers', () => {
  const p = start()
  p.client(onion(355)).expect('onion_request')
  p.client(onion(355, 10)).expect('onion_request')
  p.client(onion(355, 130)).expect('onion_request', finding('onion-family-tcp'))
  p.client(onion(178, 3)).expect('onion_request', finding('onion-family-unknown'), finding('onion-request-bare'))
  p.client(onion(40)).expect('onion_request', finding('onion-request-tiny'))
  p.client(onion(2032)).expect('onion_request', finding('onion-request-long'))
  p.relay(onionAnswer(payloadOf(0x84, 200))).expect('onion_response')
  p.relay(onionAnswer(payloadOf(0x86, 200))).expect('onion_response')
  p.relay(onionAnswer(payloadOf(0x88, 200))).expect('onion_response', finding('onion-response-new-announce'))
  p.relay(onionAnswer(payloadOf(0x84, 1))).expect('onion_response', finding('onion-response-cut-short'))
  p.relay(onionAnswer(payloadOf(0x84, 627))).expect('onion_response', finding('onion-response-length'))
  p.relay(Uint8Array.of(9)).expect('onion_response', finding('onion-response-empty')).end()
})

test('forwarding', () => {
  const p = start()
  p.client(forward(0)).expect('forward_request', finding('forward-request-tox-rs'))
  p.client(forward(1792, 10)).expect('forward_request', finding('forward-request-tox-rs'))
  p.client(forward(1793)).expect('forward_request', finding('forward-request-tox-rs'), finding('forward-request-long'))
  p.client(forward(5, 138)).expect(
    'forward_request',
    finding('forward-request-tox-rs'),
    finding('forward-request-family'),
  )
  p.client(Uint8Array.of(10, 2)).expect(
    'forward_request',
    finding('forward-request-tox-rs'),
    finding('forward-request-short'),
  )
  p.relay(forwarded(Uint8Array.of(1))).expect('forwarding', finding('forwarding-tox-rs'))
  p.relay(Uint8Array.of(11)).expect('forwarding', finding('forwarding-empty'))
  p.client(forwarded(Uint8Array.of(1))).expect('forwarding', finding('wrong-direction'))
  p.relay(forward(3)).expect('forward_request', finding('wrong-direction')).end()
})

test('findings say where', () => {
  const p = online()
    .client(data(16, payloadOf(0x20, 50)))
    .expect('data', finding('data-kind-unknown'))
  expect(p.last.findings[0]?.range).toEqual([1, 2])
  p.client(Buffer.concat([ping(3), Uint8Array.of(1, 2)])).expect('ping_request', finding('packet-too-long'))
  expect(p.last.findings[0]?.range).toEqual([9, 11])
  p.client(connect(3)).expect('connect_notification', finding('connect-from-client-reserved'))
  expect(p.last.findings[0]?.range).toEqual([1, 2])
  p.client(Buffer.concat([connect(16), Uint8Array.of(1)]))
  p.expect('connect_notification', finding('connect-from-client-too-long'))
  expect(p.last.findings[0]?.range).toEqual([2, 3])
  p.clientWire(Uint8Array.of(0, 0)).expect('frame', finding('frame-empty'))
  expect(p.last.findings[0]).toMatchObject({range: [0, 2], of: 'wire'})
  p.end()
})
