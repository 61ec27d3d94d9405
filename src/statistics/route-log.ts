import {isConnectionId} from '../protocol/connection-id.js'
import {limits} from '../protocol/limits.js'

/** A time in which the peer was online. Microseconds since the epoch; null: not known, or it goes on. */
export interface Life {
  readonly start: number | null
  end: number | null
}

/**
 * One connection id of one client from being asked for until it is given up. Plain data: it goes from thread to thread.
 */
export interface RouteLog {
  readonly connection: number
  /** null: the relay has not answered, or refused. */
  id: number | null
  /** Key of the wanted peer, hex; null where nobody saw it. */
  peer: string | null
  /** Times in microseconds since the epoch; null: not seen. */
  asked: number | null
  answered: number | null
  /** How often it was asked for. */
  asks: number
  isRefused: boolean
  isOnline: boolean
  /** The first times online. */
  readonly lives: Life[]
  /** How many times online there were, and how long all of them lasted. */
  lifeCount: number
  onlineMicros: number
  /** Start of the time online at hand. */
  since: number | null
  /** The client gave the id up, then. */
  isGivenUp: boolean
  over: number | null
  /** Data by [client, relay]. */
  readonly packets: [number, number]
  readonly bytes: [number, number]
}

/** All routes of some connections. */
export interface RouteLogs {
  readonly logs: RouteLog[]
  /** Number of routes that are not kept. */
  dropped: number
}

export const emptyRouteLogs = (): RouteLogs => ({logs: [], dropped: 0})

/**
 * Writes down the routes of one connection. Takes packets as they are: what is wrong with them is for the rules to say.
 */
export class RouteTable {
  /** By id; null: in use by a route that is left out. */
  readonly #slots: (RouteLog | null | undefined)[] = []
  /** The route that the client gave up last, by id: what the relay sent before it read that belongs to it. */
  readonly #givenUp: (RouteLog | undefined)[] = []
  #asked: RouteLog[] = []
  /** Routes of this connection that are kept. */
  #kept = 0

  /** @param most routes that are kept of this connection; further ones are counted. */
  constructor(
    readonly connection: number,
    readonly all: RouteLogs,
    readonly most: number,
  ) {}

  /** The client asks for an id. */
  request(peer: string, micros: number | null): void {
    const before = this.#asked.find(log => log.peer === peer)
    if (before) before.asks++
    else if (this.#asked.length < limits.pendingRoutes) {
      const log = this.#newLog({peer, asked: micros, asks: 1})
      if (log) this.#asked.push(log)
    }
  }

  /** The relay answers. */
  response(id: number, peer: string, micros: number | null): void {
    const at = this.#asked.findIndex(log => log.peer === peer)
    const asked = at < 0 ? undefined : this.#asked.splice(at, 1)[0]
    if (id === 0) {
      const log = asked ?? this.#newLog({peer})
      if (log) Object.assign(log, {isRefused: true, answered: micros})
      return
    }
    if (!isConnectionId(id)) return
    const known = this.#slots[id]
    if (known && (known.peer === peer || known.peer === null)) {
      // Asked again for what it has: the answer repeats the id.
      known.peer = peer
      known.asks += asked?.asks ?? 0
      if (asked) this.#forget(asked)
      return
    }
    if (known) this.#over(known, micros, false)
    const log = asked ?? this.#newLog({peer})
    if (log) Object.assign(log, {id, answered: micros})
    this.#slots[id] = log ?? null
  }

  /** The relay says that the peer is here. */
  online(id: number, micros: number | null, peer: string | undefined): void {
    const log = this.#at(id, peer)
    if (!log || log.isOnline) return
    log.isOnline = true
    log.since = micros
    if (log.lives.length < limits.statsRouteLives) log.lives.push({start: micros, end: null})
    log.lifeCount++
  }

  /** The relay says that the peer has gone, or the client gives the id up. */
  offline(id: number, micros: number | null, isClient: boolean, peer: string | undefined): void {
    const log = this.#at(id, peer)
    if (log) this.#goOffline(log, micros)
    if (!isClient) return
    if (log) this.#over(log, micros, true)
    this.#slots[id] = undefined
    this.#givenUp[id] = log
  }

  /** A packet of data. */
  data(id: number, side: 0 | 1, bytes: number, peer: string | undefined): void {
    const log = this.#at(id, peer)
    if (!log) return
    log.packets[side]++
    log.bytes[side] += bytes
  }

  /** The connection is over; isCapture: it may go on, but nobody saw it. */
  end(micros: number | null, isCapture: boolean): void {
    for (const log of this.#slots) {
      if (!log?.isOnline) continue
      if (isCapture) log.onlineMicros += spanOf(log.since, micros)
      else this.#goOffline(log, micros)
    }
    this.#slots.length = 0
    this.#givenUp.length = 0
    this.#asked = []
  }

  #at(id: number, peer: string | undefined): RouteLog | undefined {
    const known = this.#slots[id]
    if (known !== undefined) return known ?? undefined
    if (!isConnectionId(id)) return undefined
    const before = this.#givenUp[id]
    if (before && before.peer === peer) return before
    const log = this.#newLog({id, peer: peer ?? null})
    this.#slots[id] = log ?? null
    return log
  }

  #newLog(known: Partial<RouteLog>): RouteLog | undefined {
    if (this.#kept >= this.most) {
      this.all.dropped++
      return undefined
    }
    this.#kept++
    const log: RouteLog = {
      connection: this.connection,
      ...{
        id: null,
        peer: null,
        asked: null,
        answered: null,
        asks: 0,
        isRefused: false,
        isOnline: false,
        lives: [],
        lifeCount: 0,
        onlineMicros: 0,
      },
      ...{since: null, isGivenUp: false, over: null, packets: [0, 0], bytes: [0, 0]},
      ...known,
    }
    this.all.logs.push(log)
    return log
  }

  /** It was not a route of its own. */
  #forget(log: RouteLog): void {
    this.#kept--
    this.all.logs.splice(this.all.logs.lastIndexOf(log), 1)
  }

  #goOffline(log: RouteLog, micros: number | null): void {
    if (!log.isOnline) return
    log.isOnline = false
    log.onlineMicros += spanOf(log.since, micros)
    const life = log.lives.at(-1)
    if (life && log.lives.length === log.lifeCount) life.end = micros
  }

  #over(log: RouteLog, micros: number | null, isGivenUp: boolean): void {
    this.#goOffline(log, micros)
    log.isGivenUp = isGivenUp
    log.over = micros
  }
}

const spanOf = (start: number | null, end: number | null): number =>
  start === null || end === null ? 0 : Math.max(0, end - start)
