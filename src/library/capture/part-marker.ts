import {hostPort} from '../../protocol/text.js'
import {markText} from '../../reading/part-marks.js'
import {isLastEnd, type SessionRecord} from '../../session/record.js'
import {copyOf} from '../../wire/bytes.js'
import type {Endpoint} from '../../wire/chunk.js'
import {NumberSet} from '../../wire/memory/number-set.js'
import type {Side} from '../../wire/side.js'
import {countText} from '../../wire/text/phrases.js'
import {fieldOf} from '../../wire/window.js'
import {earlyConnections, markedConnections} from '../limits.js'

/** What is known of one connection while its records pass. */
interface Passing {
  readonly client: string
  readonly relay: string
  readonly nonces: [Uint8Array | null, Uint8Array | null]
  /** By side: whether the part has its handshake. */
  readonly hasHandshake: [boolean, boolean]
  /** By side: the packet in which the last frame began, and the first frame that began in it. */
  readonly latest: [LatestPacket | undefined, LatestPacket | undefined]
  /** By side: the first frame that begins in the part's packets. */
  readonly frames: [number | null, number | null]
  /** The part's first packet; undefined: it has none. */
  packet: number | undefined
}

interface LatestPacket {
  readonly number: number
  readonly frame: number
}

/** Makes the marks of a part of a capture from the records that pass. */
export class PartMarker {
  /** Connections that may need a mark. */
  readonly #connections = new Map<number, Passing>()
  /** Connections with both handshakes in the part, which need none. */
  readonly #whole = new NumberSet()
  /** Connections of which nothing could be remembered, though the part has packets of them. */
  readonly #unmarked = new NumberSet()
  /** First packets of connections that have no record yet. */
  readonly #early = new Map<number, number>()

  /** What the part lacks because a bound was reached; whole sentences. */
  get notes(): readonly string[] {
    const {size} = this.#unmarked
    return size === 0 ? [] : [`${countText(size, 'connection')} over the bound have no note on what their part lacks`]
  }

  /**
   * Look at a record of any connection of which the part may have packets.
   * @param isWanted whether the record's packets are in the part.
   */
  add(record: SessionRecord, isWanted: boolean): void {
    const {connection, kind, from, ends, packets, index, window} = record
    if (connection === null || !ends?.client || !ends.relay || this.#whole.has(connection)) return
    const passing = this.#of(connection, ends.client, ends.relay)
    if (!passing) {
      if (isWanted) this.#unmarked.add(connection)
      return
    }
    const side: Side = from === 'relay' ? 1 : 0
    const [first] = packets
    if (kind === 'handshake') {
      const nonce = window && fieldOf(window, 'nonce')
      if (nonce instanceof Uint8Array) passing.nonces[side] = copyOf(nonce)
      if (isWanted && packets.length > 0) passing.hasHandshake[side] = true
      if (passing.hasHandshake[0] && passing.hasHandshake[1]) {
        this.#whole.add(connection)
        this.#connections.delete(connection)
        return
      }
    }
    if (kind === 'frame' && index !== null && first !== undefined) {
      if (passing.latest[side]?.number !== first) passing.latest[side] = {number: first, frame: index}
      if (isWanted) passing.frames[side] ??= passing.latest[side].frame
    }
    if (isWanted && first !== undefined) this.packet(Math.min(...packets), connection)
    if (isLastEnd(record) && passing.packet === undefined) this.#connections.delete(connection)
  }

  /** A packet of a connection is in the part. */
  packet(number: number, connection: number): void {
    if (this.#whole.has(connection)) return
    const passing = this.#connections.get(connection)
    if (passing) passing.packet = Math.min(passing.packet ?? number, number)
    else if (!this.#early.has(connection) && this.#early.size < earlyConnections) this.#early.set(connection, number)
  }

  /** Comments by the numbers of their packets. */
  get comments(): ReadonlyMap<number, readonly string[]> {
    const comments = new Map<number, string[]>()
    for (const {packet, frames, client, relay, nonces} of this.#connections.values()) {
      if (packet === undefined) continue
      const text = markText({client, relay, frames, nonces})
      comments.set(packet, [...(comments.get(packet) ?? []), text])
    }
    return comments
  }

  /** What is known of a connection; undefined: at the bound. */
  #of(connection: number, client: Endpoint, relay: Endpoint): Passing | undefined {
    const known = this.#connections.get(connection)
    if (known || this.#connections.size >= markedConnections) return known
    const made: Passing = {
      client: hostPort(client),
      relay: hostPort(relay),
      nonces: [null, null],
      hasHandshake: [false, false],
      latest: [undefined, undefined],
      frames: [null, null],
      packet: this.#early.get(connection),
    }
    this.#early.delete(connection)
    this.#connections.set(connection, made)
    return made
  }
}
