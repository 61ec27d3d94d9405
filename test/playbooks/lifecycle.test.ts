import {expect, test} from 'vitest'
import {connect, cryptoData, data, disconnect, oob, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {limits} from '../../src/protocol/limits.js'
import {keysOf, peerKey} from './keys.js'
import {finding, type Play, play} from './play.js'

const keys = keysOf(1)
const [a, b, c] = [peerKey(1), peerKey(2), peerKey(3)]

const greet = (p: Play): Play => p.client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response')
const ask = (p: Play, id: number, pk: Uint8Array): Play =>
  p.client(route(pk)).expect('route_request').relay(routed(id, pk)).expect('route_response')
const peerOf = (p: Play) => p.last.inferred?.peer
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('a peer is asked for, comes, goes, comes back and is given up', () => {
  const p = ask(greet(play(keys)), 16, a)
  p.client(data(16, cryptoData())).expect('data', finding('data-on-offline-id'))
  p.relay(connect(16)).expect('connect_notification')
  expect(peerOf(p)).toBe(hex(a))
  p.client(data(16, cryptoData())).expect('data')
  expect(peerOf(p)).toBe(hex(a))
  p.relay(data(16, cryptoData())).expect('data')
  p.relay(disconnect(16)).expect('disconnect_notification')
  p.client(data(16, cryptoData())).expect('data')
  p.after(3).client(data(16, cryptoData())).expect('data', finding('data-on-offline-id'))
  p.relay(disconnect(16)).expect('disconnect_notification', finding('disconnect-on-offline-id'))
  p.relay(connect(16)).expect('connect_notification')
  p.relay(connect(16)).expect('connect_notification', finding('connect-on-online-id'))
  p.client(data(16, cryptoData())).expect('data')
  p.client(disconnect(16)).expect('disconnect_notification')
  expect(peerOf(p)).toBe(hex(a))
  p.client(disconnect(16)).expect('disconnect_notification', finding('disconnect-of-free-id'))
  p.client(data(16, cryptoData())).expect('data', finding('data-on-free-id'))
  expect(peerOf(p)).toBeUndefined()
  p.end()
})

test('one id has several lives, and the lowest free one is given', () => {
  const p = ask(ask(ask(greet(play(keys)), 16, a), 17, b), 18, c)
  p.client(disconnect(17)).expect('disconnect_notification')
  p.client(disconnect(16)).expect('disconnect_notification')
  ask(p, 16, b)
  ask(p, 17, a)
  p.relay(connect(17)).expect('connect_notification')
  expect(peerOf(p)).toBe(hex(a))
  p.client(disconnect(17)).expect('disconnect_notification')
  p.client(route(a)).expect('route_request')
  p.relay(routed(19, a)).expect('route_response', finding('route-response-not-lowest'))
  p.client(disconnect(19)).expect('disconnect_notification').end()
})

test('real clients answer a disconnect notification by their own, and ask again', () => {
  const p = ask(greet(play(keys)), 16, a)
  for (let life = 0; life < 3; life++) {
    p.relay(connect(16)).expect('connect_notification')
    p.client(data(16, cryptoData())).expect('data')
    p.relay(disconnect(16)).expect('disconnect_notification')
    p.client(disconnect(16)).expect('disconnect_notification')
    ask(p, 16, a)
  }
  p.end()
})

test('data may still come on an id that the client has just given up', () => {
  const p = ask(greet(play(keys)), 16, a)
    .relay(connect(16))
    .expect('connect_notification')
  p.client(disconnect(16)).expect('disconnect_notification')
  p.relay(data(16, cryptoData())).expect('data')
  p.relay(disconnect(16)).expect('disconnect_notification')
  p.after(3).relay(data(16, cryptoData())).expect('data', finding('data-from-relay-on-free-id'))
  p.relay(disconnect(16)).expect('disconnect_notification', finding('disconnect-on-free-id')).end()
})

test('data on an id that the client has given up is a violation once the relay has answered a later ping', () => {
  const p = ask(greet(play(keys)), 16, a)
    .relay(connect(16))
    .expect('connect_notification')
  p.client(disconnect(16)).expect('disconnect_notification').client(ping(2)).expect('ping_request')
  p.relay(data(16, cryptoData())).expect('data')
  p.relay(pong(2)).expect('pong_response')
  p.relay(data(16, cryptoData())).expect('data', finding('data-from-relay-on-free-id')).end()
})

test('a violation after which the relay has answered is no cause, and the same one several times is one cause', () => {
  const closing = (p: Play) => p.close('relay', 'fin').expect('end').close('client', 'fin').expect('end').end()
  const twice = (p: Play) => {
    const found = finding('disconnect-of-free-id')
    return p
      .client(disconnect(16))
      .expect('disconnect_notification', found)
      .client(disconnect(16))
      .expect('disconnect_notification', found)
  }
  const causes = (p: Play) => p.records.at(-2)?.causes.map(({finding: {code}, number, count}) => [code, number, count])
  const refuted = twice(greet(play(keys)))
  refuted.client(ping(2)).expect('ping_request').relay(pong(2)).expect('pong_response')
  closing(refuted)
  expect(causes(refuted)).toEqual([])
  const repeated = twice(greet(play(keys)))
  const {number} = repeated.last
  closing(repeated)
  expect(causes(repeated)).toEqual([['disconnect-of-free-id', number, 2]])
})

test('what the relay still sends to a client that has closed is no violation, and not why it closed', () => {
  const p = ask(greet(play(keys)), 16, a)
  p.close('client', 'fin').expect('end')
  p.after(3).relay(data(17, cryptoData())).expect('data').close('relay', 'fin').expect('end').end()
  const [first, second] = p.records.filter(({kind}) => kind === 'end')
  expect(first?.causes.map(({finding: {code}}) => code)).toEqual(['client-left'])
  expect([first?.from, first?.isSecond]).toEqual(['client', undefined])
  expect([second?.from, second?.causes, second?.isSecond]).toEqual(['relay', [], true])
})

test('a key that is asked for twice has the same id', () => {
  const p = ask(greet(play(keys)), 16, a)
  p.client(route(a)).expect('route_request')
  p.relay(routed(16, a)).expect('route_response', finding('route-response-repeated'))
  p.client(route(a)).expect('route_request')
  p.relay(routed(17, a)).expect('route_response', finding('route-response-id-changed')).end()
})

test('requests are answered in their order', () => {
  const p = greet(play(keys))
  for (const pk of [a, b, c]) p.client(route(pk)).expect('route_request')
  p.relay(routed(16, b)).expect('route_response', finding('route-response-out-of-order'))
  p.relay(routed(17, a)).expect('route_response')
  p.relay(routed(17, c)).expect('route_response', finding('route-response-id-in-use'))
  p.relay(routed(18, c)).expect('route_response', finding('route-response-unasked')).end()
})

test('the own key is refused', () => {
  const own = keys.client.publicKey
  const p = greet(play(keys)).client(route(own)).expect('route_request', finding('route-own-key'))
  p.relay(routed(0, own)).expect('route_response', finding('route-refused'))
  ask(p, 16, a).end()
})

test('the 241st key is refused; a known one is not, and one that is given up makes room', () => {
  const p = greet(play(keys))
  for (let i = 0; i < 240; i++) ask(p, 16 + i, peerKey(1000 + i))
  p.client(route(a)).expect('route_request', finding('route-table-full'))
  p.relay(routed(0, a)).expect('route_response', finding('route-refused'))
  p.client(route(peerKey(1005))).expect('route_request')
  p.relay(routed(21, peerKey(1005))).expect('route_response', finding('route-response-repeated'))
  p.client(disconnect(200)).expect('disconnect_notification')
  ask(p, 200, a).end()
})

test('an id may be used while its answer is on the way', () => {
  const p = greet(play(keys)).client(route(a)).expect('route_request')
  p.client(data(16, cryptoData())).expect('data')
  p.client(disconnect(16)).expect('disconnect_notification')
  p.client(route(b)).expect('route_request')
  p.relay(routed(16, a)).expect('route_response')
  p.relay(routed(16, b)).expect('route_response')
  p.relay(connect(16)).expect('connect_notification').end()
})

test('a request without an answer is told at the end, if others were answered meanwhile', () => {
  greet(play(keys)).client(route(a)).expect('route_request').end()
  const p = greet(play(keys)).client(route(a)).expect('route_request')
  p.client(ping(2)).expect('ping_request').relay(pong(2)).expect('pong_response').end(finding('route-unanswered'))
  const late = greet(play(keys)).client(ping(2)).expect('ping_request').client(route(a)).expect('route_request')
  late.relay(pong(2)).expect('pong_response').relay(routed(16, a)).expect('route_response').end()
})

test('oob for a peer that is online is told, and for oneself', () => {
  const p = ask(greet(play(keys)), 16, a)
  p.client(oob(a, cryptoData())).expect('oob_send')
  p.relay(connect(16)).expect('connect_notification')
  p.client(oob(a, cryptoData())).expect('oob_send', finding('oob-while-online'))
  p.client(oob(keys.client.publicKey, cryptoData())).expect('oob_send', finding('oob-to-self')).end()
})

test('once more requests wait than are kept, an answer that fits none of them raises nothing', () => {
  const p = greet(play(keys))
  for (let peer = 0; peer < limits.pendingRoutes; peer++) p.client(route(peerKey(100 + peer))).expect('route_request')
  p.client(route(a)).expect('route_request')
  p.relay(routed(16, a)).expect('route_response')
  p.stop()
})
