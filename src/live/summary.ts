import type {LiveCounts} from '../proxy/inspection/live-counts.js'
import {type FindingCounts, findingCountsText} from '../view/run-summary.js'
import {sizeText} from '../view/stats/quantities.js'
import {groupedCount, groupedText} from '../wire/text/phrases.js'

/** The status line. @param seconds since the counts `before`. */
export function statusText(now: LiveCounts, before: LiveCounts, seconds: number, findings: FindingCounts): string {
  const rate = (count: number) => Math.round(count / Math.max(seconds, 0.001))
  const bytes = now.bytes[0] + now.bytes[1] - before.bytes[0] - before.bytes[1]
  const rates = `${groupedText(rate(now.frames - before.frames))} packets/s, ${sizeText(rate(bytes))}/s`
  return `${groupedCount(now.open, 'connection')}, ${rates}, ${findingCountsText(findings)}`
}

/** Totals of a recording: packets of all files, path of the last file, number of files. */
export interface Recorded {
  readonly packets: number
  readonly path: string
  readonly files: number
  /** Something could not be written, and recording stopped. */
  readonly hasFailed: boolean
}

const turnedAwayText = (count: number): string =>
  `${groupedCount(count, 'connection was', 'connections were')} turned away`

/** What was seen of the records of a run. */
export interface SeenRecords {
  readonly findings: FindingCounts
  /** What stayed sealed, and why; undefined: nothing did. */
  readonly sealed: string | undefined
}

/** Sentences that summarize a run. */
export function summaryLines(
  counts: LiveCounts,
  {findings, sealed}: SeenRecords,
  recorded: Recorded | undefined,
): readonly string[] {
  const {connections, tox, intercepted, turnedAway, outOfDescriptors, frames, bytes, unseen} = counts
  const ofTox =
    connections === tox && intercepted === 0
      ? ''
      : ` (${groupedText(tox)} to Tox relays${intercepted > 0 ? `, ${groupedText(intercepted)} intercepted` : ''})`
  const sizes = `${sizeText(bytes[0])} from clients, ${sizeText(bytes[1])} from relays`
  const passed = `${groupedCount(frames, 'frame')}, ${sizes}`
  const ofSealed = sealed === undefined ? '' : `; ${sealed}`
  const lines = [
    `${groupedCount(connections, 'connection')}${ofTox}: ${passed}; ${findingCountsText(findings)}${ofSealed}`,
  ]
  if (turnedAway > 0) lines.push(`${turnedAwayText(turnedAway)}: too many were open`)
  if (outOfDescriptors > 0) lines.push(`${turnedAwayText(outOfDescriptors)}: no file descriptors were left`)
  if (unseen > 0) lines.push(`${sizeText(unseen)} were forwarded without inspection`)
  if (recorded) {
    const {packets, path, files} = recorded
    const ofFiles = files > 1 ? `, the last of ${groupedText(files)} files` : ''
    lines.push(`${groupedCount(packets, 'packet')} recorded in ${path}${ofFiles}`)
  }
  return lines
}
