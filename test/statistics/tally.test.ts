import {describe, expect, it} from 'vitest'
import {zeroCounters} from '../../src/capture/counters.js'
import {limits} from '../../src/protocol/limits.js'
import type {SessionRecord} from '../../src/session/record.js'
import {FrameRecord} from '../../src/session/record.js'
import {FindingSummary} from '../../src/statistics/finding-summary.js'
import {statisticsOf} from '../../src/statistics/statistics.js'
import {Tally} from '../../src/statistics/tally.js'
import {statisticsJson} from '../../src/view/stats/json.js'
import {Window} from '../../src/wire/window.js'
import {blank, smallRecords} from '../view/records.js'

const origin = {files: [], filter: undefined, others: 0, counters: zeroCounters()}
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
    const other = new Tally()
    other.add({...blank, kind: 'start', connection: connections})
    tally.merge(other.counts)
    expect(tally.counts.connections).toHaveLength(limits.statsConnections)
    expect(tally.counts.droppedConnections).toBe(101)
  })

  it('bear packets that end anywhere', async () => {
    const tally = new Tally()
    let count = 0
    for (const record of await records()) {
      if (!(record instanceof FrameRecord) || !record.window) continue
      const {window, index, findings, peers, inferred} = record
      for (let size = 1; size < Math.min(40, window.end - window.start); size++) {
        const cut = new Window(window.type, window.bytes, window.start, window.start + size, window.shift)
        tally.add(new FrameRecord(record, record, {window: cut, index, findings, peers, inferred}))
        count++
      }
    }
    expect(tally.counts.records).toBe(count)
  })
})
