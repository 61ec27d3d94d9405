import {randomBytes} from 'node:crypto'
import {setTimeout as pause} from 'node:timers/promises'
import {limits} from '../../protocol/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import {ping} from '../cases/packets.js'
import {settledMilliseconds} from '../limits.js'
import {outcomeOf} from '../suite/fate.js'
import type {Outcome} from '../suite/suite-case.js'
import type {ClientCase} from './client-case.js'
import type {ClientConnection} from './client-connection.js'
import {lateMilliseconds, patienceMilliseconds, pieceMilliseconds} from './times.js'

/** The end of a handshake's first piece. */
const piece = 50

/** A handshake after which the connection can be used, or which breaks it with the first frame. */
const usable = (name: string, greet: (client: ClientConnection) => Promise<void>): ClientCase => ({
  name,
  before: 'handshake',
  async run(client, {milliseconds}) {
    await greet(client)
    return outcomeOf(client, milliseconds)
  },
})

/** Bytes in place of a handshake: no frame can follow. */
const unusable = (name: string, instead: (handshake: Uint8Array) => Uint8Array): ClientCase => ({
  name,
  before: 'handshake',
  async run(client, {milliseconds}): Promise<Outcome> {
    client.write(instead(client.answer()))
    return (await client.closes(milliseconds)) ? 'dropped' : 'stalled'
  },
})

/** A handshake that does not become whole: a client that goes on waiting for it has kept the connection. */
const incomplete = (name: string, bytes: number): ClientCase => ({
  name,
  before: 'handshake',
  withheld: 'handshake-unanswered',
  async run(client): Promise<Outcome> {
    client.write(client.answer().subarray(0, bytes))
    return (await client.closes(patienceMilliseconds)) ? 'dropped' : 'kept'
  },
})

/** Handshakes of a relay, right and wrong. Those for which c-toxcore forgets the relay are last. */
export const handshakeCases: readonly ClientCase[] = [
  usable('handshake in two pieces', async client => {
    const handshake = client.answer()
    client.write(handshake.subarray(0, piece))
    await pause(pieceMilliseconds)
    client.write(handshake.subarray(piece))
  }),
  usable('late handshake', async client => {
    await pause(lateMilliseconds)
    client.write(client.answer())
  }),
  usable('ping in one piece with the handshake', async client => {
    const handshake = client.answer()
    client.write(concatBytes([handshake, client.seal(ping(1))]))
  }),
  usable('frames sealed from another nonce than the handshake has', async client => {
    client.write(client.answer(randomBytes(limits.nonce)))
    await pause(settledMilliseconds)
  }),
  unusable('handshake with one bit of its MAC flipped', handshake => {
    handshake[limits.nonce]! ^= 1
    return handshake
  }),
  unusable('handshake of zeros', ({length}) => new Uint8Array(length)),
  incomplete('handshake without its last byte', limits.relayHandshake - 1),
  incomplete('no handshake', 0),
]
