import type {KeyItem} from '../crypto/key-item.js'
import type {Chunk, Conflict, Time} from '../wire/chunk.js'
import type {ConnectionSetup} from './connection-setup.js'

/**
 * Takes what Tox connections carry: for each connection one `open`, then its chunks, then one `end`. A `Session` makes
 * records of it at once; a `WorkerEngine` hands it to other threads, a `ChunkBatchWriter` collects it for one of them.
 */
export interface ConnectionSink {
  /** A new connection. @param time of its first packet; null if the source has no times. */
  open(connection: number, setup: ConnectionSetup, time: Time | null): void
  /** The next chunk of a connection that was opened. */
  feed(chunk: Chunk): void
  /** A segment brought other bytes for a place of a stream that had some already. The first ones were fed. */
  conflict(conflict: Conflict): void
  /** A key for what comes from now on. @param source names where it was found, for messages. */
  key(item: KeyItem, source: string): void
  /** The connection is over. */
  end(connection: number): void
}
