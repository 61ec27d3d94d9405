import {setTimeout as pause} from 'node:timers/promises'
import {pingRequest} from '../../protocol/packets/ping-request.js'
import {pongTo, pongToAnother} from '../cases/packets.js'
import {outcomeOf} from '../suite/fate.js'
import type {Outcome} from '../suite/suite-case.js'
import type {ClientCase, ClientScene} from './client-case.js'
import type {ClientConnection} from './client-connection.js'
import {lateMilliseconds, patienceMilliseconds} from './times.js'

/** What a relay does about a ping of the client; a client that sends none keeps the connection. */
const aboutPing = (
  name: string,
  answer: (client: ClientConnection, asked: Uint8Array) => Promise<void>,
  withheld?: ClientCase['withheld'],
): ClientCase => ({
  name,
  before: 'clientPinged',
  ...(withheld && {withheld}),
  async run(client: ClientConnection, {milliseconds}: ClientScene): Promise<Outcome> {
    const asked = await client.receive(([id]) => id === pingRequest.id, milliseconds)
    if (asked) await answer(client, asked)
    client.answersPings = true
    return outcomeOf(client, milliseconds)
  },
})

/** Pings of the client that the relay answers wrongly, late or never. */
export const pingCases: readonly ClientCase[] = [
  aboutPing('pong with another id, then the right one, late', async (client, asked) => {
    client.send(pongToAnother(asked))
    await pause(lateMilliseconds)
    client.send(pongTo(asked))
    await client.closes(patienceMilliseconds - lateMilliseconds)
  }),
  aboutPing(
    'pong with another id alone',
    async (client, asked) => {
      client.send(pongToAnother(asked))
      await client.closes(patienceMilliseconds)
    },
    'ping-unanswered',
  ),
  aboutPing('no pong', async client => void (await client.closes(patienceMilliseconds)), 'ping-unanswered'),
]
