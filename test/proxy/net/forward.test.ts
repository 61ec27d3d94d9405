import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {Forward} from '../../../src/proxy/net/forward.js'
import type {ForwardOptions} from '../../../src/proxy/net/forward-options.js'
import {noBytes} from '../../../src/wire/chunk.js'
import type {Sender} from '../../../src/wire/side.js'
import {Far, Received} from '../scene.js'

let far: Far
const open: Socket[] = []

beforeEach(async () => {
  far = await Far.start()
})
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
  far.server.close()
})

/** Both ends of a connection: the proxy's, as a listener gives it, and the peer's. */
const leg = async (): Promise<{own: Socket; peer: Socket}> => {
  const own = connect({port: far.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true})
  const [peer] = await Promise.all([far.next(), once(own, 'connect')])
  open.push(own, peer)
  return {own, peer}
}

const begin = async (options: Partial<ForwardOptions> = {}) => {
  const [client, relay] = [await leg(), await leg()]
  const watch = {bytes: () => {}, ending: () => {}, ended: () => {}}
  const forward = new Forward({
    client: client.own,
    relay: relay.own,
    requested: noBytes,
    early: noBytes,
    watch,
    idleSeconds: 0,
    ...options,
  })
  return {forward, client, relay}
}

test('a side that ends its stream and breaks in the same turn: both are closed all the same', async () => {
  const {forward, client, relay} = await begin()
  const atClient = new Received(client.peer)
  // As a write to it fails, while its end has not left towards the client yet.
  relay.own.once('end', () => relay.own.destroy(new Error('broken')))
  relay.peer.end('bye')
  expect(await forward.done).toMatchObject({cause: 'relay_fin', bytes: {relay: 3}})
  await atClient.end()
  expect(atClient.bytes.toString()).toBe('bye')
})

test('the idle time also ends what one side never takes, when the other has long gone', async () => {
  const {forward, client, relay} = await begin({idleSeconds: 0.2})
  relay.peer.pause()
  // Until the system takes no more, and a little waits in the proxy: not so much that the client is not read any more.
  while (relay.own.writableLength === 0) {
    client.peer.write(Buffer.alloc(10_000))
    await once(client.own, 'data')
  }
  client.peer.end()
  relay.peer.end()
  await forward.done
})

test('bytes are taken once the system has them, and not while they wait in the proxy', async () => {
  const seen: [isTaken: boolean, isWaiting: boolean][] = []
  const watch = {
    bytes: (_from: Sender, _bytes: Uint8Array, isTaken: boolean) => seen.push([isTaken, relay.own.writableLength > 0]),
    ending: () => {},
    ended: () => {},
  }
  const {client, relay} = await begin({watch})
  relay.peer.pause()
  while (relay.own.writableLength === 0) {
    client.peer.write(Buffer.alloc(10_000))
    await once(client.own, 'data')
  }
  expect(new Set(seen.map(String))).toEqual(new Set(['true,false', 'false,true']))
})
