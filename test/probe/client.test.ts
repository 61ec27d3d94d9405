import {getEventListeners, once} from 'node:events'
import {connect as dial} from 'node:net'
import {describe, expect, it, type TestContext} from 'vitest'
import {probe} from '../../src/actions/probe/probe.js'
import {isAsKnown} from '../../src/actions/probe/report/client.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {ping, pong, route} from '../../src/probe/cases/packets.js'
import {type ClientSuiteResult, runClientSuite} from '../../src/probe/client/run-client-suite.js'
import {otherClients} from '../../src/probe/limits.js'
import {connect} from '../../src/probe/net/connect.js'
import {RelayConnection} from '../../src/probe/relay-connection.js'
import {limits} from '../../src/protocol/limits.js'
import {Listeners} from '../../src/proxy/net/listener.js'
import {isEqualBytes} from '../../src/wire/bytes.js'
import {fromRelayRows} from '../playbooks/effects.js'
import {keysOf, peerKey} from '../playbooks/keys.js'
import {RecordedIo} from '../terminal/recorded-io.js'

const box = await loadSodium()
const {relay: keys} = keysOf(1)
const milliseconds = 20_000
const reserved = 12
const secretKeyOf = (client: number) => new Uint8Array(limits.secretKey).fill(client)

/** A client of its own waits for so long for a handshake and for a pong. */
const patience = 3000

/**
 * Be a client that keeps its connection until a frame is wrong, a packet of a reserved id comes, or a handshake or pong
 * does not.
 * @param asks whether it asks for a route.
 * @returns false if nobody listens.
 */
async function visit(port: number, publicKey: Uint8Array, asks: boolean): Promise<boolean> {
  const context = {box, relay: {host: '127.0.0.1', port, publicKey}, timeoutMilliseconds: milliseconds}
  const connected = await connect(context, ['127.0.0.1'])
  if (connected.kind === 'failed') return false
  const client = new RelayConnection({...context, socket: connected.socket, keys: box.keyPair(secretKeyOf(1))})
  if ((await client.handshake(patience)) === 'open') {
    if (asks) client.send(route(peerKey(1)))
    client.send(ping(9))
    const answer = await client.receive(packet => isEqualBytes(packet, pong(9)), patience)
    if (answer) await client.receive(([id]) => id === reserved, milliseconds)
  }
  client.close()
  return true
}

/** Run the suite against a client that this moves. */
async function suite(
  moves: (port: number) => Promise<void>,
  {stop = new AbortController().signal, timeoutMilliseconds = milliseconds} = {},
): Promise<ClientSuiteResult> {
  const listeners = await Listeners.bind([{host: '127.0.0.1', port: 0}])
  const running = runClientSuite(listeners, {box, keys, timeoutMilliseconds, stop})
  await moves(listeners.bound[0]!.port)
  return running
}

/** A client that comes back until nobody listens. */
const loyal = (asks: boolean) => async (port: number) => {
  while (await visit(port, keys.publicKey, asks));
}

// Each test mostly waits for timers of the suite, so they wait together.
describe.concurrent('the suite for clients', () => {
  it('expects in each case what is recorded of c-toxcore and of tox-rs, and sees what the client does', async () => {
    const {end, results, unfit, left} = await suite(loyal(true))
    expect({end, unfit, left}).toEqual({end: 'done', unfit: [], left: []})
    const recorded = fromRelayRows.map(([name, before, , cToxcore, toxRs]) => ({name, before, cToxcore, toxRs}))
    const expected = results.map(({name, before, expected: each}) => ({
      name,
      before,
      cToxcore: each['c-toxcore'],
      toxRs: each['tox-rs'],
    }))
    expect(expected).toEqual(expect.arrayContaining(recorded))
    const dropped = results.filter(({outcome}) => outcome !== 'kept').map(({name, outcome}) => [name, outcome])
    expect(dropped).toEqual(
      [
        'frame of length 1',
        'frame of length 15',
        'frame of length 16 that does not open',
        'frame of length 30 that does not open',
        'frame of length 2049, its length alone',
        'frame of length 65535, its length alone',
        'frame with one bit of its MAC flipped',
        'pong with another id, then the right one, late',
        'pong with another id alone',
        'no pong',
        'late handshake',
        'frames sealed from another nonce than the handshake has',
        'handshake with one bit of its MAC flipped',
        'handshake of zeros',
        'handshake without its last byte',
        'no handshake',
      ].map(name => [name, 'dropped']),
    )
  })

  it('leaves out the cases that need a route request of a client that sends none', async () => {
    const {end, results, unfit, left} = await suite(loyal(false), {timeoutMilliseconds: 5000})
    expect(new Set(unfit.map(({before}) => before))).toEqual(new Set(['asked']))
    expect({end, left, cases: results.length + unfit.length}).toEqual({end: 'done', left: [], cases: 151})
  })

  it('ends when the client does not come back, with the cases that are left', async () => {
    const {end, results, left} = await suite(
      async port => {
        await visit(port, keys.publicKey, false)
        await visit(port, keys.publicKey, false)
      },
      {timeoutMilliseconds: 3000},
    )
    expect({end, tried: results.length, left: left.length}).toEqual({end: 'gone', tried: 2, left: 149})
  })

  it('leaves no listener on the signal that ends it', async () => {
    const stop = new AbortController()
    const {end} = await suite(async () => stop.abort(), {stop: stop.signal})
    expect([end, getEventListeners(stop.signal, 'abort')]).toEqual(['stopped', []])
  })

  it(`serves ${otherClients} other clients beside the one that it tests, and closes more`, async () => {
    const stop = new AbortController()
    const {results} = await suite(
      async port => {
        const greeted = async (secretKey: Uint8Array): Promise<[RelayConnection, unknown]> => {
          const context = {box, relay: {host: '127.0.0.1', port, publicKey: keys.publicKey}}
          const connected = await connect({...context, timeoutMilliseconds: milliseconds}, ['127.0.0.1'])
          if (connected.kind === 'failed') throw new Error(connected.detail)
          const client = new RelayConnection({...context, socket: connected.socket, keys: box.keyPair(secretKey)})
          return [client, await client.handshake(milliseconds)]
        }
        const [tested] = await greeted(secretKeyOf(1))
        const others: Awaited<ReturnType<typeof greeted>>[] = []
        while (others.length <= otherClients) others.push(await greeted(secretKeyOf(2 + others.length)))
        expect(others.map(([, outcome]) => outcome)).toEqual([...Array(otherClients).fill('open'), 'closed'])
        const first = others[0]![0]
        first.send(ping(5))
        expect(await first.receive(packet => isEqualBytes(packet, pong(5)), milliseconds)).toBeDefined()
        stop.abort()
        expect(await first.closes(milliseconds)).toBe(true)
        tested.close()
      },
      {stop: stop.signal},
    )
    // No case is run on the connections of others.
    expect(results.length).toBeLessThanOrEqual(1)
  })

  it('does not hold it against a client that it forgets a relay after a wrong handshake, as c-toxcore does', () => {
    const like = {like: 'c-toxcore', disagreements: []} as const
    const behaviour = {...like, tried: 140, counts: {'c-toxcore': 0, 'tox-rs': 5}}
    const result = {results: [], unfit: [], left: [], timeoutMilliseconds: 1000, behaviour}
    expect(isAsKnown({...result, end: 'forgotten'})).toBe(true)
    expect(isAsKnown({...result, end: 'gone'})).toBe(false)
    expect(isAsKnown({...result, end: 'forgotten', behaviour: {...behaviour, like: 'tox-rs'}})).toBe(false)
  })

  it('gives up after 20 connections whose handshake does not open', async () => {
    let connections = 0
    const {end, results} = await suite(async port => {
      while (connections < 20) {
        const socket = dial(port, '127.0.0.1')
        socket.on('error', () => {})
        socket.write(new Uint8Array(128))
        connections++
        await once(socket.resume(), 'close')
      }
    })
    expect({end, results, connections}).toEqual({end: 'vain', results: [], connections: 20})
  })
})

/** Run `toxtcp probe --client` until it listens. */
async function started(json: boolean, {onTestFinished}: TestContext) {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  let listening = () => {}
  const listens = new Promise<void>(done => {
    listening = done
  })
  const recorded: RecordedIo = new RecordedIo({
    written: () => /waits for a client/.test(recorded.stderr) && listening(),
  })
  const running = probe(
    {
      targets: [],
      count: 1,
      timeout: '5s',
      jobs: 1,
      rate: 1,
      suite: false,
      allowRemote: false,
      client: '0',
      json,
      stop: stop.signal,
    },
    recorded.io,
  )
  await listens
  const [, port] = /listening on 127\.0\.0\.1:(\d+) /.exec(recorded.stderr)!
  const [, key] = /public key of the relay: (\w{64})/.exec(recorded.stderr)!
  return {recorded, running, stop, port: Number(port), publicKey: new Uint8Array(Buffer.from(key!, 'hex'))}
}

describe.concurrent('probe --client', () => {
  it('prints what to paste into a client, then its disagreements and the verdict, and ends with status 1', async context => {
    const {recorded, running, port, publicKey} = await started(false, context)
    expect(recorded.stderr).toContain(`tox_add_tcp_relay(tox, "127.0.0.1", ${port}, `)
    while (await visit(port, publicKey, false));
    expect(await running).toBe(1)
    expect(recorded.stdout).toMatch(/^Case +Client +Expected +Rules/i)
    expect(recorded.stdout).toMatch(/^id 13 +kept +dropped +/m)
    const verdict = /\nthe client behaves most like c-toxcore: \d+ disagreements in 141 cases; (.*)\n$/
    expect(verdict.exec(recorded.stdout)?.[1]).toBe('10 not tried, since it asks for no route')
  })

  it('ends at a signal with what was found so far, as JSON too', async context => {
    const {recorded, running, stop, port, publicKey} = await started(true, context)
    await visit(port, publicKey, false)
    // It is served after the case of the first connection has its result.
    await visit(port, publicKey, false)
    stop.abort()
    expect(await running).toBe(1)
    const {end, agrees, cases, results, not_tried: left} = JSON.parse(recorded.stdout)
    expect({end, agrees, all: cases + left.length}).toEqual({end: 'stopped', agrees: false, all: 151})
    expect(results[0]).toMatchObject({name: 'id00 alone', before: 'free', outcome: 'kept'})
  })
})
