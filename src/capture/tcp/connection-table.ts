import {i32be} from '../../wire/integers.js'
import {limits} from '../limits.js'
import {TcpConnection, type TcpDirection} from './tcp-connection.js'
import type {Segment} from './tcp-segment.js'

/**
 * Finds the connection of a segment by addresses and ports, without making a string of them, and chooses which one to
 * end when there are too many.
 */
export class ConnectionTable {
  readonly #chains = new Map<number, TcpConnection>()
  readonly #open = new Set<TcpConnection>()
  readonly #closed = new Set<TcpConnection>()
  #last: TcpConnection | undefined
  #made = 0
  #heard = 0

  /** The direction in which the segment travels; undefined if its connection is not known. */
  find(segment: Segment): TcpDirection | undefined {
    this.#heard++
    let direction = this.#last?.directionOf(segment)
    if (!direction) {
      let connection = this.#chains.get(hashOf(segment))
      while (connection && !direction) {
        direction = connection.directionOf(segment)
        connection = connection.next
      }
      if (!direction) return undefined
      this.#last = direction.connection
    }
    direction.connection.heardAt = this.#heard
    return direction
  }

  /** Make a connection of its first segment, whose sender is party 0. @returns the direction of the segment. */
  add(segment: Segment): TcpDirection {
    const hash = hashOf(segment)
    const connection = new TcpConnection(this.#made++, segment, hash)
    connection.next = this.#chains.get(hash)
    connection.queuedAt = connection.heardAt = this.#heard
    this.#chains.set(hash, connection)
    this.#open.add(connection)
    this.#last = connection
    return connection.directions[0]
  }

  /**
   * A connection to end and remove because there are too many; undefined if all limits are kept. Closed ones come
   * first, then the one that has been silent longest.
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

  /** Note that a connection has ended. It can still be found until others push it out. */
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

  /** All known connections, by number. */
  all(): TcpConnection[] {
    return [...this.#open, ...this.#closed].sort((a, b) => a.number - b.number)
  }
}

/** A hash that is the same for both directions: the sum of both ends' hashes. */
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
