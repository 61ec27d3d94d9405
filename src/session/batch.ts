import {packetWindow, typeNamed} from '../protocol/table.js'
import type {Chunk, Close, End, Time} from '../wire/chunk.js'
import {Window} from '../wire/window.js'
import type {Ends, Inferred, RecordKind, SessionRecord, State} from './record.js'
import {FrameRecord, noCauses, noFindings, noPackets} from './record.js'
import type {ConnectionSetup} from './session.js'

/**
 * How connections are looked at on another thread: chunks go there and records come back in batches, as rows of numbers over shared bytes.
 * A batch is what one block of a capture holds. Rare things travel beside the rows as plain objects.
 */
const chunkColumns = 9
const recordColumns = 16
const none = -1
/** Rows that there is room for at first. */
const firstRows = 256

/** What happened to the connections of one worker, in order. */
export interface ChunkBatch {
  /** Shared; chunks are ranges of it, and so are the frames of records. */
  readonly block: Uint8Array
  /** Bytes of chunks that do not lie in the block. */
  readonly spill: Uint8Array
  readonly rows: Float64Array
  readonly opened: readonly {
    readonly row: number
    readonly order: number
    readonly connection: number
    readonly setup: ConnectionSetup
    readonly time: Time | null
  }[]
  readonly remarks: readonly {readonly row: number; readonly connection: number; readonly end: End; readonly position: number; readonly packet: number}[]
  readonly ended: readonly {readonly row: number; readonly connection: number}[]
}

const closes: readonly Close[] = ['fin', 'rst', 'capture_end']
const Kind = {
  block: 0,
  spill: 1,
  gap: 2,
  close: 3,
} as const

/** Collects what one worker gets of one block. */
export class ChunkBatchWriter {
  #rows = new Float64Array(firstRows * chunkColumns)
  #end = 0
  readonly #spill: Uint8Array[] = []
  #spilled = 0
  readonly #opened: ChunkBatch['opened'][number][] = []
  readonly #remarks: ChunkBatch['remarks'][number][] = []
  readonly #ended: ChunkBatch['ended'][number][] = []

  readonly #buffer: ArrayBufferLike
  readonly #offset: number

  constructor(readonly block: Uint8Array) {
    this.#buffer = block.buffer
    this.#offset = block.byteOffset
  }

  get #row(): number {
    return this.#end / chunkColumns
  }

  /** @param order place among all chunks and starts of the run. */
  open(connection: number, setup: ConnectionSetup, time: Time | null, order: number): void {
    this.#opened.push({row: this.#row, order, connection, setup, time})
  }

  remark(connection: number, end: End, position: number, packet: number): void {
    this.#remarks.push({row: this.#row, connection, end, position, packet})
  }

  end(connection: number): void {
    this.#ended.push({row: this.#row, connection})
  }

  /** @param order place of the chunk among all of the run. */
  chunk({connection, end, time, bytes, gap, close, origin, isAhead}: Chunk, order: number): void {
    if (this.#end === this.#rows.length) this.#grow()
    const rows = this.#rows
    const at = this.#end
    this.#end += chunkColumns
    rows[at] = order
    rows[at + 1] = connection
    rows[at + 2] = end | (isAhead ? 2 : 0)
    rows[at + 3] = time ? time.micros : Number.NaN
    rows[at + 4] = time ? time.nanos : 0
    rows[at + 5] = origin ? origin.packet : 0
    if (bytes) {
      const isInBlock = bytes.buffer === this.#buffer
      const start = isInBlock ? bytes.byteOffset - this.#offset : this.#spilled
      if (!isInBlock) {
        this.#spill.push(bytes)
        this.#spilled += bytes.length
      }
      rows[at + 6] = isInBlock ? Kind.block : Kind.spill
      rows[at + 7] = start
      rows[at + 8] = start + bytes.length
      return
    }
    rows[at + 6] = gap === undefined ? Kind.close : Kind.gap
    rows[at + 7] = gap ?? closes.indexOf(close!)
  }

  #grow(): void {
    const rows = new Float64Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
  }

  finish(): ChunkBatch {
    return {
      block: this.block,
      spill: new Uint8Array(Buffer.concat(this.#spill)),
      rows: this.#rows.slice(0, this.#end),
      opened: this.#opened,
      remarks: this.#remarks,
      ended: this.#ended,
    }
  }
}

/** Where a batch is played to. */
export interface BatchTarget {
  open(connection: number, setup: ConnectionSetup, time: Time | null): void
  feed(chunk: Chunk): void
  remark(connection: number, end: End, conflict: {readonly position: number; readonly packet: number}): void
  end(connection: number): void
}

/** Play a batch in its order. @param before told the order of each chunk before it is fed. */
export function playBatch(batch: ChunkBatch, target: BatchTarget, before: (order: number) => void): void {
  const {rows, opened, remarks, ended, block, spill} = batch
  const count = rows.length / chunkColumns
  let [nextOpened, nextRemark, nextEnded] = [0, 0, 0]
  for (let row = 0; row <= count; row++) {
    for (; opened[nextOpened]?.row === row; nextOpened++) {
      const {order, connection, setup, time} = opened[nextOpened]!
      before(order)
      target.open(connection, setup, time)
    }
    for (; remarks[nextRemark]?.row === row; nextRemark++) target.remark(remarks[nextRemark]!.connection, remarks[nextRemark]!.end, remarks[nextRemark]!)
    for (; ended[nextEnded]?.row === row; nextEnded++) target.end(ended[nextEnded]!.connection)
    if (row === count) return
    before(rows[row * chunkColumns]!)
    target.feed(chunkAt(rows, row * chunkColumns, block, spill))
  }
}

function chunkAt(rows: Float64Array, at: number, block: Uint8Array, spill: Uint8Array): Chunk {
  const flags = rows[at + 2]!
  const micros = rows[at + 3]!
  const connection = rows[at + 1]!
  const end = (flags & 1) as End
  const time = Number.isNaN(micros) ? null : {micros, nanos: rows[at + 4]!}
  const origin = {packet: rows[at + 5]!, offset: 0}
  const isAhead = (flags & 2) !== 0
  const kind = rows[at + 6]!
  const value = rows[at + 7]!
  if (kind === Kind.gap) return {connection, end, time, origin, isAhead, gap: value}
  if (kind === Kind.close) return {connection, end, time, origin, isAhead, close: closes[value]!}
  return {connection, end, time, origin, isAhead, bytes: (kind === Kind.block ? block : spill).subarray(value, rows[at + 8]!)}
}

/** What a record has that few have. */
interface Extra {
  readonly findings?: SessionRecord['findings']
  readonly packets?: readonly number[]
  readonly wire?: Uint8Array
  readonly inferred?: Inferred
  readonly window?: {readonly name: string; readonly bytes: Uint8Array; readonly shift: number}
  readonly opened?: {readonly bytes: Uint8Array; readonly shift: number}
  readonly close?: Close
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
    const {findings, packets, inferred, window, opened, close, prelude} = record
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
      causes: noCauses,
      prelude: extra?.prelude ?? null,
    }
  }
}

/** Offset of a frame's plaintext in its wire bytes. */
const frameShift = 18
const windowOf = (slab: Uint8Array | undefined, start: number, end: number): Window | null => (slab && packetWindow(slab, start, end, frameShift)) ?? null
