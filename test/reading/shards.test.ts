import {expect, it} from 'vitest'
import {isInShard} from '../../src/capture/shard.js'
import {amountOf} from '../amount.js'
import {captures, type JsonRecord, variants} from './capture-files.js'
import {type Engine, plainEngine} from './damaged/engines.js'
import {contentOf, endsOf, guessed, raised, recordsOf, shardsOf} from './shard-contents.js'

const engines: readonly Engine[] = [plainEngine, {...plainEngine, threads: 2, isPipe: true}]

it.each([...captures, ...variants].map(capture => [capture.name, capture] as const))(
  'the shards of %s hold together what the whole holds, and raise nothing that it does not raise',
  async (name, {file, keylogs}) => {
    const input = {path: file, keylogs}
    const hasThreads = amountOf(captures, 4).some(capture => capture.name === name)
    for (const engine of hasThreads ? engines : [plainEngine]) {
      const whole = await recordsOf(input, engine)
      const raisedByWhole = raised(whole)
      expect(await shardsOf(input, engine, 1)).toEqual(whole)
      for (const count of amountOf([3, 2], 1)) {
        const shards = await shardsOf(input, engine, count)
        const uncertain = new Set([...guessed(whole), ...guessed(shards)])
        const contents = (records: readonly JsonRecord[]) =>
          records.filter(record => !uncertain.has(endsOf(record))).map(contentOf)
        expect(contents(shards).sort(), `${count} shards, ${JSON.stringify(engine)}`).toEqual(contents(whole).sort())
        expect([...raised(shards)].filter(each => !raisedByWhole.has(each))).toEqual([])
      }
    }
  },
)

it('a connection is in the same shard in either direction and in every version', () => {
  const addresses = Uint8Array.of(10, 0, 0, 1, 10, 0, 0, 2)
  const shards = Array.from({length: 12}, (_, i) => {
    const client = {at: 0, port: 40_000 + i}
    const relay = {at: 4, port: 33_445}
    const [there, back] = [
      [client, relay],
      [relay, client],
    ].map(([source, destination]) => ({
      ...{version: 4 as const, addresses},
      ...{sourceAt: source!.at, sourcePort: source!.port},
      ...{destinationAt: destination!.at, destinationPort: destination!.port},
    }))
    const holding = [1, 2, 3, 4].filter(number => isInShard(there!, {number, count: 4}))
    expect([1, 2, 3, 4].filter(number => isInShard(back!, {number, count: 4}))).toEqual(holding)
    expect(holding.length).toBe(1)
    return holding[0]
  })
  expect(shards).toEqual([2, 1, 4, 2, 4, 3, 3, 2, 4, 4, 4, 1])
})
