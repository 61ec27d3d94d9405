import type {SessionRecord} from '../../session/record.js'
import type {Time} from '../../wire/chunk.js'
import {NumberSet} from '../../wire/memory/number-set.js'
import {Oldest} from '../../wire/memory/oldest.js'
import {charactersBeforeEnd, recordsBeforeEnd} from '../limits.js'

/** How a connection ended, and what came before. */
export interface ConnectionEnd {
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
  readonly before: readonly string[]
}

/** What is kept of a connection until it ends. */
interface OpenConnection {
  readonly began: Time | null
  frames: number
  sealed: number
  isMisfit: boolean
  rows: string[]
  /** Whether some of them were dropped. */
  isDropped: boolean
}

/** Collects the last records of each connection, as rows that outlive the records. */
export class ConnectionEnds {
  readonly #open = new Map<number, OpenConnection>()
  /** Open connections with rows, the one silent for longest first. */
  readonly #withRows = new Map<number, OpenConnection>()
  readonly #oldest = new Oldest(this.#withRows)
  #characters = 0
  /** Connections whose first end was taken. They may go on, but nothing more of them is kept. */
  readonly #ended = new NumberSet()
  readonly #rowOf: (record: SessionRecord) => string
  /** Numbers of the connections that were open when the capture ended. */
  readonly unended = new NumberSet()
  /** Connections whose last records were dropped while they were open, as those of all had too many characters. */
  dropped = 0

  constructor(rowOf: (record: SessionRecord) => string) {
    this.#rowOf = rowOf
  }

  /** @returns the end of a connection, where the record is one: who closes first ends it. */
  take(record: SessionRecord): ConnectionEnd | undefined {
    const {connection, kind, close, time, state} = record
    if (connection === null || this.#ended.has(connection)) return undefined
    const own = this.#open.get(connection) ?? {
      ...{began: time, frames: 0, sealed: 0},
      ...{isMisfit: false, rows: [], isDropped: false},
    }
    if (kind === 'end') {
      this.#open.delete(connection)
      this.#ended.add(connection)
      const {began, frames, sealed, isMisfit, rows} = own
      this.#drop(connection, own)
      if (close === 'capture_end') {
        this.unended.add(connection)
        return undefined
      }
      return {end: record, began, frames, sealed, isMisfit, before: rows}
    }
    this.#open.set(connection, own)
    if (kind === 'frame') {
      own.frames++
      if (state === 'sealed' || state === 'failed') own.sealed++
      own.isMisfit ||= state === 'failed'
    }
    this.#keep(connection, own, this.#rowOf(record))
    return undefined
  }

  #keep(connection: number, own: OpenConnection, row: string): void {
    own.rows.push(row)
    this.#characters += row.length
    if (own.rows.length > recordsBeforeEnd) this.#characters -= own.rows.shift()!.length
    this.#withRows.delete(connection)
    this.#withRows.set(connection, own)
    while (this.#characters > charactersBeforeEnd) {
      const oldest = this.#oldest.next()!
      const other = this.#withRows.get(oldest)!
      this.#drop(oldest, other)
      if (!other.isDropped) this.dropped++
      other.isDropped = true
    }
    this.#oldest.rest()
  }

  #drop(connection: number, own: OpenConnection): void {
    for (const {length} of own.rows) this.#characters -= length
    own.rows = []
    this.#withRows.delete(connection)
  }
}
