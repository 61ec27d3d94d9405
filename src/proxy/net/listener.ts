import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import {hostPort} from '../../protocol/text.js'
import type {Endpoint} from '../../wire/chunk.js'
import {InputError} from '../../wire/input-error.js'
import {type Address, addressText, isLoopback, plainAddress} from '../explicit/address.js'
import {earlyConnections, listeners as mostListeners} from '../limits.js'

/** A socket that accepts connections. */
interface Listener {
  /** The bound address, with the real port also if port 0 was asked for. */
  readonly bound: Endpoint
  /** A warning if other machines can reach it. */
  readonly warning: string | undefined
  /** Stop accepting. Accepted connections continue. */
  close(): void
}

const listenFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the name cannot be resolved now',
}

const bind = (server: Server, address: Address): Promise<AddressInfo> =>
  new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        new InputError(
          `cannot listen on ${addressText(address)}: ${listenFailures[error.code ?? ''] ?? error.message}`,
          'port 0 takes any free port',
          'cannot-listen',
        ),
      ),
    )
    server.listen(address, () => done(server.address() as AddressInfo))
  })

/**
 * @param accepted called with each new socket. It is not read yet, and stays writable after the client's FIN.
 * @param failed called with each error of accepting.
 */
const listen = async (
  address: Address,
  accepted: (socket: Socket) => void,
  failed: (error: NodeJS.ErrnoException) => void,
): Promise<Listener> => {
  const server = createServer({allowHalfOpen: true, noDelay: true, pauseOnConnect: true}, accepted)
  const info = await bind(server, address)
  // A later failure, such as too many open files, must not end the listener.
  server.on('error', failed)
  const bound = {ip: plainAddress(info.address), port: info.port}
  const warning = isLoopback(bound.ip)
    ? undefined
    : `listening on ${hostPort(bound)}: other machines can connect through this proxy and be recorded`
  return {bound, warning, close: () => server.close()}
}

/** All listening sockets of a proxy. Clients that connect before it serves wait. */
export class Listeners {
  readonly #listeners: Listener[] = []
  readonly #early: Socket[] = []
  #accepted = (socket: Socket): void => {
    if (this.#early.length < earlyConnections) this.#early.push(socket.on('error', () => {}))
    else socket.destroy()
  }

  #failed: (error: NodeJS.ErrnoException) => void = () => {}

  private constructor() {}

  /** @throws InputError if one cannot be bound; then none stays open. */
  static async bind(addresses: readonly Address[]): Promise<Listeners> {
    if (addresses.length > mostListeners)
      throw new InputError(
        `${addresses.length} addresses to listen on are too many: at most ${mostListeners}`,
        undefined,
        'cannot-listen',
      )
    const listeners = new Listeners()
    try {
      for (const address of addresses)
        listeners.#listeners.push(
          await listen(
            address,
            socket => listeners.#accepted(socket),
            error => listeners.#failed(error),
          ),
        )
    } catch (error) {
      listeners.close()
      throw error
    }
    return listeners
  }

  /**
   * Listen on the first free port.
   * @param count number of ports to try.
   * @throws InputError if none of them can be bound.
   */
  static async bindFirstFree({host, port}: Address, count: number): Promise<Listeners> {
    for (let next = port; next < port + count - 1; next++) {
      const listeners = await Listeners.bind([{host, port: next}]).catch((error: unknown) => {
        if (error instanceof InputError) return undefined
        throw error
      })
      if (listeners) return listeners
    }
    return Listeners.bind([{host, port: port + count - 1}])
  }

  /** Bound addresses, in the order given. */
  get bound(): Endpoint[] {
    return this.#listeners.map(({bound}) => bound)
  }

  get warnings(): string[] {
    return this.#listeners.flatMap(({warning}) => warning ?? [])
  }

  /**
   * Begin to serve.
   * @param accepted called with each socket, beginning with those that wait.
   * @param failed called with each error of accepting.
   */
  serve(accepted: (socket: Socket) => void, failed: (error: NodeJS.ErrnoException) => void): void {
    this.#accepted = accepted
    this.#failed = failed
    for (const socket of this.#early.splice(0)) accepted(socket)
  }

  /** Stop accepting. Connections that are served continue. */
  close(): void {
    for (const listener of this.#listeners) listener.close()
    for (const socket of this.#early.splice(0)) socket.destroy()
  }
}
