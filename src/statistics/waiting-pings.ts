import {limits} from '../protocol/limits.js'
import type {SessionRecord} from '../session/record.js'
import {otherSide, type Side} from '../wire/side.js'
import {microsPerSecond} from '../wire/time.js'
import type {ConnectionLog} from './connection-log.js'

interface WaitingPing {
  /** Nonce offset of its frame. */
  readonly index: number | null
  readonly micros: number | null
  /** A later ping was answered: answers come in order, so this one's will not. */
  isPassed: boolean
  /** Something was not read since: the answer may be there. */
  isDoubtful: boolean
}

const patienceMicros = limits.pingTimeout * microsPerSecond

/**
 * Counts which pings of one connection are lost, and of which that is not known: where anything stayed unread since, or
 * the end came before the time for an answer was over.
 */
export class WaitingPings {
  readonly #log: Pick<ConnectionLog, 'lost' | 'notKnown'>
  /** By the side that asked. */
  readonly #waiting: readonly [WaitingPing[], WaitingPing[]] = [[], []]
  /** By side: nonce offset that its next frame has if none is missing; -1: not known. */
  readonly #next: [number, number] = [-1, -1]

  constructor(log: Pick<ConnectionLog, 'lost' | 'notKnown'>) {
    this.#log = log
  }

  ping(side: Side, {index, time}: SessionRecord): void {
    const pings = this.#waiting[side]
    pings.push({index, micros: time?.micros ?? null, isPassed: false, isDoubtful: false})
    if (pings.length > limits.pendingPings) pings.shift()
    this.#log.notKnown[side]++
  }

  /** Any record of the connection, before a ping in it. */
  see(record: SessionRecord): void {
    if (record.kind === 'gap') this.#doubtAll()
    else if (record.kind === 'frame') this.#frame(record.from === 'relay' ? 1 : 0, record)
  }

  #frame(side: Side, record: SessionRecord): void {
    const {state, index, window} = record
    if (state !== 'open' || (this.#next[side] >= 0 && index !== this.#next[side])) this.#doubtAll()
    if (index !== null) this.#next[side] = index + 1
    if (window?.type.name === 'pong_response') this.#pong(otherSide(side), record)
  }

  /** @param asker the side whose ping it answers. */
  #pong(asker: Side, {inferred, findings}: SessionRecord): void {
    const pings = this.#waiting[asker]
    const index = inferred?.roundTrip?.index ?? null
    if (index === null) {
      // Which ping it answers is not known, but for one that answers none.
      if (findings.length === 0) doubt(pings)
      return
    }
    for (const ping of pings) if (ping.index !== null && ping.index < index) ping.isPassed = true
    const at = pings.findIndex(ping => ping.index === index)
    if (at < 0) return
    pings.splice(at, 1)
    this.#log.notKnown[asker]--
  }

  #doubtAll(): void {
    for (const pings of this.#waiting) doubt(pings)
  }

  /** Nothing more comes of the connection. */
  end(micros: number | null): void {
    for (const side of [0, 1] as const) {
      const lost = this.#waiting[side].filter(ping => isLost(ping, micros)).length
      this.#log.lost[side] += lost
      this.#log.notKnown[side] -= lost
      this.#waiting[side].length = 0
    }
  }
}

function doubt(pings: readonly WaitingPing[]): void {
  for (const ping of pings) ping.isDoubtful = true
}

/** @param end null: the time of the end is not known. */
const isLost = ({micros, isPassed, isDoubtful}: WaitingPing, end: number | null): boolean =>
  !isDoubtful && (isPassed || (micros !== null && end !== null && end - micros >= patienceMicros))
