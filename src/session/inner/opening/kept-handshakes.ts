import {copyOf} from '../../../wire/bytes.js'
import {Window} from '../../../wire/window.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import type {Sealed} from './sealed.js'

/** A handshake that stayed sealed, and what was known when it was last tried. */
interface Kept {
  readonly sealed: Sealed
  knowledge: string
}

/** Handshakes that stayed sealed, the last of each side: a key may be learned until their session is used. */
export class KeptHandshakes {
  /** By the two peers. */
  readonly #kept = new BoundedMap<string, [Kept | undefined, Kept | undefined]>(limits.cryptoSessions)

  /** @param knowledge changes with every key that is learned. */
  keep(sealed: Sealed, knowledge: string): void {
    const {window, pair} = sealed
    const {type, bytes, start, end, shift} = window
    const kept = this.#kept.get(pair.id) ?? [undefined, undefined]
    const copy = new Window(type, copyOf(bytes, start, end), 0, end - start, shift)
    kept[pair.side] = {sealed: {...sealed, window: copy, around: []}, knowledge}
    this.#kept.set(pair.id, kept)
  }

  /**
   * Try again those of two peers that were last tried with other knowledge.
   * @param knowledge of now.
   * @returns whether one opened; it is kept no longer.
   */
  openAgain(id: string, knowledge: () => string, opens: (sealed: Sealed) => boolean): boolean {
    const kept = this.#kept.get(id)
    if (!kept) return false
    let hasOpened = false
    for (const side of [0, 1] as const) {
      const handshake = kept[side]
      const now = knowledge()
      if (!handshake || handshake.knowledge === now) continue
      handshake.knowledge = now
      kept[side] = undefined
      if (opens(handshake.sealed)) hasOpened = true
      else kept[side] = handshake
    }
    return hasOpened
  }
}
