import {type Finding, joined, noFindings, severityOf} from '../../expert/finding.js'
import {unknownPeers} from '../../expert/peers.js'
import {compareSeverity} from '../../expert/rule.js'
import {limits} from '../../protocol/limits.js'
import {type Sender, type Side, senders} from '../../wire/side.js'
import {
  blankRecord,
  type Ends,
  type FrameContents,
  type FrameOrigin,
  FrameRecord,
  type SessionRecord,
  type WireFrame,
} from '../record.js'

/** What a record has beyond what all records of its connection share. */
export type RecordFields = Partial<Omit<SessionRecord, 'kind' | 'time'>> & Pick<SessionRecord, 'kind' | 'time'>

/** Makes one connection's records and passes them on, in order. */
export class RecordEmitter {
  readonly #connection: number
  readonly #ends: Ends
  /** By side: what all records of its frames share, once there is one. */
  #origins: readonly [FrameOrigin, FrameOrigin] | undefined
  readonly #emit: (record: SessionRecord) => void
  /** By side: findings that wait for its next record. */
  readonly #remarks: [readonly Finding[], readonly Finding[]] = [noFindings, noFindings]
  /** What the connection's packets have shown of its ends. */
  peers = unknownPeers
  /** False while the connection may not be Tox at all: then no finding may accuse anybody. */
  #isProven: boolean

  /** @param isGuess sizes alone suggest Tox until something opens. */
  constructor(connection: number, ends: Ends, emit: (record: SessionRecord) => void, isGuess: boolean) {
    this.#isProven = !isGuess
    this.#connection = connection
    this.#ends = ends
    this.#emit = emit
  }

  /** The connection is Tox: something else than sizes shows it. */
  prove(): void {
    this.#isProven = true
  }

  /** Which of two versions of its bytes the connection carries is not known: nobody is accused before a box opens. */
  doubt(): void {
    this.#isProven = false
  }

  /** A finding about a side's bytes: it goes with the side's next record. */
  remark(side: Side, found: Finding): void {
    if (this.#remarks[side].length < limits.causes) this.#remarks[side] = [...this.#remarks[side], found]
  }

  /**
   * A record of anything but a whole frame.
   * @param side null: it is about both.
   */
  put(side: Side | null, fields: RecordFields): void {
    const record: SessionRecord = {
      ...blankRecord,
      connection: this.#connection,
      ends: this.#ends,
      from: side === null ? null : senders[side],
      peers: this.peers,
      ...fields,
    }
    this.#emitChecked(side, record)
  }

  putFrame(side: Side, frame: WireFrame, contents: FrameContents): void {
    this.#origins ??= [this.#originOf('client'), this.#originOf('relay')]
    this.#emitChecked(side, new FrameRecord(this.#origins[side], frame, contents))
  }

  #emitChecked(side: Side | null, record: SessionRecord): void {
    if (record.state === 'open') this.#isProven = true
    record.findings = this.#allowed(side === null ? record.findings : this.#withRemarks(side, record.findings))
    this.#emit(record)
  }

  #originOf(from: Sender): FrameOrigin {
    return {connection: this.#connection, ends: this.#ends, from}
  }

  #withRemarks(side: Side, findings: readonly Finding[]): readonly Finding[] {
    const remarks = this.#remarks[side]
    this.#remarks[side] = noFindings
    return joined(findings, remarks)
  }

  #allowed(findings: readonly Finding[]): readonly Finding[] {
    return this.#isProven ? findings : findings.filter(each => compareSeverity(severityOf(each), 'note') <= 0)
  }
}
