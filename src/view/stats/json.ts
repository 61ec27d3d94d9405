import type {CaptureCounters} from '../../capture/counters.js'
import {messageOf} from '../../expert/finding.js'
import {receivers} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {hostPort} from '../../protocol/text.js'
import type {Forgotten} from '../../session/inner/inner-world.js'
import {endOf, sessionEnds} from '../../session/inner/tracking/session-log.js'
import type {ConnectionLog} from '../../statistics/connection-log.js'
import {type Distribution, percentile} from '../../statistics/distribution.js'
import type {Ending} from '../../statistics/finding-summary.js'
import type {OnionRow, SessionRow} from '../../statistics/inner-tally.js'
import type {RouteLog} from '../../statistics/route-log.js'
import type {ConnectionRow, KindCount, Pair, PingRow, Statistics} from '../../statistics/statistics.js'
import type {Endpoint} from '../../wire/chunk.js'
import {isoTime} from '../../wire/time.js'
import {lengthOf} from './connections.js'
import {establishMicros, unanswered} from './inner.js'
import type {Origin} from './page.js'
import {type StatisticsPart, statisticsParts} from './parts.js'
import {routeState} from './routes.js'

const time = (micros: number | null): string | null => (micros === null ? null : (isoTime({micros, nanos: 0}) ?? null))
const seconds = (micros: number | null): number | null => (micros === null ? null : micros / 1_000_000)
const address = (endpoint: Endpoint | null): string | null => (endpoint ? hostPort(endpoint) : null)
const bySide = ([client, relay]: Pair) => ({client, relay})
const sides = ['client', 'relay'] as const

/** The source of the numbers, and what is missing in them. */
interface BoundedOrigin extends Origin {
  readonly forgotten: Forgotten
}

/**
 * Statistics as one JSON object, with all rows. Names are those of records.
 * @param only parts that are wanted, besides the source of the numbers; empty: all.
 */
export function statisticsJson(
  statistics: Statistics,
  origin: BoundedOrigin,
  only: readonly StatisticsPart[] = [],
): object {
  const all = wholeJson(statistics, origin)
  if (only.length === 0) return all
  const names = ['files', 'filter', ...only.map(part => statisticsParts[part])]
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

function wholeJson(statistics: Statistics, {files, filter, others, counters, forgotten}: BoundedOrigin): object {
  const {records, first, last, packets, bytes, kinds, opened, connections, routes, pings, inner} = statistics
  const {timeline, rules, dropped} = statistics
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
    opened: opened.map(kind => kindJson(kind, true)),
    connections: connections.map(connectionJson),
    routes: routes.map(route => routeJson(route, keys.get(route.connection) ?? null)),
    pings: pings.map(pingJson),
    crypto_sessions: inner.sessions.map(row => sessionJson(row, last)),
    onion: inner.onion.map(onionJson),
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
      crypto_sessions: inner.dropped.sessions,
      onion: inner.dropped.onion,
    },
    forgotten: {
      crypto_sessions: forgotten.sessions,
      group_fragments: forgotten.fragments,
      untried_boxes: forgotten.untried,
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

function pingJson({log, side, sent, answered, lost, notKnown, times}: PingRow): object {
  return {
    connection: (log as ConnectionLog | null)?.connection ?? null,
    from: sides[side],
    sent,
    answered,
    lost,
    not_known: notKnown,
    ...timesJson(times),
  }
}

const timesJson = (times: Distribution) => ({
  min_micros: times.count > 0 ? times.min : null,
  median_micros: percentile(times, 0.5) ?? null,
  p95_micros: percentile(times, 0.95) ?? null,
  max_micros: times.count > 0 ? times.max : null,
})

function sessionJson({log, roundTrips}: SessionRow, now: number | null): object {
  const {how, by, number} = endOf(log, now)
  return {
    session: log.number,
    peers: log.peers.map((peer, side) => ({
      pk: peer.pk,
      real_pk: peer.realPk,
      cookie_requests: peer.cookieRequests,
      cookie_responses: peer.cookieResponses,
      handshakes: peer.handshakes,
      packets: peer.packets,
      sealed: peer.sealed,
      bytes: peer.bytes,
      lossless: peer.lossless,
      resent: peer.resent,
      missing: peer.missing,
      requested: peer.requested,
      online: peer.isOnline,
      round_trip: timesJson(roundTrips[side === 0 ? 0 : 1]),
    })),
    start: time(log.first),
    seconds: log.first === null || log.last === null ? null : seconds(log.last - log.first),
    established: time(log.established),
    establish_micros: establishMicros(log),
    end: {how, by: by === null ? null : log.peers[by].pk, number, about: sessionEnds[how]},
  }
}

function onionJson(row: OnionRow): object {
  return {
    connection: row.connection,
    requests: row.requests,
    announces: row.announces,
    traceable: row.traceable,
    data: row.data,
    sealed: row.sealed,
    responses: row.responses,
    received: row.received,
    answered: row.answered,
    unanswered_share: row.traceable === 0 ? null : unanswered(row) / row.traceable,
    ...timesJson(row.times),
  }
}
