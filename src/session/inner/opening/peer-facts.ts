import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import type {Candidate} from './key-candidates.js'

/** Who sends a packet to whom, as far as it is known. Keys in hex. */
export interface Route {
  readonly sender: string | null
  readonly receiver: string | null
  /** The connection, and what it names the peer by. */
  readonly slot: string
  readonly isClient: boolean
}

/** What opened boxes and clear fields say of peers: which real key is whose, which key an answer is sealed with. */
export class PeerFacts {
  /** Real keys by the DHT key of their owner; newest last. */
  readonly #real = new BoundedMap<string, readonly string[]>(limits.rememberedPeers)
  /** Its owner's DHT key by a real key; null: several. */
  readonly #owners = new BoundedMap<string, string | null>(limits.rememberedPeers)
  /** Public keys that were seen, the youngest last. */
  readonly #realKeys = new BoundedMap<string, string>(limits.triedPublicKeys)
  readonly #dhtKeys = new BoundedMap<string, string>(limits.triedPublicKeys)
  readonly #answers = new BoundedMap<string, Candidate>(limits.rememberedKeys)
  readonly #groupSessions = new BoundedMap<string, readonly string[]>(limits.rememberedPeers)
  /** Keys that sealed requests name, by connection. */
  readonly #requests = new BoundedMap<number, readonly string[]>(limits.rememberedPeers)

  /** Changes with every key that is new. */
  version = 0

  /** This real key belongs to the owner of that DHT key. */
  realKey(dht: string | null, real: string): void {
    if (this.#realKeys.get(real) === undefined) this.version++
    this.#realKeys.set(real, real)
    if (dht === null) return
    const known = this.#real.get(dht) ?? []
    if (known.includes(real)) {
      this.#real.set(dht, known)
      return
    }
    this.#real.set(dht, [...known, real].slice(-limits.handshakesPerPeer))
    this.#owners.set(real, this.#owners.get(real) === undefined ? dht : null)
    this.version++
  }

  dhtKey(dht: string): void {
    this.#dhtKeys.set(dht, dht)
  }

  realKeysOf(dht: string | null): readonly string[] {
    return (dht !== null && this.#real.get(dht)) || []
  }

  /** The DHT key of the owner of a real key; undefined: none was seen, or several were. */
  dhtKeyOf(real: string): string | undefined {
    return this.#owners.get(real) ?? undefined
  }

  /** Real keys that were seen anywhere. */
  get realKeys(): string[] {
    return [...this.#realKeys.values()]
  }

  get dhtKeys(): string[] {
    return [...this.#dhtKeys.values()]
  }

  /** The answer to a request is sealed with the same key. @param sendback in hex. */
  request(sendback: string, candidate: Candidate): void {
    this.#answers.set(sendback, candidate)
  }

  answer(sendback: string): Candidate | undefined {
    return this.#answers.get(sendback)
  }

  /** A request that stays sealed names these public keys. */
  sealedRequest(connection: number, publicKeys: readonly string[]): void {
    const known = (this.#requests.get(connection) ?? []).filter(name => !publicKeys.includes(name))
    this.#requests.set(connection, [...known, ...publicKeys].slice(-limits.sealedRequests))
  }

  sealedRequests(connection: number): readonly string[] {
    return this.#requests.get(connection) ?? []
  }

  /** A group member announced a session key. @param member its encryption key, in hex. */
  groupSession(member: string, sessionPk: string): void {
    const known = (this.#groupSessions.get(member) ?? []).filter(other => other !== sessionPk)
    this.#groupSessions.set(member, [...known, sessionPk].slice(-limits.handshakesPerPeer))
  }

  groupSessionsOf(member: string | null): readonly string[] {
    return (member !== null && this.#groupSessions.get(member)) || []
  }
}
