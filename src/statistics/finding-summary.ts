import {compareSeverity, type Severity} from '../expert/rule.js'
import {limits} from '../protocol/limits.js'
import {type Cause, type SessionRecord, severityIn} from '../session/record.js'
import type {Close} from '../wire/chunk.js'
import type {Sender} from '../wire/side.js'

/** How often a rule was broken. */
export interface RuleCount {
  readonly code: string
  count: number
  /** The worst of its findings. */
  severity: Severity
  /** The first record that breaks it. */
  readonly first: number
}

/** How a connection ended. */
export interface Ending {
  readonly close: Close | null
  /** Who closed. */
  readonly from: Sender | null
  /** Microseconds since the epoch. */
  readonly time: number | null
  readonly cause: Cause | null
  /** Causes besides that. */
  readonly otherCauses: number
}

/** Findings of one connection, by severity. */
export type SeverityCounts = Record<Severity, number>

export const noSeverities = (): SeverityCounts => ({error: 0, warn: 0, note: 0, chat: 0})

/**
 * What is said about records: findings, and how connections ended. Takes records that the world has numbered; those
 * without a finding, other than ends, may be left out.
 */
export class FindingSummary {
  readonly rules = new Map<string, RuleCount>()
  readonly endings = new Map<number, Ending>()
  readonly severities = new Map<number, SeverityCounts>()
  /** Number of all records, also of those that are not counted. */
  worst: Severity | undefined

  /** @param isCounted false: only what is about the connection. */
  add(record: SessionRecord, isCounted: boolean): void {
    for (const found of record.findings) {
      const severity = severityIn(record, found)
      if (this.worst === undefined || compareSeverity(severity, this.worst) > 0) this.worst = severity
      if (!isCounted) continue
      const rule = this.rules.get(found.code)
      if (rule) {
        rule.count++
        if (compareSeverity(severity, rule.severity) > 0) rule.severity = severity
      } else this.rules.set(found.code, {code: found.code, count: 1, severity, first: record.number})
      const counts = record.connection === null ? undefined : this.#countsOf(record.connection)
      if (counts) counts[severity]++
    }
    if (record.kind === 'end') this.#end(record)
  }

  #countsOf(connection: number): SeverityCounts | undefined {
    let counts = this.severities.get(connection)
    if (!counts && this.severities.size < limits.statsConnections) {
      counts = noSeverities()
      this.severities.set(connection, counts)
    }
    return counts
  }

  #end({connection, close, isSecond, from, time, causes}: SessionRecord): void {
    if (connection === null || isSecond || this.endings.size >= limits.statsConnections) return
    this.endings.set(connection, {
      close,
      from,
      time: time?.micros ?? null,
      cause: causes[0] ?? null,
      otherCauses: Math.max(0, causes.length - 1),
    })
  }
}
