import {limits as protocolLimits} from '../../../protocol/limits.js'
import {fieldStart} from '../../../wire/read.js'
import type {Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import type {Delivery} from '../../inferred.js'
import type {SessionRecord} from '../../record.js'
import {rememberedPackets} from '../limits.js'
import {SeenPackets, writeWords} from './seen-packets.js'

/** Length of a packet that is known by its number in its session: no box has it. */
const byNumber = -1

/** Which packets of net_crypto sessions were seen before: the youngest are remembered. */
export class Deliveries {
  readonly #seen = new SeenPackets(rememberedPackets)
  /** Words of the name of the current packet. */
  readonly #words = new Uint32Array(4)

  /**
   * Whether the same sealed bytes were seen before: on this path, or on another one.
   * @param owner id of the two peers.
   */
  ofBox({connection, from, number, time}: SessionRecord, owner: string, window: Window): Delivery {
    const {type, bytes, start, end} = window
    const at = fieldStart(type, type.tail, bytes, start, end)
    // A MAC and the length: no two boxes of a session have both in common.
    writeWords(this.#words, bytes, at, Math.min(at + protocolLimits.mac, end))
    const name = {owner, length: end - at, words: this.#words}
    const before = this.#seen.find(name)
    const micros = time?.micros ?? null
    if (before?.connection === connection && before.from === from) return {state: 'again', first: before.number}
    if (before) {
      const since = micros === null || before.micros === null ? null : micros - before.micros
      return {state: 'arrived', first: before.number, sent: {connection: before.connection, micros: since}}
    }
    this.#seen.add(name, {number, connection, from, micros})
    return {state: 'first', first: null}
  }

  /**
   * Whether a lossless packet with the same number was sent before: each time in another box.
   * @param session number of the session.
   * @returns the record of that packet; undefined: it is the first one.
   */
  sentBefore(record: number, session: number, side: Side, number: number): number | undefined {
    this.#words[0] = number
    this.#words[1] = side
    this.#words[2] = session
    this.#words[3] = 0
    const name = {owner: '', length: byNumber, words: this.#words}
    const first = this.#seen.find(name)
    if (!first) this.#seen.add(name, {number: record, connection: null, from: null, micros: null})
    return first?.number
  }
}
