import {Worker} from 'node:worker_threads'
import type {KeyItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring.js'
import {type ChunkBatch, ChunkBatchWriter} from '../session/chunk-batch.js'
import type {Ends, SessionRecord} from '../session/record.js'
import {type RecordBatch, RecordBatchReader} from '../session/record-batch.js'
import type {ConnectionSetup} from '../session/session.js'
import type {Sifted} from '../session/sifter.js'
import type {Counts, Tally} from '../session/statistics/tally.js'
import {World} from '../session/world.js'
import type {Chunk, End, Time} from '../wire/chunk.js'
import type {CaptureEngine} from './capture-engine.js'
import type {Numbers, Printed, PrintSetup} from './print-job.js'

/** What a worker is told. */
export type ToWorker =
  | {readonly kind: 'keys'; readonly items: readonly {readonly item: KeyItem; readonly source: string}[]}
  /** slabs: room for plaintexts that this worker had filled, and whose records are through. */
  | {readonly kind: 'batch'; readonly batch: ChunkBatch; readonly slabs: readonly Uint8Array[]}
  /** Where it prints: what the world says of the oldest batch that waits for it. */
  | {readonly kind: 'numbers'; readonly numbers: Numbers}
  /** End what is open. */
  | {readonly kind: 'finish'; readonly block: Uint8Array}

/** What it answers to each batch, and to finish. */
export interface Records extends RecordBatch {
  readonly kind: 'records'
  /** Where it counts or prints: which of its records these are. */
  readonly sifted: Sifted | undefined
  /** To finish, where it counts: what it has counted. */
  readonly counts: Counts | undefined
}

/** What a worker says: the records of a batch, or all of which the world must know, and where it prints, later, their text. */
export type FromWorker = Records | ({readonly kind: 'printed'} & Printed)

export interface WorkerSetup {
  /** Count records, and hand back only those that more must be known of. */
  readonly isCounting: boolean
  /** Print records there, and hand back only those that more must be known of. */
  readonly printing: PrintSetup | undefined
}

/** Where records are printed by the threads that make them. */
export interface Printing {
  readonly setup: PrintSetup
  /** Text of records, in order. */
  write(text: Uint8Array): void
}

/** Blocks that are under way at most: enough that no worker waits, few enough to keep little in memory. */
const blocksUnderWay = 4
/** Bytes of a block where little comes back from the workers: each block wakes all of them up. */
const countedBlockBytes = 2 * 1024 * 1024
/** Megabytes of young objects of a worker: what it makes dies with its batch. */
const workerYoungMegabytes = 8

/** One block, and what the workers made of it so far. */
interface Block {
  readonly bytes: Uint8Array
  readonly results: (Records | undefined)[]
  readonly printed: (Printed | undefined)[]
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
  /** Blocks whose records are awaited, and then those whose text is. */
  readonly #blocks: Block[] = []
  readonly #printingBlocks: Block[] = []
  /** Of all records; what times are relative to. */
  #first: Time | null = null
  #writers: ChunkBatchWriter[] = []
  /** Blocks, and by worker slabs, whose records are through. */
  readonly #free: Uint8Array[] = []
  readonly #slabs: Uint8Array[][]
  #ended: number[] = []
  #order = 0
  /** Room for the text of one block. */
  #text = new Uint8Array(0)
  #wake: (() => void) | undefined
  #failure: unknown

  constructor(
    keyring: Keyring,
    readonly emit: (record: SessionRecord) => void,
    count: number,
    /** Either one: of the records, only those of which more must be known than counts or text are emitted. */
    readonly tally?: Tally | undefined,
    readonly printing?: Printing | undefined,
  ) {
    this.#workers = Array.from({length: count}, (_, number) => this.#start(number))
    this.#slabs = this.#workers.map(() => [])
    this.#readers = this.#workers.map(() => new RecordBatchReader())
    const keys: ToWorker = {kind: 'keys', items: keyring.items}
    for (const worker of this.#workers) worker.postMessage(keys)
  }

  #start(number: number): Worker {
    const setup: WorkerSetup = {isCounting: this.tally !== undefined, printing: this.printing?.setup}
    const worker = new Worker(new URL('./capture-worker.js', import.meta.url), {
      workerData: setup,
      resourceLimits: {maxYoungGenerationSizeMb: workerYoungMegabytes},
    })
    worker.on('message', (answer: FromWorker) => (answer.kind === 'records' ? this.#take(number, answer) : this.#print(number, answer)))
    worker.on('error', error => {
      this.#failure ??= error
      this.#wake?.()
    })
    return worker
  }

  room(size: number): Uint8Array {
    const bytes = size > 0 && this.tally ? Math.max(size, countedBlockBytes) : size
    const at = this.#free.findIndex(block => block.length === bytes)
    return at < 0 ? new Uint8Array(bytes) : this.#free.splice(at, 1)[0]!
  }

  begin(block: Uint8Array): void {
    this.#writers = this.#workers.map(() => new ChunkBatchWriter(block, false))
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
    this.#blocks.push({
      bytes,
      results: this.#workers.map(() => undefined),
      printed: this.#workers.map(() => undefined),
      ended: this.#ended,
      missing: this.#workers.length,
      isReusable: !isHeld,
    })
    this.#ended = []
    for (const [number, batch] of batches.entries()) {
      const message: ToWorker = {kind: 'batch', batch, slabs: this.#slabs[number]!.splice(0)}
      this.#workers[number]!.postMessage(message, [batch.rows.buffer as ArrayBuffer, batch.spill.buffer as ArrayBuffer])
    }
    await this.#until(() => this.#blocks.length + this.#printingBlocks.length < blocksUnderWay)
    // Let answers come in even while nothing has to be waited for.
    await new Promise(resolve => setImmediate(resolve))
  }

  async finish(): Promise<void> {
    const block = new Uint8Array(0)
    this.#blocks.push({
      bytes: block,
      results: this.#workers.map(() => undefined),
      printed: this.#workers.map(() => undefined),
      ended: [],
      missing: this.#workers.length,
      isReusable: false,
    })
    const message: ToWorker = {kind: 'finish', block}
    for (const worker of this.#workers) worker.postMessage(message)
    await this.#until(() => this.#blocks.length + this.#printingBlocks.length === 0)
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

  #take(number: number, result: Records): void {
    const block = this.#blocks.find(({results}) => results[number] === undefined)!
    block.results[number] = result
    block.missing--
    for (let first = this.#blocks[0]; first?.missing === 0; first = this.#blocks[0]) {
      this.#blocks.shift()
      const numbers = this.#merge(first)
      if (this.printing) this.#letPrint(first, numbers)
      else this.#release(first)
    }
    this.#wake?.()
  }

  /** Bring the records of all workers into the order of their chunks. @returns what each worker's batch is to be printed with. */
  #merge({bytes, results, ended}: Block): Numbers[] {
    const endsOf = (connection: number) => this.#ends.get(connection) ?? null
    const lists = results.map((result, number) => new Orders(this.#readers[number]!.read(result!, bytes, endsOf), result!.sifted))
    for (;;) {
      let next = lists[0]!
      for (const list of lists) if (list.order < next.order) next = list
      if (next.isOver) break
      const record = next.take()
      if (record) this.#emitFrom(next, record)
      else next.number(this.#world.skip())
    }
    for (const {counts} of results as readonly Records[]) if (counts) this.tally?.merge(counts)
    for (const connection of ended) this.#ends.delete(connection)
    return lists.map(({numbers, changes}) => ({first: this.#first, numbers, changes}))
  }

  #emitFrom(list: Orders, record: SessionRecord): void {
    const {findings} = record
    const known = this.#world.take(record)
    this.#first ??= known.time
    list.number(known.number)
    if (this.printing && (known.findings !== findings || known.causes.length > 0)) list.change(known)
    this.emit(known)
  }

  #letPrint(block: Block, numbers: readonly Numbers[]): void {
    block.missing = this.#workers.length
    this.#printingBlocks.push(block)
    for (const [number, worker] of this.#workers.entries()) {
      const message: ToWorker = {kind: 'numbers', numbers: numbers[number]!}
      worker.postMessage(message, [message.numbers.numbers.buffer as ArrayBuffer])
    }
  }

  #print(number: number, printed: Printed): void {
    const block = this.#printingBlocks.find(({printed: texts}) => texts[number] === undefined)!
    block.printed[number] = printed
    block.missing--
    for (let first = this.#printingBlocks[0]; first?.missing === 0; first = this.#printingBlocks[0]) {
      this.#printingBlocks.shift()
      this.printing!.write(this.#inOrder(first.printed as readonly Printed[]))
      this.#release(first)
    }
    this.#wake?.()
  }

  /** The texts of a block's records in the order of their numbers; good until the next call. */
  #inOrder(printed: readonly Printed[]): Uint8Array {
    const size = printed.reduce((sum, {text}) => sum + text.length, 0)
    if (this.#text.length < size) this.#text = new Uint8Array(size + size / 4)
    const out = this.#text.subarray(0, size)
    const lists = printed.map(({text, numbers, ends}) => ({text, numbers, ends, place: 0, start: 0}))
    const numberOf = (list: (typeof lists)[number]) => list.numbers[list.place] ?? Number.POSITIVE_INFINITY
    for (let at = 0; at < out.length; ) {
      let next = lists[0]!
      let rival = Number.POSITIVE_INFINITY
      for (const list of lists) if (numberOf(list) < numberOf(next)) next = list
      for (const list of lists) if (list !== next) rival = Math.min(rival, numberOf(list))
      // As many as come before any other list's next one, in one go.
      let end = next.start
      while (numberOf(next) < rival) end = next.ends[next.place++]!
      out.set(next.text.subarray(next.start, end), at)
      at += end - next.start
      next.start = end
    }
    return out
  }

  /** The block's records are through. */
  #release({bytes, results, isReusable}: Block): void {
    for (const [number, result] of results.entries()) this.#slabs[number]!.push(...result!.slabs)
    if (isReusable) this.#free.push(new Uint8Array(bytes.buffer))
  }
}

/** One worker's records of a block, in order, and places of those that were only counted. */
class Orders {
  readonly numbers: Float64Array
  readonly changes: Numbers['changes'][number][] = []
  #at = 0
  #next = 0

  constructor(
    readonly records: readonly {readonly order: number; readonly record: SessionRecord}[],
    readonly sifted: Sifted | undefined,
  ) {
    this.numbers = new Float64Array(sifted?.orders.length ?? records.length)
  }

  /** The record that was taken last has this number. */
  number(number: number): void {
    this.numbers[this.#at - 1] = number
  }

  /** The record that was taken last has more findings, or causes, than the thread that made it knows. */
  change({findings, causes}: SessionRecord): void {
    this.changes.push({place: this.#at - 1, findings, causes})
  }

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
