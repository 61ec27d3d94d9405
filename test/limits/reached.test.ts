import {describe, expect, test} from 'vitest'
import {limits as captureLimits} from '../../src/capture/limits.js'
import {finding} from '../../src/expert/finding.js'
import {relays} from '../../src/probe/limits.js'
import {parseRelays} from '../../src/probe/relay-list.js'
import {clientHandshake} from '../../src/protocol/handshake.js'
import {limits} from '../../src/protocol/limits.js'
import {Aligner} from '../../src/session/connection/aligner.js'
import {Pings} from '../../src/session/connection/tables/pings.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {World} from '../../src/session/world.js'
import {jsonDepth} from '../../src/wire/limits.js'
import {parseJson} from '../../src/wire/text/json.js'
import {Window} from '../../src/wire/window.js'
import {frameOf, v4, Wire} from '../capture/wire.js'

const endsOf = (n: number) => [{ip: '10.0.0.1', port: 1024 + n}, v4[1]] as const

describe('what a capture can make the reader hold', () => {
  test('over pendingSegments that wait for missing bytes, these are given up', () => {
    const wire = new Wire().open()
    for (let n = 0; n <= captureLimits.pendingSegments; n++) wire.send({from: 0, seq: 1002 + 2 * n, data: 'x'})
    expect(wire.tracker.counters).toMatchObject({gaps: 1, gapBytes: 1})
    expect(wire.text(0)).toBe('<1>x')
  })

  test('of closedConnections the oldest is forgotten: what comes of it then is a new one', () => {
    const wire = new Wire()
    const over = captureLimits.closedConnections + 2
    for (let n = 0; n < over; n++)
      wire
        .send({from: 0, seq: 1000, flags: 'S'}, [...endsOf(n)])
        .send({from: 1, seq: 0, ack: 1001, flags: 'RA'}, [...endsOf(n)])
    expect(wire.packet(frameOf({from: 0, seq: 1001, ack: 5001}, [...endsOf(over - 1)]))).toBe(over - 1)
    expect(wire.packet(frameOf({from: 0, seq: 1001, ack: 5001}, [...endsOf(0)]))).toBe(over)
  })

  test('over histories, the bytes of further streams are not compared', () => {
    const wire = new Wire()
    const connections = captureLimits.histories + 1
    for (let n = 0; n < connections; n++)
      wire
        .send({from: 0, seq: 1000, flags: 'S'}, [...endsOf(n)])
        .send({from: 0, seq: 1001, data: 'abc'}, [...endsOf(n)])
    for (const n of [0, connections - 1]) wire.send({from: 0, seq: 1001, data: 'abX'}, [...endsOf(n)])
    expect(wire.tracker.counters.conflicts).toBe(1)
  })

  test.each([
    ['mplsLabels', 0x8847, 4, captureLimits.mplsLabels],
    ['linkHeaders', 0x8100, 4, captureLimits.linkHeaders - 1],
  ])('over %s, a packet is not read', (_, etherType, size, most) => {
    const plain = frameOf({from: 0, seq: 1000, flags: 'S'})
    const wrapped = (headers: number) => {
      const labels = Buffer.alloc(headers * size)
      for (let n = 0; n < headers; n++) {
        if (etherType === 0x8100) labels.writeUInt16BE(n === headers - 1 ? 0x0800 : etherType, n * size + 2)
        else labels[n * size + 2] = n === headers - 1 ? 1 : 0
      }
      return Buffer.concat([
        plain.subarray(0, 12),
        Buffer.from([etherType >> 8, etherType & 255]),
        labels,
        plain.subarray(14),
      ])
    }
    const wire = new Wire()
    wire.packet(wrapped(most))
    expect(wire.tracker.counters.segments).toBe(1)
    wire.packet(wrapped(most + 1))
    expect(wire.tracker.counters.segments).toBe(1)
  })
})

describe('what is remembered of connections', () => {
  const ends = {client: v4[0], relay: v4[1]}
  const handshake = (connection: number): SessionRecord => {
    const bytes = new Uint8Array(limits.clientHandshake)
    new DataView(bytes.buffer).setUint32(0, connection)
    const window = new Window(clientHandshake, bytes, 0, bytes.length, 0)
    return {...blankRecord, connection, ends, from: 'client', kind: 'handshake', time: null, window}
  }

  test('over onlineKeys handshakes, the first one is forgotten, and not found again', () => {
    const codes = (others: number) => {
      const world = new World()
      world.take(handshake(0))
      world.take({...blankRecord, connection: 0, ends, from: 'relay', kind: 'handshake', time: null})
      for (let n = 1; n <= others; n++) world.take(handshake(n))
      const again = {...handshake(0), connection: others + 1, ends: {...ends, client: {...v4[0], port: 1}}}
      return world.take(again).findings.map(({code}) => code)
    }
    expect(codes(limits.onlineKeys - 1)).toContain('handshake-replayed')
    expect(codes(limits.onlineKeys)).not.toContain('handshake-replayed')
  })

  test('of more violations than causes, the newest are counted at the end', () => {
    const world = new World()
    const base = {...blankRecord, connection: 0, ends, time: null}
    for (let n = 0; n < limits.causes + 3; n++)
      world.take({...base, from: 'client', kind: 'frame', findings: [finding('frame-too-long', {length: 9999})]})
    const end = world.take({...base, from: 'relay', kind: 'end', close: 'fin'})
    expect(end.causes.map(({count}) => count)).toEqual([limits.causes])
  })

  test('over pendingPings, the oldest ping is forgotten', () => {
    const pings = new Pings(true)
    const id = (n: number) => new Uint8Array(8).fill(n + 1)
    for (let n = 0; n <= limits.pendingPings; n++) pings.ping(id(n), null, n)
    expect(pings.pong(id(0), null).inferred).toBeNull()
    expect(pings.pong(id(1), null).inferred?.roundTrip?.index).toBe(1)
  })

  test('over alignmentSearch bytes without a frame, a stream is lost', () => {
    const aligner = new Aligner(() => undefined)
    const push = (size: number) =>
      aligner.push({connection: 0, end: 0, time: null, bytes: new Uint8Array(size).fill(0xff)}, false)
    expect(push(limits.alignmentSearch - 100)).toBe('more')
    expect(push(200)).toBe('lost')
  })
})

describe('what is read from files', () => {
  test('JSON nested over jsonDepth levels is refused', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(jsonDepth))).toBeDefined()
    expect(() => parseJson(nested(jsonDepth + 1))).toThrow(`nested over ${jsonDepth} levels deep`)
  })

  test('a list of more relays is refused, with their number', () => {
    const list = Array.from({length: relays + 1}, (_, n) => `10.0.${n >> 8}.${n & 255}:33445 ${'ab'.repeat(32)}`)
    expect(() => parseRelays(list.join('\n'))).toThrow(`the list has ${relays + 1} relays`)
  })
})
