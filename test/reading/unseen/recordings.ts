import type {Packet} from '../../../src/capture/packet.js'
import {CaptureReader} from '../../../src/capture/reader.js'
import type {KeyItem} from '../../../src/crypto/key-item.js'
import {KeyLogReader} from '../../../src/crypto/keylog.js'
import {runCapture} from '../../../src/reading/capture-run.js'
import {inMemory} from '../../../src/reading/capture-source.js'
import {detached, type KeptRecord} from '../../../src/session/record.js'
import {makePcap} from '../../capture/make-pcap.js'
import {fixture, fixtureText, ringOf} from '../../session/recorded.js'

/** A capture of real peers, and all keys for it, also those that it holds itself. */
export interface Recording {
  readonly packets: readonly Packet[]
  readonly keys: readonly KeyItem[]
}

const inFolder = (name: string, ...logs: readonly string[]) => ({
  file: `captures/${name}/capture.pcap`,
  logs: logs.map(log => `captures/${name}/${log}.keylog`),
})

const files: Readonly<Record<string, {readonly file: string; readonly logs: readonly string[]}>> = {
  ...Object.fromEntries(
    ['small', 'small_v6', 'bootstrapd_relay', 'two_clients', 'synthetic_clients'].map(name => [
      name,
      inFolder(name, 'sessions', 'inner'),
    ]),
  ),
  ...Object.fromEntries(['relay_only', 'port_reuse'].map(name => [name, inFolder(name, 'sessions')])),
  ...Object.fromEntries(
    ['forwarding', 'group', 'invitation'].map(name => [
      name,
      {file: `newer-toxcore/${name}.pcapng`, logs: [`newer-toxcore/${name}.keylog`]},
    ]),
  ),
  ...Object.fromEntries(
    ['goodbye-1', 'goodbye-2', 'goodbye-race'].map(name => [name, {file: `goodbyes/${name}.pcapng`, logs: []}]),
  ),
  relaystop: {file: 'goodbyes/relaystop.pcap', logs: ['goodbyes/relaystop.keylog']},
}

export const recordingNames: readonly string[] = Object.keys(files)

export function recordingOf(name: string): Recording {
  const {file, logs} = files[name]!
  const packets: Packet[] = []
  const texts = logs.map(fixtureText)
  for (const item of new CaptureReader().read(fixture(file))) {
    if (item.kind === 'packet') packets.push({...item})
    else texts.push(Buffer.from(item.data).toString())
  }
  const reader = new KeyLogReader('the fixture')
  return {packets, keys: [...reader.push(texts.join('\n')), ...reader.end()]}
}

/** A key, and the number of records after which it comes. */
export interface PlacedKey {
  readonly key: KeyItem
  readonly after: number
}

/** A pcap file of these packets, without the keys that their file held. */
function pcapOf(packets: readonly Packet[]): Uint8Array {
  const records = packets.map(({time, bytes, start, end, originalLength}) => ({
    seconds: Math.floor(time!.micros / 1_000_000),
    fraction: time!.micros % 1_000_000,
    bytes: bytes.subarray(start, end),
    originalLength,
  }))
  return makePcap({little: true, magic: 0xa1b2c3d4, linkType: packets[0]?.linkType ?? 1}, records)
}

/** All records of these packets. */
export async function recordsOf(packets: readonly Packet[], keys: readonly PlacedKey[]): Promise<KeptRecord[]> {
  const waiting = keys.toSorted((a, b) => b.after - a.after)
  const keyring = ringOf([])
  let made = 0
  const addKeys = () => {
    while (waiting.length > 0 && waiting.at(-1)!.after <= made) keyring.add(waiting.pop()!.key, 'the test')
  }
  addKeys()
  const records: KeptRecord[] = []
  await runCapture({
    ...{sources: [inMemory(pcapOf(packets))], keyring, ports: [], isWanted: () => true},
    packet: addKeys,
    take: record => {
      made++
      records.push(detached(record))
      return true
    },
  })
  return records
}
