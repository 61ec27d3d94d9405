import {Oldest} from '../../wire/memory/oldest.js'
import {limits} from '../limits.js'
import {endsHash} from './ends-hash.js'
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
  readonly #oldestOpen = new Oldest(this.#open)
  readonly #oldestClosed = new Oldest(this.#closed)
  #last: TcpConnection | undefined
  #made = 0
  #heard = 0

  /** The direction in which the segment travels; undefined if its connection is not known. */
  find(segment: Segment): TcpDirection | undefined {
    this.#heard++
    let direction = this.#last?.directionOf(segment)
    if (!direction) {
      let connection = this.#chains.get(endsHash(segment))
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
    const hash = endsHash(segment)
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
    if (this.#closed.size > limits.closedConnections) return this.#oldestClosed.next()
    this.#oldestClosed.rest()
    if (this.#open.size > limits.connections) return this.#longestSilent(added)
    this.#oldestOpen.rest()
    return undefined
  }

  /**
   * The open connection that has been silent longest. One that was heard since it was queued is queued again, and so is
   * the one that is heard now.
   */
  #longestSilent(now: TcpConnection): TcpConnection | undefined {
    let connection = this.#oldestOpen.next()
    while (connection && (connection.heardAt > connection.queuedAt || connection === now)) {
      this.#open.delete(connection)
      connection.queuedAt = connection.heardAt
      this.#open.add(connection)
      connection = this.#oldestOpen.next()
    }
    return connection
  }

  /** Note that a connection has ended. It can still be found until others push it out. */
  finish(connection: TcpConnection): void {
    if (this.#open.delete(connection)) this.#closed.add(connection)
  }

  /** Note that a connection goes on after what seemed to be its end. */
  resume(connection: TcpConnection): void {
    if (this.#closed.delete(connection)) this.#open.add(connection)
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
