import {detached, type KeptRecord, type SessionRecord} from '../session/record.js'

/** Records that are held at most until it is known whether and where the packet of the first one arrives. */
export const heldRecords = 1024

/** Whether the record is one of a packet whose arrival a later record will show. */
const isWaiting = ({inferred}: SessionRecord): boolean =>
  inferred?.arrival !== undefined && inferred.arrival.at === undefined

/**
 * Holds records back, in their order, until it is known where a packet that a client sends to another one arrives.
 * Not for input that is read as it comes: its end may be far away.
 */
export class RecordsAhead {
  readonly #take: (record: SessionRecord) => boolean
  #held: KeptRecord[] = []
  #isWanted = true

  /** @param take each record, in order. @returns false once no more are wanted. */
  constructor(take: (record: SessionRecord) => boolean) {
    this.#take = take
  }

  /** @returns false once no more are wanted. */
  add(record: SessionRecord): boolean {
    if (this.#held.length === 0 && !isWaiting(record)) {
      this.#isWanted &&= this.#take(record)
      return this.#isWanted
    }
    this.#held.push(detached(record))
    const known = this.#held.findIndex(isWaiting)
    const count = this.#held.length > heldRecords ? Math.max(known, 1) : known < 0 ? this.#held.length : known
    for (const ready of this.#held.splice(0, count)) if (!this.#pass(ready)) break
    return this.#isWanted
  }

  /** No more come. */
  end(): void {
    for (const record of this.#held.splice(0)) if (!this.#pass(record)) return
  }

  #pass(record: SessionRecord): boolean {
    this.#isWanted &&= this.#take(record)
    return this.#isWanted
  }
}
