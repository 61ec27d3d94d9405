import {describe, expect, it} from 'vitest'
import {WorkerFilter} from '../../../src/reading/threads/worker-filter.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {smallRecords} from '../../view/records.js'

/** Two real connections, one after the other. */
async function records(): Promise<SessionRecord[]> {
  const second = await smallRecords({connection: 1})
  for (const record of second) Object.assign(record, {connection: 1})
  return [...(await smallRecords()), ...second]
}

describe('what threads hand on', () => {
  it('is every record but frames that nothing more must be known of, with their places', async () => {
    const all = await records()
    const sifter = new WorkerFilter()
    const handed = all.map((record, order) => sifter.add(record, order))
    const {orders, places} = sifter.finish()
    expect([...orders]).toEqual(all.map((_, order) => order))
    expect([...places]).toEqual(handed.flatMap((record, order) => (record ? [order] : [])))
    const left = all.filter((_, order) => !handed[order])
    expect(left.length).toBeGreaterThan(all.length / 2)
    expect(left.every(({kind, findings}) => kind === 'frame' && findings.length === 0)).toBe(true)
    for (const connection of [0, 1]) {
      const first = all.findIndex(
        record => record.connection === connection && record.from === 'client' && record.kind === 'frame',
      )
      expect(handed[first]).toBeDefined()
    }
    expect([...sifter.finish().orders]).toEqual([])
  })
})
