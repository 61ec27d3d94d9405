import type {Worker} from 'node:worker_threads'
import type {KeyItem} from '../../crypto/key-item.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import type {ConnectionSetup} from '../../session/connection-setup.js'
import type {Forgotten} from '../../session/inner/inner-world.js'
import type {Ends} from '../../session/record.js'
import {World} from '../../session/world.js'
import {type Chunk, type Conflict, noBytes, type Time} from '../../wire/chunk.js'
import {type InputError, receivedMistake} from '../../wire/input-error.js'
import {over} from '../../wire/memory/lifetime.js'
import {ChunkBatchWriter} from '../batch/chunk-batch.js'
import {RecordCursor} from '../batch/record-cursor.js'
import type {FrameThreads, Place, RecordOptions} from '../frame-threads.js'
import {MergeCursor} from './merge-cursor.js'
import type {BatchMessage, FromWorker, Records, ToWorker} from './worker-messages.js'

/** Bytes of a block: few blocks, as each wakes all workers up. */
const blockBytes = 1024 * 1024
/**
 * Blocks that the workers have at most: enough that this thread goes on while they start, few enough to keep little in
 * memory.
 */
const blocksUnderWay = 8

/** A connection that is over. */
interface EndedConnection {
  readonly connection: number
  /** Its records come before those of this place. */
  readonly order: number
}

/** One block, and what the workers made of it so far. */
interface Block {
  readonly bytes: Uint8Array
  readonly results: (Records | undefined)[]
  /** Connections of which it has the last chunks, in order. */
  readonly ended: readonly EndedConnection[]
  missing: number
  /** True if nothing outside looks at its bytes once its records are through. */
  readonly isReusable: boolean
}

/**
 * Connections spread over worker threads, which open and decode; this thread reads the capture and takes the records.
 * They come back block by block and are merged into the order of their chunks: what is emitted is what one thread would
 * emit.
 */
export class WorkerEngine implements FrameThreads {
  readonly #workers: readonly Worker[]
  readonly #exits: readonly Promise<void>[]
  readonly #keyring: Keyring
  readonly #options: RecordOptions
  /** Whether records need the bytes of their blocks. */
  readonly #hasWire: boolean
  readonly #world: World
  readonly #ends = new Map<number, Ends>()
  /** Blocks whose records are awaited, oldest first. */
  readonly #blocks: Block[] = []
  #writers: ChunkBatchWriter[] = []
  /** Blocks, and by worker slabs, whose records are through. */
  readonly #free: Uint8Array[] = []
  readonly #slabs: Uint8Array[][]
  #ended: EndedConnection[] = []
  /** Packets of the current block with notes. */
  #noted: number[] = []
  /** Keys of the ring that the workers know, or will by the block at hand. */
  #told = 0
  /** Size of the current block. */
  #place: Place | undefined
  #order = 0
  #wake: (() => void) | undefined
  #isFinished = false
  #failure: unknown
  #problem: InputError | undefined

  /** @param workers as `startThreads` starts them; they are this engine's from now on. */
  constructor(workers: readonly Worker[], keyring: Keyring, options: RecordOptions) {
    this.#workers = workers
    this.#exits = workers.map(worker => new Promise(resolve => worker.once('exit', () => resolve())))
    this.#keyring = keyring
    const opensInner = !options.tally && options.plaintext === undefined
    this.#world = new World(opensInner ? keyring : undefined, options.peers, options.relayed)
    this.#options = options
    this.#hasWire = !options.tally && options.plaintext === undefined
    this.#slabs = workers.map(() => [])
    for (const [number, worker] of workers.entries()) {
      worker.ref()
      worker.on('message', (answer: FromWorker) => {
        if (answer.kind === 'records') this.#take(number, answer)
        else this.#problem ??= receivedMistake(answer)
      })
      worker.on('error', error => this.#fail(error))
    }
    this.#tell({kind: 'setup', setup: {isCounting: options.tally !== undefined, plaintext: options.plaintext}})
  }

  get problem(): InputError | undefined {
    return this.#problem
  }

  get forgotten(): Forgotten {
    return this.#world.forgotten
  }

  room(size: number): Uint8Array {
    const bytes = size > 0 ? Math.max(size, blockBytes) : size
    const at = this.#free.findIndex(block => block.length === bytes)
    return at < 0 ? new Uint8Array(bytes) : this.#free.splice(at, 1)[0]!
  }

  begin(block: Uint8Array, place?: Place): void {
    this.#tellKeys()
    this.#place = place
    this.#writers = this.#workers.map(() => new ChunkBatchWriter(block, place !== undefined, () => this.#order++))
  }

  open(connection: number, setup: ConnectionSetup, time: Time | null): void {
    this.#ends.set(connection, setup.ends)
    this.#writerOf(connection).open(connection, setup, time)
  }

  feed(chunk: Chunk): void {
    this.#writerOf(chunk.connection).feed(chunk)
  }

  conflict(conflict: Conflict): void {
    this.#writerOf(conflict.connection).conflict(conflict)
  }

  end(connection: number): void {
    this.#writerOf(connection).end(connection)
    this.#ended.push({connection, order: this.#order})
  }

  key(item: KeyItem, source: string): void {
    if (!this.#keyring.add(item, source)) return
    this.#told++
    for (const writer of this.#writers) writer.key(item, source)
  }

  note(packet: number): void {
    this.#noted.push(packet)
  }

  async flush(): Promise<void> {
    const {block} = this.#writers[0]!
    // What comes once and in order was read into memory of its own.
    const isOwn = this.#place !== undefined
    if (this.#hasWire) this.#await(block, isOwn)
    else {
      // The next block has the same place in memory, and so in the processor's cache.
      this.#await(noBytes, false)
      if (isOwn) this.#reuse(block)
    }
    for (const [number, writer] of this.#writers.entries()) {
      const batch = writer.finish()
      const message: BatchMessage = {
        kind: 'batch',
        batch,
        place: this.#place,
        size: block.length,
        slabs: this.#slabs[number]!.splice(0),
        noted: this.#noted,
      }
      this.#workers[number]!.postMessage(message, [batch.rows.buffer as ArrayBuffer, batch.spill.buffer as ArrayBuffer])
    }
    this.#noted = []
    await this.#until(() => this.#blocks.length < blocksUnderWay)
    // Let answers come in even while nothing has to be waited for.
    await new Promise(resolve => setImmediate(resolve))
  }

  async finish(): Promise<void> {
    this.#await(noBytes, false)
    this.#tell({kind: 'finish'})
    await this.#until(() => this.#blocks.length === 0)
    this.#isFinished = true
  }

  /** Wait for the workers that have finished: at their end they may keep compiled code. End the others. */
  async stop(): Promise<void> {
    if (this.#isFinished) await Promise.all(this.#exits)
    else await Promise.all(this.#workers.map(worker => worker.terminate()))
  }

  #writerOf(connection: number): ChunkBatchWriter {
    return this.#writers[connection % this.#writers.length]!
  }

  #tell(message: ToWorker): void {
    for (const worker of this.#workers) worker.postMessage(message)
  }

  /** Keys that came to the ring between blocks: those given at first, and what key logs grew by. */
  #tellKeys(): void {
    const items = this.#keyring.items.slice(this.#told)
    if (items.length > 0) this.#tell({kind: 'keys', items})
    this.#told += items.length
  }

  #reuse(block: Uint8Array): void {
    const whole = new Uint8Array(block.buffer)
    over(whole)
    this.#free.push(whole)
  }

  #await(bytes: Uint8Array, isReusable: boolean): void {
    this.#blocks.push({
      bytes,
      results: this.#workers.map(() => undefined),
      ended: this.#ended,
      missing: this.#workers.length,
      isReusable,
    })
    this.#ended = []
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!isDone() && !this.#failure) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#wake?.()
  }

  #take(number: number, result: Records): void {
    const block = this.#blocks.find(({results}) => results[number] === undefined)!
    block.results[number] = result
    block.missing--
    for (let first = this.#blocks[0]; first?.missing === 0; first = this.#blocks[0]) {
      this.#blocks.shift()
      this.#merge(first)
    }
    this.#wake?.()
  }

  /** Bring the records of all workers into the order of their chunks. */
  #merge({bytes, results, ended, isReusable}: Block): void {
    const endsOf = (connection: number) => this.#ends.get(connection) ?? null
    const lists = (results as readonly Records[]).map(
      result => new MergeCursor(new RecordCursor(result, bytes, endsOf), result.sifted),
    )
    let ends = 0
    for (;;) {
      let next = lists[0]!
      for (const list of lists) if (list.order < next.order) next = list
      for (let first = ended[ends]; first && first.order <= next.order; first = ended[++ends]) this.#over(first)
      if (next.isOver) break
      const record = next.take()
      if (record) this.#options.emit(this.#world.take(record))
      else this.#world.skip()
    }
    for (const {counts, inner} of results as readonly Records[]) {
      if (counts) this.#options.tally?.merge(counts)
      if (inner) this.#options.inner?.merge(inner)
    }
    for (const [number, result] of results.entries()) {
      for (const slab of result!.slabs) over(slab)
      this.#slabs[number]!.push(...result!.slabs)
    }
    if (isReusable) this.#reuse(bytes)
  }

  #over({connection}: EndedConnection): void {
    this.#ends.delete(connection)
    this.#world.over(connection)
  }
}
