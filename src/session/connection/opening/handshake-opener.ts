import {limits} from '../../../protocol/limits.js'
import {openedWindow} from '../../../protocol/table.js'
import {copyOf} from '../../../wire/bytes.js'
import {fieldOf, type Window} from '../../../wire/window.js'
import {handshakeKeys} from './handshake-keys.js'
import type {HandshakeFacts} from './session-keys.js'
import type {Trials} from './trials.js'

/** Opens the handshakes of one connection. */
export class HandshakeOpener {
  readonly facts: HandshakeFacts = {
    clientPk: null,
    relayPk: null,
    clientNonce: null,
    relayNonce: null,
    client: null,
    relay: null,
  }
  readonly #trials: Trials
  #key: Uint8Array | undefined

  constructor(trials: Trials) {
    this.#trials = trials
  }

  /** The shared key of the long-term keys, once it has opened a handshake. */
  get key(): Uint8Array | undefined {
    return this.#key
  }

  /**
   * @returns the opened plaintext as a window; 'failed' if the key that must fit does not; 'refused' if keys were tried
   * and none fits; 'sealed' if there was none to try.
   */
  open(window: Window): Window | 'failed' | 'refused' | 'sealed' {
    const isClient = window.type.name === 'client_handshake'
    const nonce = fieldOf(window, 'nonce') as Uint8Array
    // Copies: a view would keep the whole handshake as long as its connection.
    if (isClient) {
      this.facts.clientNonce = copyOf(nonce)
      this.facts.clientPk = copyOf(fieldOf(window, 'pk') as Uint8Array)
    } else this.facts.relayNonce = copyOf(nonce)
    const opened = this.#try(window, nonce, isClient)
    if (typeof opened !== 'string') {
      this.facts[isClient ? 'client' : 'relay'] = {
        sessionPk: fieldOf(opened, 'session_pk') as Uint8Array,
        baseNonce: fieldOf(opened, 'base_nonce') as Uint8Array,
      }
    }
    return opened
  }

  #try(window: Window, nonce: Uint8Array, isClient: boolean): Window | 'failed' | 'refused' | 'sealed' {
    const {keyring, search} = this.#trials
    const {clientPk} = this.facts
    const {box} = keyring
    if (!box) return 'sealed'
    const sealed = {bytes: window.bytes, start: window.end - limits.handshakeBox, end: window.end}
    const plain = new Uint8Array(limits.handshakePlain)
    const opens = (key: Uint8Array) => box.open(sealed, nonce, key, {bytes: plain, at: 0}) >= 0
    if (!isClient && this.#key) return opens(this.#key) ? openedWindow(window, plain)! : 'failed'
    // A client's handshake that did not open leaves nothing to try on the answer to it.
    if (!isClient && clientPk) return 'sealed'
    let hasTried = false
    const keys = handshakeKeys(keyring, search, clientPk)
    for (let next = keys.next(); ; next = keys.next()) {
      if (next.done) {
        if (next.value) this.#trials.cutOff('run')
        // Only keys that were all tried can be said to be wrong.
        return hasTried && !this.#trials.isCutOff ? 'refused' : 'sealed'
      }
      hasTried = true
      const {key, relayPair, relayPk} = next.value
      if (!this.#trials.affords(limits.handshakeBox) || !opens(key)) continue
      this.#key = key
      this.facts.relayPk = relayPk?.() ?? null
      if (relayPair) search.hints.opened(relayPair)
      return openedWindow(window, plain)!
    }
  }
}
