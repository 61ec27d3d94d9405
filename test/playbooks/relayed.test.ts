import {describe, expect, test} from 'vitest'
import {
  connect,
  cryptoData,
  data,
  disconnect,
  oob,
  oobFrom,
  ping,
  pong,
  route,
  routed,
} from '../../src/probe/cases/packets.js'
import type {SessionRecord} from '../../src/session/record.js'
import type {Play} from './play.js'
import {asked, both, clients, firstPk, online, secondPk} from './two-clients.js'

/** Codes of everything that was found, in order. */
/** Codes of all findings; that boxes inside packets stay sealed is not what is tested here. */
const codesOf = (dialogue: Play): string[] =>
  dialogue
    .stop()
    .records.flatMap(({findings}) => findings.map(({code}) => code))
    .filter(code => code !== 'inner-sealed')
const packetsOf = (dialogue: Play, name: string): SessionRecord[] =>
  dialogue.records.filter(({window}) => window?.type.name === name)

describe('a packet that the relay passes on', () => {
  test('is tied to its arrival in both directions, with the time between', () => {
    const p = online()
    p.on(0)
      .client(data(16, cryptoData(60)))
      .on(1)
      .relay(data(16, cryptoData(60)))
    p.on(1)
      .client(oob(firstPk, cryptoData(80)))
      .on(0)
      .relay(oobFrom(secondPk, cryptoData(80)))
    expect(codesOf(p)).toEqual(['oob-while-online'])
    const [sent, arrived] = packetsOf(p, 'data')
    expect(arrived!.inferred?.sentAs).toEqual({number: sent!.number, connection: 0, micros: 10_000})
    expect(sent!.inferred?.arrival?.at).toEqual({number: arrived!.number, connection: 1, micros: 10_000})
    expect(packetsOf(p, 'oob_receive')[0]!.inferred?.sentAs?.number).toBe(packetsOf(p, 'oob_send')[0]!.number)
    expect(packetsOf(p, 'oob_send')[0]!.inferred?.arrival?.at).toMatchObject({connection: 0})
  })

  test('never arrives if a later one does, or if the connection of its receiver ends', () => {
    const p = online()
    p.on(0)
      .client(data(16, cryptoData(60)))
      .client(data(16, cryptoData(61)))
      .client(data(16, cryptoData(62)))
    p.on(1)
      .relay(data(16, cryptoData(61)))
      .close('relay', 'rst')
      .stop()
    const [lost, passed, late] = packetsOf(p, 'data')
    expect(lost!.inferred?.arrival?.at).toBe('never')
    expect(passed!.inferred?.arrival?.at).toMatchObject({connection: 1})
    expect(late!.inferred?.arrival?.at).toBe('never')
  })

  test('may arrive after the end of the capture, or in bytes that are missing', () => {
    const end = online()
      .on(0)
      .client(data(16, cryptoData(60)))
      .stop()
    expect(packetsOf(end, 'data')[0]!.inferred?.arrival).toEqual({at: undefined})
    const gap = online()
      .on(0)
      .client(data(16, cryptoData(60)))
      .on(1)
      .gap('relay', 200)
      .close('relay', 'rst')
      .stop()
    expect(packetsOf(gap, 'data')[0]!.inferred?.arrival).toEqual({at: undefined})
  })

  test('that comes with other bytes is changed by the relay', () => {
    const changed = data(16, cryptoData(60))
    changed[60]! ^= 1
    const p = online()
      .on(0)
      .client(data(16, cryptoData(60)))
      .on(1)
      .relay(changed)
    expect(codesOf(p)).toEqual(['relayed-changed'])
    const q = online()
      .on(0)
      .client(oob(secondPk, cryptoData(60)))
      .on(1)
      .relay(oobFrom(firstPk, changed.subarray(1)))
    expect(codesOf(q)).toEqual(['oob-while-online', 'relayed-changed'])
  })

  test('is not compared where its sender was not seen whole, or arrivals are seen before they were sent', () => {
    const changed = data(16, cryptoData(60))
    changed[60]! ^= 1
    const gap = online()
      .on(0)
      .gap('client', 80)
      .client(data(16, cryptoData(60)))
      .on(1)
      .relay(changed)
    expect(codesOf(gap)).not.toContain('relayed-changed')
    const early = online()
      .on(1)
      .relay(data(16, cryptoData(70)))
      .on(0)
      .client(data(16, cryptoData(70)))
    early
      .client(data(16, cryptoData(60)))
      .on(1)
      .relay(changed)
    expect(codesOf(early)).toEqual([])
    const first = online()
      .on(1)
      .relay(data(16, cryptoData(60)))
      .on(0)
      .client(data(16, cryptoData(60)))
      .on(1)
    expect(codesOf(first.relay(changed))).toEqual([])
  })
})

describe('a relay that does not notify', () => {
  test('two clients of which each has asked for the other owes a connect notification to both', () => {
    const p = asked().after(2).on(0).relay(ping(7)).on(1).relay(ping(8))
    expect(codesOf(p)).toEqual(['connect-missing', 'connect-missing'])
    const q = asked().on(0).relay(connect(16)).after(2).relay(ping(7)).on(1).relay(ping(8))
    expect(codesOf(q)).toEqual(['connect-missing'])
  })

  test('within a second is not late', () => {
    expect(codesOf(asked().on(0).relay(ping(7)).on(1).relay(ping(8)))).toEqual([])
    expect(codesOf(online().after(2).on(0).relay(ping(7)).on(1).relay(ping(8)))).toEqual([])
  })

  test('a client of its peer that gave up the id, or was dropped, owes a disconnect notification', () => {
    const released = online().on(0).client(disconnect(16)).after(2).on(1).relay(ping(8))
    expect(codesOf(released)).toEqual(['disconnect-missing'])
    const dropped = online().on(0).close('relay', 'fin').close('client', 'fin').after(2).on(1).relay(ping(8))
    expect(codesOf(dropped)).toContain('disconnect-missing')
    const said = online().on(0).client(disconnect(16)).on(1).relay(disconnect(16)).after(2).relay(ping(8))
    expect(codesOf(said)).toEqual([])
  })

  test('may need a minute to see that a client has closed', () => {
    const closed = () => online().on(0).close('client', 'rst')
    expect(codesOf(closed().after(40).on(1).relay(ping(8)))).not.toContain('disconnect-missing')
    expect(codesOf(closed().after(61).on(1).relay(ping(8)))).toContain('disconnect-missing')
  })

  test('owes nothing to a client that was not seen whole, and nothing because of one', () => {
    expect(codesOf(asked().on(0).gap('relay', 20).on(1).gap('relay', 20).after(2).relay(ping(8)))).not.toContain(
      'connect-missing',
    )
    const late = both().on(0).gap('client', 60).client(route(secondPk)).relay(routed(16, secondPk))
    late.on(1).client(route(firstPk)).relay(routed(16, firstPk)).after(2).relay(ping(8))
    expect(codesOf(late)).not.toContain('connect-missing')
  })
})

describe('a relay that refuses a route', () => {
  test('has a reason if the key is the own one, or if all ids are in use', () => {
    const own = both().on(0).client(route(firstPk)).relay(routed(0, firstPk))
    expect(codesOf(own)).not.toContain('route-refused-without-reason')
    expect(codesOf(both().on(0).client(route(firstPk)).relay(routed(16, firstPk)))).toContain('route-own-key-given')
  })

  test('has no other reason', () => {
    const p = both().on(0).client(route(secondPk)).relay(routed(0, secondPk))
    expect(codesOf(p)).toEqual(['route-refused', 'route-refused-without-reason'])
  })

  test('may have one in what was not seen', () => {
    const p = both().on(0).gap('client', 60).client(route(secondPk)).relay(routed(0, secondPk))
    expect(codesOf(p)).not.toContain('route-refused-without-reason')
  })
})

test('clients with the same key at one relay are not told apart, so nothing is said of them', () => {
  const p = online().open(clients[0], {greets: false}).clientHandshake(clients[0]).relayHandshake(clients[0])
  p.client(ping(1)).relay(pong(1)).on(0).client(disconnect(16)).after(2).on(1).relay(ping(8))
  expect(codesOf(p)).not.toContain('disconnect-missing')
})
