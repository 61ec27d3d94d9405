import {randomInt} from 'node:crypto'
import {isEqualBytes} from '../../wire/bytes.js'
import {ping, pong} from '../cases/packets.js'
import type {Outcome} from './suite-case.js'

/** One end of a connection that can be asked whether the other end still answers. */
export interface Pinged {
  /** How the other end closed; undefined while the connection is open. */
  readonly closed: unknown
  /** Whether the other end sent something that does not open. */
  readonly isBroken: boolean
  send(...packets: readonly Uint8Array[]): void
  receive(isWanted: (packet: Uint8Array) => boolean, milliseconds: number): Promise<Uint8Array | undefined>
}

/** Ping until an answer comes or the other end closes. */
export async function outcomeOf(connection: Pinged, milliseconds: number): Promise<Outcome> {
  if (await isAlive(connection, milliseconds)) return 'kept'
  return connection.closed ? 'dropped' : 'stalled'
}

/**
 * Whether a ping is answered. It is sent twice: an epoll build of c-toxcore reads what follows a length of zero only
 * when more bytes come.
 */
export async function isAlive(connection: Pinged, milliseconds: number): Promise<boolean> {
  for (const time of [milliseconds / 4, milliseconds]) {
    const id = randomInt(1, 2 ** 32)
    connection.send(ping(id))
    const wanted = pong(id)
    if (await connection.receive(packet => isEqualBytes(packet, wanted), time)) return true
    if (connection.closed || connection.isBroken) return false
  }
  return false
}
