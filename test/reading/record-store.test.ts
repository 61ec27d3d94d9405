import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {bytesPerRecord} from '../../src/browse/records/record-index.js'
import {CaptureReading} from '../../src/library/capture/capture-reading.js'
import {StoredCapture} from '../../src/library/capture/stored-capture.js'
import {numberedPeers, RecordStore} from '../../src/library/store/record-store.js'
import {ping} from '../../src/probe/cases/packets.js'
import {captureBytes, captureFile} from '../../src/reading/capture-files.js'
import {blankRecord} from '../../src/session/record.js'
import {recordToJson} from '../../src/view/forms/json.js'
import {amount, amountOf} from '../amount.js'
import {keysOf} from '../playbooks/keys.js'
import {mistakenEnds} from '../playbooks/mistakes.js'
import {play} from '../playbooks/play.js'

/** The largest of them last. */
const captures = [
  'small',
  'small_v6',
  'relay_only',
  'port_reuse',
  'synthetic_clients',
  'bootstrapd_relay',
  'two_clients',
]

const mistakes = [
  'frame-nonce-of-other-end',
  'frame-nonce-little-endian',
  'frame-nonce-of-handshake',
  'frame-mac-behind',
  'frame-key-long-term',
  'frame-length-counts-itself',
  'handshake-fields-exchanged',
] as const

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
  const reading = await CaptureReading.open({sources: [{...source, close: () => {}}], keys, threads: 0})
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
  it.each(amountOf(captures, 6))('is the one that came, read from the file: %s', async name => {
    const {came, later} = await twice(name, false, ['sessions.keylog', ...allKeys(name)])
    expect(later).toEqual(came)
  })

  it('is the one that came, without keys', async () => {
    const {came, later} = await twice('small', false, [])
    expect(later).toEqual(came)
  })

  it('is the one that came, of a capture that can be read only once', async () => {
    const {came, later} = await twice('bootstrapd_relay', true, ['sessions.keylog'])
    expect(later).toEqual(came)
  })
})

describe('the index of records', () => {
  it('has at most 64 bytes of each', () => {
    expect(bytesPerRecord).toBeLessThanOrEqual(64)
  })

  it('has its peer, however many peers there were', () => {
    const store = new RecordStore(() => undefined)
    const peerOf = (n: number) => n.toString(16).padStart(64, '0')
    const peers = Array.from({length: numberedPeers + 3}, (_, n) => peerOf(n))
    for (const peer of [...peers, peerOf(0)])
      store.add({...blankRecord, kind: 'frame', connection: 0, from: 'client', inferred: {peer}})
    const all = [...peers, peerOf(0)]
    expect(store.count).toBe(all.length)
    // Those whose numbers may be too large, and some of the others.
    const step = amount(1, 37)
    const some = all.map((_, at) => at).filter(at => at % step === 0 || at > all.length - 50)
    const later = some.map(at => store.record(at).inferred?.peer)
    store.close()
    expect(later).toEqual(some.map(at => all[at]))
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

describe.each(mistakes)('frames that are sealed wrongly: %s', mistake => {
  it('show their fields when they are looked at again', () => {
    const keys = keysOf(1)
    const secrets = keys.session(0)
    const ends = mistakenEnds(keys, secrets, mistake)
    const {clientNonce, relayNonce, clientBase, relayBase} = secrets
    const line = {
      ...({kind: 'tcp_session', clientNonce, relayNonce, sharedKey: ends.key} as const),
      ...{clientBaseNonce: clientBase, relayBaseNonce: relayBase},
    }
    const secretOf = (secretKey: Uint8Array) => ({kind: 'secret_key', publicKey: null, secretKey}) as const
    const know = [secretOf(keys.relay.secretKey), secretOf(secrets.client.secretKey)]
    const p = play(keys, {greets: false, know})
    p.clientWire(ends.clientHandshake).relayWire(ends.relayHandshake)
    for (let index = 0; index < 4; index++)
      p.clientWire(ends.frame('client', index, ping(index))).relayWire(ends.frame('relay', index, ping(index + 8)))
    p.stop()
    const store = new RecordStore(() => keys.box)
    store.key(0, line)
    for (const record of p.records) store.add(record)
    const again = p.records.map((_, at) => recordToJson(store.record(at), {bytes: true}))
    expect(again).toEqual(p.records.map(record => recordToJson(record, {bytes: true})))
    expect(again.filter(text => text.includes('"type":"ping_request"'))).toHaveLength(8)
    store.close()
  })
})
