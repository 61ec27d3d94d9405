import type {KeyItem} from '../../crypto/key-item.js'
import type {InnerCounts} from '../../statistics/inner-tally.js'
import type {Counts} from '../../statistics/tally.js'
import type {SentMistake} from '../../wire/input-error.js'
import type {ChunkBatch} from '../batch/chunk-batch.js'
import type {RecordBatch} from '../batch/record-batch.js'
import type {Place} from '../frame-threads.js'
import type {FilteredBatch} from './worker-filter.js'

// What worker-engine.ts and capture-worker.ts say to each other.

/** What is to become of records. */
export interface WorkerSetup {
  /** Count records, and hand back only those that more must be known of. */
  readonly isCounting: boolean
  /** Bytes of each plaintext that are looked at; undefined: all. */
  readonly plaintext: number | undefined
}

/** What happened on the worker's connections in one block of the capture. */
export interface BatchMessage {
  readonly kind: 'batch'
  readonly batch: ChunkBatch
  /** Where the worker reads the block itself, if it can. */
  readonly place: Place | undefined
  /** Bytes of the block. */
  readonly size: number
  /** Room for plaintexts that this worker had filled, and whose records are through. */
  readonly slabs: readonly Uint8Array[]
  /** Numbers of the block's packets on which the proxy has noted something. */
  readonly noted: readonly number[]
}

/** What a worker receives. */
export type ToWorker =
  /** Before all else. */
  | {readonly kind: 'setup'; readonly setup: WorkerSetup}
  | {readonly kind: 'keys'; readonly items: readonly {readonly item: KeyItem; readonly source: string}[]}
  | BatchMessage
  /** End what is open, and then the thread. */
  | {readonly kind: 'finish'}

/**
 * The records of a batch, or, where it counts, all of which the world must know. The answer to each batch, and to
 * finish.
 */
export interface Records extends RecordBatch {
  readonly kind: 'records'
  /** Where it counts: which of its records these are. */
  readonly sifted: FilteredBatch | undefined
  /** To finish, where it counts: what it has counted. */
  readonly counts: Counts | undefined
  readonly inner: InnerCounts | undefined
}

/** What a worker says. */
export type FromWorker =
  | Records
  /** The capture cannot be read as it was read before. The answer to the batch, and to those after it, is empty. */
  | SentMistake
