import {describe, expect, test} from 'vitest'
import {type Peers, peersNamed, peersOf, unknownPeers} from '../../src/expert/peers.js'
import {
  connect,
  cryptoData,
  data,
  disconnect,
  forward,
  forwarded,
  payloadOf,
  ping,
  pong,
  route,
  routed,
} from '../../src/probe/cases/packets.js'
import {severityIn} from '../../src/session/record.js'
import {keysOf, peerKey} from './keys.js'
import {type Play, play} from './play.js'

const keys = keysOf(3)
const peer = peerKey(1)
/** A client that does not ping may be of any implementation. */
const routing = (p: Play): Play => p.client(route(peer)).relay(routed(16, peer)).relay(connect(16))

const peersAtEnd = (p: Play) => p.stop().records.at(-1)!.peers
const severities = (p: Play, type: string) =>
  p.records
    .filter(({window}) => window?.type.name === type)
    .flatMap(record => record.findings.map(found => `${severityIn(record, found)} ${found.code}`))
const causes = (p: Play) =>
  p
    .stop()
    .records.find(({kind}) => kind === 'end')!
    .causes.map(({finding, receivers}) => `${finding.code}: ${receivers.join(', ')}`)

describe('the packets of a connection show which implementations its ends are', () => {
  test('nothing is known of a client and a relay that do what both implementations do', () => {
    expect(peersAtEnd(routing(play(keys)))).toEqual(unknownPeers)
  })

  test('a client that pings is c-toxcore: the client of tox-rs never does', () => {
    expect(peersAtEnd(routing(play(keys)).client(ping(1)).relay(pong(1)))).toEqual(peersOf('c_toxcore', null))
  })

  test('a relay that answers a forward request is c-toxcore, and so is its client', () => {
    const p = routing(play(keys))
      .client(forward(10))
      .relay(forwarded(payloadOf(1, 10)))
    expect(peersAtEnd(p)).toEqual(peersOf('c_toxcore', 'c_toxcore'))
  })

  test('a relay that speaks before the client does is tox-rs', () => {
    expect(peersAtEnd(play(keys).relay(ping(7)).client(pong(7)))).toEqual(peersOf(null, 'tox_rs'))
  })

  test('a relay that passes on what tox-rs refuses to relay is c-toxcore', () => {
    for (const payload of [cryptoData(1400), payloadOf(0x5b, 100)])
      expect(peersAtEnd(routing(play(keys)).relay(data(16, payload)))).toEqual(peersOf(null, 'c_toxcore'))
  })

  test('a relay that answers after a wrong pong is not tox-rs, which closes on it', () => {
    const p = routing(play(keys)).client(pong(9))
    expect(peersAtEnd(p.client(route(peerKey(2))).relay(routed(17, peerKey(2))))).toEqual(peersOf(null, 'c_toxcore'))
  })

  test('a relay that answers after data on a free id is not c-toxcore, which closes on it', () => {
    const p = routing(play(keys)).client(data(99, cryptoData(100)))
    expect(peersAtEnd(p.client(route(peerKey(2))).relay(routed(17, peerKey(2))))).toEqual(peersOf(null, 'tox_rs'))
  })

  test('what a relay sends before it can have read a packet shows nothing', () => {
    expect(peersAtEnd(routing(play(keys)).client(pong(9)).relay(disconnect(16)))).toEqual(unknownPeers)
  })

  test('an end that does what neither does is a third one, of which nothing is known', () => {
    const p = routing(play(keys))
      .client(pong(9))
      .client(data(99, cryptoData(100)))
    expect(peersAtEnd(p.client(route(peerKey(2))).relay(routed(17, peerKey(2))))).toEqual(unknownPeers)
  })
})

describe('severities follow what is known of the peers', () => {
  const wrongPong = (p: Play) => routing(p).client(pong(9))

  test('a packet on which only tox-rs closes is a warning while the relay may be either', () => {
    expect(severities(wrongPong(play(keys)).stop(), 'pong_response')).toEqual(['warn pong-unasked'])
  })

  test('to a tox-rs relay it is an error', () => {
    expect(severities(wrongPong(play(keys, {peers: peersNamed('tox-rs')})).stop(), 'pong_response')).toEqual([
      'error pong-unasked',
    ])
  })

  test('data on a free id, which c-toxcore closes on and tox-rs discards, is a warning to a tox-rs relay', () => {
    const said = (p: Play) =>
      severities(
        routing(p)
          .client(data(99, cryptoData(100)))
          .stop(),
        'data',
      )
    expect(said(play(keys))).toEqual(['error data-on-free-id'])
    expect(said(play(keys, {peers: peersNamed('tox-rs')}))).toEqual(['warn data-on-free-id'])
    expect(said(play(keys, {peers: peersNamed('c-toxcore')}))).toEqual(['error data-on-free-id'])
  })

  test('full file packets are notes, and warnings to a tox-rs relay, which drops their receiver', () => {
    const said = (p: Play) =>
      severities(
        routing(p)
          .client(data(16, cryptoData(1400)))
          .stop(),
        'data',
      )
    expect(said(play(keys))).toEqual(['note crypto-data-full'])
    expect(said(play(keys, {peers: peersNamed('c-toxcore')}))).toEqual(['note crypto-data-full'])
    expect(said(play(keys, {peers: peersNamed('tox-rs')}))).toEqual(['warn crypto-data-full'])
  })

  test('they follow from the packet on that shows the peers', () => {
    const p = routing(play(keys))
      .client(forward(10))
      .relay(forwarded(payloadOf(1, 10)))
      .client(forward(10))
      .stop()
    expect(severities(p, 'forward_request')).toEqual(['warn forward-request-tox-rs', 'note forward-request-tox-rs'])
  })

  test('what only tox-rs reacts to is no warning where packets were missed that may have shown c-toxcore', () => {
    const missed = (peers: Peers | undefined) =>
      severities(routing(play(keys, {peers})).gap('relay', 40).client(forward(10)).stop(), 'forward_request')
    expect(missed(undefined)).toEqual(['note forward-request-tox-rs'])
    expect(missed(peersNamed('tox-rs'))).toEqual(['error forward-request-tox-rs'])
  })
})

describe('causes follow what is known of the peers', () => {
  const bad = (p: Play) =>
    routing(p)
      .client(pong(9))
      .client(data(99, cryptoData(100)))
      .close('relay', 'fin')

  test('while the relay may be either, both reactions are causes', () => {
    expect(causes(bad(play(keys)))).toEqual(['data-on-free-id: c_toxcore_relay', 'pong-unasked: tox_rs_relay'])
  })

  test('the reactions of the other implementation are none', () => {
    expect(causes(bad(play(keys, {peers: peersNamed('c-toxcore')})))).toEqual(['data-on-free-id: c_toxcore_relay'])
    expect(causes(bad(play(keys, {peers: peersNamed('tox-rs')})))).toEqual(['pong-unasked: tox_rs_relay'])
  })

  test('a relay that forwarded did not close on what only tox-rs refuses', () => {
    const p = routing(play(keys))
      .client(forward(10))
      .relay(forwarded(payloadOf(1, 10)))
      .client(pong(9))
    expect(causes(p.close('relay', 'fin'))).toEqual([])
  })

  test('a relay that spoke first did not close on what only c-toxcore refuses', () => {
    const p = routing(play(keys).relay(ping(7)).client(pong(7))).client(data(99, cryptoData(100)))
    expect(causes(p.close('relay', 'fin'))).toEqual([])
  })
})
