import type {Severity} from '../../expert/rule.js'
import type {CaptureSummary} from '../../reading/capture-run.js'
import type {SessionRecord} from '../../session/record.js'
import {FindingSummary} from '../../statistics/finding-summary.js'
import {InnerTally} from '../../statistics/inner-tally.js'
import {type Statistics, statisticsOf} from '../../statistics/statistics.js'
import {Tally} from '../../statistics/tally.js'
import {listPreviewBytes} from '../../view/limits.js'
import type {CaptureReading} from './capture-reading.js'

export interface StatisticsOptions {
  /** Only records that match are counted; undefined: all. */
  readonly matches?: ((record: SessionRecord) => boolean) | undefined
  /** Told how many bytes have been read. */
  readonly progress?: ((bytes: number) => void) | undefined
  /** Called with each record of which more is known than counts: all that stayed sealed are among them. */
  readonly seen?: ((record: SessionRecord) => void) | undefined
}

export interface CaptureStatistics {
  readonly statistics: Statistics
  /** Worst finding of all records, also of those that were not counted. */
  readonly worst: Severity | undefined
  readonly summary: CaptureSummary
}

/** Read a capture and count what is in it. Nothing is kept of a record but counts. */
export async function captureStatistics(
  reading: Pick<CaptureReading, 'run' | 'keyring'>,
  {matches, progress, seen}: StatisticsOptions = {},
): Promise<CaptureStatistics> {
  const tally = new Tally()
  const inner = new InnerTally()
  const found = new FindingSummary()
  const noted = (record: SessionRecord): boolean => {
    seen?.(record)
    found.add(record, true)
    return true
  }
  const each = (record: SessionRecord): boolean => {
    seen?.(record)
    const isCounted = matches === undefined || matches(record)
    if (isCounted) {
      tally.add(record)
      inner.add(record)
    } else tally.note(record)
    found.add(record, isCounted)
    return true
  }
  // Where boxes inside packets may open, this thread has to see each packet.
  const seesEach = matches !== undefined || reading.keyring.hasInnerKeys
  const steps = seesEach ? {take: each} : {take: noted, tally, inner, plaintext: listPreviewBytes}
  const summary = await reading.run({...steps, comparesData: false, progress})
  return {statistics: statisticsOf(tally.counts, found, inner.counts), worst: found.worst, summary}
}
