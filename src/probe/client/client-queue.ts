import type {Socket} from 'node:net'
import type {Listeners} from '../../proxy/net/listener.js'
import {waitingClients} from '../limits.js'
import {PeerSocket} from '../net/peer-socket.js'

/** Connections that clients have opened, in their order. Each waits until the one before is done. */
export class ClientQueue {
  readonly #listeners: Listeners
  readonly #stop: AbortSignal
  readonly #waiting: Socket[] = []
  #wake = (): void => {}

  /** @param stop ends a wait for a connection. */
  constructor(listeners: Listeners, stop: AbortSignal) {
    this.#listeners = listeners
    this.#stop = stop
    stop.addEventListener('abort', () => this.#wake())
    listeners.serve(
      socket => {
        socket.on('error', () => {})
        if (this.#waiting.length < waitingClients) this.#waiting.push(socket)
        else socket.destroy()
        this.#wake()
      },
      // Too many open files, for example: the client tries again.
      () => {},
    )
  }

  /**
   * The next connection.
   * @param milliseconds time limit; undefined: none.
   * @returns undefined if none comes in time, or before the stop.
   */
  async next(milliseconds: number | undefined): Promise<PeerSocket | undefined> {
    if (this.#waiting.length === 0 && !this.#stop.aborted)
      await new Promise<void>(done => {
        const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds)
        this.#wake = () => {
          clearTimeout(timer)
          done()
        }
      })
    const socket = this.#stop.aborted ? undefined : this.#waiting.shift()
    return socket && new PeerSocket(socket)
  }

  /** Stop listening, and close what waits. */
  close(): void {
    this.#listeners.close()
    for (const socket of this.#waiting.splice(0)) socket.destroy()
  }
}
