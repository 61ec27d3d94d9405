import type {LiveCounts} from '../proxy/inspection/live-session.js'

/** Findings by severity. */
export type FindingCounts = Readonly<Record<'error' | 'warn' | 'note', number>>

const grouped = (count: number): string => count.toLocaleString('en-US')
const times = (count: number, one: string, many = `${one}s`): string => `${grouped(count)} ${count === 1 ? one : many}`

/** Bytes with a unit that leaves at most four digits. */
function sizeText(bytes: number): string {
  if (bytes < 1000) return times(bytes, 'byte')
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${value.toFixed(1)} ${unit}`
}

const findingsText = ({error, warn, note}: FindingCounts): string =>
  [error > 0 && times(error, 'error'), warn > 0 && times(warn, 'warning'), note > 0 && times(note, 'note')]
    .filter(Boolean)
    .join(', ') || 'no findings'

/** @param seconds since the counts `before`. */
export function statusText(now: LiveCounts, before: LiveCounts, seconds: number, findings: FindingCounts): string {
  const rate = (count: number) => Math.round(count / Math.max(seconds, 0.001))
  const bytes = now.bytes[0] + now.bytes[1] - before.bytes[0] - before.bytes[1]
  return `${times(now.open, 'connection')}, ${grouped(rate(now.frames - before.frames))} packets/s, ${sizeText(rate(bytes))}/s, ${findingsText(findings)}`
}

/** What was recorded: packets of all files, the last one of them, and how many there were. */
export interface Recorded {
  readonly packets: number
  readonly path: string
  readonly files: number
}

/** Sentences about a run that has ended. */
export function summaryLines(
  counts: LiveCounts,
  findings: FindingCounts,
  recorded: Recorded | undefined,
): readonly string[] {
  const {connections, tox, intercepted, turnedAway, frames, bytes, unseen} = counts
  const ofTox =
    connections === tox && intercepted === 0
      ? ''
      : ` (${grouped(tox)} to Tox relays${intercepted > 0 ? `, ${grouped(intercepted)} intercepted` : ''})`
  const lines = [
    `${times(connections, 'connection')}${ofTox}: ${times(frames, 'frame')}, ${sizeText(bytes[0])} from clients, ${sizeText(bytes[1])} from relays; ${findingsText(findings)}`,
  ]
  if (turnedAway > 0)
    lines.push(`${times(turnedAway, 'connection was', 'connections were')} turned away: too many were open`)
  if (unseen > 0) lines.push(`${sizeText(unseen)} were forwarded without being looked at`)
  if (recorded)
    lines.push(
      `${times(recorded.packets, 'packet')} recorded in ${recorded.path}${recorded.files > 1 ? `, the last of ${grouped(recorded.files)} files` : ''}`,
    )
  return lines
}
