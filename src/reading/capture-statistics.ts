import type {Severity} from '../expert/rule.js'
import type {SessionRecord} from '../session/record.js'
import {FindingSummary} from '../statistics/finding-summary.js'
import {type Statistics, statisticsOf} from '../statistics/statistics.js'
import {Tally} from '../statistics/tally.js'
import type {CaptureReading} from './capture-reading.js'
import type {CaptureSummary} from './capture-run.js'

export interface StatisticsOptions {
  /** Only records that match are counted; undefined: all. */
  readonly matches?: ((record: SessionRecord) => boolean) | undefined
  /** Told how many bytes have been read. */
  readonly progress?: ((bytes: number) => void) | undefined
}

export interface CaptureStatistics {
  readonly statistics: Statistics
  /** Worst finding of all records, also of those that were not counted. */
  readonly worst: Severity | undefined
  readonly summary: CaptureSummary
}

/** Read a capture and count what is in it. Nothing is kept of a record but counts. */
export async function captureStatistics(
  reading: Pick<CaptureReading, 'run'>,
  {matches, progress}: StatisticsOptions = {},
): Promise<CaptureStatistics> {
  const tally = new Tally()
  const found = new FindingSummary()
  const all = (record: SessionRecord): boolean => {
    found.add(record, true)
    return true
  }
  const matching = (record: SessionRecord): boolean => {
    const isCounted = matches!(record)
    if (isCounted) tally.add(record)
    else tally.note(record)
    found.add(record, isCounted)
    return true
  }
  const summary = await reading.run({...(matches ? {take: matching} : {take: all, tally}), progress})
  return {statistics: statisticsOf(tally.counts, found), worst: found.worst, summary}
}
