import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import type {Endpoint} from '../../wire/chunk.js'
import {InputError} from '../../wire/input-error.js'
import {type Address, addressText, isLoopback, plainAddress} from '../explicit/address.js'
import {earlyConnections, listeners as mostListeners} from '../limits.js'

/** A socket that accepts connections. */
interface Listener {
  /** The address that the system gave; the port is the real one also where 0 was asked for. */
  readonly bound: Endpoint
  /** A sentence if others than this machine can reach it. */
  readonly warning: string | undefined
  /** Accept no more. Connections that were accepted go on. */
  close(): void
}

const faults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name cannot be resolved now',
}

const bind = (server: Server, address: Address): Promise<AddressInfo> =>
  new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        new InputError(
          `cannot listen on ${addressText(address)}: ${faults[error.code ?? ''] ?? error.message}`,
          'port 0 takes any free port',
          'cannot-listen',
        ),
      ),
    )
    server.listen(address, () => done(server.address() as AddressInfo))
  })

/**
 * @param accepted called with each new socket: not yet read, its write side stays open when the client ends its own.
 */
const listen = async (address: Address, accepted: (socket: Socket) => void): Promise<Listener> => {
  const server = createServer({allowHalfOpen: true, noDelay: true, pauseOnConnect: true}, accepted)
  const info = await bind(server, address)
  // What fails later, such as too many open files, costs a connection, not the listener.
  server.on('error', () => {})
  const bound = {ip: plainAddress(info.address), port: info.port}
  const warning = isLoopback(bound.ip)
    ? undefined
    : `listening on ${addressText({host: bound.ip, port: bound.port})}: other machines can connect through this proxy and be recorded`
  return {bound, warning, close: () => server.close()}
}

/** All sockets that one proxy listens on. Who connects before it serves has to wait. */
export class Listeners {
  readonly #listeners: Listener[] = []
  readonly #early: Socket[] = []
  #accepted = (socket: Socket): void => {
    if (this.#early.length < earlyConnections) this.#early.push(socket.on('error', () => {}))
    else socket.destroy()
  }

  private constructor() {}

  /** @throws InputError if one cannot be bound; then none is left open. */
  static async bind(addresses: readonly Address[]): Promise<Listeners> {
    if (addresses.length > mostListeners)
      throw new InputError(
        `${addresses.length} addresses to listen on are more than ${mostListeners}`,
        undefined,
        'cannot-listen',
      )
    const listeners = new Listeners()
    try {
      for (const address of addresses)
        listeners.#listeners.push(await listen(address, socket => listeners.#accepted(socket)))
    } catch (error) {
      listeners.close()
      throw error
    }
    return listeners
  }

  /** In the order of the addresses given. */
  get bound(): Endpoint[] {
    return this.#listeners.map(({bound}) => bound)
  }

  get warnings(): string[] {
    return this.#listeners.flatMap(({warning}) => warning ?? [])
  }

  /** @param accepted called with each socket, those that waited first. */
  serve(accepted: (socket: Socket) => void): void {
    this.#accepted = accepted
    for (const socket of this.#early.splice(0)) accepted(socket)
  }

  /** Accept no more. Connections that were served go on. */
  close(): void {
    for (const listener of this.#listeners) listener.close()
    for (const socket of this.#early.splice(0)) socket.destroy()
  }
}
