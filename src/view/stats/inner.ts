import {type CryptoSessionLog, endOf, type SessionEndKind} from '../../session/inner/tracking/session-log.js'
import type {OnionRow, SessionRow} from '../../statistics/inner-tally.js'
import type {Statistics} from '../../statistics/statistics.js'
import {asIs} from '../theme.js'
import {percentileText, shareText, sinceText, sizeText, spanText} from './quantities.js'
import {type Column, type PeerTableStyle, type ShownTable, tableOf} from './table.js'

/** Microseconds from the first packet of a session to its first crypto data; null: not seen. */
export const establishMicros = ({peers, first, established}: CryptoSessionLog): number | null =>
  first === null ||
  established === null ||
  peers.every(({cookieRequests, handshakes}) => cookieRequests + handshakes === 0)
    ? null
    : established - first

/** `3 / 0`; empty for zeros. */
const pairText = ([a, b]: readonly [number, number], text: (value: number) => string = String): string =>
  a === 0 && b === 0 ? '' : `${text(a)} / ${text(b)}`

function roundTripText({roundTrips}: SessionRow): string {
  const texts = roundTrips.map(times => percentileText(times, 0.5))
  return texts.every(text => text === '-') ? '' : texts.join(' / ')
}

function onlineText({log: {peers}}: SessionRow): string {
  if (peers.every(({packets, sealed}) => packets === sealed)) return '-'
  const [a, b] = peers.map(({isOnline}) => isOnline)
  return a && b ? 'both' : a ? 'A only' : b ? 'B only' : 'none'
}

function endText({log}: SessionRow, now: number | null): string {
  const {how, by, number} = endOf(log, now)
  const who = by === null ? '' : `, ${by === 0 ? 'A' : 'B'}`
  return `${how.replaceAll('-', ' ')}${who}${number === null ? '' : ` #${number}`}`
}

/** Ends at which nothing went wrong, as far as is known. */
const ordinaryEnds: ReadonlySet<SessionEndKind> = new Set([
  'open',
  'unknown',
  'killed',
  'killed-after-unseen',
  'replaced',
])

/** net_crypto sessions: who, how long, what was lost, how they ended. Values in pairs are of A / of B. */
export function sessionsText({inner: {sessions}, first, last}: Statistics, style: PeerTableStyle): ShownTable {
  const {theme, keyText} = style
  const pair =
    (of: (row: SessionRow['log']['peers'][0]) => number, text?: (value: number) => string) => (row: SessionRow) =>
      pairText([of(row.log.peers[0]), of(row.log.peers[1])], text)
  const columns: Column<SessionRow>[] = [
    {head: 'S', isRight: true, text: ({log}) => String(log.number), paint: () => theme.number},
    {head: 'PEER A', text: ({log}) => keyText(log.peers[0].pk), paint: () => theme.key},
    {head: 'PEER B', text: ({log}) => keyText(log.peers[1].pk), paint: () => theme.key},
    {head: 'START', isRight: true, text: ({log}) => sinceText(log.first, first), paint: () => theme.time, drop: 7},
    {
      head: 'SET UP',
      isRight: true,
      text({log}) {
        const micros = establishMicros(log)
        return micros === null ? '-' : spanText(micros)
      },
      drop: 5,
    },
    {
      head: 'LASTED',
      isRight: true,
      text: ({log}) => (log.first === null || log.last === null ? '-' : spanText(log.last - log.first)),
      drop: 6,
    },
    {head: 'PACKETS', isRight: true, text: pair(({packets}) => packets), drop: 8},
    {head: 'BYTES', isRight: true, text: pair(({bytes}) => bytes, sizeText), drop: 1},
    {head: 'RESENT', isRight: true, text: pair(({resent}) => resent), drop: 3},
    {head: 'MISSING', isRight: true, text: pair(({missing}) => missing), drop: 3, paint: () => theme.warn},
    {head: 'ROUND TRIP', isRight: true, text: roundTripText, drop: 4},
    {
      head: 'ONLINE',
      text: onlineText,
      drop: 2,
      paint: row => (onlineText(row).endsWith('only') ? theme.warn : asIs),
    },
    {
      head: 'END',
      text: row => endText(row, last),
      paint: ({log}) => (ordinaryEnds.has(endOf(log, last).how) ? theme.faint : theme.warn),
    },
  ]
  const weight = ({log: {peers}}: SessionRow): number => peers[0].bytes + peers[1].bytes
  return tableOf(columns, sessions, weight, style, row => endOf(row.log, last).how.replaceAll('-', ' '))
}

/** Announce requests without an answer, of those that can be tied to one. */
export const unanswered = ({traceable, answered}: OnionRow): number => Math.max(0, traceable - answered)

/** What clients sent through the onion, and how much was answered. */
export function onionText({inner: {onion}, connections}: Statistics, style: PeerTableStyle): ShownTable {
  const {theme, keyText} = style
  const keys = new Map(connections.map(({log}) => [log.connection, log.clientPk]))
  const of = (share: number) => (row: OnionRow) => percentileText(row.times, share)
  const columns: Column<OnionRow>[] = [
    {head: 'C', isRight: true, text: ({connection}) => String(connection), paint: () => theme.number},
    {
      ...{head: 'CLIENT KEY', drop: 5},
      text: ({connection}) => keyText(keys.get(connection) ?? null),
      paint: () => theme.key,
    },
    {head: 'REQUESTS', isRight: true, text: ({requests}) => String(requests), paint: () => theme.client},
    {head: 'ANNOUNCE', isRight: true, text: ({announces}) => String(announces)},
    {head: 'DATA', isRight: true, text: ({data}) => String(data)},
    {
      head: 'SEALED',
      isRight: true,
      text: ({sealed}) => (sealed > 0 ? String(sealed) : ''),
      paint: () => theme.sealed,
      drop: 1,
    },
    {head: 'RESPONSES', isRight: true, text: ({responses}) => String(responses), paint: () => theme.relay, drop: 6},
    {head: 'ANSWERED', isRight: true, text: ({answered}) => String(answered)},
    {
      head: 'UNANSWERED',
      isRight: true,
      drop: 2,
      text: row => (row.traceable === 0 ? '-' : shareText(unanswered(row), row.traceable)),
      paint: row => (unanswered(row) > 0 ? theme.warn : asIs),
    },
    {head: 'MEDIAN', isRight: true, text: of(0.5), paint: () => theme.title, drop: 3},
    {head: 'P95', isRight: true, text: of(0.95), drop: 4},
  ]
  return tableOf(columns, onion, ({requests}) => requests, style)
}
