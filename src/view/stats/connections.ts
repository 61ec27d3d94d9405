import type {Receiver, Severity} from '../../expert/rule.js'
import {longestCode} from '../../expert/rules.js'
import {hostPort} from '../../protocol/text.js'
import {spread} from '../../statistics/distribution.js'
import type {ConnectionRow, PingRow, Statistics} from '../../statistics/statistics.js'
import type {Endpoint} from '../../wire/chunk.js'
import {asIs, type Paint, type Theme} from '../theme.js'
import {spark} from './plot.js'
import {percentileText, sinceText, sizeText, spanText} from './quantities.js'
import {type Column, type PeerTableStyle, type ShownTable, tableOf} from './table.js'

const endpointText = (endpoint: Endpoint | null): string => (endpoint ? hostPort(endpoint) : '-')
const shown: readonly Severity[] = ['error', 'warn', 'note']

const bytesOf = ({log}: ConnectionRow): number => log.bytes[0] + log.bytes[1]
/** Microseconds from the first packet to the end, or to the last record. */
export const lengthOf = ({log, ending}: ConnectionRow): number | null =>
  log.start === null || (ending?.time ?? log.last) === null
    ? null
    : Math.max(0, (ending?.time ?? log.last)! - log.start)

/** `decrypted`; or the packets that are not: `sealed`, `1 sealed`. */
function stateText({log}: ConnectionRow): string {
  const parts = [
    ...(log.sealed > 0 ? [`${log.open + log.failed > 0 ? `${log.sealed} ` : ''}sealed`] : []),
    ...(log.failed > 0 ? [`${log.failed} failed`] : []),
  ]
  return parts.length === 0 ? (log.open > 0 ? 'decrypted' : '-') : parts.join(', ')
}

/** `2 E 14 W`. */
const findingsText = ({severities}: ConnectionRow): string =>
  shown
    .filter(severity => severities[severity] > 0)
    .map(severity => `${severities[severity]} ${severity[0]!.toUpperCase()}`)
    .join(' ')

export function connectionsText({connections, first}: Statistics, style: PeerTableStyle): ShownTable {
  const {theme, keyText} = style
  const columns: Column<ConnectionRow>[] = [
    {head: 'C', isRight: true, text: ({log}) => String(log.connection), paint: () => theme.number},
    {head: 'CLIENT', text: ({log}) => endpointText(log.client), drop: 6},
    {head: 'RELAY', text: ({log}) => endpointText(log.relay), drop: 7},
    {head: 'CLIENT KEY', text: ({log}) => keyText(log.clientPk), paint: () => theme.key},
    {head: 'START', isRight: true, text: ({log}) => sinceText(log.start, first), paint: () => theme.time, drop: 5},
    {head: 'LASTED', isRight: true, text: row => (lengthOf(row) === null ? '-' : spanText(lengthOf(row)!)), drop: 1},
    {head: '> PACKETS', isRight: true, text: ({log}) => String(log.packets[0]), drop: 4},
    {head: '> BYTES', isRight: true, text: ({log}) => sizeText(log.bytes[0]), paint: () => theme.client},
    {head: '< PACKETS', isRight: true, text: ({log}) => String(log.packets[1]), drop: 4},
    {head: '< BYTES', isRight: true, text: ({log}) => sizeText(log.bytes[1]), paint: () => theme.relay},
    {
      head: 'MISSING',
      isRight: true,
      text: ({log}) => (log.missing > 0 ? sizeText(log.missing) : ''),
      drop: 3,
      paint: () => theme.warn,
    },
    {
      head: 'STATE',
      text: stateText,
      drop: 2,
      paint: ({log}) => (log.failed > 0 ? theme.broken : log.sealed > 0 ? theme.sealed : asIs),
    },
    {
      head: 'FINDINGS',
      text: findingsText,
      paint: ({severities}) => theme[shown.find(severity => severities[severity] > 0) ?? 'chat'],
    },
    {head: 'PROXY', text: ({log}) => log.prelude ?? '', drop: 8},
  ]
  const isUsed = ({head}: Column<ConnectionRow>): boolean =>
    (head !== 'MISSING' || connections.some(({log}) => log.missing > 0)) &&
    (head !== 'PROXY' || connections.some(({log}) => log.prelude !== null))
  return tableOf(columns.filter(isUsed), connections, bytesOf, style)
}

const closeWords = {fin: 'closes (FIN)', rst: 'resets (RST)'} as const

function endText({ending}: ConnectionRow): string {
  if (!ending || ending.close === null) return '-'
  return ending.close === 'capture_end' ? 'still open' : `${ending.from ?? 'an end'} ${closeWords[ending.close]}`
}

function causeText({ending}: ConnectionRow): string {
  if (!ending || ending.close === null || ending.close === 'capture_end') return ''
  const {cause, otherCauses} = ending
  if (!cause) return 'not known'
  const isToxRs = cause.receivers.length > 0 && cause.receivers.every(receiver => receiver.startsWith('tox_rs'))
  return `${cause.finding.code}${isToxRs ? ' (tox-rs)' : ''}${otherCauses > 0 ? ` +${otherCauses}` : ''}`
}

function causePaint(receivers: readonly Receiver[], theme: Theme): Paint {
  if (receivers.length === 0) return theme.faint
  return receivers.some(receiver => receiver.startsWith('c_')) ? theme.error : theme.warn
}

/** How connections ended, and the likeliest cause. */
export function endingsText({connections, first}: Statistics, style: PeerTableStyle): ShownTable {
  const {theme, keyText} = style
  const columns: Column<ConnectionRow>[] = [
    {head: 'C', isRight: true, text: ({log}) => String(log.connection), paint: () => theme.number},
    {head: 'CLIENT KEY', text: ({log}) => keyText(log.clientPk), paint: () => theme.key, drop: 3},
    {
      ...{head: 'TIME', isRight: true, drop: 1},
      text: ({ending}) => sinceText(ending?.time ?? null, first),
      paint: () => theme.time,
    },
    {head: 'END', text: endText, paint: ({ending}) => (ending?.from ? theme[ending.from] : theme.faint)},
    {
      ...{head: 'LIKELIEST CAUSE', text: causeText, least: longestCode()},
      paint: ({ending}) => causePaint(ending?.cause?.receivers ?? [], theme),
    },
    {head: 'RECORD', isRight: true, text: ({ending}) => (ending?.cause ? `#${ending.cause.number}` : '')},
    {
      ...{head: 'BEFORE', isRight: true, drop: 2},
      text: ({ending}) =>
        typeof ending?.cause?.secondsBefore === 'number'
          ? spanText(Math.max(0, ending.cause.secondsBefore) * 1_000_000)
          : '',
    },
  ]
  return tableOf(columns, connections, bytesOf, style)
}

/** Ping times, each row with its histogram on one logarithmic scale for all. */
export function pingsText({pings}: Statistics, style: PeerTableStyle): ShownTable {
  const {theme, isAscii, width, keyText} = style
  const timed = pings.filter(({times}) => times.count > 0)
  const from = Math.min(...timed.map(({times}) => times.min))
  const to = Math.max(...timed.map(({times}) => times.max))
  const columnOf = (head: string, of: (row: PingRow) => number): Column<PingRow>[] =>
    pings.some(row => of(row) > 0)
      ? [{head, isRight: true, text: row => (of(row) > 0 ? String(of(row)) : ''), paint: () => theme.warn}]
      : []
  const unanswered = [...columnOf('LOST', ({lost}) => lost), ...columnOf('LOST?', ({notKnown}) => notKnown)]
  const room = unanswered.reduce((before, {head}) => before + head.length + 2, 0)
  const spans = Math.max(14, Math.min(48, width - (width >= 110 ? 76 : 60) - room))
  const of = (share: number) => (row: PingRow) => percentileText(row.times, share)
  const [left, right] = timed.length > 0 ? [spanText(from), spanText(to)] : ['', '']
  const columns: Column<PingRow>[] = [
    {
      head: 'C',
      isRight: true,
      text: ({log}) => (log ? String(log.connection) : 'all'),
      paint: ({log}) => (log ? theme.number : theme.title),
    },
    {head: 'CLIENT KEY', text: ({log}) => (log ? keyText(log.clientPk) : ''), paint: () => theme.key, drop: 3},
    {
      head: 'ASKED BY',
      text: ({side}) => (side === 0 ? 'client' : 'relay'),
      paint: ({side}) => (side === 0 ? theme.client : theme.relay),
    },
    {head: 'PINGS', isRight: true, text: ({sent}) => String(sent)},
    ...unanswered,
    {head: 'MIN', isRight: true, text: ({times}) => (times.count > 0 ? spanText(times.min) : '-'), drop: 1},
    {head: 'MEDIAN', isRight: true, text: of(0.5), paint: () => theme.title},
    {head: 'P95', isRight: true, text: of(0.95)},
    {head: 'MAX', isRight: true, text: ({times}) => (times.count > 0 ? spanText(times.max) : '-')},
    {
      ...{head: left.padEnd(spans - right.length) + right, drop: 2},
      text: ({times}) => (times.count > 0 ? spark(spread(times, from, to, spans), isAscii).trimEnd() : ''),
      paint: ({side}) => (side === 0 ? theme.client : theme.relay),
    },
  ]
  return tableOf(columns, pings, ({log, sent}) => (log ? sent : Number.POSITIVE_INFINITY), style)
}
