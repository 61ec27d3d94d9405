import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {connect} from 'node:net'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {PacketTracker} from '../../../src/capture/packet-tracker.js'
import type {StreamEvent} from '../../../src/capture/stream-event.js'
import {fromHex} from '../../../src/wire/hex/hex-bytes.js'
import {captureFile, packetsOf} from '../../capture/collect.js'
import {clientSave} from '../../crypto/saves.js'
import {Far, Received} from '../../proxy/scene.js'
import {boxCounts, deepCaptures, type Outcome, openBoxes, outcomesOf} from '../../session/inner/deep.js'
import {type JsonRecord, noKeys, ProxyRun, printsJson} from './proxy-run.js'

let far: Far
let run: ProxyRun

beforeEach(async () => {
  far = await Far.start()
})
afterEach(async () => {
  await run.stop()
  far.server.close()
})

/** What happens in a capture, on all its connections, in its order. */
function eventsOf(name: string): StreamEvent[] {
  const tracker = new PacketTracker()
  const events = packetsOf(captureFile('captures', name)).flatMap(packet => tracker.add(packet).events)
  return [...events, ...tracker.end()]
}

/** Both ends of one connection through the proxy. */
class Ends {
  readonly #expected: [number, number] = [0, 0]

  private constructor(
    readonly sides: readonly [Received, Received],
    /** Address of the client, as records show it. */
    readonly client: string,
  ) {}

  static async meet(): Promise<Ends> {
    const client = connect({port: run.port, host: '127.0.0.1', noDelay: true})
    await once(client, 'connect')
    return new Ends([new Received(client), new Received(await far.next())], `127.0.0.1:${client.localPort}`)
  }

  /** Resolves when the other end has them: the proxy sees all chunks in this order. */
  async send(end: 0 | 1, bytes: Uint8Array): Promise<void> {
    const to = end === 0 ? 1 : 0
    this.sides[end].socket.write(bytes)
    this.#expected[to] += bytes.length
    await this.sides[to].count(this.#expected[to])
  }

  close(): void {
    for (const {socket} of this.sides) socket.end()
  }
}

/** Lets the two ends of each connection of a capture say through the proxy what they said then. */
async function replay(name: string): Promise<readonly Ends[]> {
  const connections: Ends[] = []
  for (const event of eventsOf(name)) {
    if (event.kind === 'open') connections[event.connection] = await Ends.meet()
    if (event.kind !== 'chunk' || !event.chunk.bytes) continue
    const {connection, end, bytes} = event.chunk
    await connections[connection]!.send(end, bytes)
  }
  for (const ends of connections) ends.close()
  return connections
}

interface Level {
  readonly opened?: string
  readonly inner?: Level | null
}

function* openedIn(level: Level | null | undefined): Generator<string> {
  for (let at = level; at; at = at.inner) if (at.opened !== undefined) yield at.opened
}

test('every box inside opens live, while both ends of a capture say again through the proxy what they said', async () => {
  const outcomes: Outcome[] = []
  for (const name of deepCaptures) {
    run = await ProxyRun.start({
      upstream: `127.0.0.1:${far.port}`,
      keys: {...noKeys, keylog: ['sessions', 'inner'].map(log => `fixtures/captures/${name}/${log}.keylog`)},
      print: {...printsJson, bytes: true},
    })
    const connections = await replay(name)
    // Each end closes, and each close is a record.
    await run.ends(2 * connections.length)
    await run.stop()
    const plaintexts = new Map(
      run.records.map(record => [
        `${connections.findIndex(({client}) => client === record.client)} ${record.from} ${record.index}`,
        [...openedIn(record as JsonRecord & Level)],
      ]),
    )
    outcomes.push(...outcomesOf(name, place => plaintexts.get(place) ?? []))
  }
  expect(openBoxes(outcomes)).toEqual(boxCounts)
})

test('a conversation that is shown live has the names of a .tox save', async () => {
  const {A, B} = (JSON.parse(readFileSync('fixtures/captures/small/keys.json', 'utf8')) as KeysOfRun).tox_identities
  const save = clientSave(
    {publicKey: fromHex(B.real_pk), secretKey: fromHex(B.real_sk)},
    [],
    [{publicKey: fromHex(A.real_pk), name: new TextEncoder().encode('Аня')}],
  )
  run = await ProxyRun.start({
    upstream: `127.0.0.1:${far.port}`,
    keys: {...noKeys, key: [save], keylog: ['sessions', 'inner'].map(log => `fixtures/captures/small/${log}.keylog`)},
    print: {...printsJson, json: false, format: 'conversation'},
  })
  await replay('small')
  await run.until(() => run.stdout.includes('is called'))
  expect(run.stdout).toMatch(/ {2}Аня > \S+ {2}is /)
})

test('a .tox save that opens nothing live is named at the end, with the reason', async () => {
  const save = 'fixtures/keyfiles/client-0.2.18.tox'
  run = await ProxyRun.start({
    upstream: `127.0.0.1:${far.port}`,
    keys: {...noKeys, key: [save], keylog: ['fixtures/captures/small/sessions.keylog']},
  })
  const connections = await replay('small')
  await run.ends(2 * connections.length)
  await run.stop()
  expect(run.stderr).toContain(
    `${save} opened nothing: its keys fit none of the 4 boxes sealed for an identity or a group`,
  )
})

interface KeysOfRun {
  readonly tox_identities: Readonly<Record<'A' | 'B', {readonly real_pk: string; readonly real_sk: string}>>
}
