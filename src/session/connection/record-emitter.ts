import {type Finding, severityOf} from '../../expert/finding.js'
import {compareSeverity} from '../../expert/rule.js'
import {limits} from '../../protocol/limits.js'
import type {Time} from '../../wire/chunk.js'
import {type Side, senders} from '../../wire/side.js'
import {blankRecord, detached, type Ends, type RecordKind, type SessionRecord} from '../record.js'

/** What a record has beyond what all records of its connection share. */
export type RecordFields = Partial<Omit<SessionRecord, 'kind'>> & {kind: RecordKind}

/**
 * Makes one connection's records and passes them on, in order; holds them back while it is not certain what became of
 * the client's handshake.
 */
export class RecordEmitter {
  /** Time of the current chunk: the time of its records, unless their fields name another. */
  time: Time | null
  #waiting: SessionRecord[] | undefined
  readonly #remarks: readonly [Finding[], Finding[]] = [[], []]

  constructor(
    readonly connection: number,
    readonly ends: Ends,
    readonly emit: (record: SessionRecord) => void,
    startTime: Time | null,
    /** False while the connection may not be Tox at all: then no finding may accuse anybody. */
    public isProven: boolean,
  ) {
    this.time = startTime
  }

  /** A finding about a side's bytes: it goes with the side's next record. */
  remark(side: Side, found: Finding): void {
    if (this.#remarks[side].length < limits.causes) this.#remarks[side].push(found)
  }

  /** Findings, and what was remarked of the side before. */
  withRemarks(side: Side | null, findings: readonly Finding[]): readonly Finding[] {
    const all =
      side !== null && this.#remarks[side].length > 0 ? [...findings, ...this.#remarks[side].splice(0)] : findings
    return this.#allowed(all)
  }

  /** @param mustWait this record and all after it wait for `release`. */
  put(parts: RecordFields, side: Side | null, mustWait = false): void {
    const record: SessionRecord = {
      ...blankRecord,
      connection: this.connection,
      ends: this.ends,
      from: side === null ? null : senders[side],
      time: this.time,
      ...parts,
    }
    record.findings = this.withRemarks(side, record.findings)
    if (mustWait && !this.#waiting) this.#waiting = [record]
    else this.send(record)
  }

  /** A record that is complete. */
  send(record: SessionRecord): void {
    if (this.#waiting) this.#waiting.push(detached(record))
    else this.emit(record)
  }

  #allowed(findings: readonly Finding[]): readonly Finding[] {
    return this.isProven ? findings : findings.filter(each => compareSeverity(severityOf(each), 'note') <= 0)
  }

  /** Pass on what waits, if anything does. @param settle says of the first what is certain now. */
  release(settle: (first: SessionRecord) => SessionRecord): void {
    const [first, ...others] = this.#waiting ?? []
    this.#waiting = undefined
    if (!first) return
    const settled = settle(first)
    this.emit({...settled, findings: this.#allowed(settled.findings)})
    for (const record of others) this.emit(record)
  }
}
