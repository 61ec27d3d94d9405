import {levelsOf} from '../protocol/levels.js'
import {limits} from '../protocol/limits.js'
import type {CryptoSessionLog} from '../session/inner/tracking/session-log.js'
import type {SessionRecord} from '../session/record.js'
import type {PacketType} from '../wire/packet.js'
import {lengthOf} from '../wire/window.js'
import {addValue, type Distribution, emptyDistribution} from './distribution.js'

/** A net_crypto session, with how long answers took. */
export interface SessionRow {
  readonly log: CryptoSessionLog
  /** Microseconds until a peer's packets were confirmed, by that peer. */
  readonly roundTrips: readonly [Distribution, Distribution]
}

/** What one client sent through the onion. */
export interface OnionRow {
  readonly connection: number
  requests: number
  /** Requests whose layers stay sealed: what they ask is not known. */
  sealed: number
  /** Announce requests, which have an answer; data requests have none. */
  announces: number
  /** Announce requests whose sendback is known: only those can be tied to an answer. */
  traceable: number
  data: number
  answered: number
  /** All answers, and data from others. */
  responses: number
  received: number
  readonly times: Distribution
}

/** Packets of one type that were inside opened boxes. */
export interface OpenedRow {
  readonly type: PacketType
  /** By who sent the outermost packet: the client, the relay. */
  readonly packets: [number, number]
  /** Bytes of the packets themselves, without the boxes around them. */
  readonly bytes: [number, number]
}

/** What is counted of packets inside packets. */
export interface InnerCounts {
  readonly opened: readonly OpenedRow[]
  readonly sessions: readonly SessionRow[]
  readonly onion: readonly OnionRow[]
  /** Sessions and connections beyond the bounds. */
  readonly dropped: {readonly sessions: number; readonly onion: number}
}

export const noInnerCounts: InnerCounts = {opened: [], sessions: [], onion: [], dropped: {sessions: 0, onion: 0}}

/** Counts packets inside opened boxes, net_crypto sessions, and requests through the onion, record by record. */
export class InnerTally {
  /** One row for each type at most. */
  readonly #opened = new Map<PacketType, OpenedRow>()
  readonly #sessions = new Map<number, SessionRow>()
  readonly #onion = new Map<number, OnionRow>()
  readonly #droppedSessions = new Set<number>()
  #droppedOnion = 0
  readonly #placeOf: (connection: number) => number
  /** Places of the connections that are open. */
  readonly #places = new Map<number, number>()
  #begun = 0

  /**
   * @param placeOf gives the place of a connection among all of the run, from 0. Default: among those of which a start
   *   is added. Which connections are counted depends on it alone, so that several threads count what one would.
   */
  constructor(placeOf?: (connection: number) => number) {
    this.#placeOf = placeOf ?? (connection => this.#places.get(connection) ?? this.#begun)
  }

  add(record: SessionRecord): void {
    const {window, connection, inferred, kind} = record
    if (kind === 'start' && connection !== null) this.#places.set(connection, this.#begun++)
    else if (kind === 'end' && connection !== null) this.#places.delete(connection)
    if (inferred?.session) this.#session(inferred.session)
    if (record.opened.length > 0) this.#insideBoxes(record)
    if (connection === null || !window) return
    if (window.type.name === 'onion_request') this.#request(record, connection)
    else if (window.type.name === 'onion_response') this.#response(record, connection)
  }

  /** Add what another thread counted, of other connections. Sessions between peers are seen by this one alone. */
  merge({onion, dropped}: Pick<InnerCounts, 'onion' | 'dropped'>): void {
    for (const row of onion) this.#onion.set(row.connection, row)
    this.#droppedOnion += dropped.onion
  }

  get counts(): InnerCounts {
    return {
      opened: [...this.#opened.values()],
      sessions: [...this.#sessions.values()].sort((a, b) => a.log.number - b.log.number),
      onion: [...this.#onion.values()].sort((a, b) => a.connection - b.connection),
      dropped: {sessions: this.#droppedSessions.size, onion: this.#droppedOnion},
    }
  }

  #insideBoxes({window, opened, from}: SessionRecord): void {
    const side = from === 'relay' ? 1 : 0
    const levels = levelsOf(window, opened)
    const outermostBox = levels.findIndex(level => level.opened)
    for (let depth = outermostBox + 1; depth < levels.length; depth++) {
      const inside = levels[depth]!.window
      let row = this.#opened.get(inside.type)
      if (!row) {
        row = {type: inside.type, packets: [0, 0], bytes: [0, 0]}
        this.#opened.set(inside.type, row)
      }
      row.packets[side]++
      row.bytes[side] += lengthOf(inside)
    }
  }

  #session({log, side, roundTripMicros}: NonNullable<NonNullable<SessionRecord['inferred']>['session']>): void {
    let row = this.#sessions.get(log.number)
    if (!row) {
      if (this.#sessions.size >= limits.statsSessions) {
        if (this.#droppedSessions.size < limits.statsSessions) this.#droppedSessions.add(log.number)
        return
      }
      row = {log, roundTrips: [emptyDistribution(), emptyDistribution()]}
      this.#sessions.set(log.number, row)
    }
    // The packet confirms one of the other peer.
    if (roundTripMicros !== null && roundTripMicros >= 0) addValue(row.roundTrips[side === 0 ? 1 : 0], roundTripMicros)
  }

  #request({window, opened}: SessionRecord, connection: number): void {
    const row = this.#onionOf(connection)
    if (!row) return
    row.requests++
    const request = levelsOf(window, opened).find(level => level.window.type.layer === 'onion_request')
    if (!request) row.sealed++
    else if (request.window.type.name === 'onion_data_request') row.data++
    else {
      row.announces++
      if (request.opened) row.traceable++
    }
  }

  #response({window, opened, inferred}: SessionRecord, connection: number): void {
    const row = this.#onionOf(connection)
    if (!row) return
    row.responses++
    const inner = levelsOf(window, opened)[1]
    if (inner?.window.type.name === 'onion_data_response') row.received++
    const answers = inferred?.answers
    if (!answers) return
    row.answered++
    if (answers.micros !== null && answers.micros >= 0) addValue(row.times, answers.micros)
  }

  #onionOf(connection: number): OnionRow | undefined {
    const known = this.#onion.get(connection)
    if (known) return known
    if (this.#placeOf(connection) >= limits.statsConnections) {
      this.#droppedOnion++
      return undefined
    }
    const row: OnionRow = {
      ...{
        connection,
        requests: 0,
        sealed: 0,
        announces: 0,
        traceable: 0,
        data: 0,
        answered: 0,
        responses: 0,
        received: 0,
      },
      times: emptyDistribution(),
    }
    this.#onion.set(connection, row)
    return row
  }
}
