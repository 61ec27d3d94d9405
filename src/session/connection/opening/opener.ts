import type {SealedBytes} from '../../../crypto/box.js'
import type {Keyring} from '../../../crypto/keyring/keyring.js'
import {limits} from '../../../protocol/limits.js'
import {otherSide, type Side} from '../../../wire/side.js'
import type {Window} from '../../../wire/window.js'
import type {Arena} from '../../arena.js'
import type {PartStart} from '../../connection-setup.js'
import {ConnectionKeys} from './connection-keys.js'
import type {KeySearch} from './handshake-keys.js'
import {HandshakeOpener} from './handshake-opener.js'
import {type NonceCounter, newCounter} from './nonce-counter.js'
import type {Opening} from './opening.js'
import type {Sealing} from './sealing.js'
import {mistakenSealings} from './sealings.js'
import type {HandshakeFacts, SessionKey} from './session-keys.js'
import {Trials} from './trials.js'

/**
 * The keys and nonce counters of one connection. Tries what the keyring offers, in a bounded order, until something
 * opens; then stays with it. A key log that grows is looked at again as long as nothing has opened.
 */
export class Opener {
  readonly #trials: Trials
  readonly #handshakes: HandshakeOpener
  readonly #counters: readonly [NonceCounter, NonceCounter] = [newCounter(), newCounter()]
  readonly #keys: ConnectionKeys
  #hasSaidUnlikely = false
  /** By side: nonce offset of its first frame that a likely key leaves sealed, until the other side goes on. */
  readonly #doubted: [number | undefined, number | undefined] = [undefined, undefined]

  constructor(keyring: Keyring, search: KeySearch, arena: Arena) {
    this.#trials = new Trials(keyring, search, arena)
    this.#handshakes = new HandshakeOpener(this.#trials)
    this.#keys = new ConnectionKeys(this.#trials, this.#handshakes, this.#counters)
  }

  /** True once a frame has opened. */
  get isOpen(): boolean {
    return this.#keys.isProven
  }

  /** What of the handshakes has been opened, for the hint that says which key would help. */
  get facts(): Readonly<HandshakeFacts> {
    return this.#handshakes.facts
  }

  /** Whether keys were given for this client or connection, so that it is known what its handshake should open with. */
  get knowsClient(): boolean {
    if (this.isClientKnown) return true
    return this.#trials.keyring
      .tcpSessions(this.facts.clientNonce, null, limits.sessionKeys)
      .some(line => line.clientNonce !== null)
  }

  /** Whether the key that the client announced is the public key of a secret key that was given. */
  get isClientKnown(): boolean {
    const {clientPk} = this.facts
    return clientPk !== null && this.#trials.keyring.secretKey(clientPk) !== undefined
  }

  /** The shared key of the long-term keys, once it has opened a handshake. */
  get handshakeKey(): Uint8Array | undefined {
    return this.#handshakes.key
  }

  /** The shared key and base nonces in use, once a frame has opened, for whoever writes a key log. */
  get session(): SessionKey | undefined {
    const {client, relay} = this.facts
    const {session, isProven} = this.#keys
    if (!session || !isProven) return session
    const {key, bases, trust} = session
    const [ofClient, ofRelay] = this.#counters.map(({sealing}) => sealing?.base)
    return {
      key,
      trust,
      bases: [ofClient ?? client?.baseNonce ?? bases[0], ofRelay ?? relay?.baseNonce ?? bases[1]],
    }
  }

  /** See `Trials.takeCutOff`. */
  takeCutOff(): 'connection' | 'run' | undefined {
    return this.#trials.takeCutOff()
  }

  /** See `HandshakeOpener.open`. */
  openHandshake(window: Window): ReturnType<HandshakeOpener['open']> {
    this.#keys.forget()
    return this.#handshakes.open(window)
  }

  /**
   * The side's handshake was not captured, nor a number of frames after it.
   * @param part what is known of them; undefined: nothing.
   */
  beginInTheMiddle(side: Side, part: PartStart | undefined): void {
    const index = part?.frames[side] ?? null
    const counter = this.#counters[side]
    // The first frames may be cut off, or wait for others.
    counter.index = Math.max(0, (index ?? 0) - limits.nonceSearch)
    this.countMissedFrames(side, index === null ? limits.middleNonceSearch : 2 * limits.nonceSearch)
    const {facts} = this.#handshakes
    facts[side === 0 ? 'clientNonce' : 'relayNonce'] ??= part?.nonces[side] ?? null
  }

  /** Up to `frames` frames of a side were missed. */
  countMissedFrames(side: Side, frames: number): void {
    const counter = this.#counters[side]
    counter.missed = Math.min(counter.missed + frames, limits.middleNonceSearch)
    counter.searched = 0
  }

  /** Take this key and look for no other. */
  use(session: SessionKey): void {
    this.#keys.session = session
  }

  /**
   * Whether bytes[start,end) opens as the side's next frame, or as one that comes a little later; without taking it.
   */
  probes(side: Side, bytes: Uint8Array, start: number, end: number): boolean {
    const sealed = {bytes, start, end}
    return this.#keys.sealings(side).some(each => this.#expected(side, each, sealed) !== undefined)
  }

  /** Open bytes[start,end), a frame's MAC and body, with the side's next nonce. */
  open(side: Side, bytes: Uint8Array, start: number, end: number): Opening {
    const counter = this.#counters[side]
    const sealed = {bytes, start, end}
    this.#doubted[otherSide(side)] = undefined
    if (!this.#trials.keyring.box) return this.#sealed(counter)
    if (counter.failures >= limits.failedFrames) return this.#failed(counter, undefined)
    let worst: 'certain' | 'likely' | undefined
    for (const candidate of this.#keys.sealings(side)) {
      const isTried = candidate.trust !== 'possible' || counter.searched < limits.searchedFrames
      const index = isTried ? this.#search(side, candidate, sealed) : undefined
      if (index !== undefined) return this.#opened(side, candidate, sealed, index)
      if (candidate.trust !== 'possible' && worst !== 'certain') worst = candidate.trust
    }
    const isPlaced = counter.missed === 0
    const mistaken = isPlaced ? this.#tryMistakes(side, sealed) : undefined
    if (mistaken) return this.#opened(side, mistaken, sealed, counter.index)
    counter.searched++
    if (!worst || !isPlaced) return this.#sealed(counter)
    if (worst === 'likely' && counter.failures === 0) this.#doubted[side] = counter.index
    return this.#failed(counter, worst)
  }

  /** The last frame of a side, the first that did not open, may be none: as if it had not come. */
  takeBack(side: Side): void {
    const counter = this.#counters[side]
    counter.index--
    counter.failures--
    counter.searched--
    if (this.#doubted[side] !== undefined) this.#hasSaidUnlikely = false
    this.#doubted[side] = undefined
  }

  /** The frame that was taken back has come after all. */
  takeAgain(side: Side, {index, first}: Opening & {state: 'failed'}): void {
    const counter = this.#counters[side]
    counter.index++
    counter.failures++
    counter.searched++
    if (first !== 'likely') return
    this.#hasSaidUnlikely = true
    this.#doubted[side] = index
  }

  /**
   * The frame of a side that does not open with a key that is only likely, if the other side has not sent any more, and
   * all that it has sent opened. If that side closes now, the frame may be at fault, and not the key.
   * @returns its nonce offset.
   */
  doubtedFrame(side: Side): number | undefined {
    return this.#counters[otherSide(side)].failures > 0 ? undefined : this.#doubted[side]
  }

  /**
   * Open a frame of which the last bytes did not come, if that is because its length counts itself.
   * @returns undefined if it is not.
   */
  openWithLengthCounted(side: Side, bytes: Uint8Array, start: number, end: number): Opening | undefined {
    if (!this.#trials.keyring.box || this.#counters[side].missed > 0) return undefined
    const sealed = {bytes, start, end: end + limits.frameLengthPrefix}
    const mistaken = this.#tryMistakes(side, sealed, true)
    return mistaken && this.#opened(side, mistaken, sealed, this.#counters[side].index)
  }

  /** A mistake that explains why a first frame of the side does not open. Its plaintext is left at the arena's end. */
  #tryMistakes(side: Side, sealed: SealedBytes, isCutOff = false): Sealing | undefined {
    const counter = this.#counters[side]
    if (counter.hasTriedMistakes) return undefined
    counter.hasTriedMistakes = !isCutOff
    const {keyring} = this.#trials
    const {isProven, session} = this.#keys
    const keys = isProven ? [session!] : this.#keys.all().filter(({trust}) => trust !== 'possible')
    const {index} = counter
    for (const sealing of mistakenSealings(keyring, this.facts, side, {keys, handshakeKey: this.handshakeKey})) {
      if (isCutOff && !sealing.countsLength) continue
      if (this.#trials.find(sealing, sealed, index, index) !== undefined) return sealing
    }
    return undefined
  }

  /** @returns which frame of the side it is. */
  #search(side: Side, sealing: Sealing, sealed: SealedBytes): number | undefined {
    const expected = this.#expected(side, sealing, sealed)
    const {index, missed} = this.#counters[side]
    if (expected !== undefined || missed > 0) return expected
    const before = Math.min(limits.nonceSearch, index)
    return (
      this.#trials.find(sealing, sealed, index + 1, index + limits.nonceSearch) ??
      this.#trials.find(sealing, sealed, index - before, index - 1)
    )
  }

  #expected(side: Side, sealing: Sealing, sealed: SealedBytes): number | undefined {
    const {index, missed} = this.#counters[side]
    const free = sealing.trust === 'possible' ? undefined : index
    return this.#trials.find(sealing, sealed, index, index + missed, free)
  }

  #opened(side: Side, sealing: Sealing, sealed: SealedBytes, found: number): Opening {
    const counter = this.#counters[side]
    const {arena} = this.#trials
    const {index, missed} = counter
    const counted = sealing.countsLength ? limits.frameLengthPrefix : 0
    const length = sealed.end - sealed.start - counted - limits.mac
    const at = arena.keep(length)
    const isNew = counter.sealing !== sealing
    if (isNew) this.#learn(side, sealing)
    counter.index = found + 1
    counter.missed = 0
    counter.failures = 0
    return {
      state: 'open',
      bytes: arena.bytes,
      start: at,
      end: at + length,
      index: found,
      offset: missed > 0 ? 0 : found - index,
      sealing: isNew ? sealing : undefined,
    }
  }

  #learn(side: Side, sealing: Sealing): void {
    // The length of the frames to come is counted by whoever cuts them.
    const {countsLength: _, ...lasting} = sealing
    const counter = this.#counters[side]
    counter.sealing = {...lasting, trust: 'certain'}
    counter.candidates = [counter.sealing]
    if (this.#keys.isProven) return
    this.#keys.prove(sealing)
    this.#counters[otherSide(side)].candidates = undefined
  }

  #sealed(counter: NonceCounter): Opening {
    const index = counter.missed > 0 ? null : counter.index
    counter.index++
    return {state: 'sealed', index}
  }

  #failed(counter: NonceCounter, trust: 'certain' | 'likely' | undefined): Opening {
    const isFirst = trust === 'certain' ? counter.failures === 0 : trust === 'likely' && !this.#hasSaidUnlikely
    if (trust === 'likely') this.#hasSaidUnlikely = true
    const {index} = counter
    counter.index++
    if (trust) counter.failures++
    return {state: 'failed', index, first: isFirst ? trust : undefined, tried: limits.nonceSearch}
  }
}
