import {u16be} from '../../wire/integers.js'
import type {CryptoSessionItem} from '../key-item.js'
import type {Keyring} from './keyring.js'

/** One direction of a session line of a key log. */
interface LoggedDirection {
  readonly item: CryptoSessionItem
  /** Base nonce of the sender. */
  readonly own: Uint8Array
  /** Base nonce of the receiver, if the line has it. */
  readonly other: Uint8Array | null
}

/** Both directions of every session line of a keyring, by the low 16 bits of the sender's base nonce. */
export class LoggedSessions {
  readonly #keyring: Keyring
  #version = -1
  /** In ascending order of the low 16 bits of the base nonce. */
  #directions: readonly LoggedDirection[] = []
  #lacksNonces = false
  /** The low 16 bits of each. */
  #lows = new Uint16Array()

  constructor(keyring: Keyring) {
    this.#keyring = keyring
  }

  /**
   * Every direction once, the one with the nearest base nonce first: a session that began with few packets before.
   * @param low the low 16 bits of a packet's nonce.
   */
  *nearest(low: number): Generator<LoggedDirection> {
    this.#index()
    const count = this.#directions.length
    const after = this.#after(low)
    for (let step = 1; step <= count; step++) yield this.#directions[(after - step + count) % count]!
  }

  /** Whether a line does not have both base nonces: of the other one, it opens nothing by itself. */
  get lacksNonces(): boolean {
    this.#index()
    return this.#lacksNonces
  }

  #index(): void {
    if (this.#version === this.#keyring.version) return
    this.#version = this.#keyring.version
    const directions: LoggedDirection[] = []
    this.#lacksNonces = false
    for (const item of this.#keyring.allCryptoSessions()) {
      const {baseNonceA, baseNonceB} = item
      this.#lacksNonces ||= !baseNonceA || !baseNonceB
      if (baseNonceA) directions.push({item, own: baseNonceA, other: baseNonceB})
      if (baseNonceB) directions.push({item, own: baseNonceB, other: baseNonceA})
    }
    // The sort is stable and the steps go down: of equal nonces, the line that was added first is to come first.
    this.#directions = directions.toReversed().sort((a, b) => u16be(a.own, 22) - u16be(b.own, 22))
    this.#lows = Uint16Array.from(this.#directions, ({own}) => u16be(own, 22))
  }

  /** Place of the first direction whose low bits are greater. */
  #after(low: number): number {
    let [from, to] = [0, this.#lows.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#lows[middle]! <= low) from = middle + 1
      else to = middle
    }
    return from
  }
}
