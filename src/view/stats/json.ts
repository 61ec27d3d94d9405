import type {CaptureCounters} from '../../capture/counters.js'
import {messageOf} from '../../expert/finding.js'
import {receivers} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {hostPort} from '../../protocol/text.js'
import type {ConnectionLog} from '../../statistics/connection-log.js'
import {percentile} from '../../statistics/distribution.js'
import type {Ending} from '../../statistics/finding-summary.js'
import type {RouteLog} from '../../statistics/route-log.js'
import type {ConnectionRow, KindCount, Pair, PingRow, Statistics} from '../../statistics/statistics.js'
import type {Endpoint} from '../../wire/chunk.js'
import {isoTime} from '../../wire/time.js'
import {lengthOf} from './connections.js'
import type {Origin} from './page.js'
import {routeState} from './routes.js'

const time = (micros: number | null): string | null => (micros === null ? null : (isoTime({micros, nanos: 0}) ?? null))
const seconds = (micros: number | null): number | null => (micros === null ? null : micros / 1_000_000)
const address = (endpoint: Endpoint | null): string | null => (endpoint ? hostPort(endpoint) : null)
const bySide = ([client, relay]: Pair) => ({client, relay})
const sides = ['client', 'relay'] as const

/** Statistics as one JSON object, with all rows. Names are those of records. */
export function statisticsJson(statistics: Statistics, {files, filter, others, counters}: Origin): object {
  const {records, first, last, packets, bytes, kinds, connections, routes, pings, timeline, rules, dropped} = statistics
  const keys = new Map(connections.map(({log}) => [log.connection, log.clientPk]))
  return {
    files,
    filter: filter ?? null,
    records,
    start: time(first),
    end: time(last),
    seconds: first === null || last === null ? null : seconds(last - first),
    packets: bySide(packets),
    bytes: bySide(bytes),
    other_connections: others,
    capture: captureJson(counters),
    types: kinds.map(kind => kindJson(kind)),
    connections: connections.map(connectionJson),
    routes: routes.map(route => routeJson(route, keys.get(route.connection) ?? null)),
    pings: pings.map(pingJson),
    throughput: {
      start: timeline.count === 0 ? null : time(timeline.first * timeline.width),
      bucket_seconds: timeline.width / 1_000_000,
      client: Array.from({length: timeline.count}, (_, bucket) => timeline.bytes[bucket * 2]),
      relay: Array.from({length: timeline.count}, (_, bucket) => timeline.bytes[bucket * 2 + 1]),
    },
    findings: rules.map(({code, severity, count, first: number}) => {
      const {about, effect} = ruleTable.get(code)!
      return {
        code,
        severity,
        count,
        first: number,
        about,
        effect: Object.fromEntries(receivers.map(receiver => [receiver, effect[receiver] ?? 'accepts'])),
      }
    }),
    dropped: {
      connections: dropped.connections,
      routes: dropped.routes,
      ping_times: dropped.pings,
    },
  }
}

/** What the capture contained, and what could not be made into streams. Numbers are packets unless the name differs. */
function captureJson(counters: CaptureCounters): object {
  return {
    packets: counters.packets,
    not_read: Object.fromEntries(counters.unread),
    not_ip: counters.notIp,
    not_tcp: counters.notTcp,
    cut_short: counters.cutShort,
    damaged: counters.bad,
    fragments: counters.fragments,
    lost_datagrams: counters.lostDatagrams,
    tcp_segments: counters.segments,
    cut_segments: counters.cutSegments,
    retransmissions: counters.retransmissions,
    keep_alives: counters.keepAlives,
    out_of_order: counters.outOfOrder,
    conflicts: counters.conflicts,
    out_of_window: counters.outOfWindow,
    after_close: counters.afterClose,
    gaps: counters.gaps,
    gap_bytes: counters.gapBytes,
    evicted_connections: counters.evicted,
  }
}

function kindJson({name, isType, packets, bytes, inner}: KindCount, isInner = false): object {
  return {
    type: isType ? name : null,
    ...(!isType && {what: name}),
    packets: bySide(packets),
    bytes: bySide(bytes),
    ...(!isInner && {inner: inner.map(each => kindJson(each, true))}),
  }
}

function connectionJson(row: ConnectionRow): object {
  const {log, ending, severities} = row
  return {
    connection: log.connection,
    client: address(log.client),
    relay: address(log.relay),
    client_pk: log.clientPk,
    prelude: log.prelude,
    start: time(log.start),
    seconds: seconds(lengthOf(row)),
    packets: bySide(log.packets),
    bytes: bySide(log.bytes),
    state: {open: log.open, sealed: log.sealed, failed: log.failed},
    missing: {bytes: log.missing, gaps: log.gaps},
    findings: severities,
    end: ending && endingJson(ending),
  }
}

function endingJson({close, from, time: at, cause, otherCauses}: Ending): object {
  return {
    close,
    from,
    time: time(at),
    cause: cause && {
      code: cause.finding.code,
      message: messageOf(cause.finding),
      number: cause.number,
      packets: cause.packets,
      receivers: cause.receivers,
      seconds_before: cause.secondsBefore,
    },
    other_causes: otherCauses,
  }
}

function routeJson(route: RouteLog, clientPk: string | null): object {
  return {
    connection: route.connection,
    client_pk: clientPk,
    pk: route.peer,
    connection_id: route.isRefused ? 0 : route.id,
    state: routeState(route),
    asked: time(route.asked),
    times_asked: route.asks,
    answered: time(route.answered),
    given_up: route.isGivenUp ? time(route.over) : null,
    lives: route.lifeCount,
    online_seconds: seconds(route.onlineMicros),
    online: route.lives.map(({start, end}) => ({start: time(start), end: time(end)})),
    packets: bySide(route.packets),
    bytes: bySide(route.bytes),
  }
}

function pingJson({log, side, sent, answered, times}: PingRow): object {
  const micros = (share: number): number | null => percentile(times, share) ?? null
  return {
    connection: (log as ConnectionLog | null)?.connection ?? null,
    from: sides[side],
    sent,
    answered,
    min_micros: times.count > 0 ? times.min : null,
    median_micros: micros(0.5),
    p95_micros: micros(0.95),
    max_micros: times.count > 0 ? times.max : null,
  }
}
