import {randomBytes} from 'node:crypto'
import {limits} from '../../protocol/limits.js'
import type {CaseKeys} from '../cases/case.js'
import {wrongFrames} from '../cases/frames.js'
import {fromRelay} from '../cases/from-relay.js'
import {connect, routed} from '../cases/packets.js'
import {outcomeOf} from '../suite/fate.js'
import type {ClientCase} from './client-case.js'
import type {ClientConnection} from './client-connection.js'

/** A connection id that a relay may give. */
const firstId = 16

/** Packets and frames that a relay sends after both handshakes, right and wrong. */
export function packetCases(): readonly ClientCase[] {
  const nobody = randomBytes(limits.publicKey)
  const packetsFor = (peer: CaseKeys['peer']) => fromRelay({peer, nobody})
  const ofPackets = packetsFor(nobody).map(
    ([name, before], index): ClientCase => ({
      name,
      before,
      async run(client, {milliseconds, asked}) {
        const peer = (before !== 'free' && asked) || randomBytes(limits.publicKey)
        prepare(client, before, peer)
        client.send(...packetsFor(peer)[index]![2])
        return outcomeOf(client, milliseconds)
      },
    }),
  )
  return [...ofPackets, ...ofFrames]
}

const ofFrames = wrongFrames.map(
  ([name, wire]): ClientCase => ({
    name,
    before: 'free',
    async run(client, {milliseconds}) {
      client.write(wire(packet => client.seal(packet)))
      return outcomeOf(client, milliseconds)
    },
  }),
)

/** Send what comes before the packets of a case. c-toxcore takes a route that it did not ask for, too. */
function prepare(client: ClientConnection, before: ClientCase['before'], peer: Uint8Array): void {
  if (before === 'registered' || before === 'online') client.send(routed(firstId, peer))
  if (before === 'online') client.send(connect(firstId))
}
