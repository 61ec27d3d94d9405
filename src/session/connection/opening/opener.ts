import type {Keyring} from '../../../crypto/keyring.js'
import {offsetNonce} from '../../../crypto/nonce.js'
import {trialsToOpen} from '../../../crypto/search-budget.js'
import {limits} from '../../../protocol/limits.js'
import {openedWindow} from '../../../protocol/table.js'
import type {Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import {fieldOf} from '../../../wire/window.js'
import type {Arena} from '../../arena.js'
import {handshakeKeys, type KeySearch} from './handshake-keys.js'
import {type HandshakeFacts, type SessionKey, sessionKeys} from './session-keys.js'

/** What became of one sealed piece. */
export type Opening =
  /** Plaintext in bytes[start,end). offset: how far its nonce is from the expected one, usually 0. */
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

/** A MAC and a body: bytes[start,end). */
interface Sealed {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** A key to try on one sealed piece. */
interface Attempt {
  readonly sealed: Sealed
  readonly key: Uint8Array
  /** Nonce of the side's first frame. */
  readonly base: Uint8Array
  /** Offset of the expected nonce from it. */
  readonly index: number
  /** Whether the key is the connection's: the expected nonce is then tried whatever the search has cost. */
  readonly isSure: boolean
}

interface Counter {
  /** Nonce offset of the next frame. Counted even while nothing opens. */
  index: number
  /** How many frames may have been missed before the next one. */
  missed: number
  failures: number
  /** Frames on which all keys were tried in vain. */
  searched: number
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
  /** The bound at which the search ended. */
  #cutOffBy: 'connection' | 'run' | undefined
  #isCutOffTaken = false

  constructor(
    readonly keyring: Keyring,
    readonly search: KeySearch,
    arena: Arena,
  ) {
    this.#arena = arena
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
    const opens = (key: Uint8Array) =>
      box.open({bytes: window.bytes, start, end: window.end}, nonce, key, {bytes: plain, at: 0}) >= 0
    if (!isClient && this.#handshakeKey) return opens(this.#handshakeKey) ? openedWindow(window, plain)! : 'failed'
    // A client's handshake that did not open leaves nothing to try on the answer to it.
    if (!isClient && this.#clientPk) return 'sealed'
    let hasTried = false
    const keys = handshakeKeys(this.keyring, this.search, this.#clientPk)
    for (let next = keys.next(); ; next = keys.next()) {
      if (next.done) {
        if (next.value) this.#cutOffBy ??= 'run'
        // Only keys that were all tried can be said to be wrong.
        return hasTried && !this.#cutOffBy ? 'refused' : 'sealed'
      }
      hasTried = true
      const {key, relayPair} = next.value
      if (!this.#affords(limits.handshakeBox) || !opens(key)) continue
      this.#handshakeKey = key
      if (relayPair) this.search.hints.opened(relayPair)
      return openedWindow(window, plain)!
    }
  }

  /** Up to `frames` frames of a side were missed. */
  countMissedFrames(side: Side, frames: number): void {
    const counter = this.#counters[side]
    counter.missed = Math.min(counter.missed + frames, limits.middleNonceSearch)
    counter.searched = 0
  }

  /** True while the side's next nonce is not certain. */
  isUncertain(side: Side): boolean {
    return this.#counters[side].missed > 0
  }

  /**
   * Whether bytes[start,end) opens as the side's next frame, or as one that comes a little later; without taking it.
   */
  probes(side: Side, bytes: Uint8Array, start: number, end: number): boolean {
    const {missed} = this.#counters[side]
    const keys = this.#session ? [this.#session] : this.#sessionKeys()
    return keys.some(key => {
      const attempt = this.#attemptOf(key, side, {bytes, start, end})
      return attempt !== undefined && this.#search(attempt, 0, missed) !== undefined
    })
  }

  /** Take this key and look for no other. */
  use(session: SessionKey): void {
    this.#session = session
  }

  /** Open bytes[start,end), a frame's MAC and body, with the side's next nonce. */
  open(side: Side, bytes: Uint8Array, start: number, end: number): Opening {
    const counter = this.#counters[side]
    const sealed = {bytes, start, end}
    if (this.#session) return this.#openWith(this.#session, side, sealed) ?? this.#sealed(counter)
    let sureFailure: Opening | undefined
    for (const candidate of this.#sessionKeys()) {
      if (!candidate.isSure && counter.searched >= limits.searchedFrames) continue
      const index = counter.index
      const result = this.#openWith(candidate, side, sealed)
      if (result?.state === 'open') {
        this.#session = candidate
        return result
      }
      counter.index = index
      if (result && candidate.isSure && counter.missed === 0) sureFailure ??= result
    }
    counter.searched++
    if (!sureFailure) return this.#sealed(counter)
    counter.index++
    return sureFailure
  }

  #sessionKeys(): readonly SessionKey[] {
    if (this.#candidates && this.#candidatesVersion === this.keyring.version) return this.#candidates
    const {keys, isCutOff} = sessionKeys(this.keyring, this.#facts, this.search.budget)
    this.#candidates = keys
    for (const counter of this.#counters) counter.searched = 0
    if (isCutOff) this.#cutOffBy ??= 'run'
    this.#candidatesVersion = this.keyring.version
    return this.#candidates
  }

  #sealed(counter: Counter): Opening {
    const index = counter.missed > 0 ? null : counter.index
    counter.index++
    return {state: 'sealed', index}
  }

  /** @returns undefined if the key has no base nonce for the side. */
  #openWith(session: SessionKey, side: Side, sealed: Sealed): Opening | undefined {
    const attempt = this.#attemptOf(session, side, sealed)
    if (!attempt) return undefined
    const counter = this.#counters[side]
    const {index, missed} = counter
    if (counter.failures >= limits.failedFrames) {
      counter.index++
      return {state: 'failed', index, isFirst: false, tried: 0}
    }
    const expected = this.#search(attempt, 0, missed)
    const found = expected ?? (missed > 0 ? undefined : this.#searchAround(attempt))
    if (found !== undefined) {
      const length = sealed.end - sealed.start - limits.mac
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

  #attemptOf(session: SessionKey, side: Side, sealed: Sealed): Attempt | undefined {
    const base = session.bases[side]
    if (!base || !this.keyring.box) return undefined
    const isSure = session.isSure || session === this.#session
    return {sealed, key: session.key, base, index: this.#counters[side].index, isSure}
  }

  #searchAround(attempt: Attempt): number | undefined {
    const before = Math.min(limits.nonceSearch, attempt.index)
    return this.#search(attempt, 1, limits.nonceSearch) ?? this.#search(attempt, -before, -1)
  }

  /**
   * Try the nonces that are first..last after the expected one; the plaintext of the one that fits is left at the
   * arena's end. @returns its offset from the base nonce.
   */
  #search({sealed, key, base, index, isSure}: Attempt, first: number, last: number): number | undefined {
    const {bytes, start, end} = sealed
    const box = this.keyring.box!
    this.#arena.reserve(end - start)
    for (let k = first; k <= last; k++) {
      if (!(isSure && k === 0) && !this.#affords(end - start)) return undefined
      offsetNonce(base, index + k, this.#nonce)
      if (
        box.open({bytes, start, end}, this.#nonce, key, {
          bytes: this.#arena.bytes,
          at: this.#arena.at,
          wanted: this.#arena.wanted,
        }) >= 0
      )
        return index + k
    }
    return undefined
  }

  /** Whether one more trial is within the bounds of this connection and of the run. */
  #affords(bytes: number): boolean {
    const isOver = this.#opens >= limits.opensPerConnection
    if (!isOver && this.search.budget.take(trialsToOpen(bytes))) {
      this.#opens++
      return true
    }
    this.#cutOffBy ??= isOver ? 'connection' : 'run'
    return false
  }
}

const newCounter = (): Counter => ({index: 0, missed: 0, failures: 0, searched: 0})
