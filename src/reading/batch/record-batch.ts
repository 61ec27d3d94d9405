import {peersCode} from '../../expert/peers.js'
import type {Inferred} from '../../session/inferred.js'
import type {RecordKind, SessionRecord, State} from '../../session/record.js'
import {FrameRecord} from '../../session/record.js'
import {copyOf} from '../../wire/bytes.js'
import type {Close} from '../../wire/chunk.js'
import {firstRows, grown} from './chunk-batch.js'

// The way back of chunk-batch.ts: records as rows of numbers over shared bytes.

export const recordColumns = 15
export const none = -1

/** What a record has that few have. */
interface Extra {
  readonly findings?: SessionRecord['findings']
  readonly packets?: readonly number[]
  readonly wire?: Uint8Array
  readonly inferred?: Inferred
  readonly window?: {readonly name: string; readonly bytes: Uint8Array; readonly shift: number}
  readonly opened?: {readonly bytes: Uint8Array; readonly shift: number}
  readonly close?: Close
  readonly isSecond?: true
  readonly readTo?: number
  readonly prelude?: SessionRecord['prelude']
}

/** Records of one batch, in the order in which they were emitted. */
export interface RecordBatch {
  readonly rows: Float64Array
  /** Plaintexts; shared. */
  readonly slabs: readonly Uint8Array[]
  readonly extras: readonly Extra[]
  /** Keys behind connection ids. */
  readonly peers: readonly string[]
}

export const kinds: readonly RecordKind[] = [
  'start',
  'prelude',
  'handshake',
  'frame',
  'gap',
  'end',
  'packet',
  'payload',
]
export const states: readonly (State | null)[] = [null, 'open', 'sealed', 'failed', 'plain']
export const senderByCode = [null, 'client', 'relay'] as const

/** Collects a worker's records of one batch. */
export class RecordBatchWriter {
  order = 0
  #rows = new Float64Array(firstRows * recordColumns)
  #end = 0
  readonly #slabs: Uint8Array[] = []
  readonly #extras: Extra[] = []
  /** Keys in the order in which they were named, and their numbers. */
  readonly #peers = new Map<string, number>()

  /**
   * @param block the bytes that most frames are ranges of.
   * @param hasWire whether records need their bytes as they are on the wire.
   */
  constructor(
    readonly block: Uint8Array,
    readonly hasWire: boolean,
  ) {}

  add(record: SessionRecord): void {
    const {window, time, kind, packets} = record
    const isPlainWindow = window !== null && kind === 'frame'
    const wireStart = this.hasWire ? this.#placeOf(record) : none
    if (this.#end === this.#rows.length) this.#rows = grown(this.#rows)
    const rows = this.#rows
    const at = this.#end
    this.#end += recordColumns
    rows[at] = this.order
    rows[at + 1] = record.connection ?? none
    rows[at + 2] =
      kinds.indexOf(kind) |
      (states.indexOf(record.state) << 4) |
      (senderByCode.indexOf(record.from) << 8) |
      (peersCode(record.peers) << 10)
    rows[at + 3] = time ? time.micros : Number.NaN
    rows[at + 4] = time ? time.nanos : 0
    rows[at + 5] = record.index ?? none
    rows[at + 6] = record.length ?? none
    rows[at + 7] = packets.length === 1 ? packets[0]! : 0
    rows[at + 8] = isPlainWindow ? this.#slabOf(window.bytes) : none
    rows[at + 9] = isPlainWindow ? window.start : 0
    rows[at + 10] = isPlainWindow ? window.end : 0
    rows[at + 11] = wireStart
    rows[at + 12] = wireStart === none || isPlainWindow ? 0 : record.wire!.length
    rows[at + 13] = this.#extraOf(record, this.hasWire && wireStart === none, isPlainWindow)
    rows[at + 14] = this.#peerOf(record.inferred?.peer)
  }

  finish(): RecordBatch {
    return {
      rows: this.#rows.slice(0, this.#end),
      slabs: this.#slabs,
      extras: this.#extras,
      peers: [...this.#peers.keys()],
    }
  }

  /** Where in the block the record's wire bytes begin. */
  #placeOf(record: SessionRecord): number {
    if (record instanceof FrameRecord)
      return record.bytes.buffer === this.block.buffer
        ? record.bytes.byteOffset - this.block.byteOffset + record.start
        : none
    const {wire} = record
    return wire === null || wire.buffer !== this.block.buffer ? none : wire.byteOffset - this.block.byteOffset
  }

  #slabOf(bytes: Uint8Array): number {
    const last = this.#slabs.length - 1
    if (this.#slabs[last] === bytes) return last
    const known = this.#slabs.indexOf(bytes)
    return known >= 0 ? known : this.#slabs.push(bytes) - 1
  }

  #peerOf(peer: string | undefined): number {
    if (peer === undefined) return none
    const known = this.#peers.get(peer)
    if (known !== undefined) return known
    const number = this.#peers.size
    this.#peers.set(peer, number)
    return number
  }

  #extraOf(record: SessionRecord, carriesWire: boolean, isPlainWindow: boolean): number {
    const {findings, packets, inferred, window, opened, close, isSecond, readTo, prelude} = record
    if (!carriesWire && isPlainWindow && findings.length === 0 && packets.length < 2 && !inferred?.roundTrip)
      return none
    const wire = carriesWire ? record.wire : null
    const extra: Extra = {
      ...(findings.length > 0 && {findings}),
      ...(packets.length > 1 && {packets}),
      ...(wire && {wire: copyOf(wire)}),
      ...(inferred?.roundTrip && {inferred: {roundTrip: inferred.roundTrip}}),
      ...(window &&
        !isPlainWindow && {
          window: {name: window.type.name, bytes: copyOf(window.bytes, window.start, window.end), shift: window.shift},
        }),
      ...(opened[0] && {
        opened: {bytes: copyOf(opened[0].bytes, opened[0].start, opened[0].end), shift: opened[0].shift},
      }),
      ...(close && {close}),
      ...(isSecond && {isSecond}),
      ...(readTo !== undefined && {readTo}),
      ...(prelude && {prelude}),
    }
    for (const _ in extra) return this.#extras.push(extra) - 1
    return none
  }
}
