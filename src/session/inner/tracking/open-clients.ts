import type {Sender} from '../../../wire/side.js'
import type {SessionRecord} from '../../record.js'
import {BoundedMap} from '../bounded-map.js'
import {rememberedPeers} from '../limits.js'
import type {Sight} from './session-log.js'

/** The clients that have connections, by their keys in hex, and what was not seen of these. */
export class OpenClients {
  /** The client of each connection. */
  readonly #clients = new Map<number, string>()
  /** Number of connections of each client. */
  readonly #open = new Map<string, number>()
  readonly #sights = new BoundedMap<string, Sight>(rememberedPeers)
  /** What was not seen of clients that are not known. */
  readonly #strangers: Sight = {unread: 0, time: null}
  /** Who was heard on each connection. */
  readonly #heard = new Map<number, ReadonlySet<Sender | null>>()

  /** A client begins a connection. */
  connected(connection: number, pk: string): void {
    this.#clients.set(connection, pk)
    this.#open.set(pk, (this.#open.get(pk) ?? 0) + 1)
  }

  /**
   * A connection is over.
   * @returns its client, and whether it has no other; undefined: its client is not known.
   */
  disconnected({connection}: SessionRecord): {readonly pk: string; readonly isLast: boolean} | undefined {
    const pk = this.#of(connection)
    if (connection === null || pk === undefined) return undefined
    this.#clients.delete(connection)
    const others = (this.#open.get(pk) ?? 1) - 1
    if (others > 0) this.#open.set(pk, others)
    else this.#open.delete(pk)
    return {pk, isLast: others === 0}
  }

  /** What is not seen of the connections of a client. @param pk null: not known. */
  sightOf(pk: string | null): Sight {
    if (pk === null) return this.#strangers
    const known = this.#sights.get(pk)
    if (known) return known
    const sight: Sight = {unread: 0, time: null}
    this.#sights.set(pk, sight)
    return sight
  }

  /** The next record of a connection. */
  heard({connection, from, kind}: SessionRecord): void {
    if (connection === null || from === null || kind === 'end') return
    const before = this.#heard.get(connection)
    if (!before?.has(from)) this.#heard.set(connection, new Set([...(before ?? []), from]))
  }

  /** A gap, or a frame that stays sealed. */
  unread(record: SessionRecord): void {
    this.#mark(this.#of(record.connection) ?? null, record)
  }

  /**
   * A packet between two peers. Where one of them is not known, or nothing of one side of the connection was captured,
   * others of the same peers may go unseen.
   * @param peers keys in hex; null: not known.
   */
  passed(record: SessionRecord, peers: readonly (string | null)[]): void {
    const isOneSided = record.connection !== null && (this.#heard.get(record.connection)?.size ?? 0) < 2
    if (isOneSided || peers.includes(null)) for (const pk of peers) this.#mark(pk, record)
  }

  /** No more records come of a connection. */
  over(connection: number): void {
    this.#heard.delete(connection)
  }

  #mark(pk: string | null, {number, time}: SessionRecord): void {
    Object.assign(this.sightOf(pk), {unread: number, time: time?.micros ?? null})
  }

  #of(connection: number | null): string | undefined {
    return connection === null ? undefined : this.#clients.get(connection)
  }
}
