import type {Finding} from '../expert/rule.js'
import {finding} from '../expert/rules.js'
import {limits} from '../protocol/limits.js'
import type {Time} from '../wire/chunk.js'
import {toHex} from '../wire/hex.js'
import type {Inferred} from './record.js'

interface Ping {
  readonly id: string
  readonly micros: number | null
  readonly index: number | null
  isAnswered: boolean
}

type Raise = (found: Finding) => void

/** A second more than the limit: real peers count whole seconds. */
const patienceMicros = (limits.pingTimeout + 1) * 1_000_000
const zeroId = '0'.repeat(16)

/** Pings of one side and the other side's answers to them. */
export class Pings {
  readonly #pings: Ping[] = []
  #sawAll: boolean
  /** When the ping that is waited for was sent; null while none is. */
  #waitsSince: number | null = null

  /** @param fromStart false: pings may have been sent before the stream began. */
  constructor(fromStart: boolean) {
    this.#sawAll = fromStart
  }

  /** Something was not seen. */
  forget(): void {
    this.#pings.length = 0
    this.#sawAll = false
    this.#waitsSince = null
  }

  ping(id: Uint8Array, time: Time | null, index: number | null): void {
    if (this.#pings.length >= limits.pendingPings) this.#pings.shift()
    this.#pings.push({id: toHex(id), micros: time?.micros ?? null, index, isAnswered: false})
    if (this.#waitsSince === null && time) this.#waitsSince = time.micros
  }

  /** @returns how long the answer took. */
  pong(id: Uint8Array, time: Time | null, raise: Raise): Inferred | null {
    const key = toHex(id)
    const ping = this.#pings.findLast(p => p.id === key)
    const last = this.#pings.at(-1)
    if (ping && ping === last) {
      if (ping.isAnswered) raise(finding('pong-repeated', {}, {range: [1, 9]}))
      ping.isAnswered = true
      this.#waitsSince = null
    } else if (ping && ping === this.#pings.find(({isAnswered}) => !isAnswered)) {
      // Several pings under way are answered one after the other.
      ping.isAnswered = true
      this.#waitsSince = (this.#sawAll && this.#pings.find(({isAnswered}) => !isAnswered)?.micros) || null
    } else if (key !== zeroId && this.#sawAll) {
      // An id of 0 is a violation of its own.
      raise(last ? finding('pong-mismatch', {expected: last.id}, {range: [1, 9]}) : finding('pong-unasked', {}, {range: [1, 9]}))
    }
    return ping ? {roundTrip: {micros: time && ping.micros !== null ? time.micros - ping.micros : null, index: ping.index}} : null
  }

  /** Seconds since the first ping without a right answer; 0 if none waits. */
  waited(time: Time | null): number {
    return time && this.#waitsSince !== null ? (time.micros - this.#waitsSince) / 1_000_000 : 0
  }

  /** The side that owes an answer was heard of at this time: has the other side given up on it? */
  check(time: Time | null, raise: Raise): void {
    if (!time || this.#waitsSince === null || time.micros - this.#waitsSince <= patienceMicros) return
    raise(finding('ping-unanswered', {seconds: ((time.micros - this.#waitsSince) / 1_000_000).toFixed(1)}))
    this.#waitsSince = null
  }
}
