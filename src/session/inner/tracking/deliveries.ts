import {limits as protocolLimits} from '../../../protocol/limits.js'
import {fieldStart} from '../../../wire/read.js'
import type {Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import type {Delivery} from '../../inferred.js'
import type {SessionRecord} from '../../record.js'
import {rememberedPackets} from '../limits.js'
import type {PairPlace} from '../opening/pair-place.js'
import type {SessionHomes} from '../opening/session-homes.js'
import {type PacketName, SeenPackets, writeWords} from './seen-packets.js'

/** Length of a packet that is known by its number in its session: no box has it. */
const byNumber = -1

/** A delivery, and what the tracking of sessions needs of it. */
export interface Sighted extends Delivery {
  /** Whether its contents are seen for the first time: where the same packet was seen before, it stayed sealed. */
  readonly isNews: boolean
  /** Whether it counts as sent: neither at its arrival nor on a second relay, as out of band c-toxcore uses all. */
  readonly isSent: boolean
}

/** Which packets of net_crypto sessions were seen before: the youngest are remembered. */
export class Deliveries {
  readonly #seen = new SeenPackets(rememberedPackets)
  readonly #homes: SessionHomes
  /** Words of the name of the current packet. */
  readonly #words = new Uint32Array(4)

  /** @param homes learns which place belongs to which pair of peers. */
  constructor(homes: SessionHomes) {
    this.#homes = homes
  }

  /**
   * Between whom a packet goes: where one of them is not known, the same bytes on the connection of the other client
   * show it.
   */
  placeOf({connection}: SessionRecord, place: PairPlace, window: Window): PairPlace {
    if (place.isKnown) return place
    const home = this.#homes.get(place)
    if (home) return home
    const before = this.#seen.find(this.#nameOf(window))
    return before?.place && before.connection !== connection ? this.#homes.set(place, before.place) : place
  }

  /** Whether the same sealed bytes were seen before: on this path, on another one, or on their way to the relay. */
  ofBox({connection, from, number, time}: SessionRecord, place: PairPlace, window: Window, isOpened: boolean): Sighted {
    const name = this.#nameOf(window)
    const before = this.#seen.find(name, place)
    const micros = time?.micros ?? null
    if (!before) {
      this.#seen.add(name, {place, number, connection, from, micros, isOpened})
      return {state: 'first', first: null, isNews: true, isSent: true}
    }
    const isNews = isOpened && !before.isOpened
    if (isNews) this.#seen.open(name, place)
    if (before.place && before.place.id !== place.id) this.#homes.set(before.place, place)
    const first = before.number
    if (before.from === from) return {state: 'again', first, isNews, isSent: before.connection === connection}
    const since = micros === null || before.micros === null ? null : micros - before.micros
    const sent = {connection: before.connection, micros: since}
    return {state: 'arrived', first, isNews, isSent: false, sent}
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
    const name = {length: byNumber, words: this.#words}
    const first = this.#seen.find(name)
    if (first) return first.number
    // The properties in the order that those of a box have: objects of one shape are made and read faster.
    this.#seen.add(name, {
      place: undefined,
      number: record,
      connection: null,
      from: null,
      micros: null,
      isOpened: true,
    })
    return undefined
  }

  /** A MAC and the length: no two boxes have both in common. */
  #nameOf({type, bytes, start, end}: Window): PacketName {
    const at = fieldStart(type, type.tail, bytes, start, end)
    writeWords(this.#words, bytes, at, Math.min(at + protocolLimits.mac, end))
    return {length: end - at, words: this.#words}
  }
}
