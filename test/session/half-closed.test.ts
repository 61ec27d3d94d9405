import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {limits} from '../../src/protocol/limits.js'
import {Session} from '../../src/session/session.js'
import {World} from '../../src/session/world.js'
import type {End} from '../../src/wire/chunk.js'
import {amount} from '../amount.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
}

test('nothing is kept of connections that the client alone has closed, once a capture gives them up', async () => {
  const keyring = new Keyring(await loadSodium())
  const session = new Session(keyring, () => {}, {world: new World(keyring)})
  let connection = 0
  const half = (): void => {
    const feed = (end: End, what: {bytes: Uint8Array} | {close: 'fin'}) =>
      session.feed({connection, end, time: null, ...what})
    session.open(connection, {clientEnd: 0, ends: {client: null, relay: null}}, null)
    const bytes = new Uint8Array(128)
    new DataView(bytes.buffer).setUint32(0, connection)
    feed(0, {bytes})
    feed(1, {bytes: bytes.subarray(0, 96)})
    feed(0, {close: 'fin'})
    session.end(connection++)
  }
  const count = amount(20_000, 5000)
  // Client keys and handshakes are remembered up to this bound.
  while (connection < limits.onlineKeys + 1000) half()
  const before = heapBytes()
  for (let done = 0; done < count; done++) half()
  expect((heapBytes() - before) / count).toBeLessThan(40)
})
