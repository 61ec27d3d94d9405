import type {SealedBytes} from '../../../crypto/box.js'
import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {trialsToOpen} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'
import type {Arena} from '../../arena.js'
import type {KeySearch} from './handshake-keys.js'
import {boxIn, nonceOf, type Sealing} from './sealing.js'

/** The nonce that is tried: memory that all connections use again. */
const triedNonce = new Uint8Array(limits.nonce)

/** The trial openings of one connection, and their bounds. */
export class Trials {
  #opens = 0
  /** The bound at which the search ended. */
  #cutOffBy: 'connection' | 'run' | undefined
  #isCutOffTaken = false

  constructor(
    readonly keyring: Keyring,
    readonly search: KeySearch,
    readonly arena: Arena,
  ) {}

  get isCutOff(): boolean {
    return this.#cutOffBy !== undefined
  }

  /** Keys or nonces were left untried. */
  cutOff(by: 'connection' | 'run'): void {
    this.#cutOffBy ??= by
  }

  /**
   * Say, once, that keys or nonces were left untried.
   * @returns what the bound holds for.
   */
  takeCutOff(): 'connection' | 'run' | undefined {
    if (this.#isCutOffTaken || !this.#cutOffBy) return undefined
    this.#isCutOffTaken = true
    return this.#cutOffBy
  }

  /** Whether one more trial is within the bounds of this connection and of the run. */
  affords(bytes: number): boolean {
    const isOver = this.#opens >= limits.opensPerConnection
    if (!isOver && this.search.budget.take(trialsToOpen(bytes))) {
      this.#opens++
      return true
    }
    this.cutOff(isOver ? 'connection' : 'run')
    return false
  }

  /**
   * Try the nonces of frames first..last; the plaintext of the one that fits is left at the arena's end.
   * @param free the frame whose nonce is tried whatever the search has cost; undefined: none.
   * @returns which frame it is.
   */
  find(sealing: Sealing, frame: SealedBytes, first: number, last: number, free?: number): number | undefined {
    const {box} = this.keyring
    if (!box) return undefined
    const sealed = boxIn(sealing, frame)
    const size = sealed.end - sealed.start
    this.arena.reserve(size)
    for (let index = first; index <= last; index++) {
      if (index !== free && !this.affords(size)) return undefined
      if (box.open(sealed, nonceOf(sealing, index, triedNonce), sealing.key, this.arena) >= 0) return index
    }
    return undefined
  }
}
