import type {Socket} from 'node:net'
import type {StreamEnd} from '../../proxy/net/forward-options.js'

/** A connected socket whose reader can wait for what it expects. */
export class PeerSocket {
  readonly #socket: Socket
  readonly #waiting = new Set<() => void>()
  #received: (bytes: Uint8Array) => void = () => {}
  #ended: (how: StreamEnd) => void = () => {}
  #end: StreamEnd | undefined
  #isClosedByUs = false

  /** @param socket connected, not read yet. */
  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => {
      this.#received(bytes)
      this.#wake()
    })
    socket.on('end', () => this.#over('fin'))
    socket.on('error', () => this.#over('rst'))
    socket.on('close', () => this.#over('rst'))
    socket.pause()
  }

  /**
   * Read from now on.
   * @param received called with each piece; the bytes never change.
   * @param ended called once, when the other end closes.
   */
  read(received: (bytes: Uint8Array) => void, ended: (how: StreamEnd) => void = () => {}): void {
    this.#received = received
    this.#ended = ended
    this.#socket.resume()
  }

  /** How the other end closed; undefined while it has not. */
  get end(): StreamEnd | undefined {
    return this.#end
  }

  /** Whether either end has closed. */
  get isOver(): boolean {
    return this.#end !== undefined || this.#isClosedByUs
  }

  /** Addresses of both ends, as far as the system knows them. */
  get endpoints() {
    const {localAddress: ip, localPort: port, remoteAddress, remotePort} = this.#socket
    return {
      local: ip === undefined || port === undefined ? null : {ip, port},
      remote: remoteAddress === undefined || remotePort === undefined ? null : {ip: remoteAddress, port: remotePort},
    }
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  /** Wait until this is so, or the other end closes, or the time is over. @returns whether it is so. */
  async until(isSo: () => boolean, milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds
    while (!isSo() && !this.isOver) {
      const left = deadline - performance.now()
      if (left <= 0) return false
      await new Promise<void>(done => {
        const timer = setTimeout(done, left)
        this.#waiting.add(() => {
          clearTimeout(timer)
          done()
        })
      })
    }
    return isSo()
  }

  /** End the own stream (FIN). */
  finish(): void {
    this.#socket.end()
  }

  close(): void {
    this.#isClosedByUs = true
    this.#socket.destroy()
    this.#wake()
  }

  #over(how: StreamEnd): void {
    if (this.#end === undefined && !this.#isClosedByUs) {
      this.#end = how
      this.#ended(how)
    }
    this.#wake()
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
