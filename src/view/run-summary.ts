import type {Severity} from '../expert/rule.js'
import {type SessionRecord, severityIn} from '../session/record.js'
import {groupedCount, groupedText} from '../wire/text/phrases.js'

/** Findings by severity. */
export type FindingCounts = Readonly<Record<Exclude<Severity, 'chat'>, number>>

/** `1 error, 2 warnings`; `no findings`. */
export const findingCountsText = ({error, warn, note}: FindingCounts): string =>
  [
    error > 0 && groupedCount(error, 'error'),
    warn > 0 && groupedCount(warn, 'warning'),
    note > 0 && groupedCount(note, 'note'),
  ]
    .filter(Boolean)
    .join(', ') || 'no findings'

/** Counts what one line says at the end of a run. */
export class RunSummary {
  readonly #findings = {error: 0, warn: 0, note: 0, chat: 0}
  #records = 0
  #connections = 0

  /** @param record one of those that the user chose, whether a filter lets it be printed or not. */
  add(record: SessionRecord): void {
    this.#records++
    if (record.kind === 'start') this.#connections++
    for (const found of record.findings) this.#findings[severityIn(record, found)]++
  }

  /**
   * One line: records, connections, findings, what stayed sealed.
   * @param printed number of printed records.
   * @param sealed sentence about what stayed sealed; undefined if nothing did.
   */
  text(printed: number, sealed: string | undefined): string {
    const all = groupedCount(this.#records, 'record')
    const records = printed === this.#records ? all : `${groupedText(printed)} of ${all}`
    const of = this.#connections > 0 ? `, ${groupedCount(this.#connections, 'connection')}` : ''
    return [`${records}${of}: ${findingCountsText(this.#findings)}`, ...(sealed === undefined ? [] : [sealed])].join(
      '; ',
    )
  }
}
