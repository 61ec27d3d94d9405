import {toHex} from '../../../wire/hex/hex-bytes.js'
import {otherSide} from '../../../wire/side.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import type {PairPlace} from './pair-place.js'

/**
 * Between whom crypto data goes where its connection does not say it: a client whose handshake, or an id whose peer was
 * not captured. Elsewhere both peers announced their session keys.
 */
export class SessionHomes {
  /** Who announced a session key, by that key in hex. */
  readonly #announcers = new BoundedMap<string, PairPlace>(limits.rememberedPeers)
  /** What is sent by the side 0 and by the side 1 of a place of which a peer is not known, by its id. */
  readonly #homes = new BoundedMap<string, readonly [PairPlace, PairPlace]>(limits.cryptoSessions)

  /** @param sessionPk in hex. */
  announced(place: PairPlace, sessionPk: string): void {
    if (place.isKnown) this.#announcers.set(sessionPk, place)
  }

  /** Where the data of who announced a session key goes, if both peers are known. */
  of(sessionPk: Uint8Array | null): PairPlace | undefined {
    return sessionPk ? this.#announcers.get(toHex(sessionPk)) : undefined
  }

  /** Where what is at a place belongs, as was found before. */
  get({id, side, isKnown}: PairPlace): PairPlace | undefined {
    const home = isKnown ? undefined : this.#homes.get(id)?.[side]
    if (!home || home.isKnown) return home
    // The peers of that place may have been found since then.
    return this.#homes.get(home.id)?.[home.side] ?? home
  }

  /** What is at a place belongs to another one. @returns the latter. */
  set(place: PairPlace, home: PairPlace): PairPlace {
    if (home.id === place.id) return place
    const other = {...home, side: otherSide(home.side)}
    this.#homes.set(place.id, place.side === 0 ? [home, other] : [other, home])
    return home
  }

  /** What comes at a place belongs to others than what came before. */
  forget(id: string): void {
    this.#homes.delete(id)
  }
}
