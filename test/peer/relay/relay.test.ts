import {describe, expect, test} from 'vitest'
import {
  connect,
  cryptoData,
  data,
  disconnect,
  filled,
  oob,
  oobFrom,
  ping,
  pong,
  route,
  routed,
} from '../../../src/probe/cases/packets.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {type TestClient, TestRelay} from './test-relay.js'

const hexes = (...packets: readonly Uint8Array[]) => packets.map(packet => toHex(packet))
const pk = ({keys}: TestClient) => keys.publicKey

/** Two clients that have asked for each other. */
function linked(relay = new TestRelay()) {
  const [alice, bob] = [relay.join(), relay.join()]
  alice.say(route(pk(bob)))
  bob.say(route(pk(alice)))
  alice.news()
  bob.news()
  return {relay, alice, bob}
}

describe('routes', () => {
  test('are answered at once with the lowest free id, and the same key gets the same id', () => {
    const client = new TestRelay().join()
    const keys = [1, 2, 3].map(seed => filled(32, seed))
    client.say(...keys.map(route), route(keys[1]!))
    expect(client.news()).toEqual(
      hexes(routed(16, keys[0]!), routed(17, keys[1]!), routed(18, keys[2]!), routed(17, keys[1]!)),
    )
    client.say(disconnect(17), route(filled(32, 4)))
    expect(client.news()).toEqual(hexes(routed(17, filled(32, 4))))
  })

  test('to the own key, and beyond 240 ids, are refused', () => {
    const client = new TestRelay().join()
    client.say(route(pk(client)))
    expect(client.news()).toEqual(hexes(routed(0, pk(client))))
    for (let seed = 0; seed < 240; seed++) client.say(route(filled(32, 100, seed)))
    expect(client.news().at(-1)).toBe(toHex(routed(255, filled(32, 100, 239))))
    client.say(route(filled(32, 99)), route(filled(32, 100, 0)))
    expect(client.news()).toEqual(hexes(routed(0, filled(32, 99)), routed(16, filled(32, 100, 0))))
  })

  test('connect two clients once each has asked for the other, the requester first hearing its id', () => {
    const relay = new TestRelay()
    const [alice, bob] = [relay.join(), relay.join()]
    alice.say(route(filled(32, 1)), route(pk(bob)))
    alice.news()
    expect(bob.news()).toEqual([])
    bob.say(route(pk(alice)))
    expect(bob.news()).toEqual(hexes(routed(16, pk(alice)), connect(16)))
    expect(alice.news()).toEqual(hexes(connect(17)))
  })

  test('wait for a client that has not sent a good frame', () => {
    const relay = new TestRelay()
    const [alice, bob] = [relay.join(), relay.greet()]
    alice.say(route(pk(bob)), oob(pk(bob), cryptoData()))
    expect(alice.news()).toEqual(hexes(routed(16, pk(bob))))
    bob.say(route(pk(alice)))
    expect(bob.news()).toEqual(hexes(routed(16, pk(alice)), connect(16)))
    expect(alice.news()).toEqual(hexes(connect(16)))
  })
})

describe('packets between clients', () => {
  test('arrive under the id of the receiver, data and out-of-band data unchanged', () => {
    const {alice, bob} = linked()
    bob.say(data(16, cryptoData(1400)))
    expect(alice.news()).toEqual(hexes(data(16, cryptoData(1400))))
    alice.say(oob(pk(bob), filled(1024, 3)), oob(pk(alice), filled(1, 4)), oob(filled(32, 5), filled(1, 4)))
    expect(bob.news()).toEqual(hexes(oobFrom(pk(alice), filled(1024, 3))))
    expect(alice.news()).toEqual(hexes(oobFrom(pk(alice), filled(1, 4))))
  })

  test('are discarded once the peer is offline, and it keeps its id until it gives it up', () => {
    const {relay, alice, bob} = linked()
    bob.say(disconnect(16))
    expect(alice.news()).toEqual(hexes(disconnect(16)))
    alice.say(data(16, cryptoData()))
    expect([bob.news(), alice.closed]).toEqual([[], undefined])
    bob.say(route(pk(alice)))
    expect(alice.news()).toEqual(hexes(connect(16)))
    bob.leave()
    expect(alice.news()).toEqual(hexes(disconnect(16)))
    const again = relay.join(bob.keys)
    again.say(route(pk(alice)))
    expect(alice.news()).toEqual(hexes(connect(16)))
    alice.say(disconnect(16))
    expect(again.news()).toEqual(hexes(routed(16, pk(alice)), connect(16), disconnect(16)))
  })

  test('are dropped for a receiver that reads too slowly, but control packets never', () => {
    const {relay, alice, bob} = linked()
    relay.core.congested(bob.connection, true)
    alice.say(data(16, cryptoData()), oob(pk(bob), cryptoData()), disconnect(16))
    bob.say(ping(5))
    expect(bob.news()).toEqual(hexes(disconnect(16), pong(5)))
    relay.core.congested(bob.connection, false)
    alice.say(oob(pk(bob), cryptoData()))
    expect(bob.news()).toEqual(hexes(oobFrom(pk(alice), cryptoData())))
    expect(relay.core.counts).toMatchObject({relayed: 1, dropped: 2})
    relay.does(relay.core.overflowed(bob.connection))
    expect(bob.closed).toBe('slow_reader')
  })
})

describe('the same key again', () => {
  test('replaces the old connection with the first good frame, and at a tox-rs relay with the handshake', () => {
    for (const [model, atHandshake] of [
      ['c-toxcore', undefined],
      ['tox-rs', 'replaced'],
    ] as const) {
      const relay = new TestRelay({model})
      const {alice, bob} = linked(relay)
      const again = relay.greet(bob.keys)
      expect(bob.closed).toBe(atHandshake)
      again.say(ping(3))
      expect(bob.closed).toBe('replaced')
      expect(alice.news()).toEqual(hexes(disconnect(16)))
      expect(relay.core.counts).toMatchObject({open: 2, confirmed: 2})
    }
  })

  test('of a replayed handshake does not harm the genuine client of a c-toxcore relay', () => {
    const relay = new TestRelay()
    const genuine = relay.connect()
    const hello = genuine.hello()
    genuine.write(hello).say(ping(2))
    relay.connect().write(hello)
    expect(genuine.closed).toBeUndefined()
  })
})

describe('time', () => {
  test('brings a ping every 30 s, and closes 10 s after one without the right pong', () => {
    const relay = new TestRelay()
    const [alice, bob] = [relay.join(), relay.join()]
    relay.wait(29_999)
    expect(alice.news()).toEqual([])
    relay.wait(1)
    const [asked = ''] = alice.news()
    expect(asked).toMatch(/^04/)
    alice.say(Uint8Array.of(5, ...Buffer.from(asked.slice(2), 'hex')))
    bob.say(pong(99))
    relay.wait(9999)
    expect([alice.closed, bob.closed]).toEqual([undefined, undefined])
    relay.wait(1)
    expect([alice.closed, bob.closed]).toEqual([undefined, 'ping-unanswered'])
    relay.wait(20_000)
    expect(alice.news()).toHaveLength(1)
  })

  test('closes a connection without a handshake', () => {
    const relay = new TestRelay()
    const [silent, half, met] = [relay.connect(), relay.connect(), relay.greet()]
    half.write(half.hello().subarray(0, 127))
    relay.wait(10_000)
    expect([silent.closed, half.closed, met.closed]).toEqual(['handshake_timeout', 'handshake_timeout', undefined])
  })
})

describe('limits', () => {
  test('hold for the clients of one address, and for those without a good frame, of which the oldest makes room', () => {
    const relay = new TestRelay({maxPerAddress: ip => (ip === '10.0.0.1' ? 2 : 9), maxUnconfirmed: 2})
    const far = [1, 2, 3].map(() => relay.connect(undefined, '10.0.0.1'))
    expect(far.map(({closed}) => closed)).toEqual([undefined, undefined, 'address_limit'])
    const joined = relay.join()
    expect([far[0]!.closed, joined.closed]).toEqual(['unconfirmed_limit', undefined])
    far[1]!.leave()
    expect(relay.connect(undefined, '10.0.0.1').closed).toBeUndefined()
    expect(Object.fromEntries(relay.core.counts.closed)).toEqual({address_limit: 1, unconfirmed_limit: 1})
    expect(relay.core.counts).toMatchObject({open: 2, confirmed: 1})
  })
})

describe('a relay that provokes', () => {
  test('refuses routes, is silent, answers wrongly, or sends what it should not', () => {
    const refusing = new TestRelay({provocations: new Set(['refuse-routes'])}).join()
    refusing.say(route(filled(32, 1)))
    expect(refusing.news()).toEqual(hexes(routed(0, filled(32, 1))))
    const silent = new TestRelay({provocations: new Set(['silent-pings'])}).join()
    silent.say(ping(1))
    expect(silent.news()).toEqual([])
    const wrong = new TestRelay({provocations: new Set(['wrong-pongs'])}).join()
    wrong.say(ping(1))
    expect(wrong.news()).toEqual(['05fffffffffffffffe'])
    const empty = new TestRelay({provocations: new Set(['empty-frames'])}).join()
    empty.say(ping(1))
    expect(empty.news()).toEqual(['empty', toHex(pong(1))])
    const zero = new TestRelay({provocations: new Set(['zero-pings'])})
    const pinged = zero.join()
    zero.wait(30_000)
    expect(pinged.news()).toEqual(hexes(ping(0)))
    const early = new TestRelay({provocations: new Set(['early-frame'])}).greet()
    expect(early.news()).toHaveLength(1)
    const swapped = new TestRelay({provocations: new Set(['swap-nonces'])}).greet()
    swapped.say(ping(1))
    expect(swapped.news()).toEqual(['broken'])
  })

  test('drops a connection after a number of packets or a time', () => {
    const counted = new TestRelay({dropAfter: {frames: 3}}).join()
    counted.say(ping(2), ping(3))
    expect([counted.news(), counted.closed]).toEqual([hexes(pong(2), pong(3)), 'drop_after'])
    const timed = new TestRelay({dropAfter: {milliseconds: 5000}})
    const [client, unmet] = [timed.join(), timed.connect()]
    timed.wait(5000)
    expect([client.closed, unmet.closed]).toEqual(['drop_after', undefined])
  })
})

test('a handshake for another relay is closed', () => {
  const relay = new TestRelay()
  const client = relay.connect()
  const hello = client.hello()
  hello[100]! ^= 1
  expect(client.write(hello).closed).toBe('client-handshake-box')
})
