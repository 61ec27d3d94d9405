import type {KeyItem, TcpSessionItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring.js'
import type {Arena} from '../session/arena.js'
import type {SessionRecord} from '../session/record.js'
import {type ConnectionSetup, Session} from '../session/session.js'
import type {Chunk, End, Time} from '../wire/chunk.js'
import type {InputError} from '../wire/input-error.js'

/** Where in a file a block was read. */
export interface Place {
  /** For messages. */
  readonly name: string
  readonly file: number
  readonly offset: number
}

/** Makes records of the chunks of Tox connections, on this thread or on others. */
export interface CaptureEngine {
  /** Why nothing of the capture's rest can be opened. What came before is still emitted. */
  readonly problem: InputError | undefined
  /** Room for the next block of the capture: so many bytes, or more. */
  room(size: number): Uint8Array
  /** The chunks that follow are mostly ranges of this block. @param place undefined: nobody can read it again. */
  begin(block: Uint8Array, place?: Place): void
  open(connection: number, setup: ConnectionSetup, time: Time | null): void
  feed(chunk: Chunk): void
  remark(connection: number, end: End, conflict: {readonly position: number; readonly packet: number}): void
  end(connection: number): void
  /** A key was found in the capture itself, and the keyring has a box by now. */
  key(item: KeyItem, source: string): void
  /**
   * The block is through. Its records, or those of earlier ones, may be emitted by then.
   * @param isHeld whether chunks of it are still to be fed: then its bytes must stay.
   */
  flush(isHeld: boolean): Promise<void>
  /** Nothing more comes; every record is emitted when this is done. */
  finish(): Promise<void>
  /** Ends at once. Files may be closed when this is done. */
  stop(): Promise<void>
}

/** All on this thread: each record is emitted as soon as its chunk is fed. */
export class LocalEngine implements CaptureEngine {
  readonly problem = undefined
  readonly #session: Session

  constructor(
    keyring: Keyring,
    emit: (record: SessionRecord) => void,
    onKey?: (id: number, line: TcpSessionItem) => void,
    arena?: Arena,
  ) {
    this.#session = new Session(keyring, emit, arena)
    this.#session.onKey = onKey
  }

  room(size: number): Uint8Array {
    return new Uint8Array(size)
  }

  begin(): void {}

  open(connection: number, setup: ConnectionSetup, time: Time | null): void {
    this.#session.open(connection, setup, time)
  }

  feed(chunk: Chunk): void {
    this.#session.feed(chunk)
  }

  remark(connection: number, end: End, conflict: {readonly position: number; readonly packet: number}): void {
    this.#session.remark(connection, end, conflict)
  }

  end(connection: number): void {
    this.#session.end(connection)
  }

  key(item: KeyItem, source: string): void {
    this.#session.key(item, source)
  }

  async flush(): Promise<void> {}

  async finish(): Promise<void> {
    this.#session.end()
  }

  async stop(): Promise<void> {}
}
