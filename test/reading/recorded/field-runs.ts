import {expect} from 'vitest'
import {openCapture, type ToxRecord} from '../../../src/index.js'
import {chanceOf, fieldCapture, ipPackets} from './field-captures.js'

const fixture = (path: string): string => new URL(`../../../fixtures/${path}`, import.meta.url).pathname

/** Fixtures from which captures are made. */
export const fieldNames = ['small', 'small_v6', 'bootstrapd_relay'] as const

/** Everything of a record that does not depend on how packets were captured. */
const essence = (record: ToxRecord): string =>
  JSON.stringify(JSON.parse(JSON.stringify(record), (name, value) => (name === 'packets' ? undefined : value)))

async function read(input: string | readonly Uint8Array[], name: string): Promise<string[]> {
  const records: string[] = []
  for await (const record of openCapture(input, {keylog: fixture(`captures/${name}/sessions.keylog`)}))
    records.push(essence(record))
  return records
}

/** Expect of captures as people bring them, one for each seed, what the clean one gives. */
export async function expectSameRecords(name: (typeof fieldNames)[number], seeds: readonly number[]): Promise<void> {
  const path = fixture(`captures/${name}/capture.pcap`)
  const [clean, packets] = [await read(path, name), ipPackets(path)]
  expect(clean.length).toBeGreaterThan(50)
  for (const seed of seeds) {
    const capture = fieldCapture(packets, chanceOf(seed))
    expect(await read(capture.files, name), `seed ${seed}: ${capture.name}`).toEqual(clean)
  }
}
