import type {JsonRecord} from './capture-files.js'
import {type Engine, type EngineInput, formOf} from './damaged/engines.js'

/** What a run prints as JSON. */
export async function recordsOf(input: EngineInput, engine: Engine): Promise<JsonRecord[]> {
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
export function contentOf(record: JsonRecord): string {
  const {number: _, connection: __, inferred: ___, ...content} = record
  const text = JSON.stringify(content, (____, value: unknown) =>
    Array.isArray(value) ? value.filter(each => !isOfMany(each)) : value,
  )
  return text.replace(/#\d+|"(number|connection)":\d+/g, '#')
}

/** Both ends of the connection of a record. */
export const endsOf = ({client, relay}: JsonRecord): string => `${client} ${relay}`

/** Connections that had to be guessed: what shows in another shard may make them certain. */
export const guessed = (records: readonly JsonRecord[]): ReadonlySet<string> =>
  new Set(records.filter(({findings}) => findings.some(({code}) => code === guess)).map(endsOf))

/** The findings of records, but guesses. */
export const raised = (records: readonly JsonRecord[]): ReadonlySet<string> =>
  new Set(
    records.flatMap(record => {
      const {time, from, kind, index, packets, findings} = record
      const place = JSON.stringify([time, endsOf(record), from, kind, index, packets])
      return findings.filter(({code}) => code !== guess).map(({code}) => `${code} ${place}`)
    }),
  )

/** What all shards of an input hold, one after another. */
export async function shardsOf(input: EngineInput, engine: Engine, count: number): Promise<JsonRecord[]> {
  const all: JsonRecord[] = []
  for (let number = 1; number <= count; number++)
    all.push(...(await recordsOf({...input, shard: {number, count}}, engine)))
  return all
}
