import {describe, expect, test} from 'vitest'
import {limits} from '../../../src/capture/limits.js'
import {Wire} from '../wire.js'

/** A connection whose relay has said "hello", of which the client has acknowledged "hel". */
const talking = () =>
  new Wire().open().send({from: 1, seq: 5001, ack: 1001, data: 'hello'}).send({from: 0, seq: 1001, ack: 5004})

describe('a RST or FIN that its receiver ignores ends nothing', () => {
  test.each([
    ['a RST with an old number', {seq: 5002, flags: 'R'}],
    ['a RST in the place of bytes that were not acknowledged yet', {seq: 5004, flags: 'R'}],
    ['a RST between those bytes', {seq: 5005, flags: 'RA'}],
    ['a RST far ahead', {seq: 5006 + 50_000, flags: 'R'}],
    ['a RST a little ahead', {seq: 5008, flags: 'RA'}],
    ['a FIN with an old number', {seq: 5001, flags: 'FA'}],
    ['a FIN ahead', {seq: 5006 + 700, flags: 'FA'}],
    ['a FIN a little ahead', {seq: 5008, flags: 'FA'}],
  ])('%s', (_, forged) => {
    const wire = talking().send({from: 1, ack: 1001, ...forged})
    for (let i = 0; i < 20; i++) {
      wire.wait(200_000).send({from: 0, seq: 1001 + 2 * i, ack: 5006 + 3 * i, data: 'ok'})
      wire.send({from: 1, seq: 5006 + 3 * i, ack: 1003 + 2 * i, data: 'and'})
    }
    wire.end()
    expect(wire.text(1)).toBe(`hello${'and'.repeat(20)}`)
    expect(wire.text(0)).toBe('ok'.repeat(20))
    expect(wire.closes()).toBe('capture_end/capture_end')
    expect(wire.connections).toHaveLength(1)
    expect(wire.tracker.counters).toMatchObject({outOfWindow: 1, gaps: 0})
  })

  test('a RST in the place of bytes that never arrived ends the connection if nothing follows', () => {
    const wire = talking().send({from: 1, seq: 5004, flags: 'R'}).end()
    expect(wire.closes()).toBe('capture_end/rst')
  })

  test('a RST behind bytes that were lost ends the connection if both hosts are silent from then on', () => {
    const wire = talking().send({from: 1, seq: 5016, flags: 'R'}).wait(limits.unacknowledgedMicros)
    wire.send({from: 0, seq: 0x30000000, ack: 1, flags: 'R'}).end()
    expect(wire.closes()).toBe('capture_end/rst')
  })
})

describe('a RST or FIN in its place, after which bytes of its side are acknowledged', () => {
  const closed = (flags: string) => talking().send({from: 1, seq: 5006, ack: 1001, flags})
  const goesOn = (wire: Wire) =>
    wire.send({from: 1, seq: 5006, ack: 1001, data: 'and on'}).send({from: 0, seq: 1001, ack: 5012, data: 'ok'})

  test.each(['R', 'RA', 'FA'])('ended nothing (%s)', flags => {
    const wire = goesOn(closed(flags)).send({from: 1, seq: 5012, ack: 1003, data: '!'})
    expect([wire.text(0), wire.text(1), wire.closes()]).toEqual(['ok', 'helloand on!', '/'])
    expect(wire.connections).toHaveLength(1)
  })

  test.each([
    ['R', 5006],
    ['FA', 5007],
  ])('ended it if these bytes are not acknowledged (%s)', (flags, ack) => {
    const wire = closed(flags).send({from: 1, seq: 5006, ack: 1001, data: 'and on'}).send({from: 0, seq: 1001, ack})
    wire.end()
    expect([wire.text(1), wire.closes()]).toEqual(['hello', `capture_end/${flags === 'R' ? 'rst' : 'fin'}`])
    expect(wire.tracker.counters.afterClose).toBe(1)
  })

  test('of both sides ended nothing', () => {
    const wire = closed('R').send({from: 0, seq: 1001, ack: 5006, flags: 'R'})
    goesOn(wire).send({from: 1, seq: 5012, ack: 1003})
    expect([wire.text(0), wire.text(1), wire.closes()]).toEqual(['ok', 'helloand on', '/'])
  })

  test('can come again and again', () => {
    const wire = talking().send({from: 0, seq: 1001, ack: 5006})
    for (let i = 0; i < 10; i++) {
      wire.send({from: 1, seq: 5006 + 3 * i, ack: 1001, flags: i % 2 === 0 ? 'R' : 'FA'})
      wire.send({from: 1, seq: 5006 + 3 * i, ack: 1001, data: 'and'}).send({from: 0, seq: 1001, ack: 5009 + 3 * i})
    }
    wire.end()
    expect([wire.text(1), wire.closes()]).toEqual([`hello${'and'.repeat(10)}`, 'capture_end/capture_end'])
  })

  test('keeps bytes that come after it up to pendingSegments', () => {
    const wire = closed('R')
    for (let n = 0; n < limits.pendingSegments + 10; n++) wire.send({from: 1, seq: 5006 + n, ack: 1001, data: 'x'})
    wire.send({from: 0, seq: 1001, ack: 5006 + limits.pendingSegments}).end()
    expect(wire.text(1)).toBe(`hello${'x'.repeat(limits.pendingSegments)}`)
  })

  test('of both sides, once acknowledged, leaves nothing to go on', () => {
    const wire = closed('FA').send({from: 0, seq: 1001, ack: 5007, flags: 'FA'}).send({from: 1, seq: 5007, ack: 1002})
    expect(wire.collector.log.at(-1)).toBe('over 0')
    goesOn(wire)
    expect(wire.closes()).toBe('fin/fin')
  })
})

describe('a SYN that is foreign to an open connection', () => {
  test.each(['S', 'SA'])('is ignored where nothing follows it (%s)', flags => {
    const wire = talking().send({from: 0, seq: 900_000, ack: 77, flags})
    wire.send({from: 0, seq: 1001, ack: 5006, data: 'ok'}).send({from: 1, seq: 5006, ack: 1003, data: '!'}).end()
    expect([wire.text(0), wire.text(1), wire.connections.length]).toEqual(['ok', 'hello!', 1])
    expect(wire.closes()).toBe('capture_end/capture_end')
  })

  test.each([
    ['next', 1000],
    ['repeated', 997],
  ])('is ignored where what follows it is the %s byte of the open connection', (_, seq) => {
    const wire = new Wire().open(990).send({from: 0, seq: 991, ack: 5001, data: 'one, two, '})
    wire.send({from: 0, seq, flags: 'S'}).send({from: 1, seq: 5001, ack: seq + 1, data: 'hello'})
    wire.send({from: 0, seq: seq + 1, ack: 5006, data: 'one, two, '.slice(seq + 1 - 991)})
    wire.send({from: 0, seq: 1001, ack: 5006, data: 'three'}).send({from: 0, seq: 1001, ack: 5006, data: 'three'}).end()
    expect([wire.text(0), wire.text(1), wire.connections.length]).toEqual(['one, two, three', 'hello', 1])
  })

  test('opens nothing where it comes with a RST', () => {
    const wire = talking().send({from: 0, seq: 900_000, flags: 'SR'}).send({from: 1, seq: 5006, ack: 900_001})
    wire.send({from: 0, seq: 1001, ack: 5006, data: 'ok'}).end()
    expect(wire.connections).toHaveLength(1)
  })

  test('begins a new connection once it is answered', () => {
    const wire = talking().send({from: 0, seq: 900_000, flags: 'S'})
    wire.send({from: 1, seq: 70_000, ack: 900_001, flags: 'SA'}).send({from: 0, seq: 900_001, ack: 70_001, data: 'new'})
    expect(wire.connections).toHaveLength(2)
    expect(wire.connections[1]!.opened).toMatchObject({hasSyn: true, packet: 6, ends: [{port: 40_000}, {port: 33_445}]})
    expect(wire.text(0, 1)).toBe('new')
  })

  test('begins a new connection once bytes follow it', () => {
    const wire = talking().send({from: 0, seq: 900_000, flags: 'S'}).send({from: 0, seq: 900_001, data: 'new'})
    expect(wire.connections).toHaveLength(2)
    expect(wire.text(0, 1)).toBe('new')
  })

  test('begins a new connection at once if the old one is over', () => {
    const wire = talking()
      .send({from: 0, seq: 1001, ack: 5006, flags: 'FA'})
      .send({from: 1, seq: 5006, ack: 1002, flags: 'FA'})
    wire.send({from: 0, seq: 900_000, flags: 'S'})
    expect(wire.connections).toHaveLength(2)
  })
})

test('data that comes again after the end of its side is counted as sent again, and data after it as after the end', () => {
  const wire = talking().send({from: 1, seq: 5006, ack: 1001, flags: 'FA'})
  wire.send({from: 1, seq: 5001, ack: 1001, data: 'hello'})
  expect(wire.tracker.counters).toMatchObject({retransmissions: 1, afterClose: 0})
  wire.send({from: 1, seq: 5007, ack: 1001, data: 'more'})
  expect(wire.tracker.counters).toMatchObject({retransmissions: 1, afterClose: 1})
})
