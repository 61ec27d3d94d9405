import {Duplex} from 'node:stream'
import {queuedBytes, queuedDataBytes} from '../../peer/relay/limits.js'
import {lingerSeconds} from '../limits.js'

/** What the relay's end of a connection reports to the relay. */
export interface RelaySocketOwner {
  received(connection: number, bytes: Uint8Array): void
  /** The client's stream ended, or was reset. */
  closed(connection: number): void
  congested(connection: number, isCongested: boolean): void
  overflowed(connection: number): void
}

/**
 * The embedded relay's end of one connection, in place of a socket to a relay: what is written to it goes to the relay,
 * and what the relay sends can be read from it.
 */
export class RelaySocket extends Duplex {
  readonly #connection: number
  readonly #owner: RelaySocketOwner
  #isCongested = false
  #hasEnded = false
  #linger: NodeJS.Timeout | undefined

  constructor(connection: number, owner: RelaySocketOwner) {
    super({readableHighWaterMark: queuedDataBytes})
    this.#connection = connection
    this.#owner = owner
  }

  /** Bytes for the client. */
  deliver(bytes: Uint8Array): void {
    if (this.#hasEnded) return
    if (this.push(bytes)) return
    this.#congestion(true)
    if (this.readableLength > queuedBytes) this.#owner.overflowed(this.#connection)
  }

  /** The relay ends the connection. What the client still sends is ignored, and soon answered by a reset. */
  finish(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.push(null)
    this.#linger = setTimeout(() => this.destroy(new Error('the relay has closed')), lingerSeconds * 1000)
  }

  /** Sockets have timers of their own; the client's is enough. */
  setTimeout(): this {
    return this
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  override _read(): void {
    this.#congestion(false)
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    // Later, as through a socket: whoever writes here may have more to write to the client before the relay answers.
    process.nextTick(() => {
      if (!this.#hasEnded) this.#owner.received(this.#connection, bytes)
      done()
    })
  }

  override _final(done: () => void): void {
    this.#owner.closed(this.#connection)
    this.finish()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#linger)
    this.#hasEnded = true
    this.#owner.closed(this.#connection)
    done(error)
  }

  #congestion(isCongested: boolean): void {
    if (this.#isCongested === isCongested) return
    this.#isCongested = isCongested
    this.#owner.congested(this.#connection, isCongested)
  }
}
