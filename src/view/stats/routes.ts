import type {Effect, Effects, Receiver} from '../../expert/rule.js'
import {longestCode, ruleTable} from '../../expert/rules.js'
import type {RuleCount} from '../../statistics/finding-summary.js'
import type {Life, RouteLog} from '../../statistics/route-log.js'
import type {Statistics} from '../../statistics/statistics.js'
import {leftOut} from '../../wire/text/phrases.js'
import type {Paint, Theme} from '../theme.js'
import {sinceText, sizeText, spanText} from './quantities.js'
import {type Column, type PeerTableStyle, type ShownTable, type TableStyle, tableOf} from './table.js'

/** Last state of a route. */
export type RouteState = 'refused' | 'unanswered' | 'never_online' | 'online' | 'offline' | 'given_up'

export function routeState({isRefused, isOnline, isGivenUp, id, lifeCount}: RouteLog): RouteState {
  if (isRefused) return 'refused'
  if (isGivenUp) return 'given_up'
  if (isOnline) return 'online'
  if (lifeCount > 0) return 'offline'
  return id === null ? 'unanswered' : 'never_online'
}

/** Routes: who asked for whom, and when they were online. */
export function routesText({routes, connections, first}: Statistics, style: PeerTableStyle): ShownTable {
  const {theme, isAscii, keyText} = style
  const keys = new Map(connections.map(({log}) => [log.connection, log.clientPk]))
  const life = ({start, end}: Life): string =>
    `${sinceText(start, first)} ${isAscii ? '-' : '–'} ${end === null ? '' : sinceText(end, first)}`.trimEnd()
  const columns: Column<RouteLog>[] = [
    {head: 'C', isRight: true, text: ({connection}) => String(connection), paint: () => theme.number},
    {
      head: 'CLIENT KEY',
      text: ({connection}) => keyText(keys.get(connection) ?? null),
      paint: () => theme.key,
      drop: 4,
    },
    {head: 'ASKS FOR', text: ({peer}) => keyText(peer), paint: () => theme.key},
    {head: 'AT', isRight: true, text: ({asked}) => sinceText(asked, first), paint: () => theme.time, drop: 3},
    {head: 'ID', isRight: true, text: ({id}) => (id === null ? '-' : String(id))},
    {
      ...{head: 'STATE', text: (log: RouteLog) => routeState(log).replace('_', ' ')},
      paint: log => (log.isRefused || log.id === null ? theme.warn : log.isOnline ? theme.title : theme.faint),
    },
    {head: 'ONLINE', isRight: true, text: ({lifeCount, onlineMicros}) => (lifeCount > 0 ? spanText(onlineMicros) : '')},
    {head: 'LIVES', isRight: true, text: ({lifeCount}) => (lifeCount > 0 ? String(lifeCount) : ''), drop: 1},
    {
      ...{head: 'FROM - TO', least: 16, drop: 2},
      text: ({lives, lifeCount}) => lives.map(life).join(', ') + (lifeCount > lives.length ? `, ${leftOut}` : ''),
      paint: () => theme.time,
    },
    {
      head: '> BYTES',
      isRight: true,
      text: ({bytes}) => (bytes[0] > 0 ? sizeText(bytes[0]) : ''),
      paint: () => theme.client,
    },
    {
      head: '< BYTES',
      isRight: true,
      text: ({bytes}) => (bytes[1] > 0 ? sizeText(bytes[1]) : ''),
      paint: () => theme.relay,
    },
  ]
  // A client asks for many peers that never come online: those are left out first.
  const weight = (log: RouteLog): number =>
    routeState(log) === 'never_online' && log.peer !== null
      ? 0
      : 1 + (log.bytes[0] + log.bytes[1]) * 1e6 + log.onlineMicros + log.lifeCount
  return tableOf(columns, routes, weight, style, log => routeState(log).replace('_', ' '))
}

const effectLabels: Readonly<Record<Effect, string>> = {
  closes: 'closes',
  closes_peer: 'closes other',
  discards: 'discards',
  accepts: '',
}
const worstFirst = Object.keys(effectLabels) as Effect[]

/** The worse reaction of an implementation's two ends. */
const deedOf = (effect: Effects, ends: readonly Receiver[]): string =>
  effectLabels[worstFirst.find(each => ends.some(end => (effect[end] ?? 'accepts') === each)) ?? 'accepts']
const paintOf = (effect: Effects, ends: readonly Receiver[], {error, warn, faint}: Theme): Paint =>
  ends.some(end => effect[end] === 'closes') ? error : deedOf(effect, ends) === 'discards' ? faint : warn

const implementations = [
  ['C-TOXCORE', ['c_toxcore_relay', 'c_toxcore_client']],
  ['TOX-RS', ['tox_rs_relay', 'tox_rs_client']],
] as const

const effectOf = (code: string): Effects => ruleTable.get(code)!.effect

/** How often each rule was broken, and where first. */
export function findingsText({rules}: Statistics, style: TableStyle): ShownTable {
  const {theme} = style
  const columns: Column<RuleCount>[] = [
    {head: 'SEVERITY', text: ({severity}) => severity, paint: ({severity}) => theme[severity]},
    {head: 'CODE', text: ({code}) => code, least: longestCode()},
    {head: 'COUNT', isRight: true, text: ({count}) => String(count)},
    {head: 'FIRST', isRight: true, text: ({first}) => `#${first}`, paint: () => theme.number},
    ...implementations.map(
      ([head, ends]): Column<RuleCount> => ({
        ...{head, drop: 1},
        text: ({code}) => deedOf(effectOf(code), ends),
        paint: ({code}) => paintOf(effectOf(code), ends, theme),
      }),
    ),
    {
      head: 'MEANING',
      text: ({code}) => ruleTable.get(code)!.about,
      paint: () => theme.faint,
      least: 40,
      drop: 2,
    },
  ]
  return tableOf(columns, rules, ({count}) => count, style)
}
