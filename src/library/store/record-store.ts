import {readSync} from 'node:fs'
import type {IndexedRecord} from '../../browse/records/record-index.js'
import {RecordIndex} from '../../browse/records/record-index.js'
import type {RecordSource} from '../../browse/records/record-source.js'
import type {Box} from '../../crypto/box.js'
import type {TcpSessionItem} from '../../crypto/key-item.js'
import {noFindings} from '../../expert/finding.js'
import {levelsOf, noneOpened} from '../../protocol/levels.js'
import {openedWindow, typeNamed} from '../../protocol/table.js'
import type {Place} from '../../reading/frame-threads.js'
import {
  blankRecord,
  type Ends,
  FrameRecord,
  type KeptRecord,
  noPackets,
  ofOwnBytes,
  type SessionRecord,
} from '../../session/record.js'
import {copyOf} from '../../wire/bytes.js'
import {noBytes, type Time} from '../../wire/chunk.js'
import {Window} from '../../wire/window.js'
import {FrameReopener} from './frame-reopener.js'
import {type KeptExtra, KeptExtras} from './kept-extras.js'
import {KeptSessions} from './kept-sessions.js'
import {SpilledBytes} from './spilled-bytes.js'

/** Most records without a time that are passed over to find the time before. */
const farthestTime = 1000

/** Peers that are kept once for all their records; those of later ones are kept with each. */
export const numberedPeers = 65_536

/** Records between two places of the temporary file that are remembered, to know what can be forgotten. */
const recordsPerMark = 1024

/**
 * The records of a run, a row of numbers each. A frame that lies whole in the capture file is read there and opened
 * again when it is looked at; frames that lie across packets, and what is known of a record beyond its bytes, are in a
 * temporary file. Plaintexts are sealed there, with a key that is nowhere else.
 */
export class RecordStore implements RecordSource {
  readonly #index = new RecordIndex()
  readonly #spilled = new SpilledBytes()
  readonly #extras: KeptExtras
  readonly #frames: FrameReopener
  readonly #sessions = new KeptSessions()
  /** Where the blocks are in the capture file, by their memory. */
  readonly #blocks = new WeakMap<ArrayBufferLike, Place>()
  #file: number | undefined
  /** Time of the first record that has one. */
  #firstTime: Time | null = null
  readonly #ends = new Map<number, Ends>()
  /** What was in the temporary file before some records, ascending. */
  readonly #marks: {readonly record: number; readonly place: number}[] = []
  /** The last record of connections that have ended. */
  readonly #lastOfConnection = new Map<number, number>()
  readonly #peers: string[] = []
  readonly #peerNumbers = new Map<string, number>()

  /** @param box asked when something sealed is looked at. */
  constructor(box: () => Box | undefined) {
    this.#extras = new KeptExtras(this.#spilled, box)
    this.#frames = new FrameReopener(box)
  }

  get first(): number {
    return this.#index.first
  }

  get count(): number {
    return this.#index.count
  }

  readonly connection = (at: number) => this.#index.connection(at)
  readonly kind = (at: number) => this.#index.kind(at)
  readonly state = (at: number) => this.#index.state(at)
  readonly from = (at: number) => this.#index.from(at)
  readonly type = (at: number) => this.#index.type(at)
  readonly severity = (at: number) => this.#index.severity(at)
  readonly micros = (at: number) => this.#index.micros(at)

  /** The records that follow are made of a block of the capture. @param place undefined: it cannot be read again. */
  block(bytes: Uint8Array, place: Place | undefined): void {
    if (!place) return
    this.#file = place.file
    this.#blocks.set(bytes.buffer, {...place, offset: place.offset - bytes.byteOffset})
  }

  /** What opens a connection's frames. */
  key(connection: number, item: TcpSessionItem): void {
    this.#frames.key(connection, item)
  }

  /** What opens the frames of a connection; undefined: nothing is known to. */
  keyOf(connection: number): TcpSessionItem | undefined {
    return this.#frames.keyOf(connection)
  }

  /** Keep what is needed to make the record again. @throws InputError if the temporary file cannot be written. */
  add(record: SessionRecord): void {
    const {connection, ends, inferred, kind} = record
    const {count} = this.#index
    if (connection !== null && ends) this.#ends.set(connection, ends)
    if (connection !== null && kind === 'end') this.#lastOfConnection.set(connection, count)
    if (count % recordsPerMark === 0) this.#marks.push({record: count, place: this.#spilled.end})
    this.#firstTime ??= record.time
    const peer = inferred?.peer === undefined ? -1 : this.#peerNumber(inferred.peer)
    this.#index.add(record, {wire: this.#keepWire(record), extra: this.#keepExtra(record, peer < 0), peer})
  }

  /** Keep only the records from this place on. */
  forget(before: number): void {
    if (before <= this.first) return
    this.#index.forget(before)
    const marks = this.#marks.findLastIndex(({record}) => record <= before)
    if (marks <= 0) return
    this.#marks.splice(0, marks)
    this.#spilled.forget(this.#marks[0]!.place)
    for (const [connection, last] of this.#lastOfConnection) {
      if (last >= before) continue
      for (const known of [this.#ends, this.#lastOfConnection]) known.delete(connection)
      this.#frames.forget(connection)
    }
    this.#sessions.forget(before)
  }

  /** Bytes of the temporary files. */
  get fileBytes(): number {
    return this.#spilled.fileBytes
  }

  record(at: number, isWhole = true): KeptRecord {
    const row = this.#index.row(at)
    const extra = row.extra < 0 ? {} : this.#extras.at(row.extra)
    const peer = row.peer < 0 ? extra.peer : this.#peers[row.peer]!
    const common = {
      connection: row.connection,
      ends: row.connection === null ? null : (this.#ends.get(row.connection) ?? null),
      from: this.#index.from(at),
      time: timeOf(row),
      firstTime: this.#firstTime,
      previousTime: this.#timeBefore(at),
      peers: this.#index.peers(at),
      packets: extra.packets ?? (row.packet === 0 ? noPackets : [row.packet]),
      findings: extra.findings ?? noFindings,
      inferred: this.#sessions.inferredAgain(extra.inferred, peer),
    }
    const kind = this.#index.kind(at)
    const state = this.#index.state(at)
    const wire = extra.wire ?? (isWhole ? this.#wireAt(row) : null)
    const window = isWhole ? this.#windowOf(at, row, extra, wire) : this.#lightWindow(at)
    const opened = window && extra.opened ? openedAgain(window, extra.opened) : noneOpened
    if (kind === 'frame' && state === 'open' && row.index !== null && wire) {
      const frame = {bytes: wire, start: 0, end: wire.length, time: common.time, packets: common.packets}
      const record = new FrameRecord(common, frame, {...common, index: row.index, state, window})
      record.number = at + 1
      record.firstTime = common.firstTime
      record.previousTime = common.previousTime
      record.opened = opened
      return ofOwnBytes(record)
    }
    return ofOwnBytes({
      ...blankRecord,
      ...common,
      number: at + 1,
      kind,
      state,
      index: row.index,
      length: row.length,
      window,
      opened,
      wire,
      close: extra.close ?? null,
      ...(extra.isSecond && {isSecond: extra.isSecond}),
      ...(extra.readTo !== undefined && {readTo: extra.readTo}),
      causes: extra.causes ?? blankRecord.causes,
      prelude: extra.prelude ?? null,
    })
  }

  close(): void {
    this.#spilled.close()
  }

  /** Where the bytes can be read again; NaN: there are none, or the extra has them. */
  #keepWire(record: SessionRecord): number {
    if (isOdd(record)) return Number.NaN
    const [bytes, start] = record instanceof FrameRecord ? [record.bytes, record.start] : [record.wire ?? noBytes, 0]
    const place = this.#blocks.get(bytes.buffer)
    if (place) return place.offset + bytes.byteOffset + start
    return -1 - this.#spilled.add(record.wire!)
  }

  #wireAt({wire, length}: IndexedRecord): Uint8Array | null {
    if (Number.isNaN(wire) || length === null) return null
    if (wire < 0) return this.#spilled.at(-1 - wire)
    const bytes = new Uint8Array(length)
    return readsAll(this.#file!, bytes, wire) ? bytes : null
  }

  /** @param hasPeer whether the peer goes into it, not into the row. */
  #keepExtra(record: SessionRecord, hasPeer: boolean): number {
    const {findings, packets, inferred, close, causes, prelude, isSecond, readTo, wire, window, opened} = record
    const isOpenedAgain = record.kind === 'frame' && record.state === 'open' && this.#frames.opensAgain(record)
    const extra: KeptExtra = {
      ...(findings.length > 0 && {findings}),
      ...(packets.length > 1 && {packets}),
      ...this.#sessions.keepInferred(inferred, this.#index.count),
      ...(hasPeer && inferred?.peer !== undefined && {peer: inferred.peer}),
      ...(close && {close}),
      ...(causes.length > 0 && {causes}),
      ...(prelude && {prelude}),
      ...(isSecond && {isSecond}),
      ...(readTo !== undefined && {readTo}),
      ...(wire && isOdd(record) && {wire: copyOf(wire)}),
      ...(window &&
        !isOpenedAgain && {
          window: {name: window.type.name, bytes: copyOf(window.bytes, window.start, window.end), shift: window.shift},
        }),
      ...(opened.length > 0 && {opened: opened.map(({bytes, start, end}) => copyOf(bytes, start, end))}),
    }
    for (const _ in extra) return this.#extras.add(extra, extra.window !== undefined || extra.opened !== undefined)
    return -1
  }

  #windowOf(at: number, row: IndexedRecord, {window}: KeptExtra, wire: Uint8Array | null): Window | null {
    if (window) {
      const type = typeNamed(window.name)
      return type ? new Window(type, window.bytes, 0, window.bytes.length, window.shift) : null
    }
    if (this.#index.state(at) !== 'open') return null
    const {connection, index} = row
    return this.#frames.window({connection, from: this.#index.from(at), index, wire})
  }

  /** The type alone, without a byte. */
  #lightWindow(at: number): Window | null {
    const name = this.#index.type(at)
    return name === undefined ? null : new Window(typeNamed(name), noBytes, 0, 0, 0)
  }

  /** Time of the record before, or of the last one before that has a time; of the first record its own. */
  #timeBefore(at: number): Time | null {
    for (let before = at - 1; before >= Math.max(this.first, at - farthestTime); before--) {
      const time = timeOf(this.#index.row(before))
      if (time) return time
    }
    return timeOf(this.#index.row(at))
  }

  /** @returns -1 if as many peers have a number as may. */
  #peerNumber(peer: string): number {
    const known = this.#peerNumbers.get(peer)
    if (known !== undefined) return known
    if (this.#peers.length >= numberedPeers) return -1
    this.#peerNumbers.set(peer, this.#peers.length)
    return this.#peers.push(peer) - 1
  }
}

/** @returns false if the file does not have these bytes any more. */
function readsAll(file: number, bytes: Uint8Array, at: number): boolean {
  try {
    return readSync(file, bytes, 0, bytes.length, at) === bytes.length
  } catch {
    return false
  }
}

const timeOf = ({micros, nanos}: Pick<IndexedRecord, 'micros' | 'nanos'>): Time | null =>
  Number.isNaN(micros) ? null : {micros, nanos}

/** Whether a record's bytes on the wire are not as long as its length says. */
const isOdd = ({wire, length}: SessionRecord): boolean => wire === null || wire.length !== length

/** The windows of opened boxes, as `levelsOf` puts them in their levels. */
function openedAgain(window: Window, plaintexts: readonly Uint8Array[]): readonly Window[] {
  const opened: Window[] = []
  for (const plain of plaintexts) {
    const level = levelsOf(window, opened).at(-1)
    const next = level?.opened ? undefined : level && openedWindow(level.window, plain)
    if (!next) break
    opened.push(next)
  }
  return opened
}
