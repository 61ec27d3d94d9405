import {closeSync, openSync} from 'node:fs'
import {expect, it} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ChunkBatchWriter} from '../../../src/reading/batch/chunk-batch.js'
import {CaptureThread} from '../../../src/reading/threads/capture-thread.js'
import type {FromWorker} from '../../../src/reading/threads/worker-messages.js'

it.each([
  ['became shorter', (): number => openSync('/dev/null', 'r'), 'capture became shorter while it was read'],
  ['cannot be read', (): number => openSync('.', 'r'), 'cannot read capture: it is a directory'],
])('answers every batch of a file that %s, and says once why in vain', async (_, open, message) => {
  const file = open()
  const said: FromWorker[] = []
  const thread = new CaptureThread({isCounting: false, plaintext: undefined}, new Keyring(await loadSodium()), answer =>
    said.push(answer),
  )
  let order = 0
  for (const offset of [0, 100]) {
    const block = new Uint8Array(100)
    const writer = new ChunkBatchWriter(block, true, () => order++)
    const ends = {client: {ip: '10.0.0.1', port: 50_000}, relay: {ip: '10.0.0.2', port: 33445}}
    writer.open(offset, {clientEnd: 0, ends}, null)
    writer.feed({connection: offset, end: 0, time: null, bytes: block})
    thread.take({
      kind: 'batch',
      batch: writer.finish(),
      place: {name: 'capture', file, offset},
      size: block.length,
      slabs: [],
      noted: [],
    })
  }
  thread.take({kind: 'finish'})
  closeSync(file)
  expect(said.map(answer => (answer.kind === 'records' ? answer.rows.length : answer.message))).toEqual([
    message,
    0,
    0,
    0,
  ])
})
