import {Socket} from 'node:net'
import {InputError} from '../../wire/input-error.js'
import {lingerSeconds, untakenBytes} from '../limits.js'

/**
 * An open named pipe, which is written to without ever waiting for its reader. What the pipe has room for is in it at
 * once.
 */
export class PipedFile {
  readonly path: string
  bytes = 0
  readonly #socket: Socket
  #error: Error | undefined

  /** @param descriptor of a pipe that was opened without blocking. */
  constructor(path: string, descriptor: number) {
    this.path = path
    this.#socket = new Socket({fd: descriptor, readable: false, writable: true})
    this.#socket.on('error', error => {
      this.#error = error
    })
  }

  /** @param bytes copied. @throws the system's error; InputError if more waits already than may */
  append(bytes: Uint8Array): void {
    if (this.#error) throw this.#error
    if (this.#socket.writableLength + bytes.length > untakenBytes)
      throw new InputError(`nobody takes what is written to ${this.path}`)
    this.#socket.write(new Uint8Array(bytes))
    this.bytes += bytes.length
  }

  /** Resolves when the pipe has taken all, or nobody has taken it for a moment. */
  close(): Promise<void> {
    return new Promise(done => {
      const timer = setTimeout(() => this.#socket.destroy(), lingerSeconds * 1000)
      this.#socket.once('close', () => {
        clearTimeout(timer)
        done()
      })
      this.#socket.end(() => this.#socket.destroy())
      if (this.#socket.closed) done()
    })
  }
}
