import {limits} from '../protocol/limits.js'
import {hostPort} from '../protocol/words.js'
import type {Chunk, End, Endpoint, Time} from '../wire/chunk.js'
import {Recogniser, type Verdict} from './recogniser.js'
import type {ConnectionSetup} from './session.js'

/** What is known of a TCP connection before its first chunk; as a capture's reassembly tells it. */
export interface TcpOpening {
  readonly ends: readonly [Endpoint, Endpoint]
  readonly synSeen: boolean
  readonly time: Time | null
}

/** Where the chunks of Tox connections go. A `Session` is one; so is what hands them to workers. */
export interface ChunkSink {
  open(connection: number, setup: ConnectionSetup, time: Time | null): void
  feed(chunk: Chunk): void
  /** Other bytes came again for a place of this end's stream. */
  remark(connection: number, end: End, conflict: {readonly position: number; readonly packet: number}): void
  end(connection: number): void
}

interface Undecided {
  readonly opening: TcpOpening
  readonly recogniser: Recogniser
}

/** Tells Tox connections from others, and passes theirs on under numbers of their own, from 0 in the order in which they were recognised. */
export class Dispatcher {
  /** Connections that are not Tox. */
  others = 0
  /** Tox connections. */
  count = 0
  readonly #undecided = new Map<number, Undecided>()
  /** TCP connection -> Tox connection. */
  readonly #numbers = new Map<number, number>()
  readonly #open = new Map<number, number>()
  /** Endpoints that were a relay before. */
  readonly #relays = new Set<string>()

  /** @param ports connections from or to these are Tox whatever they look like. */
  constructor(
    readonly sink: ChunkSink,
    readonly ports: readonly number[],
  ) {}

  open(connection: number, opening: TcpOpening): void {
    this.#open.set(connection, 2)
    this.#undecided.set(connection, {opening, recogniser: new Recogniser(() => this.#hintsOf(opening))})
  }

  chunk(chunk: Chunk): void {
    const undecided = this.#undecided.get(chunk.connection)
    if (undecided) {
      const verdict = undecided.recogniser.push(chunk)
      if (verdict) this.#decide(chunk.connection, undecided, verdict)
    } else this.#pass(chunk)
    if (chunk.close) this.#closed(chunk)
  }

  conflict({connection, end, position, packet}: {connection: number; end: End; position: number; packet: number}): void {
    const number = this.#numbers.get(connection)
    if (number !== undefined) this.sink.remark(number, end, {position, packet})
  }

  #hintsOf({ends, synSeen}: TcpOpening) {
    const isRelay = ({ip, port}: Endpoint) => this.ports.includes(port) || this.#relays.has(hostPort({ip, port}))
    const relayEnd: End | undefined = isRelay(ends[1]) ? 1 : isRelay(ends[0]) ? 0 : undefined
    return {synSeen, isTox: relayEnd !== undefined, relayEnd}
  }

  #decide(connection: number, {opening, recogniser}: Undecided, verdict: Verdict): void {
    this.#undecided.delete(connection)
    if (verdict.kind === 'other') {
      this.others++
      return
    }
    const {clientEnd, begin, prelude} = verdict
    const number = this.count++
    this.#numbers.set(connection, number)
    const relay = opening.ends[clientEnd === 0 ? 1 : 0]
    // Behind a proxy there are others than relays.
    if (!prelude && this.#relays.size < limits.onlineKeys) this.#relays.add(hostPort(relay))
    this.sink.open(number, {clientEnd, ends: {client: opening.ends[clientEnd], relay}, begin, prelude}, opening.time)
    for (const chunk of recogniser.chunks) this.#pass(chunk)
  }

  #pass(chunk: Chunk): void {
    const number = this.#numbers.get(chunk.connection)
    if (number === undefined) return
    this.sink.feed(number === chunk.connection ? chunk : {...chunk, connection: number})
  }

  /** Each end closes once; after both the connection is over. */
  #closed({connection}: Chunk): void {
    const left = (this.#open.get(connection) ?? 0) - 1
    this.#open.set(connection, left)
    if (left > 0) return
    const undecided = this.#undecided.get(connection)
    if (undecided) this.#decide(connection, undecided, undecided.recogniser.end())
    const number = this.#numbers.get(connection)
    if (number !== undefined) this.sink.end(number)
    this.#numbers.delete(connection)
    this.#open.delete(connection)
  }
}
