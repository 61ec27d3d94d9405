import {packetWindow, typeNamed} from '../protocol/table.js'
import type {Close, Time} from '../wire/chunk.js'
import {Window} from '../wire/window.js'
import type {Ends, Inferred, RecordKind, SessionRecord, State} from './record.js'
import {FrameRecord, noCauses, noFindings, noPackets} from './record.js'

// The way back of chunk-batch.ts: records as rows of numbers over shared bytes.

const recordColumns = 16
const none = -1

/** What a record has that few have. */
interface Extra {
  readonly findings?: SessionRecord['findings']
  readonly packets?: readonly number[]
  readonly wire?: Uint8Array
  readonly inferred?: Inferred
  readonly window?: {readonly name: string; readonly bytes: Uint8Array; readonly shift: number}
  readonly opened?: {readonly bytes: Uint8Array; readonly shift: number}
  readonly close?: Close
  readonly closed?: Time
  readonly prelude?: SessionRecord['prelude']
}

/** Records of one batch, in the order in which they were emitted. */
export interface RecordBatch {
  readonly rows: Float64Array
  /** Plaintexts; shared. */
  readonly slabs: readonly Uint8Array[]
  readonly extras: readonly Extra[]
  /** Keys behind connection ids that were not named before. */
  readonly peers: readonly string[]
}

const kinds: readonly RecordKind[] = ['start', 'prelude', 'handshake', 'frame', 'gap', 'end', 'packet', 'payload']
const states: readonly (State | null)[] = [null, 'open', 'sealed', 'failed', 'plain']
const senders = [null, 'client', 'relay'] as const

/** Collects a worker's records of one batch. */
export class RecordBatchWriter {
  order = 0
  readonly #rows: number[] = []
  readonly #slabs: Uint8Array[] = []
  readonly #extras: Extra[] = []
  readonly #peers: string[] = []

  /** @param peerNumbers keys named before, by this worker. */
  constructor(
    readonly block: Uint8Array,
    readonly peerNumbers: Map<string, number>,
  ) {}

  add(record: SessionRecord): void {
    const {window, time, kind, packets} = record
    const isPlainWindow = window !== null && kind === 'frame'
    const slab = isPlainWindow ? this.#slabOf(window.bytes) : none
    const [wireStart, wireEnd] = this.#placeOf(record)
    const isInBlock = wireStart !== none
    this.#rows.push(
      this.order,
      record.connection ?? none,
      kinds.indexOf(kind) | (states.indexOf(record.state) << 4) | (senders.indexOf(record.from) << 8),
      time ? time.micros : Number.NaN,
      time ? time.nanos : 0,
      record.index ?? none,
      record.length ?? none,
      packets.length === 1 ? packets[0]! : 0,
      slab,
      isPlainWindow ? window.start : 0,
      isPlainWindow ? window.end : 0,
      wireStart,
      wireEnd,
      this.#extraOf(record, isInBlock, isPlainWindow),
      this.#peerOf(record.inferred?.peer),
      0,
    )
  }

  finish(): RecordBatch {
    return {rows: Float64Array.from(this.#rows), slabs: this.#slabs, extras: this.#extras, peers: this.#peers}
  }

  /** Where the record's wire bytes lie in the block. */
  #placeOf(record: SessionRecord): readonly [number, number] {
    if (record instanceof FrameRecord) {
      const from = record.bytes.buffer === this.block.buffer ? record.bytes.byteOffset - this.block.byteOffset : none
      return from === none ? [none, 0] : [from + record.start, from + record.end]
    }
    const {wire} = record
    if (wire === null || wire.buffer !== this.block.buffer) return [none, 0]
    const start = wire.byteOffset - this.block.byteOffset
    return [start, start + wire.length]
  }

  #slabOf(bytes: Uint8Array): number {
    const last = this.#slabs.length - 1
    if (this.#slabs[last] === bytes) return last
    const known = this.#slabs.indexOf(bytes)
    return known >= 0 ? known : this.#slabs.push(bytes) - 1
  }

  #peerOf(peer: string | undefined): number {
    if (peer === undefined) return none
    const known = this.peerNumbers.get(peer)
    if (known !== undefined) return known
    const number = this.peerNumbers.size
    this.peerNumbers.set(peer, number)
    this.#peers.push(peer)
    return number
  }

  #extraOf(record: SessionRecord, isInBlock: boolean, isPlainWindow: boolean): number {
    const {findings, packets, inferred, window, opened, close, closed, prelude} = record
    if (isInBlock && isPlainWindow && findings.length === 0 && packets.length < 2 && !inferred?.roundTrip) return none
    const wire = isInBlock ? null : record.wire
    const extra: Extra = {
      ...(findings.length > 0 && {findings}),
      ...(packets.length > 1 && {packets}),
      ...(wire && {wire: wire.slice()}),
      ...(inferred?.roundTrip && {inferred: {roundTrip: inferred.roundTrip}}),
      ...(window && !isPlainWindow && {window: {name: window.type.name, bytes: window.bytes.slice(window.start, window.end), shift: window.shift}}),
      ...(opened && {opened: {bytes: opened.bytes.slice(opened.start, opened.end), shift: opened.shift}}),
      ...(close && {close}),
      ...(closed && {closed}),
      ...(prelude && {prelude}),
    }
    for (const _ in extra) return this.#extras.push(extra) - 1
    return none
  }
}

/** Reads the records of one worker's batches, one batch after the other. */
export class RecordBatchReader {
  readonly #peers: string[] = []

  /** @returns each record with the order of the chunk that caused it. */
  read(batch: RecordBatch, block: Uint8Array, endsOf: (connection: number) => Ends | null): {order: number; record: SessionRecord}[] {
    this.#peers.push(...batch.peers)
    const records: {order: number; record: SessionRecord}[] = []
    for (let at = 0; at < batch.rows.length; at += recordColumns) records.push({order: batch.rows[at]!, record: this.#recordAt(batch, at, block, endsOf)})
    return records
  }

  #recordAt({rows, slabs, extras}: RecordBatch, at: number, block: Uint8Array, endsOf: (connection: number) => Ends | null): SessionRecord {
    const extra = extras[rows[at + 13]!]
    const flags = rows[at + 2]!
    const micros = rows[at + 3]!
    const [index, length, packet, slab, wireStart, peer] = [rows[at + 5]!, rows[at + 6]!, rows[at + 7]!, rows[at + 8]!, rows[at + 11]!, rows[at + 14]!]
    const connection = rows[at + 1]!
    const time = Number.isNaN(micros) ? null : {micros, nanos: rows[at + 4]!}
    const found = extra?.packets ?? (packet === 0 ? noPackets : [packet])
    const findings = extra?.findings ?? noFindings
    const inferred = peer === none ? (extra?.inferred ?? null) : {...extra?.inferred, peer: this.#peers[peer]!}
    const from = senders[(flags >> 8) & 3]!
    const bytes = extra?.wire ?? block
    const [start, end] = extra?.wire ? [0, extra.wire.length] : [wireStart, rows[at + 12]!]
    const plain = windowOf(slabs[slab], rows[at + 9]!, rows[at + 10]!)
    if (plain) return new FrameRecord(connection, endsOf(connection), from, time, index, found, plain, bytes, start, end, findings, inferred)
    const type = extra?.window && typeNamed(extra.window.name)
    const opened = extra?.opened
    return {
      number: 0,
      connection,
      ends: endsOf(connection),
      from,
      time,
      kind: kinds[flags & 15]!,
      index: index === none ? null : index,
      length: length === none ? null : length,
      packets: found,
      state: states[(flags >> 4) & 15]!,
      window: type
        ? new Window(type, extra.window!.bytes, 0, extra.window!.bytes.length, extra.window!.shift)
        : windowOf(slabs[slab], rows[at + 9]!, rows[at + 10]!),
      opened: opened && type?.plain ? new Window(type.plain, opened.bytes, 0, opened.bytes.length, opened.shift) : null,
      wire: wireStart === none ? (extra?.wire ?? null) : block.subarray(wireStart, end),
      findings,
      inferred,
      close: extra?.close ?? null,
      ...(extra?.closed && {closed: extra.closed}),
      causes: noCauses,
      prelude: extra?.prelude ?? null,
    }
  }
}

/** Offset of a frame's plaintext in its wire bytes. */
const frameShift = 18
const windowOf = (slab: Uint8Array | undefined, start: number, end: number): Window | null => (slab && packetWindow(slab, start, end, frameShift)) ?? null
