import {copyOf} from '../../wire/bytes.js'
import type {Time} from '../../wire/chunk.js'
import {i32be} from '../integers.js'
import {limits} from '../limits.js'
import {TcpDirection} from './tcp-direction.js'
import type {Segment} from './tcp-segment.js'

/**
 * One of the two hosts of a connection: 0 sent its first captured packet. Not the same as an end, which may be known
 * only later.
 */
export type Party = 0 | 1

export class TcpConnection {
  readonly number: number
  readonly version: 4 | 6
  /** By party. */
  readonly addresses: readonly [Uint8Array, Uint8Array]
  readonly ports: readonly [number, number]
  /** Ethernet's, 6 bytes each; undefined where there was none. */
  readonly hardware: readonly [Uint8Array, Uint8Array] | undefined
  readonly sides: readonly [TcpDirection, TcpDirection] = [new TcpDirection(), new TcpDirection()]
  readonly time: Time | null
  readonly packet: number
  /** The party that is end 0. */
  opener: Party = 0
  synSeen = false
  announced = false
  /** Closed by both, or reset. */
  finished = false
  segments = 0
  readonly hash: number
  next: TcpConnection | undefined
  /** Count of all segments when this one was last heard, and when it was queued for removal. */
  heardAt = 0
  queuedAt = 0

  constructor(number: number, segment: Segment, hash: number) {
    const {addresses, sourceAt, destinationAt, bytes, hardwareAt} = segment
    const size = segment.version === 4 ? 4 : 16
    this.number = number
    this.version = segment.version
    this.addresses = [
      copyOf(addresses, sourceAt, sourceAt + size),
      copyOf(addresses, destinationAt, destinationAt + size),
    ]
    this.ports = [segment.sourcePort, segment.destinationPort]
    this.hardware =
      hardwareAt < 0
        ? undefined
        : [copyOf(bytes, hardwareAt + 6, hardwareAt + 12), copyOf(bytes, hardwareAt, hardwareAt + 6)]
    this.time = segment.time
    this.packet = segment.packet
    this.hash = hash
  }

  /** @returns the party that sent the segment; -1 if it is of another connection. */
  partyOf(segment: Segment): Party | -1 {
    if (segment.version !== this.version) return -1
    const {sourcePort, destinationPort, sourceAt, destinationAt, addresses} = segment
    const [port0, port1] = this.ports
    const [address0, address1] = this.addresses
    if (
      sourcePort === port0 &&
      destinationPort === port1 &&
      isAt(address0, addresses, sourceAt) &&
      isAt(address1, addresses, destinationAt)
    )
      return 0
    if (
      sourcePort === port1 &&
      destinationPort === port0 &&
      isAt(address1, addresses, sourceAt) &&
      isAt(address0, addresses, destinationAt)
    )
      return 1
    return -1
  }
}

function isAt(address: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < address.length; i++) if (address[i] !== bytes[at + i]) return false
  return true
}

/**
 * Finds the connection of a segment by addresses and ports, without making a string of them, and says which one to end
 * when there are too many.
 */
export class ConnectionTable {
  /** Of the connection that `find` returned. */
  party: Party = 0
  readonly #chains = new Map<number, TcpConnection>()
  readonly #open = new Set<TcpConnection>()
  readonly #closed = new Set<TcpConnection>()
  #last: TcpConnection | undefined
  #made = 0
  #heard = 0

  /** @returns the connection; undefined if there is none. Sets `party`. */
  find(segment: Segment): TcpConnection | undefined {
    this.#heard++
    let connection = this.#last
    let party = connection === undefined ? -1 : connection.partyOf(segment)
    if (party < 0) {
      connection = this.#chains.get(hashOf(segment))
      while (connection !== undefined) {
        party = connection.partyOf(segment)
        if (party >= 0) break
        connection = connection.next
      }
      if (connection === undefined || party < 0) return undefined
      this.#last = connection
    }
    connection!.heardAt = this.#heard
    this.party = party as Party
    return connection
  }

  /** A new connection, from its first segment; that one's sender is party 0. */
  add(segment: Segment): TcpConnection {
    const hash = hashOf(segment)
    const connection = new TcpConnection(this.#made++, segment, hash)
    connection.next = this.#chains.get(hash)
    connection.queuedAt = connection.heardAt = this.#heard
    this.#chains.set(hash, connection)
    this.#open.add(connection)
    this.#last = connection
    this.party = 0
    return connection
  }

  /**
   * One connection too many, to be ended and removed; undefined if all is within bounds. Closed ones come first, then
   * the one longest silent.
   */
  surplus(added: TcpConnection): TcpConnection | undefined {
    let chained = 0
    let oldest: TcpConnection | undefined
    for (let other = added.next; other; other = other.next) {
      chained++
      oldest = other
    }
    if (chained >= limits.chain) return oldest
    if (this.#closed.size > limits.closedConnections) return this.#closed.values().next().value
    if (this.#open.size <= limits.connections) return undefined
    for (const connection of this.#open) {
      if (connection.heardAt <= connection.queuedAt) return connection
      this.#open.delete(connection)
      connection.queuedAt = connection.heardAt
      this.#open.add(connection)
    }
    return undefined
  }

  /** It has ended; it stays to be found until others push it out. */
  finish(connection: TcpConnection): void {
    if (this.#open.delete(connection)) this.#closed.add(connection)
  }

  remove(connection: TcpConnection): void {
    this.#open.delete(connection)
    this.#closed.delete(connection)
    if (this.#last === connection) this.#last = undefined
    const first = this.#chains.get(connection.hash)
    if (first === connection) {
      if (connection.next) this.#chains.set(connection.hash, connection.next)
      else this.#chains.delete(connection.hash)
      return
    }
    for (let before = first; before; before = before.next) {
      if (before.next === connection) before.next = connection.next
    }
  }

  /** All that are known, by number. */
  all(): TcpConnection[] {
    return [...this.#open, ...this.#closed].sort((a, b) => a.number - b.number)
  }
}

/** The same for both directions, so a sum of both ends' values. */
function hashOf(segment: Segment): number {
  const {addresses, version} = segment
  return (
    (hashEnd(addresses, segment.sourceAt, version, segment.sourcePort) +
      hashEnd(addresses, segment.destinationAt, version, segment.destinationPort)) |
    0
  )
}

function hashEnd(bytes: Uint8Array, at: number, version: 4 | 6, port: number): number {
  let hash = Math.imul(port + 1, 0x9e3779b1)
  for (let i = 0; i < (version === 4 ? 4 : 16); i += 4) {
    hash = Math.imul(hash ^ i32be(bytes, at + i), 0x85ebca6b)
    hash ^= hash >>> 15
  }
  return hash
}
