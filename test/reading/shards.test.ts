import {expect, it} from 'vitest'
import {isInShard} from '../../src/capture/shard.js'
import {amountOf} from '../amount.js'
import {captures, type JsonRecord, variants} from './capture-files.js'
import {type Engine, type EngineInput, formOf, plainEngine} from './damaged/engines.js'

const engines: readonly Engine[] = [plainEngine, {...plainEngine, threads: 2, isPipe: true}]

async function recordsOf(input: EngineInput, engine: Engine): Promise<JsonRecord[]> {
  const lines = (await formOf('json', input, engine)).split('\n')
  return lines.filter(line => line.startsWith('{"number"')).map(line => JSON.parse(line) as JsonRecord)
}

/** Rules for which several connections are compared. */
const ofMany: ReadonlySet<unknown> = new Set([
  ...['relayed-changed', 'connect-missing', 'disconnect-missing', 'handshake-replayed'],
  ...['client-key-again', 'client-key-confirmed-again'],
])

const guess = 'guessed-by-sizes'

const isOfMany = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'code' in value && ofMany.has(value.code)

/** What a record says without numbers of records and connections, and without what other connections show. */
function contentOf(record: JsonRecord): string {
  const {number: _, connection: __, inferred: ___, ...content} = record
  const text = JSON.stringify(content, (____, value: unknown) =>
    Array.isArray(value) ? value.filter(each => !isOfMany(each)) : value,
  )
  return text.replace(/#\d+|"(number|connection)":\d+/g, '#')
}

const endsOf = ({client, relay}: JsonRecord): string => `${client} ${relay}`

/** Connections that had to be guessed: what shows in another shard may make them certain. */
const guessed = (records: readonly JsonRecord[]): ReadonlySet<string> =>
  new Set(records.filter(({findings}) => findings.some(({code}) => code === guess)).map(endsOf))

/** The findings of records, but guesses. */
const raised = (records: readonly JsonRecord[]): ReadonlySet<string> =>
  new Set(
    records.flatMap(record => {
      const {time, from, kind, index, packets, findings} = record
      const place = JSON.stringify([time, endsOf(record), from, kind, index, packets])
      return findings.filter(({code}) => code !== guess).map(({code}) => `${code} ${place}`)
    }),
  )

async function shardsOf(input: EngineInput, engine: Engine, count: number): Promise<JsonRecord[]> {
  const all: JsonRecord[] = []
  for (let number = 1; number <= count; number++)
    all.push(...(await recordsOf({...input, shard: {number, count}}, engine)))
  return all
}

it.each([...captures, ...variants].map(capture => [capture.name, capture] as const))(
  'the shards of %s hold together what the whole holds, and raise nothing that it does not raise',
  async (name, {file, keylogs}) => {
    const input = {path: file, keylogs}
    const isLong = captures.some(capture => capture.name === name)
    for (const engine of isLong ? engines : [plainEngine]) {
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
