import {latin1Text} from '../../wire/bytes.js'
import {addToList} from '../../wire/memory/lists.js'
import type {TcpSessionItem} from '../key-item.js'

/** The word for an unknown nonce: no other has one character. */
const unknown = '-'

/** An index of session lines by their handshake nonces. */
export class TcpSessionIndex {
  readonly #all = new Set<TcpSessionItem>()
  readonly #ids = new Set<string>()
  /** Lines without either handshake nonce. */
  readonly #open = new Set<TcpSessionItem>()
  readonly #byClient = new Map<string, TcpSessionItem[]>()
  readonly #byRelay = new Map<string, TcpSessionItem[]>()

  get size(): number {
    return this.#all.size
  }

  has(item: TcpSessionItem): boolean {
    return this.#ids.has(idOf(item))
  }

  add(item: TcpSessionItem): true {
    this.#ids.add(idOf(item))
    this.#all.add(item)
    if (!item.clientNonce && !item.relayNonce) this.#open.add(item)
    addToList(this.#byClient, word(item.clientNonce), item)
    addToList(this.#byRelay, word(item.relayNonce), item)
    return true
  }

  /** @param item the object that was added. @returns whether it was here. */
  delete(item: TcpSessionItem): boolean {
    if (!this.#all.delete(item)) return false
    this.#open.delete(item)
    this.#ids.delete(idOf(item))
    drop(this.#byClient, word(item.clientNonce), item)
    drop(this.#byRelay, word(item.relayNonce), item)
    return true
  }

  /** As Keyring.tcpSessions. */
  find(clientNonce: Uint8Array | null, relayNonce: Uint8Array | null, most: number): readonly TcpSessionItem[] {
    // A set, because a line may be in several lists.
    const found = new Set<TcpSessionItem>()
    for (const item of this.#likeliestFirst(clientNonce, relayNonce)) {
      if (found.size >= most) break
      found.add(item)
    }
    return [...found]
  }

  /** Lines with both nonces, then lines with one of them, then lines without either. */
  *#likeliestFirst(clientNonce: Uint8Array | null, relayNonce: Uint8Array | null): Generator<TcpSessionItem> {
    if (clientNonce === null && relayNonce === null) {
      yield* this.#all
      return
    }
    const [client, relay] = [word(clientNonce), word(relayNonce)]
    const ofClient = clientNonce ? (this.#byClient.get(client) ?? []) : []
    const ofRelay = relayNonce ? (this.#byRelay.get(relay) ?? []) : []
    const fits = (item: TcpSessionItem) => fitsWord(item.clientNonce, client) && fitsWord(item.relayNonce, relay)
    for (const item of ofClient) if (item.relayNonce !== null && fits(item)) yield item
    for (const item of ofRelay) if (item.clientNonce !== null && fits(item)) yield item
    for (const item of ofClient) if (fits(item)) yield item
    for (const item of ofRelay) if (fits(item)) yield item
    // Lines that share a nonce have come already.
    if (clientNonce && relayNonce) yield* this.#open
    else yield* (clientNonce ? this.#byClient : this.#byRelay).get(unknown) ?? []
  }
}

/** Whether a line's nonce can be the connection's: equal, or unknown on either side. */
function fitsWord(nonce: Uint8Array | null, captured: string): boolean {
  return nonce === null || captured === unknown || latin1Text(nonce) === captured
}

/** One character per byte: there may be tens of thousands of lines, and hex is twice as long. */
function word(nonce: Uint8Array | null): string {
  return nonce ? latin1Text(nonce) : unknown
}

function idOf(item: TcpSessionItem): string {
  const words = [item.clientNonce, item.relayNonce, item.sharedKey, item.clientBaseNonce, item.relayBaseNonce]
  // What is known begins with a sign of its own, and has always as many bytes: no two lines have one id.
  return words.map(bytes => (bytes ? `+${latin1Text(bytes)}` : unknown)).join('')
}

function drop(index: Map<string, TcpSessionItem[]>, key: string, item: TcpSessionItem): void {
  const left = index.get(key)?.filter(other => other !== item) ?? []
  if (left.length > 0) index.set(key, left)
  else index.delete(key)
}
