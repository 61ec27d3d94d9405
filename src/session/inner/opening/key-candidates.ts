import type {PairKeyItem} from '../../../crypto/key-item.js'
import type {Keyring} from '../../../crypto/keyring/keyring.js'
import type {SaveUse} from '../../../crypto/keyring/save-use.js'
import type {RingPair} from '../../../crypto/keyring/secret-keys.js'
import {SearchBudget, trialsToOpen} from '../../../crypto/search-budget.js'
import type {BoxKeys} from '../../../wire/field.js'
import {fromHex, toHex} from '../../../wire/hex/hex-bytes.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'

/** Bounds the time that is spent on keys for the boxes inside packets. Its unit is that of SearchBudget. */
export class InnerBudget {
  /** For keys of which nothing says that they fit. Once it is spent, they are not tried any more. */
  readonly search = new SearchBudget(limits.searchTrials)
  /**
   * For shared keys of two public keys that a packet or its peers name: each pair is computed once, so that the time is
   * proportional to the number of peers. A search that fails must not use it up.
   */
  readonly named = new SearchBudget(limits.namedTrials, limits.bytesPerNamedTrial)

  /** How often too few trials were left. */
  get refused(): number {
    return this.search.refused + this.named.refused
  }

  /** Add what a new connection may spend. */
  addConnection(): void {
    this.search.addConnection()
    this.named.addConnection()
  }

  /** Add what more bytes of a connection may spend. */
  addBytes(bytes: number): void {
    this.search.addBytes(bytes)
    this.named.addBytes(bytes)
  }
}

/** A key that may open a box. */
export interface Candidate {
  readonly key: Uint8Array
  /** The secret key that it was made of, and the public key of the other half, in hex. */
  readonly made?: {readonly own: RingPair; readonly publicKey: string}
  /** The line of a key log that it comes from. */
  readonly logged?: PairKeyItem
}

/** A candidate as a line of a key log. @param named public keys, in hex, of a box that it opened. */
export function pairKeyOf({key, made, logged}: Candidate, [first]: readonly string[]): PairKeyItem {
  if (logged) return logged
  const name = made?.publicKey ?? first
  return {
    kind: 'pair_key',
    publicKeyA: name === undefined ? null : fromHex(name),
    publicKeyB: made?.own.publicKey ?? null,
    sharedKey: key,
  }
}

/** What is known of a sealed box before it is opened. */
export interface SealedBox {
  readonly keys: BoxKeys
  /** Public keys, in hex, of its key pair: those that the packet names, and those of its peers. At least one fits. */
  readonly publicKeys: readonly string[]
  /** What to remember the key by where no public key is known: the connection and the peer. */
  readonly peer: string
  /** Public keys, in hex, that the other half may be where none is known. */
  readonly others: readonly string[]
  /** Bytes of the box. */
  readonly size: number
}

/**
 * Finds the keys that may open a box, within the budget, in this order: what opened a box of the same public keys
 * before, keys that are logged for a public key that the packet names, keys made of two public keys that it names, what
 * opened last for this peer, and then every other key.
 */
export class KeyCandidates {
  readonly #keyring: Keyring
  readonly #budget: InnerBudget
  /** For secret keys that opened something before: keys that open nothing must not use it up. */
  readonly #reserve = new SearchBudget(limits.searchTrials)
  /** For boxes that name the same public key as others that stayed sealed: they must not use up what a search may. */
  readonly #againBudget = new SearchBudget(limits.searchTrials)
  readonly #remembered = new BoundedMap<string, Candidate>(limits.rememberedKeys)
  /** By what no key opens: the version of the ring that was tried. */
  readonly #exhausted = new BoundedMap<string, number>(limits.rememberedKeys)
  /** Secret keys that opened a box of a kind, the last one first. */
  readonly #successful = new Map<BoxKeys, RingPair[]>()

  constructor(keyring: Keyring, budget: InnerBudget) {
    this.#keyring = keyring
    this.#budget = budget
  }

  *of(box: SealedBox): Generator<Candidate> {
    const id = idOf(box)
    const known = this.#remembered.get(id)
    if (known) yield known
    yield* this.#logged(box)
    yield* this.#named(box.publicKeys, box.publicKeys, this.#budget.named)
    const last = this.#remembered.get(peerOf(box))
    if (last) yield last
    if (box.publicKeys.length > 0 && this.#exhausted.get(id) === this.#keyring.version) {
      // The half that a box does not name may be another one than that of the boxes before.
      this.#againBudget.addBytes(box.size)
      if (box.publicKeys.length === 1) yield* this.#again(box)
      if (box.keys === 'group') yield* this.#rest(box, this.#againBudget)
      return
    }
    yield* this.#named(box.publicKeys, box.others, this.#budget.search)
    yield* this.#withSecrets(box)
    yield* this.#rest(box, this.#budget.search)
    this.#exhausted.set(id, this.#keyring.version)
  }

  /** This key opened that box. */
  remember(box: SealedBox, candidate: Candidate): void {
    this.#remembered.set(idOf(box), candidate)
    this.#remembered.set(peerOf(box), candidate)
    const {made} = candidate
    if (!made) return
    const successful = (this.#successful.get(box.keys) ?? []).filter(pair => pair !== made.own)
    this.#successful.set(box.keys, [made.own, ...successful.slice(0, limits.triedPublicKeys)])
  }

  /** Keys logged for two of the public keys, then those logged for one: a log may have thousands of a client's key. */
  *#logged({publicKeys, size}: SealedBox): Generator<Candidate> {
    for (const [place, name] of publicKeys.entries())
      for (const other of publicKeys.slice(place + 1))
        for (const logged of this.#keyring.pairKeysOf(name, other)) yield {key: logged.sharedKey, logged}
    const trials = trialsToOpen(size)
    for (const name of publicKeys)
      for (const [place, logged] of this.#keyring.pairKeysNaming(name).entries()) {
        if (place >= limits.triedLoggedKeys && !this.#budget.search.take(trials)) break
        yield {key: logged.sharedKey, logged}
      }
  }

  /** Each public key of which the secret one is known, with each of the others. */
  *#named(publicKeys: readonly string[], others: readonly string[], budget: SearchBudget): Generator<Candidate> {
    for (const name of publicKeys) {
      const own = this.#keyring.secretKey(name)
      if (own) for (const other of others) if (other !== name) yield* this.#shared(other, own, budget)
    }
  }

  /** The secret keys that opened such boxes before, then all, with what may be the other half. */
  *#withSecrets({keys, publicKeys, others, size}: SealedBox): Generator<Candidate> {
    const trials = trialsToOpen(size)
    const named = publicKeys.length > 0 ? publicKeys : [...others, ...this.#ownPublicKeys()]
    this.#reserve.addBytes(size)
    const choices = [
      [this.#successful.get(keys) ?? [], this.#reserve],
      [this.#keyring.secretKeys(), this.#budget.search],
    ] as const
    for (const [pairs, budget] of choices) yield* this.#withEach(pairs, named, trials, budget)
  }

  /** Each secret key with the one public key that a box names, of which others stayed sealed. */
  *#again({publicKeys, size}: SealedBox): Generator<Candidate> {
    yield* this.#withEach(this.#keyring.secretKeys(), publicKeys, trialsToOpen(size), this.#againBudget)
  }

  *#withEach(
    pairs: readonly RingPair[],
    publicKeys: readonly string[],
    trials: number,
    budget: SearchBudget,
  ): Generator<Candidate> {
    for (const own of pairs)
      for (const name of publicKeys) {
        if (!budget.take(trials)) return
        yield* this.#shared(name, own, budget)
      }
  }

  /** Public keys of the first secret keys, in hex: both halves of a pair may be at hand. */
  #ownPublicKeys(): string[] {
    return this.#keyring
      .secretKeys()
      .slice(0, limits.triedPublicKeys)
      .map(({publicKey}) => toHex(publicKey))
  }

  /** Every other key. Members of a group change theirs every few minutes, and name the new ones in sealed packets. */
  *#rest({size}: SealedBox, budget: SearchBudget): Generator<Candidate> {
    const trials = trialsToOpen(size)
    for (const candidate of this.#all()) {
      if (!budget.take(trials)) return
      yield candidate
    }
  }

  *#all(): Generator<Candidate> {
    for (const logged of this.#keyring.pairKeys()) yield {key: logged.sharedKey, logged}
    for (const key of this.#keyring.sharedKeys()) yield {key}
  }

  *#shared(publicKey: string, own: RingPair, budget: SearchBudget): Generator<Candidate> {
    const keys = this.#keyring.sharedKeysOf(fromHex(publicKey), own, budget) ?? []
    for (const key of keys) yield {key, made: {own, publicKey}}
  }
}

const idOf = ({keys, publicKeys, peer}: SealedBox): string =>
  publicKeys.length > 0 ? `${keys} ${publicKeys.join(' ')}` : `${keys} ${peer}`
const peerOf = ({keys, peer}: SealedBox): string => `${keys} last ${peer}`

/** What a key of a `.tox` save has opened. */
export function noteOpened(saves: SaveUse, {publicKeys}: SealedBox, {made}: Candidate): void {
  saves.opened(publicKeys, made?.publicKey)
  if (made) saves.opened([toHex(made.own.publicKey)])
}
