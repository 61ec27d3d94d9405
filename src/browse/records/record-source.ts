import type {Severity} from '../../expert/rule.js'
import type {TypeName} from '../../protocol/table.js'
import type {KeptRecord, RecordKind, State} from '../../session/record.js'
import type {Sender} from '../../wire/side.js'

/** Facts of a record that are known without decoding it again. */
export interface RecordFacts {
  /** -1: not known. */
  connection(at: number): number
  kind(at: number): RecordKind
  state(at: number): State | null
  from(at: number): Sender | null
  /** Packet type of the outermost level. */
  type(at: number): TypeName | undefined
  /** The worst finding. */
  severity(at: number): Severity | undefined
  /** Microseconds since 1970; NaN: not known. */
  micros(at: number): number
}

/** The records of a run by their place, from 0. Their number is one more. */
export interface RecordSource extends RecordFacts {
  /** Places below this have fallen out. */
  readonly first: number
  /** Records that have come so far, also those that have fallen out. */
  readonly count: number
  /** Decode a record again. @param isWhole false: without its bytes, which is faster. */
  record(at: number, isWhole?: boolean): KeptRecord
}
