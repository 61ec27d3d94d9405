import {readSync} from 'node:fs'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {fileError} from '../../files/errors/file-error.js'
import {Arena} from '../../session/arena.js'
import type {ConnectionSink} from '../../session/connection-sink.js'
import type {SessionRecord} from '../../session/record.js'
import {Session} from '../../session/session.js'
import {InnerTally} from '../../statistics/inner-tally.js'
import {Tally} from '../../statistics/tally.js'
import {noBytes} from '../../wire/chunk.js'
import {InputError, sentMistake} from '../../wire/input-error.js'
import {over} from '../../wire/memory/lifetime.js'
import {playBatch} from '../batch/chunk-batch.js'
import {RecordBatchWriter} from '../batch/record-batch.js'
import type {Place} from '../frame-threads.js'
import {WorkerFilter} from './worker-filter.js'
import type {BatchMessage, FromWorker, ToWorker, WorkerSetup} from './worker-messages.js'

/** @param given buffers that are the other's from now on. */
type Say = (answer: FromWorker, given?: readonly ArrayBuffer[]) => void

/** Orders of records that come at the end of the run: after all chunks, connection by connection. */
const endOrder = Number.MAX_SAFE_INTEGER / 2

/** What one thread does with its share of a capture's connections. */
export class CaptureThread {
  readonly #say: Say
  readonly #keyring: Keyring
  readonly #tally: Tally | undefined
  readonly #inner: InnerTally | undefined
  readonly #sifter: WorkerFilter | undefined
  readonly #arena: Arena
  readonly #session: Session
  /** What the batches are handed to. */
  readonly #sink: ConnectionSink
  /** Place of each open connection among all of the run. */
  readonly #places = new Map<number, number>()
  /** Room for plaintexts whose records are through. */
  readonly #freeSlabs: Uint8Array[] = []
  /** The bytes of the block at hand. */
  #block = noBytes
  readonly #hasWire: boolean
  #writer: RecordBatchWriter
  #isEnding = false
  /** True once the capture could not be read again: what follows would lack what was there. */
  #isBroken = false

  constructor({isCounting, plaintext}: WorkerSetup, keyring: Keyring, say: Say) {
    this.#say = say
    this.#keyring = keyring
    this.#hasWire = !isCounting && plaintext === undefined
    this.#writer = this.#writerFor(noBytes)
    const placeOf = (connection: number) => this.#places.get(connection)!
    this.#tally = isCounting ? new Tally(placeOf) : undefined
    this.#inner = isCounting ? new InnerTally(placeOf) : undefined
    this.#sifter = isCounting ? new WorkerFilter() : undefined
    this.#arena = isCounting ? Arena.ofOneSlab(plaintext) : new Arena(size => this.#slab(size), plaintext)
    this.#session = new Session(keyring, record => this.#emit(record), {arena: this.#arena, world: null})
    this.#sink = this.#sinkWithPlaces(this.#session)
  }

  #sinkWithPlaces(session: Session): ConnectionSink {
    return {
      open: (connection, setup, time) => {
        this.#places.set(connection, setup.place ?? connection)
        session.open(connection, setup, time)
      },
      feed: chunk => session.feed(chunk),
      conflict: conflict => session.conflict(conflict),
      end: connection => {
        session.end(connection)
        this.#places.delete(connection)
      },
      key: (item, source) => session.key(item, source),
    }
  }

  take(message: Exclude<ToWorker, {kind: 'setup'}>): void {
    if (message.kind === 'keys') for (const {item, source} of message.items) this.#keyring.add(item, source)
    else if (message.kind === 'batch') this.#play(message)
    else this.#finish()
  }

  #emit(record: SessionRecord): void {
    if (this.#isEnding) this.#writer.order = endOrder + (record.connection ?? 0)
    this.#tally?.add(record)
    this.#inner?.add(record)
    const wanted = this.#sifter ? this.#sifter.add(record, this.#writer.order) : record
    if (wanted) this.#writer.add(wanted)
  }

  #writerFor(block: Uint8Array): RecordBatchWriter {
    return new RecordBatchWriter(block, this.#hasWire)
  }

  /** Shared: the thread that takes the records reads plaintexts where they are. */
  #slab(size: number): Uint8Array {
    const at = this.#freeSlabs.findIndex(({length}) => length === size)
    return at < 0 ? new Uint8Array(new SharedArrayBuffer(size)) : this.#freeSlabs.splice(at, 1)[0]!
  }

  #play({batch, place, size, slabs, noted}: BatchMessage): void {
    for (const packet of noted) this.#sifter?.note(packet)
    const block = this.#isBroken || !place ? noBytes : this.#blockAt(place, size)
    this.#writer = this.#writerFor(block)
    this.#freeSlabs.push(...slabs)
    if (!this.#isBroken)
      playBatch(batch, block, this.#sink, order => {
        this.#writer.order = order
      })
    this.#answer()
    over(this.#block)
  }

  #finish(): void {
    this.#writer = this.#writerFor(noBytes)
    this.#isEnding = true
    this.#session.end()
    this.#answer()
  }

  #answer(): void {
    // The slabs of this batch are its records': they come back when those are through.
    if (!this.#tally) this.#arena.close()
    const counts = this.#isEnding ? this.#tally?.counts : undefined
    const inner = this.#isEnding ? this.#inner?.counts : undefined
    const records = this.#writer.finish()
    this.#say({kind: 'records', ...records, sifted: this.#sifter?.finish(), counts, inner}, [
      records.rows.buffer as ArrayBuffer,
    ])
  }

  /**
   * The bytes of a block: reading them once more is cheaper than having them handed over. Nothing keeps them beyond the
   * batch.
   */
  #blockAt({file, offset, name}: Place, size: number): Uint8Array {
    if (this.#block.length < size) this.#block = new Uint8Array(size)
    try {
      for (let done = 0; done < size; ) {
        const count = readSync(file, this.#block, done, size - done, offset + done)
        if (count === 0)
          throw new InputError(
            `${name} became shorter while it was read`,
            'read it again once nothing writes to it',
            'cut-off-capture',
          )
        done += count
      }
    } catch (error) {
      this.#isBroken = true
      this.#say(sentMistake(error instanceof InputError ? error : fileError(error, 'read', name)))
    }
    return this.#block
  }
}
