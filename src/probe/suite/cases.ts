import {limits} from '../../protocol/limits.js'
import {forwardRequest} from '../../protocol/packets/forward-request.js'
import {onionRequest} from '../../protocol/packets/onion-request.js'
import {concatBytes} from '../../wire/bytes.js'
import {noBytes} from '../../wire/chunk.js'
import type {Case, CaseKeys} from '../cases/case.js'
import {fromClient} from '../cases/from-client.js'
import {ping} from '../cases/packets.js'
import type {Service, SuiteCase} from './suite-case.js'

/** Bytes in place of a frame. */
const frames: readonly (readonly [name: string, wire: Uint8Array])[] = [
  ['frame of length 0', Uint8Array.of(0, 0)],
  ['frame of length 1', Uint8Array.of(0, 1, 7)],
  ['frame of length 15', Uint8Array.of(0, 15, ...new Uint8Array(15))],
  ['frame of length 16 that does not open', Uint8Array.of(0, 16, ...new Uint8Array(16))],
  ['frame of length 30 that does not open', Uint8Array.of(0, 30, ...new Uint8Array(30))],
  ['frame of length 2049, its length alone', Uint8Array.of(8, 1)],
  ['frame of length 65535, its length alone', Uint8Array.of(255, 255)],
]

/** What comes before the packets of a case and lasts too long here: the relay's own ping comes after 30 s. */
const tooLong: ReadonlySet<Case[1]> = new Set(['relayPinged', 'relayPingAnswered'])

function serviceOf(packets: readonly Uint8Array[]): Service | undefined {
  const [id] = packets[0] ?? []
  return id === onionRequest.id ? 'onion' : id === forwardRequest.id ? 'forwarding' : undefined
}

/** All cases for relays, with keys for each. */
export function suiteCases(keysFor: () => Omit<CaseKeys, 'own'>): readonly SuiteCase[] {
  const named = fromClient({...keysFor(), own: new Uint8Array(limits.publicKey)})
  const ofPackets = named.flatMap(([name, before, packets], index): SuiteCase[] => {
    if (tooLong.has(before)) return []
    // A packet of the id alone says nothing about the service.
    const needs = packets[0]!.length > 1 ? serviceOf(packets) : undefined
    return [
      {
        name,
        before,
        needs,
        async run(client, friend) {
          const own = client.keys.publicKey
          const [, , mine] = fromClient({...keysFor(), own, ...(friend && {peer: friend.keys.publicKey})})[index]!
          client.send(...mine)
          return client
        },
      },
    ]
  })
  return [...ofPackets, ...ofFrames, ...ofHandshakes]
}

const ofFrames: readonly SuiteCase[] = [
  ...frames.map(
    ([name, wire]): SuiteCase => ({
      name,
      before: 'free',
      needs: undefined,
      async run(client) {
        client.write(wire)
        return client
      },
    }),
  ),
  {
    name: 'frame with an empty plaintext',
    before: 'free',
    needs: undefined,
    async run(client) {
      client.write(client.seal(noBytes))
      return client
    },
  },
  {
    name: 'frame with one bit of its MAC flipped',
    before: 'free',
    needs: undefined,
    async run(client) {
      const frame = client.seal(ping(1))
      frame[limits.frameLengthPrefix]! ^= 1
      client.write(frame)
      return client
    },
  },
]

const ofHandshakes: readonly SuiteCase[] = [
  {
    name: 'first byte of a frame in one piece with the handshake',
    before: 'handshake',
    needs: undefined,
    async run(_client, _friend, {dial, milliseconds}) {
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
    async run(client, _friend, {dial, milliseconds}) {
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
    async run(client, _friend, {dial, milliseconds}) {
      const other = await dial(client.keys)
      if ((await other.handshake(milliseconds)) === 'open') {
        other.send(ping(1))
        await other.receive(() => true, milliseconds)
      }
      return client
    },
  },
]
