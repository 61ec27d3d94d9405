import {at, type Finding, finding, noFindings} from '../../../expert/finding.js'
import {limits} from '../../../protocol/limits.js'
import {pongResponse} from '../../../protocol/packets/pong-response.js'
import type {Time} from '../../../wire/chunk.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {microsPerSecond} from '../../../wire/time.js'
import type {TableResult} from './table-result.js'

interface Ping {
  readonly id: string
  readonly micros: number | null
  /** Nonce offset of its frame. */
  readonly index: number
  isAnswered: boolean
}

/** A second more than the limit: real peers count whole seconds. */
const patienceMicros = (limits.pingTimeout + 1) * microsPerSecond
const zeroId = '0'.repeat(16)

/** Pings of one side and the other side's answers to them. */
export class Pings {
  readonly #pings: Ping[] = []
  #sawAll: boolean
  /** The first one whose answer is waited for; null while none is. */
  #waitsFor: Ping | null = null

  /** @param fromStart false: pings may have been sent before the stream began. */
  constructor(fromStart: boolean) {
    this.#sawAll = fromStart
  }

  /** Something was not seen. */
  forget(): void {
    this.#pings.length = 0
    this.#sawAll = false
    this.#waitsFor = null
  }

  ping(id: Uint8Array, time: Time | null, index: number): void {
    if (this.#pings.length >= limits.pendingPings) this.#pings.shift()
    const ping = {id: toHex(id), micros: time?.micros ?? null, index, isAnswered: false}
    this.#pings.push(ping)
    this.#waitsFor ??= ping
  }

  /** @returns what follows from the answer; inferred: how long it took. */
  pong(id: Uint8Array, time: Time | null): TableResult {
    const key = toHex(id)
    const ping = this.#pings.findLast(each => each.id === key)
    const findings = this.#answer(key, ping)
    if (!ping) return {inferred: null, findings}
    const micros = time && ping.micros !== null ? time.micros - ping.micros : null
    return {inferred: {roundTrip: {micros, index: ping.index}}, findings}
  }

  #answer(key: string, ping: Ping | undefined): readonly Finding[] {
    const last = this.#pings.at(-1)
    if (ping && ping === last) {
      const wasAnswered = ping.isAnswered
      ping.isAnswered = true
      this.#waitsFor = null
      return wasAnswered ? [finding('pong-repeated', {}, at(pongResponse, 'ping_id'))] : noFindings
    }
    if (ping && ping === this.#pings.find(({isAnswered}) => !isAnswered)) {
      // Several pings without an answer yet are answered one after the other.
      ping.isAnswered = true
      this.#waitsFor = (this.#sawAll && this.#pings.find(({isAnswered}) => !isAnswered)) || null
      return noFindings
    }
    // An id of 0 is a violation of its own.
    if (key === zeroId || !this.#sawAll) return noFindings
    return last
      ? [finding('pong-mismatch', {expected: last.id}, at(pongResponse, 'ping_id'))]
      : [finding('pong-unasked', {}, at(pongResponse, 'ping_id'))]
  }

  /**
   * The first ping without a right answer, and seconds since it was sent; null if none waits, or times are not known.
   */
  unanswered(time: Time | null): {readonly index: number; readonly seconds: number} | null {
    const ping = this.#waitsFor
    return time && ping && ping.micros !== null
      ? {index: ping.index, seconds: (time.micros - ping.micros) / microsPerSecond}
      : null
  }

  /** The side that owes an answer was heard at this time: has the other side given up on it? */
  check(time: Time | null): readonly Finding[] {
    const sent = this.#waitsFor?.micros
    if (!time || typeof sent !== 'number' || time.micros - sent <= patienceMicros) return noFindings
    const waits = this.unanswered(time)!
    this.#waitsFor = null
    return [pingUnanswered(waits)]
  }
}

export const pingUnanswered = ({index, seconds}: {readonly index: number; readonly seconds: number}): Finding =>
  finding('ping-unanswered', {index, seconds: seconds.toFixed(1)})
