import type {SessionRecord} from '../../session/record.js'
import type {Time} from '../../wire/chunk.js'
import {NumberSet} from '../../wire/memory/number-set.js'
import {recordsBeforeEnd} from '../limits.js'

/** How a connection ended, and what came before. */
export interface ConnectionEnd<Row> {
  /** The first FIN or RST. */
  readonly end: SessionRecord
  /** Time of the connection's first record; null: not known. */
  readonly began: Time | null
  /** Frames of the connection, and those of them that did not open. */
  readonly frames: number
  readonly sealed: number
  /** Whether a key was given for the connection that does not open some of them. */
  readonly isMisfit: boolean
  /** The last records before the end, oldest first. */
  readonly before: readonly Row[]
}

/** What is kept of a connection until it ends. */
interface OpenConnection<Row> {
  readonly began: Time | null
  frames: number
  sealed: number
  isMisfit: boolean
  readonly rows: Row[]
}

/** Collects the last records of each connection, as rows that outlive the records. */
export class ConnectionEnds<Row> {
  readonly #open = new Map<number, OpenConnection<Row>>()
  /** Connections whose first end was taken. They may go on, but nothing more of them is kept. */
  readonly #ended = new NumberSet()
  readonly #rowOf: (record: SessionRecord) => Row
  /** Numbers of the connections that were open when the capture ended. */
  readonly unended = new NumberSet()

  constructor(rowOf: (record: SessionRecord) => Row) {
    this.#rowOf = rowOf
  }

  /** @returns the end of a connection, where the record is one: who closes first ends it. */
  take(record: SessionRecord): ConnectionEnd<Row> | undefined {
    const {connection, kind, close, time, state} = record
    if (connection === null || this.#ended.has(connection)) return undefined
    const own = this.#open.get(connection) ?? {began: time, frames: 0, sealed: 0, isMisfit: false, rows: []}
    if (kind === 'end') {
      this.#open.delete(connection)
      this.#ended.add(connection)
      if (close === 'capture_end') {
        this.unended.add(connection)
        return undefined
      }
      const {began, frames, sealed, isMisfit, rows} = own
      return {end: record, began, frames, sealed, isMisfit, before: rows}
    }
    this.#open.set(connection, own)
    if (kind === 'frame') {
      own.frames++
      if (state === 'sealed' || state === 'failed') own.sealed++
      own.isMisfit ||= state === 'failed'
    }
    own.rows.push(this.#rowOf(record))
    if (own.rows.length > recordsBeforeEnd) own.rows.shift()
    return undefined
  }
}
