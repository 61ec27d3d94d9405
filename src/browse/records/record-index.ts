import {type Peers, peersCode, peersOfCode} from '../../expert/peers.js'
import {compareSeverity, type Severity, severities} from '../../expert/rule.js'
import {type TypeName, types} from '../../protocol/table.js'
import {type RecordKind, type SessionRecord, type State, severityIn} from '../../session/record.js'
import {recordKinds, recordStates} from '../../session/record-kinds.js'
import type {Sender} from '../../wire/side.js'
import type {RecordFacts} from './record-source.js'

/** Records of one slab: arrays grow by slabs, so nothing is copied. */
const slabRecords = 16_384

/** Numbers of 8 bytes, 4 bytes and 2 bytes of a record. */
const wideColumns = 3
const columns = 5
const narrowColumns = 3

/** Bytes that the index has of each record. */
export const bytesPerRecord = wideColumns * 8 + columns * 4 + narrowColumns * 2

/** Stands for null. */
const none = 0xffff_ffff

const kinds = Object.keys(recordKinds) as RecordKind[]
const states: readonly (State | null)[] = [null, ...(Object.keys(recordStates) as State[])]
const senders: readonly (Sender | null)[] = [null, 'client', 'relay']
const severityCodes: readonly (Severity | undefined)[] = [undefined, ...severities]
const typeNumbers = new Map(types.map((type, number) => [type.name, number + 1]))
const kindNumbers = new Map(kinds.map((kind, number) => [kind, number]))

/** Where the rest of a record is kept. */
export interface RecordPlace {
  /** Where its bytes on the wire begin: from 0 in the capture; below 0 elsewhere, see `SpilledBytes`; NaN: none. */
  readonly wire: number
  /** Place of the facts that only few records have; -1: it has none of them. */
  readonly extra: number
  /** Number of the key of the peer that it is about; -1: none. */
  readonly peer: number
}

/** What the index keeps of a record. */
export interface IndexedRecord extends RecordPlace {
  readonly connection: number | null
  readonly length: number | null
  readonly index: number | null
  readonly packet: number
  readonly micros: number
  readonly nanos: number
}

interface Slab {
  readonly wide: Float64Array
  readonly plain: Uint32Array
  readonly narrow: Uint16Array
}

/** A row of numbers for each record, at most 64 bytes: enough to list, jump and filter, and to decode it again. */
export class RecordIndex implements RecordFacts {
  first = 0
  count = 0
  readonly #slabs: (Slab | undefined)[] = []

  add(record: SessionRecord, {wire, extra, peer}: RecordPlace): void {
    const row = this.count % slabRecords
    if (row === 0) this.#slabs.push(newSlab())
    const {wide, plain, narrow} = this.#slabs.at(-1)!
    const {time, packets, window, kind, state, from} = record
    wide.set([time ? time.micros : Number.NaN, wire, extra], row * wideColumns)
    plain.set(
      [record.connection ?? none, record.length ?? none, record.index ?? none, packets[0] ?? 0, peer < 0 ? none : peer],
      row * columns,
    )
    const bits =
      kindNumbers.get(kind)! |
      (states.indexOf(state) << 4) |
      (senders.indexOf(from) << 7) |
      (severityCodes.indexOf(worstOf(record)) << 9) |
      (peersCode(record.peers) << 12)
    narrow.set([window ? typeNumbers.get(window.type.name)! : 0, bits, time?.nanos ?? 0], row * narrowColumns)
    this.count++
  }

  /** Forget all slabs that end before this place. */
  forget(before: number): void {
    const slabs = Math.floor(before / slabRecords)
    for (let slab = Math.floor(this.first / slabRecords); slab < slabs; slab++) this.#slabs[slab] = undefined
    this.first = Math.max(this.first, before)
  }

  row(at: number): IndexedRecord {
    const {wide, plain, narrow} = this.#slab(at)
    const row = at % slabRecords
    const [a, b, c] = [row * wideColumns, row * columns, row * narrowColumns]
    return {
      micros: wide[a]!,
      wire: wide[a + 1]!,
      extra: wide[a + 2]!,
      connection: orNull(plain[b]!),
      length: orNull(plain[b + 1]!),
      index: orNull(plain[b + 2]!),
      packet: plain[b + 3]!,
      peer: plain[b + 4]! === none ? -1 : plain[b + 4]!,
      nanos: narrow[c + 2]!,
    }
  }

  connection(at: number): number {
    return orNull(this.#slab(at).plain[(at % slabRecords) * columns]!) ?? -1
  }

  kind(at: number): RecordKind {
    return kinds[this.#bits(at) & 15]!
  }

  state(at: number): State | null {
    return states[(this.#bits(at) >> 4) & 7]!
  }

  from(at: number): Sender | null {
    return senders[(this.#bits(at) >> 7) & 3]!
  }

  severity(at: number): Severity | undefined {
    return severityCodes[(this.#bits(at) >> 9) & 7]
  }

  peers(at: number): Peers {
    return peersOfCode(this.#bits(at) >> 12)
  }

  type(at: number): TypeName | undefined {
    const number = this.#slab(at).narrow[(at % slabRecords) * narrowColumns]!
    // The table's names are the type names.
    return number === 0 ? undefined : (types[number - 1]!.name as TypeName)
  }

  micros(at: number): number {
    return this.#slab(at).wide[(at % slabRecords) * wideColumns]!
  }

  #bits(at: number): number {
    return this.#slab(at).narrow[(at % slabRecords) * narrowColumns + 1]!
  }

  #slab(at: number): Slab {
    const slab = this.#slabs[Math.floor(at / slabRecords)]
    if (!slab || at < this.first || at >= this.count)
      throw new RangeError(`place ${at} is outside of the records that are kept`)
    return slab
  }
}

const newSlab = (): Slab => ({
  wide: new Float64Array(slabRecords * wideColumns),
  plain: new Uint32Array(slabRecords * columns),
  narrow: new Uint16Array(slabRecords * narrowColumns),
})

const orNull = (value: number): number | null => (value === none ? null : value)

function worstOf(record: SessionRecord): Severity | undefined {
  let worst: Severity | undefined
  for (const found of record.findings) {
    const severity = severityIn(record, found)
    if (worst === undefined || compareSeverity(severity, worst) > 0) worst = severity
  }
  return worst
}
