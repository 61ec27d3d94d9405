import type {KeyItem} from '../../crypto/key-item.js'
import type {ConnectionSetup} from '../../session/connection-setup.js'
import type {ConnectionSink} from '../../session/connection-sink.js'
import {type Chunk, type Close, type Conflict, type End, noBytes, type Time} from '../../wire/chunk.js'
import {unknownSum} from '../../wire/internet/checksum.js'
import {withRoom} from '../../wire/memory/growing.js'
import {integerAt} from '../../wire/memory/rows.js'

// How connections are looked at on another thread: chunks go there, and records come back (record-batch.ts), in
// batches, as rows of numbers over bytes. A batch is what one block of a capture holds; the other thread may have the
// block's bytes as well. Rare things travel beside the rows as plain objects.

const chunkColumns = 11
/** Rows that there is room for at first. */
export const firstRows = 256

/** Twice the room for rows. */
export function grown(rows: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(rows.length * 2)
  larger.set(rows)
  return larger
}

/** What happens before the chunk of a row, besides chunks. order: its place among all that makes records. */
type BatchEvent = {readonly row: number} & (
  | {
      readonly kind: 'open'
      readonly order: number
      readonly connection: number
      readonly setup: ConnectionSetup
      readonly time: Time | null
    }
  | {readonly kind: 'end'; readonly order: number; readonly connection: number}
  | {readonly kind: 'conflict'; readonly order: number; readonly conflict: Conflict}
  /** Found in the capture itself, between chunks. */
  | {readonly kind: 'key'; readonly item: KeyItem; readonly source: string}
)

/** What happened to the connections of one worker, in order. */
export interface ChunkBatch {
  /** Bytes of chunks that are not ranges of the block. */
  readonly spill: Uint8Array
  readonly rows: Float64Array
  /** In order. */
  readonly events: readonly BatchEvent[]
}

const closes: readonly Close[] = ['fin', 'rst', 'capture_end']
const Kind = {
  block: 0,
  spill: 1,
  gap: 2,
  close: 3,
} as const

/** Collects what one worker gets of one block. */
export class ChunkBatchWriter implements ConnectionSink {
  #rows = new Float64Array(firstRows * chunkColumns)
  #end = 0
  #spill: Uint8Array
  #spilled = 0
  readonly #events: BatchEvent[] = []

  /**
   * @param isThere whether the other thread has the block: else the bytes of all chunks are copied together.
   * @param nextOrder gives each chunk, conflict, start and end its place among all of the run.
   */
  constructor(
    readonly block: Uint8Array,
    readonly isThere: boolean,
    readonly nextOrder: () => number,
  ) {
    this.#spill = isThere ? noBytes : new Uint8Array(block.length)
  }

  get #row(): number {
    return this.#end / chunkColumns
  }

  open(connection: number, setup: ConnectionSetup, time: Time | null): void {
    this.#events.push({kind: 'open', row: this.#row, order: this.nextOrder(), connection, setup, time})
  }

  conflict(conflict: Conflict): void {
    this.#events.push({kind: 'conflict', row: this.#row, order: this.nextOrder(), conflict})
  }

  end(connection: number): void {
    this.#events.push({kind: 'end', row: this.#row, order: this.nextOrder(), connection})
  }

  key(item: KeyItem, source: string): void {
    this.#events.push({kind: 'key', row: this.#row, item, source})
  }

  feed({
    connection,
    end,
    time,
    bytes,
    gap,
    close,
    origin,
    isAhead,
    resumes,
    isFirstUnknown,
    sum,
    acknowledged,
  }: Chunk): void {
    if (this.#end === this.#rows.length) this.#rows = grown(this.#rows)
    const rows = this.#rows
    const at = this.#end
    this.#end += chunkColumns
    rows[at] = this.nextOrder()
    rows[at + 1] = connection
    rows[at + 2] = end | (isAhead ? 2 : 0) | (resumes ? 4 : 0) | (isFirstUnknown ? 8 : 0)
    rows[at + 3] = time ? time.micros : Number.NaN
    rows[at + 4] = time ? time.nanos : 0
    rows[at + 5] = origin ? origin.packet : 0
    if (bytes) {
      const isInBlock = this.isThere && bytes.buffer === this.block.buffer
      const start = isInBlock ? bytes.byteOffset - this.block.byteOffset : this.#spilled
      if (!isInBlock) this.#add(bytes)
      rows[at + 6] = isInBlock ? Kind.block : Kind.spill
      rows[at + 7] = start
      rows[at + 8] = start + bytes.length
      rows[at + 9] = sum ?? unknownSum
      rows[at + 10] = acknowledged ?? Number.NaN
      return
    }
    rows[at + 6] = gap === undefined ? Kind.close : Kind.gap
    rows[at + 7] = gap ?? closes.indexOf(close!)
  }

  #add(bytes: Uint8Array): void {
    const end = this.#spilled + bytes.length
    this.#spill = withRoom(this.#spill, end)
    this.#spill.set(bytes, this.#spilled)
    this.#spilled = end
  }

  finish(): ChunkBatch {
    return {
      // What is handed over must be its own.
      spill: this.#spill === noBytes ? new Uint8Array(0) : this.#spill,
      rows: this.#rows.slice(0, this.#end),
      events: this.#events,
    }
  }
}

/**
 * Hand a batch to a sink in its order.
 * @param block the block's bytes, or none if all chunks were copied into the batch.
 * @param before called with the order of each chunk, conflict, start and end before the sink gets it.
 */
export function playBatch(
  batch: ChunkBatch,
  block: Uint8Array,
  sink: ConnectionSink,
  before: (order: number) => void,
): void {
  const {rows, events, spill} = batch
  const count = rows.length / chunkColumns
  let next = 0
  for (let row = 0; row <= count; row++) {
    for (; events[next]?.row === row; next++) {
      const event = events[next]!
      if ('order' in event) before(event.order)
      playEvent(event, sink)
    }
    if (row === count) return
    before(rows[row * chunkColumns]!)
    sink.feed(chunkAt(rows, row * chunkColumns, block, spill))
  }
}

function playEvent(event: BatchEvent, sink: ConnectionSink): void {
  switch (event.kind) {
    case 'open':
      sink.open(event.connection, event.setup, event.time)
      break
    case 'end':
      sink.end(event.connection)
      break
    case 'conflict':
      sink.conflict(event.conflict)
      break
    case 'key':
      sink.key(event.item, event.source)
  }
}

function chunkAt(rows: Float64Array, at: number, block: Uint8Array, spill: Uint8Array): Chunk {
  const flags = rows[at + 2]!
  const micros = rows[at + 3]!
  const connection = integerAt(rows, at + 1)
  const end = (flags & 1) as End
  const time = Number.isNaN(micros) ? null : {micros, nanos: integerAt(rows, at + 4)}
  const origin = {packet: integerAt(rows, at + 5), offset: 0}
  const isAhead = (flags & 2) !== 0
  const resumes = (flags & 4) !== 0
  const isFirstUnknown = (flags & 8) !== 0
  const kind = rows[at + 6]!
  const value = integerAt(rows, at + 7)
  if (kind === Kind.gap) return {connection, end, time, origin, isAhead, resumes, isFirstUnknown, gap: value}
  if (kind === Kind.close) return {connection, end, time, origin, isAhead, close: closes[value]!}
  return {
    connection,
    end,
    time,
    origin,
    isAhead,
    resumes,
    isFirstUnknown,
    sum: rows[at + 9]!,
    acknowledged: rows[at + 10]!,
    bytes: (kind === Kind.block ? block : spill).subarray(value, integerAt(rows, at + 8)),
  }
}
