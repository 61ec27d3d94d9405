import {limits} from '../protocol/limits.js'
import {isLastEnd, type SessionRecord} from '../session/record.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {otherSide} from '../wire/side.js'
import {fieldOf, type Window} from '../wire/window.js'
import {type ConnectionLog, newConnectionLog} from './connection-log.js'
import {addDistribution, addValue, type Distribution, emptyDistribution} from './distribution.js'
import {emptyRouteLogs, type RouteLogs, RouteTable} from './route-log.js'
import {innerAt, Slot, slotCount, slotNamed, slotOfId} from './slots.js'
import {addAt, addTimeline, emptyTimeline, type Timeline} from './timeline.js'
import {WaitingPings} from './waiting-pings.js'

/** What was counted. Plain data: threads that count connections of their own hand it back. */
export interface Counts {
  /** Records of all kinds. */
  records: number
  /** [client, relay] of each slot. */
  readonly packets: Float64Array
  readonly bytes: Float64Array
  /** 256 first bytes of what packets carry, for each of the above. */
  readonly innerPackets: Float64Array
  readonly innerBytes: Float64Array
  /** Microseconds since the epoch. */
  first: number | null
  last: number | null
  readonly timeline: Timeline
  readonly connections: ConnectionLog[]
  /** Connections beyond those. */
  droppedConnections: number
  readonly routes: RouteLogs
  /** Ping times by who asked: all, and those of connections. */
  readonly pings: readonly [Distribution, Distribution]
  readonly connectionPings: {readonly connection: number; readonly side: 0 | 1; readonly times: Distribution}[]
  /** Connections and sides beyond those. */
  droppedPings: number
}

const Id = {
  routeRequest: 0,
  routeResponse: 1,
  connect: 2,
  disconnect: 3,
  ping: 4,
  pong: 5,
  firstData: limits.firstConnectionId,
} as const
const keyBytes = limits.publicKey

/** A connection and what it is looked up with for each packet. */
interface Entry {
  readonly log: ConnectionLog
  /** Place of the connection among all of the run, from 0. */
  readonly place: number
  /** null: the connection has ended. */
  routes: RouteTable | null | undefined
  /** undefined: before its first ping. */
  waiting: WaitingPings | undefined
  readonly times: [Distribution | undefined, Distribution | undefined]
}

/**
 * Counts records, each at once, in memory that does not grow with their number. Of one connection they must come in
 * order. What is kept of a connection depends on that connection and its place alone, so that counts of several threads
 * add up to those of one.
 */
export class Tally {
  readonly counts: Counts = {
    records: 0,
    packets: new Float64Array(slotCount * 2),
    bytes: new Float64Array(slotCount * 2),
    innerPackets: new Float64Array(slotCount * 2 * 256),
    innerBytes: new Float64Array(slotCount * 2 * 256),
    first: null,
    last: null,
    timeline: emptyTimeline(),
    connections: [],
    droppedConnections: 0,
    routes: emptyRouteLogs(),
    pings: [emptyDistribution(), emptyDistribution()],
    connectionPings: [],
    droppedPings: 0,
  }
  readonly #entries = new Map<number, Entry>()
  readonly #placeOf: (connection: number) => number
  #seen = 0
  #lastId = -1
  #lastEntry: Entry | undefined

  /**
   * @param placeOf gives the place of a connection among all of the run, from 0. Default: among those that are seen
   *   here, in the order of their first records.
   */
  constructor(placeOf?: (connection: number) => number) {
    this.#placeOf = placeOf ?? (() => this.#seen++)
  }

  /** Count a record. */
  add(record: SessionRecord): void {
    const {counts} = this
    counts.records++
    const micros = record.time === null ? null : record.time.micros
    if (micros !== null) {
      if (counts.first === null || micros < counts.first) counts.first = micros
      if (counts.last === null || micros > counts.last) counts.last = micros
    }
    const entry = this.#entryOf(record)
    if (entry) {
      entry.log.records++
      entry.waiting?.see(record)
      if (micros !== null) entry.log.last = micros
    }
    if (record.kind === 'frame') this.#packet(record, record.window === null ? slotOfSealed(record) : -1, entry, micros)
    else this.#event(record, entry, micros)
  }

  /** Whose connection it is, when it began, what became of its routes and pings: of a record that is not counted. */
  note(record: SessionRecord): void {
    if (record.kind === 'frame' || record.kind === 'gap') {
      if (record.connection !== null) this.#entries.get(record.connection)?.waiting?.see(record)
      return
    }
    const entry = this.#entryOf(record)
    if (entry) this.#context(record, entry, record.time?.micros ?? null)
  }

  #entryOf({connection, ends}: SessionRecord): Entry | undefined {
    if (connection === this.#lastId) return this.#lastEntry
    if (connection === null) return undefined
    let entry = this.#entries.get(connection)
    if (!entry) {
      const place = this.#placeOf(connection)
      if (place < limits.statsConnections) {
        const log = newConnectionLog(connection)
        log.client = ends?.client ?? null
        log.relay = ends?.relay ?? null
        entry = {log, place, routes: undefined, waiting: undefined, times: [undefined, undefined]}
        this.#entries.set(connection, entry)
        this.counts.connections.push(log)
      }
    }
    this.#lastId = connection
    this.#lastEntry = entry
    return entry
  }

  #context(record: SessionRecord, entry: Entry, micros: number | null): void {
    const {kind, window, prelude} = record
    const {log} = entry
    if (kind === 'start') log.start = micros
    else if (kind === 'handshake' && record.from === 'client' && window) {
      const pk = fieldOf(window, 'pk')
      if (pk instanceof Uint8Array) log.clientPk = toHex(pk)
    } else if (kind === 'prelude' && prelude) log.prelude = `${prelude.proxy} ${prelude.destination}`
    else if (kind === 'end') this.#end(entry, micros, record)
  }

  /** Ends the routes of a connection. The other side may still send: its packets are counted. */
  #end(entry: Entry, micros: number | null, record: SessionRecord): void {
    entry.routes?.end(micros, record.close === 'capture_end')
    entry.routes = null
    if (isLastEnd(record)) entry.waiting?.end(micros)
  }

  #event(record: SessionRecord, entry: Entry | undefined, micros: number | null): void {
    if (entry) this.#context(record, entry, micros)
    else if (record.kind === 'start') this.counts.droppedConnections++
    if (record.kind === 'handshake')
      this.#packet(record, record.window ? slotNamed(record.window.type.name) : Slot.sealed, entry, micros)
    else if (record.kind === 'prelude') this.#packet(record, Slot.prelude, entry, micros)
    else if (record.kind === 'gap' && entry) {
      entry.log.gaps++
      entry.log.missing += record.length ?? 0
    }
  }

  /** @param slot -1: by the first byte. */
  #packet(record: SessionRecord, slot: number, entry: Entry | undefined, micros: number | null): void {
    const side = record.from === 'relay' ? 1 : 0
    const length = record.length ?? 0
    const {counts} = this
    if (micros !== null) addAt(counts.timeline, micros, side, length, 1)
    if (entry) {
      const {log} = entry
      log.packets[side]++
      log.bytes[side] += length
      if (record.state === 'open') log.open++
      else if (record.state === 'sealed') log.sealed++
      else if (record.state === 'failed') log.failed++
    }
    if (slot >= 0) {
      counts.packets[slot * 2 + side]!++
      counts.bytes[slot * 2 + side]! += length
      return
    }
    const window = record.window!
    const id = window.bytes[window.start]!
    const cell = slotOfId[id]! * 2 + side
    counts.packets[cell]!++
    counts.bytes[cell]! += length
    const inner = innerAt[id]!
    if (inner > 0 && window.start + inner < window.end) {
      const innerCell = cell * 256 + window.bytes[window.start + inner]!
      counts.innerPackets[innerCell]!++
      counts.innerBytes[innerCell]! += length
    }
    if (!entry) return
    if (id >= Id.firstData) this.#routesOf(entry)?.data(id, side, length, record.inferred?.peer)
    else if (id <= Id.pong) this.#control(record, window, id, side, entry, micros)
  }

  /** Routes and pings. */
  #control(record: SessionRecord, window: Window, id: number, side: 0 | 1, entry: Entry, micros: number | null): void {
    const {bytes, start, end} = window
    const keyAt = (offset: number): string | undefined =>
      start + offset + keyBytes <= end ? toHex(bytes, start + offset, start + offset + keyBytes) : undefined
    if (id === Id.ping) {
      entry.log.pings[side]++
      entry.waiting ??= new WaitingPings(entry.log)
      entry.waiting.ping(side, record)
    } else if (id === Id.pong) this.#pong(record, entry, otherSide(side))
    else if (id === Id.routeRequest) {
      const peer = side === 0 ? keyAt(1) : undefined
      if (peer !== undefined) this.#routesOf(entry)?.request(peer, micros)
    } else if (id === Id.routeResponse) {
      const peer = side === 1 ? keyAt(2) : undefined
      if (peer !== undefined) this.#routesOf(entry)?.response(bytes[start + 1]!, peer, micros)
    } else if (start + 1 < end) {
      const connectionId = bytes[start + 1]!
      const peer = record.inferred?.peer
      if (id === Id.disconnect) this.#routesOf(entry)?.offline(connectionId, micros, side === 0, peer)
      else if (side === 1) this.#routesOf(entry)?.online(connectionId, micros, peer)
    }
  }

  #routesOf(entry: Entry): RouteTable | null {
    if (entry.routes !== undefined) return entry.routes
    const most = Math.max(1, Math.floor(limits.statsRoutes / (entry.place + 1)))
    entry.routes = new RouteTable(entry.log.connection, this.counts.routes, most)
    return entry.routes
  }

  /** @param asker the side whose ping it answers. */
  #pong({inferred}: SessionRecord, {log, place, times}: Entry, asker: 0 | 1): void {
    const trip = inferred?.roundTrip
    if (!trip) return
    log.answered[asker]++
    if (trip.micros === null || trip.micros < 0) return
    addValue(this.counts.pings[asker], trip.micros)
    let distribution = times[asker]
    if (!distribution) {
      if (place >= limits.statsPings) {
        this.counts.droppedPings++
        return
      }
      distribution = emptyDistribution()
      times[asker] = distribution
      this.counts.connectionPings.push({connection: log.connection, side: asker, times: distribution})
    }
    addValue(distribution, trip.micros)
  }

  /** Count all that was counted of other connections. */
  merge(other: Counts): void {
    const {counts} = this
    counts.records += other.records
    for (const table of ['packets', 'bytes', 'innerPackets', 'innerBytes'] as const) {
      const sums = counts[table]
      other[table].forEach((count, cell) => {
        sums[cell]! += count
      })
    }
    counts.first = least(counts.first, other.first, Math.min)
    counts.last = least(counts.last, other.last, Math.max)
    addTimeline(counts.timeline, other.timeline)
    append(counts.connections, other.connections)
    counts.droppedConnections += other.droppedConnections
    append(counts.routes.logs, other.routes.logs)
    counts.routes.dropped += other.routes.dropped
    for (const side of [0, 1] as const) addDistribution(counts.pings[side], other.pings[side])
    append(counts.connectionPings, other.connectionPings)
    counts.droppedPings += other.droppedPings
  }
}

/** Entry of a frame without a packet. */
const slotOfSealed = ({state}: SessionRecord): number =>
  state === 'sealed' ? Slot.sealed : state === 'failed' ? Slot.failed : Slot.empty

const least = (a: number | null, b: number | null, of: (a: number, b: number) => number): number | null =>
  a === null ? b : b === null ? a : of(a, b)

function append<T>(list: T[], more: readonly T[]): void {
  for (const each of more) list.push(each)
}
