import {u32be} from '../../../wire/integers.js'
import {integerAt} from '../../../wire/memory/rows.js'
import type {Sender} from '../../../wire/side.js'
import type {PairPlace} from '../opening/pair-place.js'

/** What two packets have in common only if they are the same: four words and a length. */
export interface PacketName {
  readonly length: number
  /** Four unsigned 32-bit numbers. */
  readonly words: Uint32Array
}

/** Where and when a packet was seen first. */
export interface Sighting {
  /** Between whom it goes; undefined: that is part of its name. */
  readonly place: PairPlace | undefined
  /** The record. */
  readonly number: number
  readonly connection: number | null
  readonly from: Sender | null
  readonly micros: number | null
  /** Whether it was opened, then or where it was seen later. */
  readonly isOpened: boolean
}

/** Words of a name. */
const wordCount = 4
/** Packets that there is room for at first. */
const firstRoom = 1024
/** Ends a chain. */
const none = -1

/**
 * Packets that were seen, the youngest of them: the oldest is forgotten where there would be too many. They lie in flat
 * arrays, because an object and a text for each of hundreds of thousands cost more than opening their boxes.
 */
export class SeenPackets {
  /** Most packets that are remembered. */
  readonly #most: number
  /** Packets that were added in all: the next one goes to this place, modulo the bound. */
  #added = 0
  #places: (PairPlace | undefined)[] = []
  #froms: (Sender | null)[] = []
  #words = new Uint32Array(firstRoom * wordCount)
  #lengths = new Int32Array(firstRoom)
  /** Numbers of records, connections, microseconds; NaN: null. */
  #numbers = new Float64Array(firstRoom)
  #connections = new Float64Array(firstRoom)
  #micros = new Float64Array(firstRoom)
  #isOpened = new Uint8Array(firstRoom)
  /** Place of the latest packet of each hash, and from each place to the one before it with the same hash. */
  #heads = new Int32Array(firstRoom).fill(none)
  #before = new Int32Array(firstRoom)

  /** @param most packets that are remembered. */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * @param place where it is seen now: it is the same packet as one that was seen there, or, where both peers are
   *   known, at a place of unknown peers. Default: the same as any.
   * @returns where it was seen; undefined: nowhere, or too long ago.
   */
  find(name: PacketName, place?: PairPlace): Sighting | undefined {
    const at = this.#find(name, place)
    if (at === none) return undefined
    return {
      place: this.#places[at],
      number: integerAt(this.#numbers, at),
      connection: orNull(integerAt(this.#connections, at)),
      from: this.#froms[at]!,
      micros: orNull(this.#micros[at]!),
      isOpened: this.#isOpened[at] === 1,
    }
  }

  /** What was found was opened now. @param place as for `find`. */
  open(name: PacketName, place?: PairPlace): void {
    const at = this.#find(name, place)
    if (at !== none) this.#isOpened[at] = 1
  }

  #find({length, words}: PacketName, place: PairPlace | undefined): number {
    for (let at = this.#heads[this.#hash(words, 0)]!; at !== none; at = this.#before[at]!)
      if (
        this.#lengths[at] === length &&
        hasWords(this.#words, at * wordCount, words) &&
        (place === undefined || mayBeAt(place, this.#places[at]))
      )
        return at
    return none
  }

  /** Remembers a packet that is not remembered yet. */
  add({length, words}: PacketName, {place, number, connection, from, micros, isOpened}: Sighting): void {
    const at = this.#added++ % this.#most
    if (at < this.#places.length) this.#forget(at)
    else if (at === this.#lengths.length) this.#grow()
    this.#places[at] = place
    this.#froms[at] = from
    this.#words.set(words, at * wordCount)
    this.#lengths[at] = length
    this.#numbers[at] = number
    this.#connections[at] = connection ?? Number.NaN
    this.#micros[at] = micros ?? Number.NaN
    this.#isOpened[at] = isOpened ? 1 : 0
    this.#link(at)
  }

  #link(at: number): void {
    const hash = this.#hash(this.#words, at * wordCount)
    this.#before[at] = this.#heads[hash]!
    this.#heads[hash] = at
  }

  #forget(at: number): void {
    const hash = this.#hash(this.#words, at * wordCount)
    if (this.#heads[hash] === at) {
      this.#heads[hash] = this.#before[at]!
      return
    }
    let next = this.#heads[hash]!
    while (this.#before[next] !== at) next = this.#before[next]!
    this.#before[next] = this.#before[at]!
  }

  /** Twice the room, at most that of the bound. */
  #grow(): void {
    const known = this.#lengths.length
    const room = Math.min(2 * known, this.#most)
    this.#words = copied(this.#words, new Uint32Array(room * wordCount))
    this.#lengths = copied(this.#lengths, new Int32Array(room))
    this.#numbers = copied(this.#numbers, new Float64Array(room))
    this.#connections = copied(this.#connections, new Float64Array(room))
    this.#micros = copied(this.#micros, new Float64Array(room))
    this.#isOpened = copied(this.#isOpened, new Uint8Array(room))
    this.#heads = new Int32Array(room).fill(none)
    this.#before = new Int32Array(room)
    for (let at = 0; at < known; at++) this.#link(at)
  }

  /** Place among the heads of the four words from `at` on. */
  #hash(words: Uint32Array, at: number): number {
    let hash = 0
    for (let i = 0; i < wordCount; i++) hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1)
    return ((hash ^ (hash >>> 15)) >>> 0) % this.#heads.length
  }
}

const mayBeAt = (place: PairPlace, seen: PairPlace | undefined): boolean =>
  seen?.id === place.id || (place.isKnown && seen?.isKnown === false)

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

function copied<T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

function hasWords(all: Uint32Array, at: number, words: Uint32Array): boolean {
  for (let i = 0; i < wordCount; i++) if (all[at + i] !== words[i]) return false
  return true
}

/** Writes bytes[start, end), up to 16 of them, as four numbers; missing ones are zero. */
export function writeWords(words: Uint32Array, bytes: Uint8Array, start: number, end: number): void {
  if (end - start >= 4 * wordCount) {
    for (let i = 0; i < wordCount; i++) words[i] = u32be(bytes, start + 4 * i)
    return
  }
  words.fill(0)
  for (let at = start; at < end; at++) words[(at - start) >> 2]! |= bytes[at]! << (24 - 8 * ((at - start) & 3))
}
