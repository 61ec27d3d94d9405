import type {Socket} from 'node:net'
import {lingerSeconds, waitingBytes} from '../limits.js'
import type {StreamEnd} from './forward-options.js'

/** The client left, and nothing is to be passed on. */
export interface ClientLeft {
  readonly kind: 'left'
  readonly how: StreamEnd
}

/**
 * Reads a client while its relay is being dialled: holds its bytes, and notices when it leaves. Bytes before its end of
 * stream can still be passed on if the relay is reached soon. Nobody else may read the socket before take().
 */
export class EarlyBytes {
  /** Resolves when the client resets the connection, or when nothing can be passed on after it ended its stream. */
  readonly left: Promise<ClientLeft>
  readonly #client: Socket
  readonly #pieces: Buffer[] = []
  #length: number
  #leave: (left: ClientLeft) => void = () => {}
  #timer: NodeJS.Timeout | undefined
  #isIdle = false

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

  /** Whether the client ended its stream, or cannot send more for now: it can be given up for another client. */
  get isIdle(): boolean {
    return this.#isIdle
  }

  /** Stop reading. @returns all bytes that came. */
  take(): Uint8Array {
    clearTimeout(this.#timer)
    this.#client.pause()
    this.#client.off('data', this.#data).off('end', this.#fin).off('close', this.#rst)
    return Buffer.concat(this.#pieces.splice(0))
  }

  readonly #data = (bytes: Buffer): void => {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    if (this.#length < waitingBytes) return
    this.#isIdle = true
    this.#client.pause()
  }

  readonly #fin = (): void => {
    const leave = () => this.#leave({kind: 'left', how: 'fin'})
    this.#isIdle = true
    if (this.#length === 0) leave()
    else this.#timer = setTimeout(leave, lingerSeconds * 1000)
  }

  readonly #rst = (): void => this.#leave({kind: 'left', how: 'rst'})
}
