import {Worker} from 'node:worker_threads'
import type {KeyItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring.js'
import {type ChunkBatch, ChunkBatchWriter, type RecordBatch, RecordBatchReader} from '../session/batch.js'
import type {Ends, SessionRecord} from '../session/record.js'
import type {ConnectionSetup} from '../session/session.js'
import type {Sifted} from '../session/statistics/sifter.js'
import type {Counts, Tally} from '../session/statistics/tally.js'
import {World} from '../session/world.js'
import type {Chunk, End, Time} from '../wire/chunk.js'
import type {CaptureEngine} from './capture-engine.js'

/** What a worker is told. */
export type ToWorker =
  | {readonly kind: 'keys'; readonly items: readonly {readonly item: KeyItem; readonly source: string}[]}
  /** slabs: room for plaintexts that this worker had filled, and whose records are through. */
  | {readonly kind: 'batch'; readonly batch: ChunkBatch; readonly slabs: readonly Uint8Array[]}
  /** End what is open. */
  | {readonly kind: 'finish'; readonly block: Uint8Array}
/** What it answers to each batch, and to finish. */
export interface FromWorker extends RecordBatch {
  /** Where it counts: which of its records these are. */
  readonly sifted: Sifted | undefined
  /** To finish: what it has counted. */
  readonly counts: Counts | undefined
}

export interface WorkerSetup {
  /** Count records, and hand back only those that more must be known of. */
  readonly isCounting: boolean
}

/** Blocks that are under way at most: enough that no worker waits, few enough to keep little in memory. */
const blocksUnderWay = 4
/** Megabytes of young objects of a worker: what it makes dies with its batch. */
const workerYoungMegabytes = 8

/** One block, and what the workers made of it so far. */
interface Block {
  readonly bytes: Uint8Array
  readonly results: (FromWorker | undefined)[]
  /** Connections that ended in it. */
  readonly ended: number[]
  missing: number
  /** True if nothing outside looks at its bytes once its records are through. */
  readonly isReusable: boolean
}

/** Threads start from the built program only. */
export const hasWorkers = (): boolean => import.meta.url.endsWith('.js')

/** Connections spread over worker threads. Records come back block by block and are merged into the order of their chunks: the output is that of one thread. */
export class WorkerEngine implements CaptureEngine {
  readonly #workers: readonly Worker[]
  readonly #readers: readonly RecordBatchReader[]
  readonly #world = new World()
  readonly #ends = new Map<number, Ends>()
  readonly #blocks: Block[] = []
  #writers: ChunkBatchWriter[] = []
  /** Blocks, and by worker slabs, whose records are through. */
  readonly #free: Uint8Array[] = []
  readonly #slabs: Uint8Array[][]
  #ended: number[] = []
  #order = 0
  #wake: (() => void) | undefined
  #failure: unknown

  constructor(
    keyring: Keyring,
    readonly emit: (record: SessionRecord) => void,
    count: number,
    /** Counts all records; those of which nothing more must be known are not emitted. */
    readonly tally?: Tally,
  ) {
    this.#workers = Array.from({length: count}, (_, number) => this.#start(number))
    this.#slabs = this.#workers.map(() => [])
    this.#readers = this.#workers.map(() => new RecordBatchReader())
    const keys: ToWorker = {kind: 'keys', items: keyring.items}
    for (const worker of this.#workers) worker.postMessage(keys)
  }

  #start(number: number): Worker {
    const setup: WorkerSetup = {isCounting: this.tally !== undefined}
    const worker = new Worker(new URL('./capture-worker.js', import.meta.url), {
      workerData: setup,
      resourceLimits: {maxYoungGenerationSizeMb: workerYoungMegabytes},
    })
    worker.on('message', (result: FromWorker) => this.#take(number, result))
    worker.on('error', error => {
      this.#failure ??= error
      this.#wake?.()
    })
    return worker
  }

  room(size: number): Uint8Array {
    const at = this.#free.findIndex(block => block.length === size)
    return at < 0 ? new Uint8Array(new SharedArrayBuffer(size)) : this.#free.splice(at, 1)[0]!
  }

  begin(block: Uint8Array): void {
    this.#writers = this.#workers.map(() => new ChunkBatchWriter(block))
  }

  #writerOf(connection: number): ChunkBatchWriter {
    return this.#writers[connection % this.#writers.length]!
  }

  open(connection: number, setup: ConnectionSetup, time: Time | null): void {
    this.#ends.set(connection, setup.ends)
    this.#writerOf(connection).open(connection, setup, time, this.#order++)
  }

  feed(chunk: Chunk): void {
    this.#writerOf(chunk.connection).chunk(chunk, this.#order++)
  }

  remark(connection: number, end: End, {position, packet}: {readonly position: number; readonly packet: number}): void {
    this.#writerOf(connection).remark(connection, end, position, packet)
  }

  end(connection: number): void {
    this.#ended.push(connection)
    this.#writerOf(connection).end(connection)
  }

  key(item: KeyItem, source: string): void {
    const keys: ToWorker = {kind: 'keys', items: [{item, source}]}
    for (const worker of this.#workers) worker.postMessage(keys)
  }

  async flush(isHeld: boolean): Promise<void> {
    const batches = this.#writers.map(writer => writer.finish())
    const bytes = this.#writers[0]!.block
    this.#blocks.push({bytes, results: this.#workers.map(() => undefined), ended: this.#ended, missing: this.#workers.length, isReusable: !isHeld})
    this.#ended = []
    for (const [number, batch] of batches.entries()) {
      const message: ToWorker = {kind: 'batch', batch, slabs: this.#slabs[number]!.splice(0)}
      this.#workers[number]!.postMessage(message, [batch.rows.buffer as ArrayBuffer, batch.spill.buffer as ArrayBuffer])
    }
    await this.#until(() => this.#blocks.length < blocksUnderWay)
    // Let answers come in even while nothing has to be waited for.
    await new Promise(resolve => setImmediate(resolve))
  }

  async finish(): Promise<void> {
    const block = new Uint8Array(new SharedArrayBuffer(0))
    this.#blocks.push({bytes: block, results: this.#workers.map(() => undefined), ended: [], missing: this.#workers.length, isReusable: false})
    const message: ToWorker = {kind: 'finish', block}
    for (const worker of this.#workers) worker.postMessage(message)
    await this.#until(() => this.#blocks.length === 0)
    this.stop()
  }

  stop(): void {
    for (const worker of this.#workers) void worker.terminate()
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      if (this.#failure) throw this.#failure
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }

  #take(number: number, result: FromWorker): void {
    const block = this.#blocks.find(({results}) => results[number] === undefined)!
    block.results[number] = result
    block.missing--
    for (let first = this.#blocks[0]; first?.missing === 0; first = this.#blocks[0]) {
      this.#blocks.shift()
      this.#merge(first)
    }
    this.#wake?.()
  }

  #merge({bytes, results, ended, isReusable}: Block): void {
    const endsOf = (connection: number) => this.#ends.get(connection) ?? null
    const lists = results.map((result, number) => new Orders(this.#readers[number]!.read(result!, bytes, endsOf), result!.sifted))
    for (;;) {
      let next = lists[0]!
      for (const list of lists) if (list.order < next.order) next = list
      if (next.isOver) break
      const record = next.take()
      if (record) this.emit(this.#world.take(record))
      else this.#world.skip(1)
    }
    for (const {counts} of results as readonly FromWorker[]) if (counts) this.tally?.merge(counts)
    for (const connection of ended) this.#ends.delete(connection)
    for (const [number, result] of results.entries()) this.#slabs[number]!.push(...result!.slabs)
    if (isReusable) this.#free.push(new Uint8Array(bytes.buffer))
  }
}

/** One worker's records of a block, in order, and places of those that were only counted. */
class Orders {
  #at = 0
  #next = 0

  constructor(
    readonly records: readonly {readonly order: number; readonly record: SessionRecord}[],
    readonly sifted: Sifted | undefined,
  ) {}

  /** Of the next one; Infinity behind the last. */
  get order(): number {
    return (this.sifted ? this.sifted.orders[this.#at] : this.records[this.#at]?.order) ?? Number.POSITIVE_INFINITY
  }

  get isOver(): boolean {
    return this.#at === (this.sifted ? this.sifted.orders.length : this.records.length)
  }

  /** @returns undefined for one that was only counted. */
  take(): SessionRecord | undefined {
    const at = this.#at++
    if (this.sifted && this.sifted.places[this.#next] !== at) return undefined
    return this.records[this.#next++]!.record
  }
}
