import {compareSeverity} from '../expert/rule.js'
import {typeOf, types} from '../protocol/table.js'
import type {ConnectionLog} from './connection-log.js'
import type {Distribution} from './distribution.js'
import {type Ending, type FindingSummary, noSeverities, type RuleCount, type SeverityCounts} from './finding-summary.js'
import {type InnerCounts, noInnerCounts, type OpenedRow} from './inner-tally.js'
import type {RouteLog} from './route-log.js'
import {innerLayer, Slot, slotCount} from './slots.js'
import type {Counts} from './tally.js'
import type {Timeline} from './timeline.js'

/** [client, relay]. */
export type Pair = readonly [number, number]

/** Packets of one kind. */
export interface KindCount {
  /** Name of a packet type, or what it is instead: sealed, failed, empty, prelude, other. */
  readonly name: string
  readonly isType: boolean
  readonly title: string
  readonly packets: Pair
  readonly bytes: Pair
  /** What they carry, by their own bytes on the wire all in all. Most bytes first. */
  readonly inner: readonly KindCount[]
}

export interface ConnectionRow {
  readonly log: ConnectionLog
  readonly ending: Ending | null
  readonly severities: SeverityCounts
}

export interface PingRow {
  /** null: all of them. */
  readonly log: ConnectionLog | null
  /** Who asked: 0 the client, 1 the relay. */
  readonly side: 0 | 1
  readonly sent: number
  readonly answered: number
  /** Surely not answered. */
  readonly lost: number
  /** Neither: something was not read, or the end came too soon. */
  readonly notKnown: number
  readonly times: Distribution
}

/** All statistics of some records. Times are microseconds since the epoch. */
export interface Statistics {
  readonly records: number
  readonly first: number | null
  readonly last: number | null
  readonly packets: Pair
  readonly bytes: Pair
  /** Most bytes first. */
  readonly kinds: readonly KindCount[]
  /** By their numbers. */
  readonly connections: readonly ConnectionRow[]
  /** By connection, in the order in which they were asked for. */
  readonly routes: readonly RouteLog[]
  /** All by the client, all by the relay, then by connection. */
  readonly pings: readonly PingRow[]
  /** Packets that were inside opened boxes, at any depth. Most bytes first. */
  readonly opened: readonly KindCount[]
  /** What the boxes inside packets showed; empty without their keys. */
  readonly inner: Omit<InnerCounts, 'opened'>
  readonly timeline: Timeline
  /** Worst first, then the most frequent. */
  readonly rules: readonly RuleCount[]
  /** What was beyond the bounds: things not told apart, but for `routes` counted in the sums all the same. */
  readonly dropped: {
    readonly connections: number
    readonly routes: number
    readonly pings: number
  }
}

export function statisticsOf(counts: Counts, remarks: FindingSummary, inner = noInnerCounts): Statistics {
  const kinds = kindsOf(counts)
  const {droppedConnections, routes, droppedPings} = counts
  return {
    records: counts.records,
    first: counts.first,
    last: counts.last,
    packets: total(kinds.map(({packets}) => packets)),
    bytes: total(kinds.map(({bytes}) => bytes)),
    kinds,
    connections: counts.connections
      .filter(({records}) => records > 0)
      .sort((a, b) => a.connection - b.connection)
      .map(log => ({
        log,
        ending: remarks.endings.get(log.connection) ?? null,
        severities: remarks.severities.get(log.connection) ?? noSeverities(),
      })),
    routes: [...routes.logs].sort((a, b) => a.connection - b.connection),
    pings: pingsOf(counts),
    opened: inner.opened.map(openedKind).sort(mostFirst),
    inner,
    timeline: counts.timeline,
    rules: rulesOf(remarks),
    dropped: {
      connections: droppedConnections,
      routes: routes.dropped,
      pings: droppedPings,
    },
  }
}

const sum = ([client, relay]: Pair): number => client + relay
const total = (pairs: readonly Pair[]): Pair => pairs.reduce<Pair>(([a, b], [c, d]) => [a + c, b + d], [0, 0])
const mostFirst = (a: KindCount, b: KindCount): number => sum(b.bytes) - sum(a.bytes) || sum(b.packets) - sum(a.packets)

const others: Readonly<Record<number, readonly [name: string, title: string]>> = {
  [Slot.sealed]: ['sealed', 'sealed'],
  [Slot.failed]: ['failed', 'does not open'],
  [Slot.empty]: ['empty', 'without a packet'],
  [Slot.prelude]: ['prelude', 'proxy prelude'],
}

function kindsOf(counts: Counts): KindCount[] {
  const kinds: KindCount[] = []
  for (let slot = 0; slot < slotCount; slot++) {
    const packets = pairAt(counts.packets, slot * 2, 1)
    if (sum(packets) === 0) continue
    const type = types[slot]
    const [name, title] = type ? [type.name, type.title] : others[slot]!
    kinds.push({
      name,
      title,
      isType: type !== undefined,
      packets,
      bytes: pairAt(counts.bytes, slot * 2, 1),
      inner: innerOf(counts, slot),
    })
  }
  return kinds.sort(mostFirst)
}

const openedKind = ({type: {name, title}, packets, bytes}: OpenedRow): KindCount => ({
  ...{name, title, isType: true},
  ...{packets, bytes, inner: []},
})

const pairAt = (cells: Float64Array, at: number, step: number): Pair => [cells[at]!, cells[at + step]!]

function innerOf(counts: Counts, slot: number): KindCount[] {
  const layer = innerLayer(slot)
  if (layer === undefined) return []
  const byName = new Map<string, KindCount>()
  for (let id = 0; id < 256; id++) {
    const at = slot * 512 + id
    const packets = pairAt(counts.innerPackets, at, 256)
    if (sum(packets) === 0) continue
    const bytes = pairAt(counts.innerBytes, at, 256)
    const type = typeOf(layer, id)
    const name = type?.name ?? 'other'
    const before = byName.get(name)
    byName.set(name, {
      ...{name, isType: type !== undefined, title: type?.title ?? 'other', inner: []},
      packets: before ? total([before.packets, packets]) : packets,
      bytes: before ? total([before.bytes, bytes]) : bytes,
    })
  }
  return [...byName.values()].sort(mostFirst)
}

function pingsOf({pings, connectionPings, connections}: Counts): PingRow[] {
  const logs = new Map(connections.map(log => [log.connection, log]))
  const all = ([0, 1] as const).map((side): PingRow => {
    const count = (of: (log: ConnectionLog) => number): number =>
      connections.reduce((before, log) => before + of(log), 0)
    return {
      log: null,
      side,
      sent: count(log => log.pings[side]),
      answered: count(log => log.answered[side]),
      lost: count(log => log.lost[side]),
      notKnown: count(log => log.notKnown[side]),
      times: pings[side],
    }
  })
  const each = connectionPings.map(({connection, side, times}): PingRow => {
    const log = logs.get(connection)
    return {
      log: log ?? null,
      side,
      sent: log?.pings[side] ?? times.count,
      answered: log?.answered[side] ?? times.count,
      lost: log?.lost[side] ?? 0,
      notKnown: log?.notKnown[side] ?? 0,
      times,
    }
  })
  return [
    ...all.filter(({sent}) => sent > 0),
    ...each.filter(({log}) => log).sort((a, b) => a.log!.connection - b.log!.connection || a.side - b.side),
  ]
}

function rulesOf({rules}: FindingSummary): RuleCount[] {
  return [...rules.values()].sort(
    (a, b) => compareSeverity(b.severity, a.severity) || b.count - a.count || a.first - b.first,
  )
}
