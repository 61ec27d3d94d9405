import {noFindings} from '../../expert/finding.js'
import {peersOfCode} from '../../expert/peers.js'
import {noneOpened} from '../../protocol/levels.js'
import {packetWindow, typeNamed} from '../../protocol/table.js'
import {frameShift} from '../../session/connection/piece-findings.js'
import type {Inferred} from '../../session/inferred.js'
import type {Ends, SessionRecord} from '../../session/record.js'
import {FrameRecord, noCauses, noPackets} from '../../session/record.js'
import {integerAt} from '../../wire/memory/rows.js'
import {Window} from '../../wire/window.js'
import {kinds, none, type RecordBatch, recordColumns, senderByCode, states} from './record-batch.js'

/** The records of one batch, one after the other, on the thread that takes them. */
export class RecordCursor {
  readonly #batch: RecordBatch
  readonly #block: Uint8Array
  readonly #endsOf: (connection: number) => Ends | null
  readonly #peers: readonly Inferred[]
  #at = 0

  /**
   * @param block the bytes that the batch's frames are ranges of.
   * @param endsOf asked for each record.
   */
  constructor(batch: RecordBatch, block: Uint8Array, endsOf: (connection: number) => Ends | null) {
    this.#batch = batch
    this.#block = block
    this.#endsOf = endsOf
    this.#peers = batch.peers.map(peer => ({peer}))
  }

  /** Order of the chunk that caused the next record; undefined after the last. */
  get order(): number | undefined {
    return this.#batch.rows[this.#at]
  }

  /** The next record, made now. */
  take(): SessionRecord {
    const {rows, slabs, extras} = this.#batch
    const block = this.#block
    const at = this.#at
    this.#at += recordColumns
    const connection = integerAt(rows, at + 1)
    const flags = rows[at + 2]!
    const micros = rows[at + 3]!
    const index = integerAt(rows, at + 5)
    const length = integerAt(rows, at + 6)
    const packet = integerAt(rows, at + 7)
    const wireStart = integerAt(rows, at + 11)
    const peer = rows[at + 14]!
    const extra = extras[rows[at + 13]!]
    const time = Number.isNaN(micros) ? null : {micros, nanos: integerAt(rows, at + 4)}
    const packets = extra?.packets ?? (packet === 0 ? noPackets : [packet])
    const findings = extra?.findings ?? noFindings
    const inferred =
      peer === none
        ? (extra?.inferred ?? null)
        : extra?.inferred
          ? {...extra.inferred, ...this.#peers[peer]}
          : this.#peers[peer]!
    const from = senderByCode[(flags >> 8) & 3]!
    const state = states[(flags >> 4) & 15]!
    const peers = peersOfCode(flags >> 10)
    const ends = this.#endsOf(connection)
    const plain = windowOf(slabs[rows[at + 8]!], integerAt(rows, at + 9), integerAt(rows, at + 10))
    if (plain) {
      const [bytes, start] = extra?.wire ? [extra.wire, 0] : [block, wireStart]
      return new FrameRecord(
        {connection, ends, from},
        {bytes, start, end: start + length, time, packets},
        {index, state, window: plain, findings, peers, inferred},
      )
    }
    const type = extra?.window && typeNamed(extra.window.name)
    const opened = extra?.opened
    const {isSecond, readTo} = extra ?? {}
    // One by one, as in worker-filter.ts.
    const record: SessionRecord = {
      number: 0,
      connection,
      ends,
      from,
      time,
      firstTime: null,
      previousTime: null,
      kind: kinds[flags & 15]!,
      index: index === none ? null : index,
      length: length === none ? null : length,
      packets,
      state,
      window: type
        ? new Window(type, extra!.window!.bytes, 0, extra!.window!.bytes.length, extra!.window!.shift)
        : null,
      opened:
        opened && type?.plain
          ? [new Window(type.plain, opened.bytes, 0, opened.bytes.length, opened.shift)]
          : noneOpened,
      wire: wireStart === none ? (extra?.wire ?? null) : block.subarray(wireStart, wireStart + rows[at + 12]!),
      findings,
      peers,
      inferred,
      close: extra?.close ?? null,
      causes: noCauses,
      prelude: extra?.prelude ?? null,
    }
    if (isSecond === undefined && readTo === undefined) return record
    return {...record, ...(isSecond && {isSecond}), ...(readTo !== undefined && {readTo})}
  }
}

const windowOf = (slab: Uint8Array | undefined, start: number, end: number): Window | null =>
  (slab && packetWindow(slab, start, end, frameShift)) ?? null
