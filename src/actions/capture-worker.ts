import {parentPort, workerData} from 'node:worker_threads'
import {Keyring} from '../crypto/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {Arena, arenaBytes} from '../session/arena.js'
import {playBatch} from '../session/chunk-batch.js'
import type {SessionRecord} from '../session/record.js'
import {RecordBatchWriter} from '../session/record-batch.js'
import {Connections} from '../session/session.js'
import {Sifter} from '../session/sifter.js'
import {Tally} from '../session/statistics/tally.js'
import {type Numbers, PrintJob} from './print-job.js'
import type {FromWorker, ToWorker, WorkerSetup} from './worker-engine.js'

// A thread of worker-engine.ts: looks at its connections' chunks, batch by batch, and answers each batch with the records.

const port = parentPort!
const {isCounting, printing}: WorkerSetup = workerData
const keyring = new Keyring(await loadSodium())
const tally = isCounting ? new Tally() : undefined
const job = printing ? new PrintJob(printing) : undefined
const sifter = tally || job ? new Sifter() : undefined
const peers = new Map<string, number>()
/** Room for plaintexts whose records are through. */
const free: Uint8Array[] = []
/** Slabs of the batch at hand, and of those that wait to be printed. */
let used: Uint8Array[] = []
const waiting: Uint8Array[][] = []
let writer = new RecordBatchWriter(new Uint8Array(0), peers)
/** Orders of records that only the end of everything brings: behind all chunks, connection by connection. */
let endOrder: number | undefined
const emit = (record: SessionRecord) => {
  if (endOrder !== undefined) writer.order = endOrder + (record.connection ?? 0)
  tally?.add(record)
  job?.keep(record)
  const wanted = sifter ? sifter.add(record, writer.order) : record
  if (wanted) writer.add(wanted)
}
/** What is only counted is over with its record: one slab serves all. */
const counted = new Uint8Array(tally ? arenaBytes : 0)
const arena = new Arena(tally ? () => counted : slab)
const connections = new Connections(keyring, emit, arena)

function slab(size: number): Uint8Array {
  const at = free.findIndex(({length}) => length === size)
  const fresh = () => new Uint8Array(job ? new ArrayBuffer(size) : new SharedArrayBuffer(size))
  const taken = at < 0 ? fresh() : free.splice(at, 1)[0]!
  used.push(taken)
  return taken
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'keys') for (const {item, source} of message.items) keyring.add(item, source)
  else if (message.kind === 'numbers') print(message.numbers)
  else work(message)
})

function work(message: Extract<ToWorker, {kind: 'batch' | 'finish'}>): void {
  if (message.kind === 'batch') {
    free.push(...message.slabs)
    writer = new RecordBatchWriter(message.batch.block, peers)
    playBatch(message.batch, connections, order => {
      writer.order = order
    })
  } else {
    writer = new RecordBatchWriter(message.block, peers)
    endOrder = Number.MAX_SAFE_INTEGER / 2
    connections.end()
  }
  // The slabs of this batch are its records': they are free again when those are through.
  if (!tally) arena.close()
  if (job) {
    job.close()
    waiting.push(used)
  }
  used = []
  const counts = message.kind === 'finish' ? tally?.counts : undefined
  const answer: FromWorker = {kind: 'records', ...writer.finish(), sifted: sifter?.finish(), counts}
  // What is small is cheaper copied.
  port.postMessage(answer, sifter ? [] : [answer.rows.buffer as ArrayBuffer])
}

function print(numbers: Numbers): void {
  const printed = job!.print(numbers)
  free.push(...waiting.shift()!)
  const answer: FromWorker = {kind: 'printed', ...printed}
  port.postMessage(answer, [printed.text.buffer as ArrayBuffer])
}
