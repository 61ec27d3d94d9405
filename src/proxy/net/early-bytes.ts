import type {Socket} from 'node:net'
import {waitingBytes} from '../limits.js'
import type {StreamEnd} from './forward-options.js'

/** The client left, and nothing is to be passed on. */
export interface ClientLeft {
  readonly kind: 'left'
  readonly how: StreamEnd
}

/**
 * Reads a client while its relay is being dialled: holds its bytes, and notices when it leaves. Nobody else may read
 * the socket before take().
 */
export class EarlyBytes {
  /** Resolves when the client resets the connection, or ends its stream and nothing is left to be passed on. */
  readonly left: Promise<ClientLeft>
  readonly #client: Socket
  readonly #pieces: Buffer[] = []
  #length: number
  #leave: (left: ClientLeft) => void = () => {}

  /** @param before bytes for the relay that the client sent together with its request. */
  constructor(client: Socket, before: number) {
    this.#client = client
    this.#length = before
    this.left = new Promise(done => {
      this.#leave = done
    })
    client.on('data', this.#data).on('end', this.#fin).on('close', this.#rst)
    // The end may have been reported before anybody listened for it.
    if (client.destroyed) this.#rst()
    else if (client.readableEnded) this.#fin()
    else client.resume()
  }

  /** Stop reading. @returns all bytes that came. */
  take(): Uint8Array {
    this.#client.pause()
    this.#client.off('data', this.#data).off('end', this.#fin).off('close', this.#rst)
    return Buffer.concat(this.#pieces.splice(0))
  }

  readonly #data = (bytes: Buffer): void => {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    if (this.#length >= waitingBytes) this.#client.pause()
  }

  readonly #fin = (): void => {
    if (this.#length === 0) this.#leave({kind: 'left', how: 'fin'})
  }

  readonly #rst = (): void => this.#leave({kind: 'left', how: 'rst'})
}
