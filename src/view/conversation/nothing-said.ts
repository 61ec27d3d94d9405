import {type Level, levelsOf, stateOf} from '../../protocol/levels.js'
import type {SessionRecord} from '../../session/record.js'

/** Packets whose boxes hold what peers and members of groups say. */
const speaking: ReadonlySet<string> = new Set([
  ...['crypto_data', 'gc_lossless', 'gc_lossy', 'onion_data_request', 'onion_data_response', 'onion_data'],
])

const isSealed = (level: Level): boolean => speaking.has(level.window.type.name) && stateOf(level, false) === 'sealed'

/** Why nothing that peers say was found in the records of a run. */
export class NothingSaid {
  #looked = 0
  #isSealed = false

  add({kind, state, window, opened}: SessionRecord): void {
    this.#looked++
    if (this.#isSealed) return
    this.#isSealed = (kind === 'frame' && state !== 'open') || levelsOf(window, opened).some(isSealed)
  }

  get sentence(): string {
    if (this.#looked === 0) return 'no conversation was read: no record was chosen'
    return this.#isSealed
      ? 'no conversation was read: it needs the keys of net_crypto sessions or groups, for example with --keylog'
      : 'no conversation was read: nothing of peers or groups stayed sealed, and nobody says anything'
  }
}
