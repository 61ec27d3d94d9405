import {queryObjects} from 'node:v8'
import {expect, test} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import {LiveConnection} from '../../../src/proxy/inspection/live-connection.js'
import {LiveSession} from '../../../src/proxy/inspection/live-session.js'
import type {ProxyEvent} from '../../../src/proxy/inspection/proxy-event.js'
import {Intercept} from '../../../src/proxy/intercept/intercept.js'
import {ToxConnection} from '../../../src/session/connection/tox-connection.js'
import {box, ping, random} from '../tox-ends.js'

const connectionCount = 500
const time = {micros: 1_795_399_252_000_000, nanos: 0}
const relayKeys = box.keyPair(random(32))
const clientKeys = box.keyPair(random(32))
const handshakeKey = box.sharedKey(relayKeys.publicKey, clientKeys.secretKey)

/** One client that shakes hands with the relay through the interceptor, pings and leaves; all of it is inspected. */
function interceptedConnection(connection: number, observe: (event: ProxyEvent) => void): void {
  const intercept = new Intercept({
    box,
    random,
    secrets: [{of: 'relay', secretKey: relayKeys.secretKey}],
    report: event => observe({kind: 'intercept', connection, time, event}),
  })
  const client = new ClientEnd(box, clientKeys.publicKey, box.keyPair(random(32)), handshakeKey)
  const relay = new RelayEnd(box, box.keyPair(random(32)), () => [handshakeKey])
  const chunk = (end: 0 | 1, bytes: Uint8Array) => observe({kind: 'chunk', chunk: {connection, end, time, bytes}})
  const fromClient = (bytes: Uint8Array) => {
    const {relay: onward} = intercept.received('client', bytes)
    chunk(0, bytes)
    relay.receive(onward)
  }
  const address = {ip: '127.0.0.1', port: 1024 + (connection % 60_000)}
  observe({kind: 'opened', connection, time, client: address, listener: {ip: '127.0.0.1', port: 1}})
  const destination = {host: 'relay.example', port: 33_445}
  observe({kind: 'connected', connection, time, relay: {ip: '127.0.0.1', port: 33_445}, destination, via: 'upstream'})
  fromClient(client.hello(random(24), random(24)))
  const {client: answer} = intercept.received('relay', relay.answer(random(24), random(24)))
  chunk(1, answer)
  client.receive(answer)
  fromClient(client.seal(ping(1)))
  observe({kind: 'closed', connection, time, cause: 'client_fin', bytes: {client: 0, relay: 0}})
}

test('intercepted connections that are over keep no memory', () => {
  const keyring = new Keyring(box)
  let frames = 0
  const session = new LiveSession({
    keyring,
    isTox: true,
    emit: ({kind, state}) => {
      if (kind === 'frame' && state === 'open') frames++
    },
    note: () => {},
  })
  const observe = (event: ProxyEvent) => session.observe(event)
  const run = (from: number, count: number) => {
    for (let i = from; i < from + count; i++) interceptedConnection(i, observe)
  }
  run(0, 100)
  const kinds = [LiveConnection, ToxConnection, Uint8Array]
  const counts = () => kinds.map(kind => queryObjects(kind, {format: 'count'}))
  const before = counts()
  run(100, connectionCount)
  expect(session.counts).toMatchObject({
    connections: 100 + connectionCount,
    intercepted: 100 + connectionCount,
    open: 0,
  })
  expect(frames).toBe(100 + connectionCount)
  expect([keyring.size, keyring.items.length]).toEqual([0, 0])
  const [live, tox, arrays] = counts().map((count, at) => count - before[at]!)
  expect([live, tox]).toEqual([0, 0])
  expect(arrays).toBeLessThan(connectionCount / 10)
})
