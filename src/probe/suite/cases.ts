import {limits} from '../../protocol/limits.js'
import {forwardRequest} from '../../protocol/packets/forward-request.js'
import {onionRequest} from '../../protocol/packets/onion-request.js'
import {concatBytes} from '../../wire/bytes.js'
import type {CaseKeys} from '../cases/case.js'
import {wrongFrames} from '../cases/frames.js'
import {fromClient} from '../cases/from-client.js'
import {ping} from '../cases/packets.js'
import type {Service, SuiteCase} from './suite-case.js'

function serviceOf(packets: readonly Uint8Array[]): Service | undefined {
  const [id] = packets[0] ?? []
  return id === onionRequest.id ? 'onion' : id === forwardRequest.id ? 'forwarding' : undefined
}

/** All cases for relays, with keys for each. */
export function suiteCases(keysFor: () => Omit<CaseKeys, 'own' | 'relayPing'>): readonly SuiteCase[] {
  const named = fromClient({...keysFor(), own: new Uint8Array(limits.publicKey)})
  const ofPackets = named.map(([name, before, packets], index): SuiteCase => {
    // A packet of the id alone says nothing about the service.
    const needs = packets[0]!.length > 1 ? serviceOf(packets) : undefined
    return {
      name,
      before,
      needs,
      async run(client, {friend, relayPing}) {
        const own = client.keys.publicKey
        const peer = friend && {peer: friend.keys.publicKey}
        const [, , mine] = fromClient({...keysFor(), own, relayPing, ...peer})[index]!
        client.send(...mine)
        return client
      },
    }
  })
  return [...ofPackets, ...ofFrames, ...ofHandshakes]
}

const ofFrames = wrongFrames.map(
  ([name, wire]): SuiteCase => ({
    name,
    before: 'free',
    needs: undefined,
    async run(client) {
      client.write(wire(packet => client.seal(packet)))
      return client
    },
  }),
)

const ofHandshakes: readonly SuiteCase[] = [
  {
    name: 'first byte of a frame in one piece with the handshake',
    before: 'handshake',
    needs: undefined,
    async run(_client, _earlier, {dial, milliseconds}) {
      const other = await dial()
      // The length of a frame with a ping begins with 0.
      other.write(concatBytes([other.hello(), Uint8Array.of(0)]))
      if ((await other.answered(milliseconds)) === 'open') other.write(other.seal(ping(1)).subarray(1))
      return other
    },
  },
  {
    name: 'second connection with the same key, handshake only',
    before: 'handshake',
    needs: undefined,
    isAboutPeer: true,
    async run(client, _earlier, {dial, milliseconds}) {
      const other = await dial(client.keys)
      await other.handshake(milliseconds)
      return client
    },
  },
  {
    name: 'second connection with the same key and a ping',
    before: 'handshake',
    needs: undefined,
    isAboutPeer: true,
    async run(client, _earlier, {dial, milliseconds}) {
      const other = await dial(client.keys)
      if ((await other.handshake(milliseconds)) === 'open') {
        other.send(ping(1))
        await other.receive(() => true, milliseconds)
      }
      return client
    },
  },
]
