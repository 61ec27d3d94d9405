import {packetWindow, typeNamed} from '../protocol/table.js'
import type {Close, Time} from '../wire/chunk.js'
import {Window} from '../wire/window.js'
import type {Ends, Inferred, RecordKind, SessionRecord, State} from './record.js'
import {FrameRecord, noCauses, noFindings, noPackets} from './record.js'

// The way back of chunk-batch.ts: records as rows of numbers over shared bytes.

const recordColumns = 15
const none = -1
/** Rows that there is room for at first. */
const firstRows = 256

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

/** Records one after the other. */
export interface RecordCursor {
  /** Order of the chunk that caused the next record; undefined behind the last. */
  readonly order: number | undefined
  /** The next record, made now. */
  take(): SessionRecord
}

const kinds: readonly RecordKind[] = ['start', 'prelude', 'handshake', 'frame', 'gap', 'end', 'packet', 'payload']
const states: readonly (State | null)[] = [null, 'open', 'sealed', 'failed', 'plain']
const senders = [null, 'client', 'relay'] as const

/** Collects a worker's records of one batch. */
export class RecordBatchWriter {
  order = 0
  #rows = new Float64Array(firstRows * recordColumns)
  #end = 0
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
    const wireStart = this.#placeOf(record)
    if (this.#end === this.#rows.length) this.#grow()
    const rows = this.#rows
    const at = this.#end
    this.#end += recordColumns
    rows[at] = this.order
    rows[at + 1] = record.connection ?? none
    rows[at + 2] = kinds.indexOf(kind) | (states.indexOf(record.state) << 4) | (senders.indexOf(record.from) << 8)
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
    rows[at + 13] = this.#extraOf(record, wireStart !== none, isPlainWindow)
    rows[at + 14] = this.#peerOf(record.inferred?.peer)
  }

  finish(): RecordBatch {
    return {rows: this.#rows.slice(0, this.#end), slabs: this.#slabs, extras: this.#extras, peers: this.#peers}
  }

  #grow(): void {
    const rows = new Float64Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
  }

  /** Where in the block the record's wire bytes begin. */
  #placeOf(record: SessionRecord): number {
    if (record instanceof FrameRecord) return record.bytes.buffer === this.block.buffer ? record.bytes.byteOffset - this.block.byteOffset + record.start : none
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

  /** @param endsOf asked for each record. */
  constructor(readonly endsOf: (connection: number) => Ends | null) {}

  /** @param block the bytes that the batch's frames are ranges of. @returns the batch's records, to be taken before those of the next. */
  read(batch: RecordBatch, block: Uint8Array): RecordCursor {
    this.#peers.push(...batch.peers)
    let at = 0
    return {
      get order() {
        return batch.rows[at]
      },
      take: () => {
        const record = this.#recordAt(batch, at, block)
        at += recordColumns
        return record
      },
    }
  }

  #recordAt({rows, slabs, extras}: RecordBatch, at: number, block: Uint8Array): SessionRecord {
    const connection = rows[at + 1]!
    const flags = rows[at + 2]!
    const micros = rows[at + 3]!
    const index = rows[at + 5]!
    const length = rows[at + 6]!
    const packet = rows[at + 7]!
    const wireStart = rows[at + 11]!
    const peer = rows[at + 14]!
    const extra = extras[rows[at + 13]!]
    const time = Number.isNaN(micros) ? null : {micros, nanos: rows[at + 4]!}
    const packets = extra?.packets ?? (packet === 0 ? noPackets : [packet])
    const findings = extra?.findings ?? noFindings
    const inferred = peer === none ? (extra?.inferred ?? null) : {...extra?.inferred, peer: this.#peers[peer]!}
    const from = senders[(flags >> 8) & 3]!
    const ends = this.endsOf(connection)
    const plain = windowOf(slabs[rows[at + 8]!], rows[at + 9]!, rows[at + 10]!)
    if (plain) {
      const [bytes, start] = extra?.wire ? [extra.wire, 0] : [block, wireStart]
      return new FrameRecord(connection, ends, from, time, index, packets, plain, bytes, start, start + length, findings, inferred)
    }
    const type = extra?.window && typeNamed(extra.window.name)
    const opened = extra?.opened
    return {
      number: 0,
      connection,
      ends,
      from,
      time,
      kind: kinds[flags & 15]!,
      index: index === none ? null : index,
      length: length === none ? null : length,
      packets,
      state: states[(flags >> 4) & 15]!,
      window: type ? new Window(type, extra.window!.bytes, 0, extra.window!.bytes.length, extra.window!.shift) : null,
      opened: opened && type?.plain ? new Window(type.plain, opened.bytes, 0, opened.bytes.length, opened.shift) : null,
      wire: wireStart === none ? (extra?.wire ?? null) : block.subarray(wireStart, wireStart + rows[at + 12]!),
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
