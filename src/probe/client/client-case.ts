import {randomBytes} from 'node:crypto'
import {limits} from '../../protocol/limits.js'
import type {Before, CaseKeys} from '../cases/case.js'
import {wrongFrames} from '../cases/frames.js'
import {fromRelay} from '../cases/from-relay.js'
import type {ClientConnection} from './client-connection.js'

/** The name of a case for clients, which is unique together with what comes before it. */
export interface NamedCase {
  readonly name: string
  readonly before: Before
}

/** What a relay sends to a client in one case. */
export interface ClientCase extends NamedCase {
  /** @param peer public key of the peer to which the client has a route, or asks for one. */
  send(client: ClientConnection, peer: Uint8Array): void
}

/**
 * All cases for clients, each for a connection of its own. Those for which the client must have asked for a route come
 * last: many clients never ask.
 */
export function clientCases(): readonly ClientCase[] {
  const nobody = randomBytes(limits.publicKey)
  const packetsFor = (peer: CaseKeys['peer']) => fromRelay({peer, nobody})
  const all = [
    ...packetsFor(nobody).map(
      ([name, before], index): ClientCase => ({
        name,
        before,
        send: (client, peer) => client.send(...packetsFor(peer)[index]![2]),
      }),
    ),
    ...wrongFrames.map(
      ([name, wire]): ClientCase => ({
        name,
        before: 'free',
        send: client => client.write(wire(packet => client.seal(packet))),
      }),
    ),
  ]
  const isAsked = ({before}: ClientCase) => before === 'asked'
  return [...all.filter(each => !isAsked(each)), ...all.filter(isAsked)]
}
