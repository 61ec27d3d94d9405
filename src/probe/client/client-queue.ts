import type {Socket} from 'node:net'
import type {Box, KeyPair} from '../../crypto/box.js'
import type {Listeners} from '../../proxy/net/listener.js'
import {isEqualBytes} from '../../wire/bytes.js'
import {otherClients, waitingClients} from '../limits.js'
import {PeerSocket} from '../net/peer-socket.js'
import {ClientConnection} from './client-connection.js'

export interface ClientQueueOptions {
  readonly box: Box
  /** The relay's long-term pair. */
  readonly keys: KeyPair
  /** Time limit of a client's handshake. */
  readonly timeoutMilliseconds: number
  /** Ends a wait for a connection. */
  readonly stop: AbortSignal
}

/** A connection whose handshake has come and was not answered yet; `vain`: none came that opens. */
export type Arrival = ClientConnection | 'vain'

/**
 * Connections of the client that is tested, in their order: that of the first handshake. Other clients, which are
 * friends of it, for example, are served on the side: their handshakes and pings are answered, nothing else.
 */
export class ClientQueue {
  readonly #listeners: Listeners
  readonly #options: ClientQueueOptions
  readonly #arrived: Arrival[] = []
  /** Connections whose handshake has not come, and those of other clients. */
  readonly #greeted = new Set<ClientConnection>()
  readonly #others = new Set<ClientConnection>()
  #tested: Uint8Array | undefined
  #isClosed = false
  #wake = (): void => {}
  readonly #stopped = (): void => this.#wake()

  constructor(listeners: Listeners, options: ClientQueueOptions) {
    this.#listeners = listeners
    this.#options = options
    options.stop.addEventListener('abort', this.#stopped)
    listeners.serve(
      socket => void this.#accept(socket),
      // Too many open files, for example: the client tries again.
      () => {},
    )
  }

  /**
   * The next connection.
   * @param milliseconds time limit; undefined: none.
   * @returns undefined if none comes in time, or before the stop.
   */
  async next(milliseconds: number | undefined): Promise<Arrival | undefined> {
    const {stop} = this.#options
    if (this.#arrived.length === 0 && !stop.aborted)
      await new Promise<void>(done => {
        const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds)
        this.#wake = () => {
          clearTimeout(timer)
          done()
        }
      })
    return stop.aborted ? undefined : this.#arrived.shift()
  }

  /** Stop listening, and close all connections but those that next() has given. */
  close(): void {
    this.#isClosed = true
    this.#options.stop.removeEventListener('abort', this.#stopped)
    this.#listeners.close()
    for (const arrival of this.#arrived.splice(0)) if (arrival !== 'vain') arrival.close()
    for (const client of [...this.#greeted, ...this.#others]) client.close()
  }

  async #accept(socket: Socket): Promise<void> {
    socket.on('error', () => {})
    if (this.#greeted.size + this.#arrived.length >= waitingClients) {
      socket.destroy()
      return
    }
    const {box, keys, timeoutMilliseconds} = this.#options
    const client = new ClientConnection({box, keys, socket: new PeerSocket(socket)})
    this.#greeted.add(client)
    const key = await client.hello(timeoutMilliseconds)
    this.#greeted.delete(client)
    if (this.#isClosed) client.close()
    else if (!key) this.#arrive('vain', client)
    else if (this.#isTested(key)) this.#arrive(client)
    else await this.#serve(client)
  }

  #arrive(arrival: Arrival, useless?: ClientConnection): void {
    useless?.close()
    this.#arrived.push(arrival)
    this.#wake()
  }

  /** Whether this is the key of the client that is tested, as that of the first one is. */
  #isTested(key: Uint8Array): boolean {
    this.#tested ??= key
    return isEqualBytes(key, this.#tested)
  }

  /** Serve a client that is not tested until it goes, or the suite ends. */
  async #serve(client: ClientConnection): Promise<void> {
    if (this.#others.size < otherClients) {
      this.#others.add(client)
      client.write(client.answer())
      while (!client.isOver && !client.isBroken) await client.receive(() => true, this.#options.timeoutMilliseconds)
      this.#others.delete(client)
    }
    client.close()
  }
}
