import type {KeptRecord} from '../../session/record.js'
import type {RecordSource} from './record-source.js'

/** Decoded records that are kept: those on a large screen, and some around. */
const kept = 512

/** Records that were looked at last, so that drawing decodes only what is new. */
export class DecodedRecords {
  readonly #source: RecordSource
  readonly #records = new Map<number, KeptRecord>()

  constructor(source: RecordSource) {
    this.#source = source
  }

  at(place: number): KeptRecord {
    const known = this.#records.get(place)
    if (known) return known
    const record = this.#source.record(place)
    if (this.#records.size >= kept) this.#records.clear()
    this.#records.set(place, record)
    return record
  }
}
