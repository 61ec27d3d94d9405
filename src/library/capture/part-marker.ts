import {limits} from '../../protocol/limits.js'
import {hostPort} from '../../protocol/text.js'
import {markText} from '../../reading/part-marks.js'
import type {SessionRecord} from '../../session/record.js'
import type {Endpoint} from '../../wire/chunk.js'
import type {Side} from '../../wire/side.js'
import {fieldOf} from '../../wire/window.js'

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
  readonly #connections = new Map<number, Passing>()
  /** First packets of connections that have no record yet. */
  readonly #early = new Map<number, number>()

  /**
   * Look at a record of any connection of which the part may have packets.
   * @param isWanted whether the record's packets are in the part.
   */
  add(record: SessionRecord, isWanted: boolean): void {
    const {connection, kind, from, ends, packets, index, window} = record
    if (connection === null || !ends?.client || !ends.relay) return
    const passing = this.#of(connection, ends.client, ends.relay)
    const side: Side = from === 'relay' ? 1 : 0
    const [first] = packets
    if (kind === 'handshake') {
      const nonce = window && fieldOf(window, 'nonce')
      if (nonce instanceof Uint8Array) passing.nonces[side] = nonce.slice()
      if (isWanted && packets.length > 0) passing.hasHandshake[side] = true
    }
    if (kind === 'frame' && index !== null && first !== undefined) {
      if (passing.latest[side]?.number !== first) passing.latest[side] = {number: first, frame: index}
      if (isWanted) passing.frames[side] ??= passing.latest[side].frame
    }
    if (isWanted && first !== undefined) this.packet(Math.min(...packets), connection)
  }

  /** A packet of a connection is in the part. */
  packet(number: number, connection: number): void {
    const passing = this.#connections.get(connection)
    if (passing) passing.packet = Math.min(passing.packet ?? number, number)
    else if (!this.#early.has(connection) && this.#early.size < limits.onlineKeys) this.#early.set(connection, number)
  }

  /** Comments by the numbers of their packets. */
  get comments(): ReadonlyMap<number, readonly string[]> {
    const comments = new Map<number, string[]>()
    for (const {packet, hasHandshake, frames, client, relay, nonces} of this.#connections.values()) {
      if (packet === undefined || (hasHandshake[0] && hasHandshake[1])) continue
      const text = markText({client, relay, frames, nonces})
      comments.set(packet, [...(comments.get(packet) ?? []), text])
    }
    return comments
  }

  #of(connection: number, client: Endpoint, relay: Endpoint): Passing {
    const known = this.#connections.get(connection)
    if (known) return known
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
