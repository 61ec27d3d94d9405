import type {End} from '../../wire/chunk.js'
import {integerAt} from '../../wire/memory/rows.js'
import type {ProxyEvent} from './proxy-event.js'

/** Events on their way to another thread. Chunks of bytes, the most frequent events, are rows over one buffer. */
export interface EventBatch {
  /**
   * Per chunk: connection, end, microseconds, start and end in bytes, number of the first recorded packet, 0 for none.
   */
  readonly rows: Float64Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Other events; each one precedes the row of that index. */
  readonly others: readonly {readonly row: number; readonly event: ProxyEvent}[]
}

const rowNumbers = 6

/** Collects events for one message. */
export class EventBatchWriter {
  readonly #chunks: {
    readonly connection: number
    readonly end: End
    readonly micros: number
    readonly bytes: Uint8Array
    readonly packet: number
  }[] = []
  readonly #others: {row: number; event: ProxyEvent}[] = []
  #bytes = 0

  add(event: ProxyEvent): void {
    if (event.kind === 'chunk' && event.chunk.bytes) {
      const {connection, end, time, bytes, origin} = event.chunk
      this.#chunks.push({connection, end, micros: time!.micros, bytes, packet: origin?.packet ?? 0})
      this.#bytes += bytes.length
    } else this.#others.push({row: this.#chunks.length, event})
  }

  finish(): EventBatch {
    const rows = new Float64Array(this.#chunks.length * rowNumbers)
    const bytes = new Uint8Array(this.#bytes)
    let at = 0
    for (const [i, chunk] of this.#chunks.entries()) {
      bytes.set(chunk.bytes, at)
      rows.set([chunk.connection, chunk.end, chunk.micros, at, at + chunk.bytes.length, chunk.packet], i * rowNumbers)
      at += chunk.bytes.length
    }
    return {rows, bytes, others: this.#others}
  }
}

/** The events of a batch, in order. */
export function* eventsOf({rows, bytes, others}: EventBatch): IterableIterator<ProxyEvent> {
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
      bytes: bytes.subarray(integerAt(rows, at + 3), integerAt(rows, at + 4)),
    }
    const packet = integerAt(rows, at + 5)
    yield {kind: 'chunk', chunk: packet > 0 ? {...chunk, origin: {packet, offset: 0}} : chunk}
  }
}
