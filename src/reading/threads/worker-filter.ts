import {noneOpened} from '../../protocol/levels.js'
import {limits} from '../../protocol/limits.js'
import {commentedPackets} from '../../proxy/limits.js'
import {type SessionRecord, windowCopy} from '../../session/record.js'
import {routePackets} from '../../session/relayed/notifications.js'

/** Which of a batch's records were handed on. */
export interface FilteredBatch {
  /** Order of each record of the batch, ascending. */
  readonly orders: Float64Array
  /** Places of the records handed on among all. */
  readonly places: Float64Array
}

/**
 * Picks those records of which the world must know more than that they are: what is not a frame, has findings, is a
 * ping or about a route, is the first that a client's session opens, or comes with or after a packet on which the proxy
 * has noted what it did to the connection.
 */
export class WorkerFilter {
  #orders: number[] = []
  #places: number[] = []
  /** Connections of which an opened frame of the client was handed on. */
  readonly #confirmed = new Set<number>()
  /** Numbers of captured packets with notes, and connections that have had one. */
  readonly #notedPackets = new Set<number>()
  readonly #notedConnections = new Set<number>()

  /** The proxy has noted something on a captured packet whose records come now or later. */
  note(packet: number): void {
    bounded(this.#notedPackets, packet, commentedPackets)
  }

  /** @returns what is handed on: a frame without its bytes, one that is looked at with only its own packet. */
  add(record: SessionRecord, order: number): SessionRecord | undefined {
    this.#orders.push(order)
    const {kind, connection} = record
    const isPlain = kind === 'frame' && record.findings.length === 0 && !isLookedAt(record)
    // Each is asked of every frame: both remember it.
    const [isFirst, isNoted] = [this.#isFirst(record), this.#isNoted(record)]
    if (isPlain && !isFirst && !isNoted) return undefined
    if (kind === 'end' && connection !== null) this.#confirmed.delete(connection)
    this.#places.push(this.#orders.length - 1)
    return kind === 'frame' ? withoutBytes(record) : record
  }

  #isFirst({from, state, connection}: SessionRecord): boolean {
    if (from !== 'client' || state !== 'open' || connection === null || this.#confirmed.has(connection)) return false
    this.#confirmed.add(connection)
    return true
  }

  #isNoted({connection, packets}: SessionRecord): boolean {
    if (connection === null || (this.#notedPackets.size === 0 && this.#notedConnections.size === 0)) return false
    if (packets.some(packet => this.#notedPackets.has(packet)))
      bounded(this.#notedConnections, connection, limits.onlineKeys)
    return this.#notedConnections.has(connection)
  }

  /** The batch is through. */
  finish(): FilteredBatch {
    const sifted = {orders: Float64Array.from(this.#orders), places: Float64Array.from(this.#places)}
    this.#orders = []
    this.#places = []
    return sifted
  }
}

/** Whether the world looks at the packet itself. */
const isLookedAt = ({window}: SessionRecord): boolean => window !== null && routePackets.has(window.type.name)

/**
 * What the world looks at of a frame. The memory of its plaintext is used again for the next frame, and would be sent
 * whole. Fields are named one by one: spreading `blankRecord` took five times as long.
 */
const withoutBytes = (record: SessionRecord): SessionRecord => ({
  number: record.number,
  connection: record.connection,
  ends: record.ends,
  from: record.from,
  time: record.time,
  firstTime: null,
  previousTime: null,
  kind: record.kind,
  index: record.index,
  length: record.length,
  packets: record.packets,
  state: record.state,
  window: record.window && isLookedAt(record) ? windowCopy(record.window) : null,
  opened: noneOpened,
  wire: null,
  findings: record.findings,
  peers: record.peers,
  inferred: null,
  close: record.close,
  causes: record.causes,
  prelude: null,
})

/** Add a number, and drop the oldest one over the limit. */
function bounded(set: Set<number>, added: number, limit: number): void {
  set.add(added)
  if (set.size <= limit) return
  const [oldest] = set
  if (oldest !== undefined) set.delete(oldest)
}
