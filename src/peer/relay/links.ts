import {connectionIdOf, slotOf} from '../../protocol/connection-id.js'
import {limits} from '../../protocol/limits.js'

/** A connection id of one client. */
export interface Link<Peer> {
  readonly id: number
  /** Public key of the peer that the client asked for, hex. */
  readonly key: string
  /** The peer and its own id for this client, while both have asked for each other. */
  online: {readonly peer: Peer; readonly id: number} | undefined
}

/** The connection ids of one client: up to 240 keys that it asked for. */
export class Links<Peer> {
  readonly #slots: (Link<Peer> | undefined)[] = []
  readonly #byKey = new Map<string, Link<Peer>>()

  /** Number of ids in use. */
  get size(): number {
    return this.#byKey.size
  }

  /** The link of an id, undefined for one that is not in use. */
  at(id: number): Link<Peer> | undefined {
    return this.#slots[slotOf(id)]
  }

  /** The link to a key. */
  to(key: string): Link<Peer> | undefined {
    return this.#byKey.get(key)
  }

  /** Give the lowest free id to a key. @returns undefined if all ids are in use. */
  add(key: string): Link<Peer> | undefined {
    if (this.#byKey.size >= limits.connectionIds) return undefined
    let slot = 0
    while (this.#slots[slot]) slot++
    const link: Link<Peer> = {id: connectionIdOf(slot), key, online: undefined}
    this.#slots[slot] = link
    this.#byKey.set(key, link)
    return link
  }

  remove({id, key}: Link<Peer>): void {
    this.#slots[slotOf(id)] = undefined
    this.#byKey.delete(key)
  }

  /** All links, in no particular order. */
  all(): Iterable<Link<Peer>> {
    return this.#byKey.values()
  }
}
