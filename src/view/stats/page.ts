import {type CaptureCounters, unreadPackets} from '../../capture/counters.js'
import type {Statistics} from '../../statistics/statistics.js'
import {countText} from '../../wire/text/phrases.js'
import {isoTime} from '../../wire/time.js'
import {escapeText} from '../escape.js'
import {PeerNames} from '../peer-names.js'
import {asIs, type ColorLevel, type ColorStyles, theme} from '../theme.js'
import {paragraph, wrap} from '../wrap.js'
import {connectionsText, endingsText, pingsText} from './connections.js'
import {onionText, sessionsText} from './inner.js'
import type {StatisticsPart} from './parts.js'
import {sizeText, spanText} from './quantities.js'
import {findingsText, routesText} from './routes.js'
import type {PeerTableStyle, ShownTable, TableStyle} from './table.js'
import {kindsText, throughputText} from './traffic.js'

export interface PageOptions {
  /** Columns; Infinity: as many as needed. */
  readonly width: number
  readonly isAscii: boolean
  readonly colorLevel: ColorLevel
  /** Styles that the user chose in place of the usual ones. */
  readonly colors?: ColorStyles | undefined
  /** Parts that are shown, without the summary; default: all. */
  readonly only?: readonly StatisticsPart[]
  /** Names of peers, shown beside their keys. */
  readonly names?: PeerNames | undefined
}

/** The source of the numbers. */
export interface Origin {
  /** Names as given, escaped. */
  readonly files: readonly string[]
  readonly filter: string | undefined
  /** TCP connections that are not Tox. */
  readonly others: number
  /** Packets in the capture. */
  readonly counters: CaptureCounters
}

/** Most files that are named one by one. */
const fewFiles = 8
/** Most columns of an output of unknown width. */
const enough = 100
/** Columns before the values of the summary. */
const nameColumns = 12

/** Statistics as tables and plots. */
export function statisticsPage(statistics: Statistics, origin: Origin, options: PageOptions): string {
  const {names = new PeerNames()} = options
  for (const {log} of statistics.inner.sessions) for (const peer of log.peers) names.learnPeer(peer)
  const style: PeerTableStyle = {
    width: Number.isFinite(options.width) ? options.width : enough,
    isAscii: options.isAscii,
    theme: theme(options.colorLevel, options.colors),
    keyText: key => (key === null ? '-' : escapeText(names.keyText(key))),
  }
  const {connections, routes, pings, opened, inner, rules, kinds, dropped} = statistics
  const {only = []} = options
  const parts: string[] = only.length === 0 ? [summary(statistics, origin, {...style, width: options.width})] : []
  const section = (part: StatisticsPart, title: string, make: () => ShownTable, what = '', lost = 0) => {
    if (only.length > 0 && !only.includes(part)) return
    const {text, hidden, hiddenAre} = make()
    if (text === '') return
    const more =
      hidden + lost > 0 ? `and ${countText(hidden + lost, what)} more${hiddenAre === '' ? '' : `: ${hiddenAre}`}` : ''
    const below = more === '' ? '' : paragraph(more, style.width, style.theme.faint)
    parts.push(`${style.theme.head(title)}\n${text}${below}`)
  }
  const whole = (text: string): ShownTable => ({text, hidden: 0, hiddenAre: ''})
  section('throughput', 'Throughput', () => whole(throughputText(statistics, style)))
  if (kinds.length > 0) section('types', 'Packets by type', () => whole(kindsText(kinds, style, statistics)))
  if (opened.length > 0) section('opened', 'Packets inside opened boxes', () => whole(kindsText(opened, style)))
  if (connections.length > 0) {
    section('connections', 'Connections', () => connectionsText(statistics, style), 'connection', dropped.connections)
    section('endings', 'How they ended', () => endingsText(statistics, style), 'connection', dropped.connections)
  }
  if (routes.length > 0) section('routes', 'Routes', () => routesText(statistics, style), 'route', dropped.routes)
  if (pings.length > 0) section('pings', 'Ping times', () => pingsText(statistics, style), 'row')
  if (inner.sessions.length > 0)
    section(
      'sessions',
      'net_crypto sessions (A / B)',
      () => sessionsText(statistics, style),
      'session',
      inner.dropped.sessions,
    )
  if (inner.onion.length > 0)
    section('onion', 'Onion', () => onionText(statistics, style), 'connection', inner.dropped.onion)
  if (rules.length > 0) section('findings', 'Findings', () => findingsText(statistics, style), 'rule')
  return parts.join('\n')
}

function summary(
  {records, first, last, packets, bytes, connections, kinds, dropped}: Statistics,
  {files, filter, others, counters}: Origin,
  {theme, width}: TableStyle,
): string {
  const room = Math.max(1, width - nameColumns)
  const line = (name: string, text: string, paint = asIs): string =>
    wrap(text, room, room)
      .map((part, index) => `${theme.faint((index === 0 ? name : '').padEnd(nameColumns))}${paint(part)}\n`)
      .join('')
  const direction = (side: 0 | 1): string =>
    `${side === 0 ? '>' : '<'} ${packets[side]} packets, ${sizeText(bytes[side])}`
  const sealed = kinds
    .filter(({name}) => name === 'sealed' || name === 'failed')
    .reduce((count, {packets: [a, b]}) => count + a + b, 0)
  const from = first === null ? undefined : isoTime({micros: first, nanos: 0})
  const shownFiles =
    files.length > fewFiles
      ? [...files.slice(0, fewFiles), `and ${countText(files.length - fewFiles, 'file')} more`]
      : files
  const unread = unreadPackets(counters)
  const lost = [
    ...(dropped.connections > 0 ? [`${dropped.connections} connections`] : []),
    ...(dropped.routes > 0 ? [`${dropped.routes} routes`] : []),
    ...(dropped.pings > 0 ? [`${dropped.pings} ping times by connection`] : []),
  ]
  return [
    // A line feed in a file's name would break the page's line.
    ...shownFiles.map((file, index) => line(index === 0 ? 'Capture' : '', escapeText(file), theme.head)),
    ...(filter === undefined ? [] : [line('Filter', escapeText(filter))]),
    ...(from && last !== null
      ? [line('Time', `${spanText(last - first!)} from ${from.replace('T', ' ').replace('Z', ' UTC')}`)]
      : []),
    line('Connections', `${connections.length + dropped.connections}${othersText(others)}`),
    line('Records', String(records)),
    line('To relay', direction(0), theme.client),
    line('To client', direction(1), theme.relay),
    ...(unread.length > 0 ? [line('Not read', `packets: ${unread.join(', ')}`, theme.warn)] : []),
    ...(counters.gaps > 0 ? [line('Missing', missingText(counters), theme.warn)] : []),
    ...(sealed > 0 ? [line('Sealed', `${sealed} frames could not be opened`, theme.sealed)] : []),
    ...(lost.length > 0 ? [line('Left out', `${lost.join(', ')}: beyond the limits of what is kept`, theme.warn)] : []),
  ].join('')
}

const missingText = ({gaps, gapBytes}: CaptureCounters): string =>
  `${sizeText(gapBytes)} of TCP streams, in ${countText(gaps, 'gap')}`

const othersText = (others: number): string =>
  others > 0 ? `, and ${countText(others, 'TCP connection that is', 'TCP connections that are')} not Tox` : ''
