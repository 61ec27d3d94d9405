import {randomBytes} from 'node:crypto'
import {afterAll, describe, expect, test} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {FrameOpener} from '../../src/peer/framing.js'
import {Inspection} from '../../src/proxy/inspection.js'
import type {Observed} from '../../src/proxy/observed.js'
import {LiveProxy, type ProxyOptions} from '../../src/proxy/proxy.js'
import type {Setup} from './toxcore/messages.js'
import {missing} from './toxcore/present.js'
import {type Relay, startRelay} from './toxcore/relay.js'
import {RemoteClient} from './toxcore/remote.js'

const box = await loadSodium()
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const fileBytes = 1_000_000

interface Mode {
  readonly name: string
  readonly options: (relay: Relay) => Partial<ProxyOptions>
  /** How a client reaches the relay, given where the proxy listens. */
  readonly setup: (relay: Relay, proxy: {readonly host: string; readonly port: number}) => Setup
}

const upstream = (relay: Relay) => ({upstream: {host: relay.host, port: relay.port}})
const intercept = (relay: Relay) => ({
  intercept: {box, random, secrets: [{of: 'relay' as const, secretKey: new Uint8Array(Buffer.from(relay.secretKey, 'hex'))}]},
})
/** The relay's UDP side is met directly: only its TCP side is behind the proxy. */
const behind: Mode['setup'] = (relay, proxy) => ({
  nodes: [
    {...proxy, key: relay.publicKey, relay: true},
    {host: relay.host, port: relay.port, key: relay.publicKey, bootstrap: true},
  ],
})
const through =
  (type: 'socks5' | 'http'): Mode['setup'] =>
  (relay, proxy) => ({proxy: {type, ...proxy}, nodes: [{host: relay.host, port: relay.port, key: relay.publicKey, relay: true, bootstrap: true}]})

const modes: Mode[] = [
  {name: 'a tap', options: upstream, setup: behind},
  {name: 'an interceptor', options: relay => ({...upstream(relay), ...intercept(relay)}), setup: behind},
  {name: 'their SOCKS5 proxy, intercepting', options: intercept, setup: through('socks5')},
  {name: 'their HTTP proxy', options: () => ({}), setup: through('http')},
]

/** Two friends who talk, send a file, and meet again after one was away. */
const friendship = async (start: (secretKey: string) => Promise<RemoteClient>) => {
  const [aliceKey, bobKey] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const [alice, bob] = await Promise.all([start(aliceKey), start(bobKey)])
  alice.send({do: 'befriend', address: bob.address})
  expect(await bob.next('request')).toMatchObject({key: alice.publicKey})
  await Promise.all([alice, bob].map(client => client.next('friend', event => event.online)))
  alice.send({do: 'message', friend: 0, text: 'from alice'})
  bob.send({do: 'message', friend: 0, text: 'from bob'})
  expect(await bob.next('message')).toMatchObject({text: 'from alice'})
  expect(await alice.next('message')).toMatchObject({text: 'from bob'})
  alice.send({do: 'file', friend: 0, size: fileBytes})
  const {sha256} = await alice.next('offered')
  expect(await bob.next('file')).toMatchObject({size: fileBytes, sha256})
  await bob.quit()
  await alice.next('friend', event => !event.online)
  const again = await start(bobKey)
  again.send({do: 'befriend', address: alice.publicKey})
  await Promise.all([alice, again].map(client => client.next('friend', event => event.online)))
  again.send({do: 'message', friend: 0, text: 'back'})
  expect(await alice.next('message')).toMatchObject({text: 'back'})
}

/** Frames of every intercepted connection that the told sessions open, and bytes that they do not. */
const openedFrames = (events: readonly Observed[]): {frames: number; left: number} => {
  const total = {frames: 0, left: 0}
  for (const event of events) {
    if (event.kind !== 'intercept' || event.event.kind !== 'session') continue
    const {connection} = event
    const {sharedKey, clientBaseNonce, relayBaseNonce} = event.event.session
    for (const [end, nonce, handshake] of [
      [0, clientBaseNonce, 128],
      [1, relayBaseNonce, 96],
    ] as const) {
      const chunks = events.flatMap(each =>
        each.kind === 'chunk' && each.chunk.connection === connection && each.chunk.end === end && each.chunk.bytes ? [each.chunk.bytes] : [],
      )
      const stream = Buffer.concat(chunks)
      // A request to a SOCKS5 proxy and its answer stand before the handshakes: 3 and 10 bytes, 2 and 10.
      const prelude = stream[0] === 5 && stream[1] === (end === 0 ? 1 : 0) ? (end === 0 ? 13 : 12) : 0
      const opener = new FrameOpener(box, [sharedKey], nonce)
      for (const {kind, wire} of opener.receive(new Uint8Array(stream.subarray(prelude + handshake)))) {
        if (kind === 'frame') total.frames++
        else total.left += wire.length
      }
      total.left += opener.held.length
    }
  }
  return total
}

const reason = missing()

describe.skipIf(reason !== undefined)('two TCP-only clients and a relay', () => {
  const clients: RemoteClient[] = []
  const relays: Relay[] = []

  afterAll(async () => {
    await Promise.all(clients.map(client => client.quit()))
    await Promise.all(relays.map(relay => relay.stop()))
  })

  test.concurrent.each(modes)(
    'are friends through $name',
    async ({name, options, setup}) => {
      const relay = await startRelay()
      relays.push(relay)
      const events: Observed[] = []
      const errors: unknown[] = []
      const proxy = await LiveProxy.start({
        listen: [{host: '127.0.0.1', port: 0}],
        inspection: new Inspection<Observed>(
          event => events.push(event),
          error => errors.push(error),
        ),
        ...options(relay),
      })
      const here = {host: '127.0.0.1', port: proxy.bound[0]!.port}
      await friendship(async secretKey => {
        const client = await RemoteClient.start({...setup(relay, here), secretKey})
        clients.push(client)
        return client
      })
      await proxy.stop()
      expect(errors).toEqual([])
      const connected = events.filter(event => event.kind === 'connected')
      expect(connected.length).toBeGreaterThanOrEqual(3)
      expect(new Set(connected.map(event => event.relay.port))).toEqual(new Set([relay.port]))
      expect(events.filter(event => event.kind === 'intercept' && event.event.kind !== 'session')).toEqual([])
      const {frames, left} = openedFrames(events)
      const intercepting = name.includes('intercept')
      if (intercepting) expect(frames).toBeGreaterThan(1500)
      else expect(frames).toBe(0)
      expect(left).toBe(0)
      const sessions = events.filter(event => event.kind === 'intercept').length
      expect(sessions).toBe(intercepting ? connected.length : 0)
    },
    180_000,
  )
})
