import {describe, expect, it} from 'vitest'
import {zeroCounters} from '../../src/capture/counters.js'
import {unknownPeers} from '../../src/expert/peers.js'
import {limits} from '../../src/protocol/limits.js'
import {packetWindow} from '../../src/protocol/table.js'
import type {SessionRecord} from '../../src/session/record.js'
import {FrameRecord} from '../../src/session/record.js'
import {FindingSummary} from '../../src/statistics/finding-summary.js'
import {InnerTally} from '../../src/statistics/inner-tally.js'
import {statisticsOf} from '../../src/statistics/statistics.js'
import {Tally} from '../../src/statistics/tally.js'
import {statisticsJson} from '../../src/view/stats/json.js'
import {noShift, Window} from '../../src/wire/window.js'
import {blank, smallRecords} from '../view/records.js'

const forgotten = {sessions: 0, fragments: 0, untried: 0}
const origin = {files: [], filter: undefined, others: 0, counters: zeroCounters(), forgotten}
const jsonOf = (tally: Tally, remarks = new FindingSummary()): object =>
  statisticsJson(statisticsOf(tally.counts, remarks), origin)

/** Two real connections, one after the other. */
async function records(): Promise<SessionRecord[]> {
  const second = await smallRecords({connection: 1})
  for (const record of second) Object.assign(record, {connection: 1})
  return [...(await smallRecords()), ...second]
}

describe('counts', () => {
  it('of threads add up to those of one', async () => {
    const all = await records()
    const one = new Tally()
    for (const record of all) one.add(record)
    const merged = new Tally()
    for (const connection of [1, 0]) {
      const apart = new Tally()
      for (const record of all.filter(each => each.connection === connection)) apart.add(record)
      merged.merge(structuredClone(apart.counts))
    }
    expect(jsonOf(merged)).toEqual(jsonOf(one))
  })

  it('never grow beyond their bounds, and say what they left out', () => {
    const tally = new Tally()
    const connections = limits.statsConnections + 100
    for (let connection = 0; connection < connections; connection++) tally.add({...blank, kind: 'start', connection})
    const extra = {
      ...blank,
      kind: 'frame' as const,
      connection: connections - 1,
      from: 'client' as const,
      state: 'sealed' as const,
      length: 100,
    }
    tally.add(extra)
    expect(tally.counts.connections).toHaveLength(limits.statsConnections)
    const {dropped, bytes, records: count} = statisticsOf(tally.counts, new FindingSummary())
    expect([dropped.connections, bytes, count]).toEqual([100, [100, 0], connections + 1])
  })

  it('have ping times of statsPings connections; those of further ones count for the total, and are counted', () => {
    const tally = new Tally()
    const bytes = Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0, 1)
    const window = packetWindow(bytes, 0, bytes.length, noShift)!
    for (let connection = 0; connection <= limits.statsPings; connection++) {
      tally.add({...blank, kind: 'start', connection})
      const inferred = {roundTrip: {index: 0, number: 0, micros: 1000}}
      tally.add({
        ...blank,
        kind: 'frame',
        connection,
        from: 'relay',
        state: 'open',
        length: 27,
        window,
        inferred,
      } as never)
    }
    const {dropped} = statisticsOf(tally.counts, new FindingSummary())
    expect([tally.counts.pings[0].count, tally.counts.connectionPings.length]).toEqual([
      limits.statsPings + 1,
      limits.statsPings,
    ])
    expect(dropped.pings).toBe(1)
  })

  it('have statistics of statsSessions sessions between peers; each further one is counted once', () => {
    const tally = new InnerTally()
    for (let n = 0; n < limits.statsSessions + 2; n++) {
      const session = {log: {number: n}, side: 0, roundTripMicros: null}
      for (let twice = 0; twice < 2; twice++) tally.add({...blank, inferred: {session}} as never)
    }
    expect([tally.counts.sessions.length, tally.counts.dropped.sessions]).toEqual([limits.statsSessions, 2])
  })

  it('of more connections than are told apart are the same on any number of threads', () => {
    const count = limits.statsConnections + 100
    const one = new Tally()
    const apart = [0, 1, 2].map(() => new Tally(connection => connection))
    for (let connection = 0; connection < count; connection++) {
      const start = {...blank, kind: 'start' as const, connection}
      for (const tally of [one, apart[connection % 3]!]) tally.add(start)
    }
    const merged = new Tally()
    for (const tally of apart) merged.merge(structuredClone(tally.counts))
    expect(one.counts.connections).toHaveLength(limits.statsConnections)
    expect(one.counts.droppedConnections).toBe(100)
    expect(jsonOf(merged)).toEqual(jsonOf(one))
  })

  it('of routes have bounds for each connection by its place', () => {
    const place = 999
    const tally = new Tally(() => place)
    const most = Math.floor(limits.statsRoutes / (place + 1))
    const data = (id: number): SessionRecord => {
      const window = packetWindow(Uint8Array.of(id, 1, 2, 3), 0, 4, noShift)
      const wire = {bytes: new Uint8Array(22), start: 0, end: 22, time: null, packets: []}
      const contents = {
        index: 0,
        state: 'open' as const,
        window: window!,
        findings: [],
        peers: unknownPeers,
        inferred: null,
      }
      return new FrameRecord({connection: 5, ends: null, from: 'client'}, wire, contents)
    }
    for (let id = limits.firstConnectionId; id < 256; id++) for (const record of [data(id), data(id)]) tally.add(record)
    const {routes, dropped} = statisticsOf(tally.counts, new FindingSummary())
    expect([routes.length, dropped.routes]).toEqual([most, 256 - limits.firstConnectionId - most])
    expect(routes.every(({packets}) => packets[0] === 2)).toBe(true)
  })

  it('of a connection go on after a side has reset it', async () => {
    const all = (await records()).filter(({connection}) => connection === 0)
    const reset = {...blank, kind: 'end' as const, connection: 0, from: 'client' as const, close: 'rst' as const}
    const tally = new Tally()
    for (const record of [...all.slice(0, 6), reset, ...all.slice(6)]) tally.add(record)
    expect(tally.counts.connections).toHaveLength(1)
    expect(tally.counts.connections[0]!.records).toBe(all.length + 1)
  })

  it('bear packets that end anywhere', async () => {
    const tally = new Tally()
    let count = 0
    for (const record of await records()) {
      if (!(record instanceof FrameRecord) || !record.window) continue
      const {window, index, state, findings, peers, inferred} = record
      for (let size = 1; size < Math.min(40, window.end - window.start); size++) {
        const cut = new Window(window.type, window.bytes, window.start, window.start + size, window.shift)
        tally.add(new FrameRecord(record, record, {window: cut, index, state, findings, peers, inferred}))
        count++
      }
    }
    expect(tally.counts.records).toBe(count)
  })
})
