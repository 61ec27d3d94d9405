import {expect, test} from 'vitest'
import {runCapture} from '../../../src/reading/capture-run.js'
import type {CaptureSource} from '../../../src/reading/capture-source.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {fixture, fixtureText, ringOfLog, secretKey} from '../recorded.js'

const inMemory = (bytes: Uint8Array): CaptureSource => {
  const blocks = async function* () {
    yield bytes
  }
  return {
    ...{name: 'the capture', size: bytes.length, isLive: false, file: undefined},
    blocks,
    again: blocks,
    close: () => {},
  }
}

/** The records of a real capture in JSON. @param every a key of nobody comes after this many records; 0: none does. */
async function recordsWith(name: string, every: number): Promise<string[]> {
  const keyring = ringOfLog(['sessions', 'inner'].map(log => fixtureText(`captures/${name}/${log}.keylog`)).join('\n'))
  const records: string[] = []
  await runCapture({
    ...{sources: [inMemory(fixture(`captures/${name}/capture.pcap`))], keyring, ports: []},
    take: record => {
      const {length} = records
      const key = (length + 1).toString(16).padStart(64, '0')
      if (every > 0 && length % every === 0) keyring.add(secretKey(key), 'the test')
      records.push(recordToJson(record, {bytes: false}))
      return true
    },
  })
  return records
}

test.each(['two_clients', 'small'])(
  'keys that come later and open nothing change nothing that is told of %s',
  async name => {
    const alone = await recordsWith(name, 0)
    expect(alone.length).toBeGreaterThan(300)
    for (const every of [7, 100]) {
      const records = await recordsWith(name, every)
      expect(records.filter((record, at) => record !== alone[at])).toEqual([])
    }
  },
)
