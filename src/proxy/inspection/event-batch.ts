import type {End} from '../../wire/chunk.js'
import {ByteSpace} from '../../wire/memory/byte-space.js'
import {integerAt} from '../../wire/memory/rows.js'
import type {ProxyEvent} from './proxy-event.js'

/** Events on their way to another thread. Chunks of bytes, the most frequent events, are rows of numbers. */
export interface EventBatch {
  /**
   * Per chunk: connection, end, microseconds, number of the first recorded packet, 0 for none; index of the piece of
   * memory that it lies in, start and end there.
   */
  readonly rows: Float64Array<ArrayBuffer>
  /** The first holds all small chunks, each other one a large chunk. */
  readonly memory: readonly Uint8Array[]
  /** Other events; each one precedes the row of that index. */
  readonly others: readonly {readonly row: number; readonly event: ProxyEvent}[]
}

const rowNumbers = 7

/** Bytes of a chunk from which handing over its memory takes less time than copying it. */
const largeBytes = 16 * 1024

/** Bytes of memory for small chunks that a batch begins with. */
const firstBytes = 4096

/** Whether the memory of a chunk is handed over: nobody else reads it, and it holds nothing else. */
const isLarge = (bytes: Uint8Array, isTaken: boolean): boolean =>
  isTaken && bytes.length >= largeBytes && bytes.length === bytes.buffer.byteLength

/** Collects events for one message. */
export class EventBatchWriter {
  readonly #rows: number[] = []
  readonly #small = new ByteSpace(firstBytes)
  readonly #large: Uint8Array[] = []
  readonly #others: {row: number; event: ProxyEvent}[] = []

  add(event: ProxyEvent): void {
    if (event.kind === 'chunk' && event.chunk.bytes) {
      const {connection, end, time, bytes, origin} = event.chunk
      const isMoved = isLarge(bytes, event.isTaken === true)
      const piece = isMoved ? this.#large.push(bytes) : 0
      const start = isMoved ? 0 : this.#small.add(bytes)
      this.#rows.push(connection, end, time!.micros, origin?.packet ?? 0, piece, start, start + bytes.length)
    } else this.#others.push({row: this.#rows.length / rowNumbers, event})
  }

  finish(): EventBatch {
    const memory = [this.#small.take(), ...this.#large]
    return {rows: new Float64Array(this.#rows), memory, others: this.#others}
  }
}

/** The events of a batch, in order. */
export function* eventsOf({rows, memory, others}: EventBatch): IterableIterator<ProxyEvent> {
  let next = 0
  for (let row = 0; row * rowNumbers <= rows.length; row++) {
    while (others[next]?.row === row) yield others[next++]!.event
    const at = row * rowNumbers
    if (at === rows.length) return
    const time = {micros: rows[at + 2]!, nanos: 0}
    const chunk = {
      connection: integerAt(rows, at),
      end: integerAt(rows, at + 1) as End,
      time,
      bytes: memory[integerAt(rows, at + 4)]!.subarray(integerAt(rows, at + 5), integerAt(rows, at + 6)),
    }
    const packet = integerAt(rows, at + 3)
    yield {kind: 'chunk', chunk: packet > 0 ? {...chunk, origin: {packet, offset: 0}} : chunk}
  }
}
