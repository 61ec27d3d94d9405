import type {Keyring} from '../../crypto/keyring.js'
import {offsetNonce} from '../../crypto/nonce.js'
import {limits} from '../../protocol/limits.js'
import {openedWindow} from '../../protocol/table.js'
import type {Side} from '../../wire/side.js'
import type {Window} from '../../wire/window.js'
import {fieldOf} from '../../wire/window.js'
import type {Arena} from '../arena.js'
import {handshakeKeys, type KeyHints} from './handshake-keys.js'
import {type HandshakeFacts, type SessionKey, sessionKeys} from './session-keys.js'

/** What became of one sealed piece. */
export type Opening =
  /** Plaintext in bytes[start,end). offset: how far its nonce is from the expected one, 0 as a rule. */
  | {
      readonly state: 'open'
      readonly bytes: Uint8Array
      readonly start: number
      readonly end: number
      readonly index: number
      readonly offset: number
    }
  /** isFirst: the first of its side that does not open; tried: nonces. */
  | {readonly state: 'failed'; readonly index: number; readonly isFirst: boolean; readonly tried: number}
  | {readonly state: 'sealed'; readonly index: number | null}

interface Counter {
  /** Nonce offset of the next frame. Counted even while nothing opens. */
  index: number
  /** How many frames may have been missed before the next one. */
  missed: number
  failures: number
}

/**
 * The keys and nonce counters of one connection. Tries what the keyring offers, in a bounded order, until something
 * opens; then stays with it. A key log that grows is looked at again as long as nothing has opened.
 */
export class Opener {
  readonly #facts: HandshakeFacts = {clientNonce: null, relayNonce: null, client: null, relay: null}
  readonly #counters: readonly [Counter, Counter] = [newCounter(), newCounter()]
  readonly #arena: Arena
  readonly #nonce = new Uint8Array(limits.nonce)
  #handshakeKey: Uint8Array | undefined
  #clientPk: Uint8Array | null = null
  #candidates: readonly SessionKey[] | undefined
  #candidatesVersion = -1
  #session: SessionKey | undefined
  #opens = 0

  constructor(
    readonly keyring: Keyring,
    readonly hints: KeyHints,
    arena: Arena,
  ) {
    this.#arena = arena
  }

  /** True once a frame has opened. */
  get isOpen(): boolean {
    return this.#session !== undefined
  }

  /** What of the handshakes has been opened, for the hint that says which key would help. */
  get facts(): Readonly<HandshakeFacts> {
    return this.#facts
  }

  /** The shared key of the long-term keys, once it has opened a handshake. */
  get handshakeKey(): Uint8Array | undefined {
    return this.#handshakeKey
  }

  /** The shared key and base nonces in use, for whoever writes a key log. */
  get session(): SessionKey | undefined {
    return this.#session
  }

  /**
   * @returns the opened plaintext as a window; 'failed' if the key that must fit does not; 'refused' if keys were tried
   * and none fits; 'sealed' if there was none to try.
   */
  openHandshake(window: Window): Window | 'failed' | 'refused' | 'sealed' {
    const isClient = window.type.name === 'client_handshake'
    const nonce = fieldOf(window, 'nonce') as Uint8Array
    this.#candidates = undefined
    if (isClient) {
      this.#facts.clientNonce = nonce
      this.#clientPk = fieldOf(window, 'pk') as Uint8Array
    } else this.#facts.relayNonce = nonce
    const opened = this.#tryHandshake(window, nonce, isClient)
    if (typeof opened !== 'string') {
      const announced = {
        sessionPk: fieldOf(opened, 'session_pk') as Uint8Array,
        baseNonce: fieldOf(opened, 'base_nonce') as Uint8Array,
      }
      if (isClient) this.#facts.client = announced
      else this.#facts.relay = announced
    }
    return opened
  }

  #tryHandshake(window: Window, nonce: Uint8Array, isClient: boolean): Window | 'failed' | 'refused' | 'sealed' {
    const {box} = this.keyring
    if (!box) return 'sealed'
    const start = window.end - limits.handshakeBox
    const plain = new Uint8Array(limits.handshakePlain)
    const opens = (key: Uint8Array) => box.open(window.bytes, start, window.end, nonce, key, plain, 0) >= 0
    if (!isClient && this.#handshakeKey) return opens(this.#handshakeKey) ? openedWindow(window, plain)! : 'failed'
    // A client's handshake that did not open leaves nothing to try on the answer to it.
    if (!isClient && this.#clientPk) return 'sealed'
    let hasTried = false
    for (const {key, relayPair} of handshakeKeys(this.keyring, this.hints, this.#clientPk)) {
      hasTried = true
      if (!opens(key)) continue
      this.#handshakeKey = key
      if (relayPair) this.hints.opened(relayPair)
      return openedWindow(window, plain)!
    }
    return hasTried ? 'refused' : 'sealed'
  }

  /** Frames of a side were missed: up to so many. */
  countMissedFrames(side: Side, frames: number): void {
    const counter = this.#counters[side]
    counter.missed = Math.min(counter.missed + frames, limits.middleNonceSearch)
  }

  /** True while the side's next nonce is not certain. */
  isUncertain(side: Side): boolean {
    return this.#counters[side].missed > 0
  }

  /**
   * Whether bytes[start,end) opens as the side's next frame, or as one that comes a little later; without taking it.
   */
  probes(side: Side, bytes: Uint8Array, start: number, end: number): boolean {
    const {index, missed} = this.#counters[side]
    const keys = this.#session ? [this.#session] : this.#sessionKeys()
    return keys.some(
      ({key, bases}) =>
        bases[side] &&
        this.keyring.box &&
        this.#search(key, bases[side], index, 0, missed, bytes, start, end) !== undefined,
    )
  }

  /** Take this key and look for no other. */
  use(session: SessionKey): void {
    this.#session = session
  }

  /** Open bytes[start,end), a frame's MAC and body, with the side's next nonce. */
  open(side: Side, bytes: Uint8Array, start: number, end: number): Opening {
    const counter = this.#counters[side]
    if (this.#session) return this.#openWith(this.#session, side, bytes, start, end) ?? this.#sealed(counter)
    let sureFailure: Opening | undefined
    for (const candidate of this.#sessionKeys()) {
      const index = counter.index
      const result = this.#openWith(candidate, side, bytes, start, end)
      if (result?.state === 'open') {
        this.#session = candidate
        return result
      }
      counter.index = index
      if (result && candidate.isSure && counter.missed === 0) sureFailure ??= result
    }
    if (!sureFailure) return this.#sealed(counter)
    counter.index++
    return sureFailure
  }

  #sessionKeys(): readonly SessionKey[] {
    if (this.#candidates && this.#candidatesVersion === this.keyring.version) return this.#candidates
    this.#candidates = sessionKeys(this.keyring, this.#facts)
    this.#candidatesVersion = this.keyring.version
    return this.#candidates
  }

  #sealed(counter: Counter): Opening {
    const index = counter.missed > 0 ? null : counter.index
    counter.index++
    return {state: 'sealed', index}
  }

  /** @returns undefined if the key has no base nonce for the side. */
  #openWith({key, bases}: SessionKey, side: Side, bytes: Uint8Array, start: number, end: number): Opening | undefined {
    const base = bases[side]
    if (!base || !this.keyring.box) return undefined
    const counter = this.#counters[side]
    const {index, missed} = counter
    if (counter.failures >= limits.failedFrames) {
      counter.index++
      return {state: 'failed', index, isFirst: false, tried: 0}
    }
    const expected =
      missed > 0
        ? this.#search(key, base, index, 0, missed, bytes, start, end)
        : this.#search(key, base, index, 0, 0, bytes, start, end)
    const found = expected ?? (missed > 0 ? undefined : this.#searchAround(key, base, index, bytes, start, end))
    if (found !== undefined) {
      const length = end - start - limits.mac
      const at = this.#arena.keep(length)
      counter.index = found + 1
      counter.missed = 0
      counter.failures = 0
      return {
        state: 'open',
        bytes: this.#arena.bytes,
        start: at,
        end: at + length,
        index: found,
        offset: missed > 0 ? 0 : found - index,
      }
    }
    counter.index++
    if (missed > 0) return {state: 'sealed', index: null}
    counter.failures++
    return {state: 'failed', index, isFirst: counter.failures === 1, tried: limits.nonceSearch}
  }

  #searchAround(
    key: Uint8Array,
    base: Uint8Array,
    index: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number | undefined {
    const later = this.#search(key, base, index, 1, limits.nonceSearch, bytes, start, end)
    return later ?? this.#search(key, base, index, -Math.min(limits.nonceSearch, index), -1, bytes, start, end)
  }

  /**
   * Try nonces base + index + first..last; the plaintext of the one that fits is left at the arena's end. @returns its
   * offset from base.
   */
  #search(
    key: Uint8Array,
    base: Uint8Array,
    index: number,
    first: number,
    last: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number | undefined {
    const box = this.keyring.box!
    this.#arena.reserve(end - start)
    for (let k = first; k <= last; k++) {
      if ((k !== 0 || first !== 0) && ++this.#opens > limits.opensPerConnection) return undefined
      offsetNonce(base, index + k, this.#nonce)
      if (box.open(bytes, start, end, this.#nonce, key, this.#arena.bytes, this.#arena.at, this.#arena.wanted) >= 0)
        return index + k
    }
    return undefined
  }
}

const newCounter = (): Counter => ({index: 0, missed: 0, failures: 0})
