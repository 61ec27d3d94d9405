import {expect, test} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {sealClientHandshake} from '../../src/peer/handshake.js'
import {connect, cryptoData, data, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {limits} from '../../src/protocol/limits.js'
import {keysOf, peerKey} from './keys.js'
import {clientHello, finding, type Play, play, relayHello} from './play.js'
import {zeroPlay} from './zero-keys.js'

const keys = keysOf(1)
const a = peerKey(1)
const closes = (p: {closes: (receiver: 'c_toxcore_relay' | 'tox_rs_relay') => boolean}) => [
  p.closes('c_toxcore_relay'),
  p.closes('tox_rs_relay'),
]

test('the same client key on two connections', () => {
  const p = play(keys).client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response')
  p.open(keys, {greets: false})
  p.clientHandshake(keys).expect('client_handshake', finding('client-key-again'))
  p.relayHandshake(keys).expect('relay_handshake')
  p.on(0).client(ping(2)).expect('ping_request')
  p.on(1).client(ping(1)).expect('ping_request', finding('client-key-confirmed-again'))
  p.client(ping(2)).expect('ping_request')
  expect(closes(p)).toEqual([false, false])
  p.end()
})

test('of many connections with the same client key, the newest are named', () => {
  const p = play(keys, {greets: false}).clientHandshake(keys)
  for (let n = 0; n < limits.sameClientKey + 2; n++) p.open(keys, {greets: false}).clientHandshake(keys)
  p.stop()
  const named = p.records
    .findLast(({kind}) => kind === 'handshake')!
    .findings.filter(({code}) => code === 'client-key-again')
  expect(named.map(({data}) => data)).toEqual(
    Array.from({length: limits.sameClientKey}, (_, at) => ({connection: at + 2})),
  )
})

test('another client, and a client that comes back after its end, are no second', () => {
  const p = play(keys)
    .client(ping(1))
    .expect('ping_request')
    .close('client', 'fin')
    .expect('end')
    .close('relay', 'fin')
    .expect('end')
  p.open(keysOf(2)).client(ping(1)).expect('ping_request')
  p.open(keys).client(ping(1)).expect('ping_request').end()
})

test('a handshake that was recorded and is sent again, with the first frame behind it', () => {
  const p = play(keys).client(ping(1)).expect('ping_request')
  const recorded = p.sealed('client', ping(2))
  p.open(keys, {greets: false}).clientWire(clientHello(keys, keys.session(0)))
  p.expect('client_handshake', finding('handshake-replayed'), finding('client-key-again'))
  p.relayHandshake(keys).expect('relay_handshake')
  p.clientWire(recorded).expect('frame', finding('frame-mac'))
  expect(closes(p)).toEqual([true, true])
  p.end()
})

test('a connection that is captured on both sides of an address translation is no second one', () => {
  const p = play(keys, {greets: false}).clientHandshake(keys)
  p.open(keys, {greets: false}).clientWire(clientHello(keys, keys.session(0)))
  const answer = relayHello(keys, keys.session(0))
  for (const leg of [1, 0]) p.on(leg).relayWire(answer)
  const frame = p.on(0).sealed('client', ping(1))
  for (const leg of [0, 1]) p.on(leg).clientWire(frame)
  expect(p.stop().records.flatMap(({findings}) => findings)).toEqual([])
  expect(p.records.filter(({kind, state}) => kind === 'frame' && state === 'open')).toHaveLength(2)
})

/** A handshake that was made for another relay, and the relay closes. */
function refusedPlay(...know: readonly KeyItem[]) {
  const wrong = keys.box.sharedKey(peerKey(5), keys.client.secretKey)
  const {client, clientBase, clientNonce} = keys.session(0)
  const hello = sealClientHandshake(
    keys.box,
    keys.client.publicKey,
    {sessionKey: client.publicKey, baseNonce: clientBase},
    clientNonce,
    wrong,
  )
  return play(keys, {greets: false, know})
    .clientWire(hello)
    .expect('client_handshake', finding('handshake-sealed'))
    .close('relay', 'fin')
}

const relayKey: KeyItem = {kind: 'secret_key', publicKey: null, secretKey: keys.relay.secretKey}

test('a handshake for another relay is a fault where the key of its client is known, and the relay hangs up', () => {
  const p = refusedPlay(relayKey, {kind: 'secret_key', publicKey: null, secretKey: keys.client.secretKey})
  p.expect('end', finding('client-handshake-box'))
  expect(p.last.causes.map(({finding: {code}, number}) => [code, number])).toEqual([['client-handshake-box', 2]])
  p.close('client', 'fin').expect('end').end()
})

test('a handshake that no key opens is a fault where the key of the relay has opened others', () => {
  const p = play(keys, {know: [relayKey]})
    .client(ping(1))
    .expect('frame', finding('frame-sealed'))
  p.open(keysOf(2), {greets: false}).clientWire(new Uint8Array(128).fill(3))
  p.expect('client_handshake', finding('handshake-sealed'))
  p.close('relay', 'fin').expect('end', finding('client-handshake-box')).stop()
})

test('an unrelated key and a relay that hangs up accuse nobody', () => {
  const p = refusedPlay({kind: 'secret_key', publicKey: null, secretKey: peerKey(6)})
  p.expect('end', finding('client-handshake-refused'))
  expect(p.last.causes).toEqual([])
  expect(closes(p)).toEqual([false, false])
  p.close('client', 'fin').expect('end').end()
})

test('a handshake that the relay answers was right: the keys given here are not', () => {
  const p = play(keys, {
    greets: false,
    know: [{kind: 'secret_key', publicKey: null, secretKey: peerKey(6)}],
  }).clientHandshake(keys)
  p.expect('client_handshake', finding('handshake-sealed'))
  p.relayHandshake(keys).expect('relay_handshake', finding('handshake-sealed'))
  p.client(ping(1)).expect('frame', finding('frame-sealed')).end()
})

test('a frame in the segment of the handshake', () => {
  const p = play(keys, {greets: false}).clientHandshake(keys).expect('client_handshake')
  const behind = Buffer.concat([p.sealed('relay', ping(1)), p.sealed('relay', ping(2))])
  p.relayHandshake(keys, behind).expect('relay_handshake', finding('frame-with-relay-handshake'))
  p.expect('ping_request', finding('relay-speaks-first')).expect('ping_request').end()
  expect([p.closes('c_toxcore_client'), p.closes('tox_rs_client')]).toEqual([false, true])
})

test('a shared key that may belong to anything and opens nothing leaves the frames sealed', () => {
  const p = play(keys, {
    know: [
      {kind: 'secret_key', publicKey: null, secretKey: keys.relay.secretKey},
      {kind: 'shared_key', sharedKey: peerKey(7)},
    ],
  })
  p.client(ping(1)).expect('frame', finding('frame-sealed'))
  p.client(ping(2)).expect('frame', finding('frame-sealed'))
  p.relay(pong(1)).expect('frame', finding('frame-sealed'))
  expect(p.records.slice(3).map(({state}) => state)).toEqual(['sealed', 'sealed', 'sealed'])
  p.end()
})

test('a frame in the segment of the handshake, where segments are not known', () => {
  const p = play(keys, {greets: false, hasSegments: false}).clientHandshake(keys).expect('client_handshake')
  p.relayHandshake(keys, p.sealed('relay', ping(1)))
    .expect('relay_handshake')
    .expect('ping_request', finding('relay-speaks-first'))
    .end()
})

test('a handshake in pieces, and half a handshake', () => {
  const hello = clientHello(keys, keys.session(0))
  const p = play(keys, {greets: false})
  for (let at = 0; at < 128; at += 16) p.clientWire(hello.subarray(at, at + 16))
  p.expect('client_handshake').relayWire(new Uint8Array(50))
  p.stop().expect('relay_handshake', finding('handshake-cut-off')).expect('end')
})

test('keys of low order: a box opens at one implementation only', () => {
  const zero = zeroPlay('zero')
  zero.expect('client_handshake', finding('low-order-key'), finding('low-order-key'), finding('zero-shared-key'))
  zero.expect('relay_handshake', finding('zero-shared-key'))
  zero
    .expect('ping_request', finding('zero-shared-key'))
    .expect('pong_response', finding('zero-shared-key'))
    .expect('ping_request')
    .end()
  expect(closes(zero)).toEqual([false, true])
  const hashed = zeroPlay('hashed').stop()
  expect(closes(hashed)).toEqual([true, false])
  expect(hashed.records.filter(({state}) => state === 'open').length).toBe(5)
})

test('nonces that wrap', () => {
  const wrapping = {
    ...keys,
    session: (connection: number) => ({
      ...keys.session(connection),
      clientBase: new Uint8Array(24).fill(255),
      relayBase: new Uint8Array(24).fill(255),
    }),
  }
  const p = play(wrapping)
  for (let id = 1; id < 4; id++) p.client(ping(id)).expect('ping_request').relay(pong(id)).expect('pong_response')
  p.end()
})

test('after lost, repeated and damaged frames no slot is certain', () => {
  const p = play(keys).client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response')
  p.client(route(a))
    .expect('route_request')
    .relay(routed(16, a))
    .expect('route_response')
    .relay(connect(16))
    .expect('connect_notification')
  p.lost('client', 2).client(data(16, cryptoData())).expect('data', finding('frames-lost'))
  p.client(data(99, cryptoData())).expect('data')
  p.again('client').expect('data', finding('frame-repeated'))
  p.relay(connect(44)).expect('connect_notification')
  p.relay(connect(44)).expect('connect_notification', finding('connect-on-online-id'))
  p.relay(routed(20, peerKey(7))).expect('route_response')
  p.clientWire(Buffer.concat([Uint8Array.of(0, 40), new Uint8Array(40)])).expect('frame', finding('frame-mac'))
  p.clientWire(Buffer.concat([Uint8Array.of(0, 40), new Uint8Array(40)])).expect('frame', finding('frame-mac-again'))
  p.relay(connect(44)).expect('connect_notification')
  p.end()
})

test('a sealed stretch makes every slot unknown, until it is named again', () => {
  const p = play(keys).client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response')
  p.gap('client', 300).expect('gap', finding('bytes-missing'))
  const frames = [data(33, cryptoData()), data(34, cryptoData()), ping(5)].map(each => p.sealed('client', each))
  p.clientWire(Buffer.concat(frames)).expect('data').expect('data').expect('ping_request')
  p.relay(connect(16)).expect('connect_notification').relay(data(16, cryptoData())).expect('data')
  p.relay(connect(16)).expect('connect_notification', finding('connect-on-online-id')).end()
})

test('a client that leaves after three seconds without an answer did not wait for the limit', () => {
  const p = play(keys, {greets: false}).clientHandshake(keys).expect('client_handshake')
  p.after(3).close('client', 'fin').expect('end').close('relay', 'fin').expect('end').end()
  expect(p.records.filter(({kind}) => kind === 'end').map(({causes}) => causes)).toEqual([[], []])
})

test('a relay handshake that comes late is the cause only where the client did not go on', () => {
  const late = () => play(keys, {greets: false}).clientHandshake(keys).after(3600).relayHandshake(keys)
  const causes = (p: Play) =>
    p
      .close('client', 'fin')
      .stop()
      .records.at(-1)!
      .causes.map(({finding: {code}}) => code)
  expect(causes(late())).toEqual(['relay-handshake-late'])
  expect(causes(late().client(ping(1)).relay(pong(1)).after(5))).toEqual(['client-left'])
})
