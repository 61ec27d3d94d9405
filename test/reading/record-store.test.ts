import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {bytesPerRecord} from '../../src/browse/records/record-index.js'
import {CaptureReading} from '../../src/library/capture/capture-reading.js'
import {StoredCapture} from '../../src/library/capture/stored-capture.js'
import {captureBytes, captureFile} from '../../src/reading/capture-files.js'
import {recordToJson} from '../../src/view/forms/json.js'

const captures = [
  'small',
  'small_v6',
  'two_clients',
  'bootstrapd_relay',
  'relay_only',
  'port_reuse',
  'synthetic_clients',
]

/** Each record as JSON when it came, and as JSON when it was looked at later. */
async function twice(name: string, isInMemory: boolean, keylogs: readonly string[]) {
  const path = `fixtures/captures/${name}/capture.pcap`
  const source = isInMemory ? captureBytes(readFileSync(path), path) : captureFile(path)
  const keys = {
    key: [],
    keylog: keylogs.map(log => `fixtures/captures/${name}/${log}`),
    secretKey: [],
    relayPk: [],
    env: {},
  }
  const reading = await CaptureReading.open({sources: [{...source, close: () => {}}], keys, threads: 0, isBusy: true})
  const stored = new StoredCapture(reading)
  const came: string[] = []
  await stored.read({added: record => came.push(recordToJson(record, {bytes: true}))})
  const {store} = stored
  const later = came.map((_, at) => recordToJson(store.record(at), {bytes: true}))
  store.close()
  source.close()
  return {came, later, store}
}

const allKeys = (name: string) => (['relay_only', 'port_reuse'].includes(name) ? [] : ['inner.keylog'])

describe('a record that is looked at again', () => {
  it.each(captures)('is the one that came, read from the file: %s', async name => {
    const {came, later} = await twice(name, false, ['sessions.keylog', ...allKeys(name)])
    expect(later).toEqual(came)
  })

  it('is the one that came, without keys', async () => {
    const {came, later} = await twice('small', false, [])
    expect(later).toEqual(came)
  })

  it('is the one that came, of a capture that can be read only once', async () => {
    const {came, later} = await twice('two_clients', true, ['sessions.keylog'])
    expect(later).toEqual(came)
  })
})

describe('the index of records', () => {
  it('has at most 64 bytes of each', () => {
    expect(bytesPerRecord).toBeLessThanOrEqual(64)
  })

  it('knows what a record is without its bytes', async () => {
    const {came, store} = await twice('small', false, ['sessions.keylog'])
    for (const [at, text] of came.entries()) {
      const {connection, kind, from, type} = JSON.parse(text)
      expect([store.connection(at), store.kind(at), store.from(at), store.type(at) ?? null]).toEqual([
        connection,
        kind,
        from,
        type,
      ])
    }
  })
})
