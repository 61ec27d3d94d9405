import {alterations} from '../../expert/alterations.js'
import type {Finding} from '../../expert/finding.js'
import type {Cause, SessionRecord} from '../../session/record.js'
import {otherSender, type Sender} from '../../wire/side.js'

type Altered = Pick<SessionRecord, 'number' | 'packets' | 'time'> & {readonly finding: Finding}

/**
 * The latest packet of each direction that the proxy changed, dropped, delayed, held or made: a peer that closes may
 * do so because of it, and not because of what the other peer sent.
 */
export class AlteredPackets {
  readonly #latest = new Map<number, Partial<Record<Sender, Altered>>>()

  /** Remember the alterations among the findings of a numbered record. */
  note(record: SessionRecord): void {
    for (const found of record.findings) {
      // The frame that a packet replaces has its own finding.
      const isReplacement = record.kind === 'packet' && found.code === 'packet-instead'
      if (record.from && !isReplacement) this.add(record, record.from, found)
    }
  }

  /** Remember an alteration of a packet from this side, in or near this record. */
  add({connection, number, packets, time}: SessionRecord, from: Sender, found: Finding): void {
    if (connection === null || !alterations.has(found.code)) return
    const latest = this.#latest.get(connection) ?? {}
    latest[from] = {number, packets: [...packets], time, finding: found}
    this.#latest.set(connection, latest)
  }

  /** The causes of an end: those that it has, or an alteration, if no receiver is known to close on any of them. */
  causesOf({connection, from, close, time, causes}: SessionRecord): readonly Cause[] {
    if (connection === null || from === null || close === 'capture_end') return causes
    if (causes.some(({receivers}) => receivers.length > 0)) return causes
    const altered = this.#latest.get(connection)?.[otherSender(from)]
    if (!altered) return causes
    const {finding, number, packets} = altered
    const secondsBefore = time && altered.time ? (time.micros - altered.time.micros) / 1_000_000 : null
    return [{finding, number, packets, receivers: [], secondsBefore, count: 1}, ...causes]
  }

  forget(connection: number): void {
    this.#latest.delete(connection)
  }
}
