import {Socket} from 'node:net'
import {InputError} from '../../wire/input-error.js'
import {lingerSeconds, pipedBytes} from '../limits.js'

/**
 * An open named pipe. Writing never waits for its reader; bytes that the pipe has room for are in it at once.
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

  /** @param bytes copied. @throws the system's error. @throws InputError if too many bytes wait for the reader. */
  append(bytes: Uint8Array): void {
    if (this.#error) throw this.#error
    if (this.#socket.writableLength + bytes.length > pipedBytes)
      throw new InputError(`nobody reads the named pipe ${this.path}`, undefined, 'file-error')
    this.#socket.write(new Uint8Array(bytes))
    this.bytes += bytes.length
  }

  /** Resolves when the pipe has taken all bytes, or after lingerSeconds. */
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
