import type {KeyItem, TcpSessionItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring.js'
import {finding} from '../expert/finding.js'
import {limits} from '../protocol/limits.js'
import type {Chunk, End, Time} from '../wire/chunk.js'
import {Arena} from './arena.js'
import type {StreamStart} from './connection/deframer.js'
import {KeyHints} from './connection/handshake-keys.js'
import type {SessionKey} from './connection/session-keys.js'
import {ToxConnection} from './connection/tox-connection.js'
import type {Prelude} from './prelude.js'
import type {Ends, SessionRecord} from './record.js'
import {World} from './world.js'

/** What is known of a connection when its first bytes come. */
export interface ConnectionSetup {
  readonly clientEnd: End
  readonly ends: Ends
  /** How each side begins, [client, relay]; default: with its handshake. */
  readonly begin?: readonly [StreamStart, StreamStart] | undefined
  /** The key that seals its frames, where that is known beforehand. */
  readonly session?: SessionKey | undefined
  /** A proxy's talk, whose bytes come before each side's own. */
  readonly prelude?: Prelude | undefined
  /** Default true: each chunk is a TCP segment. */
  readonly hasSegments?: boolean | undefined
  /** Default true: chunks come in the order of the wire. */
  readonly hasOrder?: boolean | undefined
}

/** How each side begins where nothing was missed. */
export const fromHandshakes: readonly [StreamStart, StreamStart] = [
  {handshake: limits.clientHandshake},
  {handshake: limits.relayHandshake},
]

/**
 * Connections, each for itself. What they emit has no number yet and knows nothing of the others: that is the world's
 * part, perhaps on another thread.
 */
export class ToxConnections {
  readonly #hints = new KeyHints()
  readonly #connections = new Map<number, ToxConnection>()
  /** Told, for each connection of which a frame has opened, what opens its frames. */
  onKey: ((id: number, line: TcpSessionItem) => void) | undefined

  constructor(
    readonly keyring: Keyring,
    readonly emit: (record: SessionRecord) => void,
    readonly arena: Arena = new Arena(),
  ) {}

  /** A new connection; its start is the first record. @param time of its first packet. */
  open(id: number, setup: ConnectionSetup, time: Time | null): ToxConnection {
    const {keyring, arena, emit} = this
    const {clientEnd, ends, begin = fromHandshakes, hasSegments = true, hasOrder = true, session, prelude} = setup
    const connection = new ToxConnection(
      id,
      {
        keyring,
        hints: this.#hints,
        arena,
        clientEnd,
        ends,
        begin,
        hasSegments,
        hasOrder,
        session,
        prelude,
        emit,
        onKey: this.onKey,
      },
      time,
    )
    this.#connections.set(id, connection)
    return connection
  }

  /** The next chunk of a connection that was opened. */
  feed(chunk: Chunk): void {
    this.#connections.get(chunk.connection)?.feed(chunk)
  }

  /** Other bytes came again for a place of this end's stream. */
  remark(connection: number, end: End, conflict: {readonly position: number; readonly packet: number}): void {
    this.#connections
      .get(connection)
      ?.remark(end, finding('bytes-conflict', {position: conflict.position, packet: conflict.packet}))
  }

  /** A key for what comes from now on. */
  key(item: KeyItem, source: string): void {
    this.keyring.add(item, source)
  }

  /** One connection is over, or (without id) the source of all. */
  end(id?: number): void {
    const ended = id === undefined ? [...this.#connections.keys()] : [id]
    for (const key of ended) {
      this.#connections.get(key)?.end()
      this.#connections.delete(key)
    }
  }
}

/** All connections of one run, and the world that they share. Chunks in, records out; synchronous, no clock, no I/O. */
export class Session extends ToxConnections {
  constructor(keyring: Keyring, emit: (record: SessionRecord) => void, arena?: Arena) {
    const world = new World()
    super(keyring, record => emit(world.take(record)), arena)
  }
}
