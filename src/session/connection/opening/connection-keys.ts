import {isEqualBytes} from '../../../wire/bytes.js'
import type {Side} from '../../../wire/side.js'
import type {HandshakeOpener} from './handshake-opener.js'
import type {NonceCounter} from './nonce-counter.js'
import type {Sealing} from './sealing.js'
import {sealingsOf} from './sealings.js'
import {type SessionKey, sessionKeys} from './session-keys.js'
import type {Trials} from './trials.js'

/** The keys that one connection may use: those that the keyring offers, until one has opened a frame. */
export class ConnectionKeys {
  readonly #trials: Trials
  readonly #handshakes: HandshakeOpener
  readonly #counters: readonly [NonceCounter, NonceCounter]
  #keys: readonly SessionKey[] | undefined
  #keysVersion = -1
  /** The key that was given for the connection, or has opened a frame of it. */
  session: SessionKey | undefined
  /** True once a frame has opened. */
  isProven = false
  /** The long-term key that has opened the first frame. */
  #mistakenKey: Uint8Array | undefined

  constructor(trials: Trials, handshakes: HandshakeOpener, counters: readonly [NonceCounter, NonceCounter]) {
    this.#trials = trials
    this.#handshakes = handshakes
    this.#counters = counters
  }

  /** Ways that a side may seal its frames: the one that is known, or all that the keys allow. */
  sealings(side: Side): readonly Sealing[] {
    const counter = this.#counters[side]
    if (counter.sealing && counter.candidates) return counter.candidates
    // Looked at first: new keys make the candidates of old ones void.
    const keys = this.session ?? this.all()
    if (counter.candidates) return counter.candidates
    const {facts} = this.#handshakes
    const known = {facts, side, isProven: this.isProven, longTermKeys: this.#longTermKeys}
    const all = 'key' in keys ? [...this.#linesWith(keys), ...this.#rightKeys(keys)] : keys
    counter.candidates = all.flatMap(key => sealingsOf(key, known))
    return counter.candidates
  }

  /** All that the keyring has for what is known of the handshakes. A key log that grows is looked at again. */
  all(): readonly SessionKey[] {
    const {keyring, search} = this.#trials
    if (this.#keys && this.#keysVersion === keyring.version) return this.#keys
    const {keys, isCutOff} = sessionKeys(keyring, this.#handshakes.facts, search.budget)
    this.forget()
    this.#keys = keys
    if (isCutOff) this.#trials.cutOff('run')
    this.#keysVersion = keyring.version
    return keys
  }

  /** Keys that no frame should be sealed with: the one of the handshakes, and one that opens frames all the same. */
  get #longTermKeys(): readonly Uint8Array[] {
    return [this.#handshakes.key, this.#mistakenKey].filter(key => key !== undefined)
  }

  /** The connection's first frame has opened. */
  prove({key, found}: Sealing): void {
    this.isProven = true
    if (found?.code === 'frame-key-long-term') this.#mistakenKey = key
    const from = this.session?.key === key ? this.session : this.all().find(each => each.key === key)
    this.session = from ?? {key, bases: [null, null], trust: 'certain'}
  }

  /** More is known than when the keys were looked for: those of sides that have not opened are tried anew. */
  forget(): void {
    this.#keys = undefined
    for (const counter of this.#counters) {
      counter.searched = 0
      if (counter.sealing) continue
      counter.candidates = undefined
      counter.hasTriedMistakes = false
      counter.failures = 0
    }
  }

  /** What the other side may seal with while one side uses, by mistake, a long-term key. */
  #rightKeys({key}: SessionKey): readonly SessionKey[] {
    if (!this.#longTermKeys.some(each => isEqualBytes(key, each))) return []
    return this.all().filter(each => each.trust !== 'possible' && !isEqualBytes(each.key, key))
  }

  /** The session's key as every line has it: one may know a base nonce that another does not. */
  #linesWith(session: SessionKey): readonly SessionKey[] {
    const others = this.all().filter(each => each !== session && isEqualBytes(each.key, session.key))
    return [session, ...others]
  }
}
