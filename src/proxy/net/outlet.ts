import type {SideSocket} from './side-socket.js'

/** Where the bytes of one direction go, in order. */
export interface Outlet {
  /**
   * @param bytes kept until they are sent.
   * @param gone called when the system has taken them; not called if the outlet breaks.
   * @returns whether more can be written now; if not, `drained` is called later.
   */
  write(bytes: Uint8Array, gone?: () => void): boolean
  /** End the stream (FIN) after all written bytes. @param gone called when that was done, or cannot be done. */
  end(gone?: () => void): void
  /** Drop waiting bytes; nothing may be written afterwards. */
  drop(): void
  /** Called when more can be written; set by the writer. */
  drained: () => void
  /** Whether the system has taken all that was written. */
  readonly isEmpty: boolean
}

/** Writes to a socket. */
export class SocketOutlet implements Outlet {
  drained: () => void = () => {}
  readonly #socket: SideSocket
  readonly #wrote: (bytes: Uint8Array, isTaken: boolean) => void
  readonly #ended: () => void

  /**
   * @param wrote called right after each write, with whether the system has taken the bytes.
   * @param ended called when the stream was ended.
   */
  constructor(
    socket: SideSocket,
    wrote: (bytes: Uint8Array, isTaken: boolean) => void = () => {},
    ended: () => void = () => {},
  ) {
    this.#socket = socket
    this.#wrote = wrote
    this.#ended = ended
    socket.on('drain', () => this.drained())
  }

  write(bytes: Uint8Array, gone?: () => void): boolean {
    if (!this.#socket.writable) return true
    const room = this.#socket.write(bytes, gone && (error => error || gone()))
    this.#wrote(bytes, this.isEmpty)
    return room
  }

  get isEmpty(): boolean {
    return this.#socket.writableLength === 0
  }

  end(gone: () => void = () => {}): void {
    if (this.#socket.writable) {
      this.#socket.end()
      this.#ended()
    }
    gone()
  }

  drop(): void {}
}
