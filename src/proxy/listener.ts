import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import type {Endpoint} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {type Address, addressText, isLoopback, plainAddress} from './address.js'

/** A socket that accepts connections. */
export interface Listener {
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
      failed(new InputError(`cannot listen on ${addressText(address)}: ${faults[error.code ?? ''] ?? error.message}`, 'port 0 takes any free port')),
    )
    server.listen(address, () => done(server.address() as AddressInfo))
  })

/**
 * @param accepted called with each new socket: not yet read, its write side stays open when the client ends its own.
 * @throws InputError if it cannot be bound.
 */
export const listen = async (address: Address, accepted: (socket: Socket) => void): Promise<Listener> => {
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
