import {parentPort, workerData} from 'node:worker_threads'
import {Keyring} from '../crypto/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {Arena, arenaBytes} from '../session/arena.js'
import {playBatch, RecordBatchWriter} from '../session/batch.js'
import type {SessionRecord} from '../session/record.js'
import {Connections} from '../session/session.js'
import {Sifter} from '../session/statistics/sifter.js'
import type {FromWorker, ToWorker, WorkerSetup} from './worker-engine.js'

// A thread of worker-engine.ts: looks at its connections' chunks, batch by batch, and answers each batch with the records.

const port = parentPort!
const {isCounting}: WorkerSetup = workerData
const keyring = new Keyring(await loadSodium())
const sifter = isCounting ? new Sifter() : undefined
const peers = new Map<string, number>()
/** Room for plaintexts whose records are through. */
const slabs: Uint8Array[] = []
let writer = new RecordBatchWriter(new Uint8Array(0), peers)
/** Orders of records that only the end of everything brings: behind all chunks, connection by connection. */
let endOrder: number | undefined
const emit = (record: SessionRecord) => {
  if (endOrder !== undefined) writer.order = endOrder + (record.connection ?? 0)
  const wanted = sifter ? sifter.add(record, writer.order) : record
  if (wanted) writer.add(wanted)
}
/** What is only counted is over with its record: one slab serves all. */
const counted = new Uint8Array(sifter ? arenaBytes : 0)
const arena = new Arena(sifter ? () => counted : slab)
const connections = new Connections(keyring, emit, arena)

function slab(size: number): Uint8Array {
  const at = slabs.findIndex(({length}) => length === size)
  return at < 0 ? new Uint8Array(new SharedArrayBuffer(size)) : slabs.splice(at, 1)[0]!
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'keys') {
    for (const {item, source} of message.items) keyring.add(item, source)
    return
  }
  if (message.kind === 'batch') {
    slabs.push(...message.slabs)
    writer = new RecordBatchWriter(message.batch.block, peers)
    playBatch(message.batch, connections, order => {
      writer.order = order
    })
  } else {
    writer = new RecordBatchWriter(message.block, peers)
    endOrder = Number.MAX_SAFE_INTEGER / 2
    connections.end()
  }
  // The slabs of this batch are the answer's: they come back when its records are through.
  if (!sifter) arena.close()
  const counts = message.kind === 'finish' ? sifter?.tally.counts : undefined
  const answer: FromWorker = {...writer.finish(), sifted: sifter?.finish(), counts}
  // What is small is cheaper copied.
  port.postMessage(answer, sifter ? [] : [answer.rows.buffer as ArrayBuffer])
})
