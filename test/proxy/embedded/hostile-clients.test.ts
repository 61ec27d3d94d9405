import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {afterEach, expect, test} from 'vitest'
import type {RelayOptions} from '../../../src/peer/relay/relay.js'
import {cryptoData, data, filled, ping, route, routed} from '../../../src/probe/cases/packets.js'
import {EmbeddedRelay} from '../../../src/proxy/embedded/embedded-relay.js'
import {LiveProxy} from '../../../src/proxy/proxy.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {box, random, type Speaker, toxClient} from '../tox-ends.js'

const stops: (() => Promise<void>)[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const stop of stops.splice(0)) await stop()
})

/** A relay on a port of this machine, whose packets nobody looks at. */
async function start(options: Partial<RelayOptions> = {}) {
  const {publicKey, secretKey} = box.keyPair(random(32))
  const relay = new EmbeddedRelay({
    box,
    secretKey,
    model: 'c-toxcore',
    pingInterval: 30_000,
    pingTimeout: 10_000,
    handshakeTimeout: 10_000,
    maxUnconfirmed: 1000,
    maxPerAddress: () => 1000,
    provocations: new Set(),
    ...options,
  })
  const proxy = await LiveProxy.start({
    listen: [{host: '127.0.0.1', port: 0}],
    inspection: {push: () => true, idle: () => Promise.resolve()},
    embedded: {relay, servesAll: true},
  })
  stops.push(async () => {
    await proxy.stop()
    relay.stop()
  })
  const {port} = proxy.bound[0]!
  const join = async () => {
    const client = await toxClient(port, publicKey)
    sockets.push(client.socket)
    return client
  }
  const raw = async () => {
    const socket = connect({port, host: '127.0.0.1'}).on('error', () => {})
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }
  return {relay, join, raw}
}

/** Two clients that have asked for each other. */
async function linked(join: () => Promise<Speaker>) {
  const [alice, bob] = [await join(), await join()]
  alice.say(route(bob.publicKey!))
  await alice.packets(1)
  bob.say(route(alice.publicKey!))
  await Promise.all([alice.packets(2), bob.packets(2)])
  return {alice, bob}
}

/** Both can reach each other. */
async function exchange({alice, bob}: {readonly alice: Speaker; readonly bob: Speaker}) {
  const [ofAlice, ofBob] = [alice.heard.length, bob.heard.length]
  alice.say(data(16, cryptoData()))
  bob.say(data(16, cryptoData()))
  await Promise.all([alice.packets(ofAlice + 1), bob.packets(ofBob + 1)])
}

test('garbage ends only the connection that it comes on', async () => {
  const {relay, join, raw} = await start()
  const pair = await linked(join)
  const noise = await Promise.all(Array.from({length: 40}, () => raw()))
  const closed = noise.map(socket => once(socket.resume(), 'end'))
  for (const socket of noise) socket.write(random(128 + 3000))
  await Promise.all(closed)
  await exchange(pair)
  expect(Object.fromEntries(relay.counts.closed)).toEqual({'client-handshake-box': 40})
  expect(relay.counts).toMatchObject({open: 2, confirmed: 2})
})

test('a flood of half-open connections ends the oldest of them, and no client that has sent a packet', async () => {
  const {relay, join, raw} = await start({maxUnconfirmed: 20})
  const pair = await linked(join)
  const flood: Promise<unknown>[] = []
  for (let i = 0; i < 100; i++) {
    const socket = await raw()
    socket.write(random(1 + (i % 127)))
    flood.push(once(socket.resume(), 'end'))
  }
  await Promise.all(flood.slice(0, 80))
  await exchange(pair)
  const late = await join()
  late.say(ping(1))
  await late.packets(1)
  expect(relay.counts.closed.get('unconfirmed_limit')).toBe(81)
})

test('a connection whose handshake stops is closed in time', async () => {
  const {relay, join, raw} = await start({handshakeTimeout: 100})
  const pair = await linked(join)
  const stuck = await raw()
  stuck.write(random(127))
  await once(stuck.resume(), 'end')
  await exchange(pair)
  expect(relay.counts.closed.get('handshake_timeout')).toBe(1)
})

test('a flood of route requests is answered in order, beyond 240 keys with a refusal', async () => {
  const {join} = await start()
  const pair = await linked(join)
  const greedy = await join()
  const keys = Array.from({length: 3000}, (_, seed) => filled(32, 50, seed))
  greedy.say(...keys.map(route))
  await exchange(pair)
  await greedy.packets(keys.length)
  expect(greedy.heard).toEqual(keys.map((key, i) => toHex(routed(i < 240 ? 16 + i : 0, key))))
})

test('data for a client that does not read is dropped, others are served, and it gets what it needs', async () => {
  const {relay, join} = await start()
  const pair = await linked(join)
  const {alice, bob} = await linked(join)
  bob.socket.pause()
  const packet = data(16, cryptoData(1400))
  for (let sent = 0; relay.counts.dropped === 0; sent += 100) {
    expect(sent).toBeLessThan(40_000)
    alice.say(...Array.from({length: 100}, () => packet))
    alice.say(ping(sent + 1))
    await alice.packets(2 + sent / 100 + 1)
  }
  await exchange(pair)
  alice.say(Uint8Array.of(3, 16))
  alice.say(ping(99))
  await alice.packets(alice.heard.length + 1)
  bob.socket.resume()
  const {relayed} = relay.counts
  // Two of the first pair's exchange; then bob's: route answer, notification, data, notification.
  await bob.packets(2 + relayed - 2 + 1)
  expect(bob.heard.at(-1)).toBe('0310')
})
