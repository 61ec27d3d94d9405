import {expect, it} from 'vitest'
import {limits} from '../../src/capture/limits.js'
import {limits as ownLimits} from '../../src/protocol/limits.js'
import {makePcap} from '../capture/make-pcap.js'
import {frameOf, type Sent} from '../capture/wire.js'
import {runRead} from '../reading/capture-files.js'

/** The end of connection number n. */
const ends = (n: number) =>
  [
    {ip: `10.1.${n >> 8}.${n & 255}`, port: 40_000},
    {ip: '10.0.0.2', port: 33_445},
  ] as const

function capture(segments: Iterable<readonly [connection: number, sent: Sent]>): Buffer {
  const records = [...segments].map(([connection, sent], at) => ({
    seconds: 1000,
    fraction: at,
    bytes: frameOf(sent, [...ends(connection)]),
  }))
  return makePcap({little: true, magic: 0xa1b2c3d4}, records)
}

it('says how many connections ended early because too many were open', async () => {
  const syns = Array.from({length: limits.connections + 7}, (_, n) => [n, {from: 0, seq: 1000, flags: 'S'}] as const)
  const {notes} = await runRead(['-'], [], {}, [capture(syns)])
  expect(notes).toContain(`7 TCP connections ended early: over ${limits.connections} were open at a time`)
})

it('says how many connections were decided early because too many bytes waited', async () => {
  const perConnection = ownLimits.recogniseChunks - 10
  const connections = Math.ceil(ownLimits.undecidedBytes / ownLimits.chunkBytes / perConnection) + 1
  function* segments(): Generator<readonly [number, Sent]> {
    for (let n = 0; n < connections; n++) yield [n, {from: 0, seq: 1000, flags: 'S'}]
    for (let at = 0; at < perConnection; at++)
      for (let n = 0; n < connections; n++) yield [n, {from: 0, seq: 1001 + at, data: Uint8Array.of(0)}]
  }
  const {notes} = await runRead(['-'], [], {}, [capture(segments())])
  expect(notes).toMatch(/whether \d+ TCP connections? are Tox was decided early: too many bytes waited/)
})

it('says nothing where no bound was reached', async () => {
  const {notes} = await runRead(['-'], [], {}, [capture([[0, {from: 0, seq: 1000, flags: 'S'}]])])
  expect(notes).not.toContain('early')
})
