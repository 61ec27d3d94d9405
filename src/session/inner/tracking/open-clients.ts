import type {SessionRecord} from '../../record.js'

/** The clients that have connections, by their keys in hex. */
export class OpenClients {
  /** The client of each connection. */
  readonly #clients = new Map<number, string>()
  /** Number of connections of each client. */
  readonly #open = new Map<string, number>()
  /** The latest record of each client whose contents were not seen. */
  readonly #unseen = new Map<string, number>()

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

  /** Nothing more comes of a client. */
  forget(pk: string): void {
    this.#unseen.delete(pk)
  }

  /** A gap, or a frame that stays sealed. */
  unseen({connection, number}: SessionRecord): void {
    const pk = this.#of(connection)
    if (pk !== undefined) this.#unseen.set(pk, number)
  }

  /** Whether all was seen on the connections of a client since a record. @param pk null: not known. */
  isSeenSince(pk: string | null, number: number): boolean {
    return pk === null || (this.#unseen.get(pk) ?? -1) < number
  }

  #of(connection: number | null): string | undefined {
    return connection === null ? undefined : this.#clients.get(connection)
  }
}
