import type {Socket} from 'node:net'

/** Where the bytes of one direction go, in order. */
export interface Outlet {
  /**
   * @param bytes kept until they are gone.
   * @param gone called when the system has taken them; not called if the outlet breaks.
   * @returns whether there is room for more; if not, `drained` is called when there is.
   */
  write(bytes: Uint8Array, gone?: () => void): boolean
  /** End the stream (FIN) after all that was written. @param gone called when it was, or cannot be any more. */
  end(gone?: () => void): void
  /** Forget what waits; nothing may be written after. */
  drop(): void
  /** Set by who writes. */
  drained: () => void
}

/** Bytes go straight to a socket. */
export class SocketOutlet implements Outlet {
  drained: () => void = () => {}
  readonly #socket: Socket
  readonly #wrote: (bytes: Uint8Array) => void
  readonly #ended: () => void

  /** @param wrote told of every write right after it was made. @param ended told of the end. */
  constructor(socket: Socket, wrote: (bytes: Uint8Array) => void = () => {}, ended: () => void = () => {}) {
    this.#socket = socket
    this.#wrote = wrote
    this.#ended = ended
    socket.on('drain', () => this.drained())
  }

  write(bytes: Uint8Array, gone?: () => void): boolean {
    if (!this.#socket.writable) return true
    const room = this.#socket.write(bytes, gone && (error => error || gone()))
    this.#wrote(bytes)
    return room
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
