import type {KeyItem, TcpSessionItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {SearchBudget} from '../crypto/search-budget.js'
import type {Peers} from '../expert/peers.js'
import type {Chunk, Conflict, Time} from '../wire/chunk.js'
import {type OptionNames, refuseUnknownOptions} from '../wire/text/option-names.js'
import {Arena} from './arena.js'
import type {ConnectionResources} from './connection/connection-resources.js'
import {KeyHints} from './connection/opening/handshake-keys.js'
import {ToxConnection} from './connection/tox-connection.js'
import type {ConnectionSetup} from './connection-setup.js'
import type {ConnectionSink} from './connection-sink.js'
import type {SessionRecord} from './record.js'
import {World} from './world.js'

export interface SessionOptions {
  /** Memory for plaintexts. Default: an arena of its own. */
  readonly arena?: Arena | undefined
  /**
   * Numbers the records and adds the findings that span connections. Default: a world of its own; null: records are
   * emitted without, and whoever takes them hands them to a world.
   */
  readonly world?: World | null | undefined
  /** Which implementations all ends are; default: what the packets show. For the world of its own. */
  readonly peers?: Peers | undefined
  /** Bounds the search for keys of all connections together. Default: each has its own. */
  readonly budget?: SearchBudget | undefined
  /** Called once for each connection, when its first frame has opened, with the key that opens its frames. */
  readonly onKey?: ((connection: number, item: TcpSessionItem) => void) | undefined
}

const optionNames: OptionNames<SessionOptions> = {arena: true, world: true, peers: true, budget: true, onKey: true}

interface OpenConnection {
  readonly connection: ToxConnection
  readonly budget: SearchBudget
}

/** All connections of one run: chunks in, records out. Synchronous; reads no clock and no file. */
export class Session implements ConnectionSink {
  readonly #resources: Omit<ConnectionResources, 'search'>
  readonly #connections = new Map<number, OpenConnection>()
  readonly #world: World | null
  readonly #hints = new KeyHints()
  readonly #budget: SearchBudget | undefined
  #opened = 0

  constructor(keyring: Keyring, emit: (record: SessionRecord) => void, options: SessionOptions = {}) {
    refuseUnknownOptions(options, optionNames)
    const {arena = new Arena(), world = new World(keyring, options.peers), onKey} = options
    this.#budget = options.budget
    this.#world = world
    this.#resources = {
      keyring,
      arena,
      emit: world ? record => emit(world.take(record)) : emit,
      onKey,
    }
  }

  /** A new connection; its start is the first record. @param time of its first packet. */
  open(id: number, setup: ConnectionSetup, time: Time | null): ToxConnection {
    const budget = this.#budget ?? SearchBudget.ofConnection(setup.place ?? this.#opened)
    this.#opened++
    if (this.#budget) budget.addConnection()
    const resources = {...this.#resources, search: {hints: this.#hints, budget}}
    const connection = new ToxConnection(id, setup, resources, time)
    this.#connections.set(id, {connection, budget})
    return connection
  }

  feed(chunk: Chunk): void {
    const open = this.#connections.get(chunk.connection)
    if (chunk.bytes) open?.budget.addBytes(chunk.bytes.length)
    open?.connection.feed(chunk)
  }

  conflict(conflict: Conflict): void {
    this.#connections.get(conflict.connection)?.connection.conflict(conflict)
  }

  key(item: KeyItem, source: string): void {
    this.#resources.keyring.add(item, source)
    this.checkKeys()
  }

  /** Keys were added to the ring: a box inside a packet opens only if all bytes of the packet are kept. */
  checkKeys(): void {
    const {keyring, arena} = this.#resources
    if (keyring.hasInnerKeys) arena.wanted = Number.POSITIVE_INFINITY
  }

  /** One connection is over, or, without a number, all of them: the source of the chunks ran out. */
  end(id?: number): void {
    const ended = id === undefined ? [...this.#connections.keys()] : [id]
    for (const key of ended) {
      this.#connections.get(key)?.connection.end()
      this.#connections.delete(key)
    }
    // At the end of all, nothing is left that could need the memory.
    if (id !== undefined) this.#world?.over(id)
  }
}
