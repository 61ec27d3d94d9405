import {once} from 'node:events'
import {connect} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {RelayEnd} from '../../src/peer/relay-end.js'
import {ClientQueue} from '../../src/probe/client/client-queue.js'
import {bannerBytes, bannerCharacters, mostPings, waitingClients, waitingPackets} from '../../src/probe/limits.js'
import {PeerSocket} from '../../src/probe/net/peer-socket.js'
import {RelayConnection} from '../../src/probe/relay-connection.js'
import {serviceOf} from '../../src/probe/service.js'
import {Listeners} from '../../src/proxy/net/listener.js'
import {toxtcpHere} from '../commands/program.js'
import {keysOf} from '../playbooks/keys.js'
import {faultOf, probed, serve} from '../probe/services.js'

const box = await loadSodium()

test('over mostPings pings are refused', async () => {
  const {status, stderr} = await toxtcpHere(['probe', '-c', String(mostPings + 1), '127.0.0.1:1', 'ab'.repeat(32)])
  expect([status, stderr]).toEqual([2, expect.stringContaining(String(mostPings))])
})

test('of the first line of a service, bannerCharacters are shown', () => {
  const bannerOf = (length: number) => serviceOf(Buffer.from(`${'x'.repeat(length)}\r\n`)).banner
  expect(bannerOf(bannerCharacters)).toBe('x'.repeat(bannerCharacters))
  expect(bannerOf(bannerCharacters + 1)).toBe('x'.repeat(bannerCharacters))
})

test('of an answer that is not a handshake, bannerBytes are kept', async () => {
  const port = await serve(socket => socket.write('y'.repeat(4 * bannerBytes)))
  expect(faultOf(await probed(port))[2]).toContain(`it answers with ${bannerBytes} bytes that begin "yyy`)
})

describe('packets and clients that wait', () => {
  test('a relay that sends over waitingPackets packets that nobody takes has its connection closed', async () => {
    const keys = keysOf(0)
    const frames = (relay: RelayEnd, count: number) =>
      Buffer.concat(Array.from({length: count}, () => relay.seal(Uint8Array.of(16, 1))))
    const opened = async (count: number) => {
      const port = await serve(socket => {
        const relay = RelayEnd.withSecret(box, keys.relay.secretKey, box.keyPair(new Uint8Array(32).fill(7)))
        socket.once('data', bytes => {
          relay.receive(new Uint8Array(bytes))
          const answer = relay.answer(new Uint8Array(24).fill(1), new Uint8Array(24).fill(2))
          socket.write(Buffer.concat([answer, frames(relay, count)]))
        })
      })
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      const relay = {host: '127.0.0.1', port, publicKey: keys.relay.publicKey}
      const connection = new RelayConnection({box, relay, socket: new PeerSocket(socket)})
      onTestFinished(() => connection.close())
      await connection.handshake(10_000)
      await connection.receive(() => false, 200)
      return connection
    }
    expect((await opened(waitingPackets + 1)).isOver).toBe(true)
    const all = await opened(waitingPackets)
    expect([all.isOver, all.takeAll().length]).toEqual([false, waitingPackets])
  })

  test('over waitingClients connections whose handshake has not come, one is closed at once', async () => {
    const listeners = await Listeners.bind([{host: '127.0.0.1', port: 0}])
    const stop = new AbortController()
    const queue = new ClientQueue(listeners, {
      ...{box, keys: keysOf(0).relay, timeoutMilliseconds: 60_000, stop: stop.signal},
    })
    onTestFinished(() => queue.close())
    const open = async () => {
      const client = connect(listeners.bound[0]!.port, '127.0.0.1').on('error', () => {})
      onTestFinished(() => void client.destroy())
      await once(client, 'connect')
      return client
    }
    const first = []
    for (let n = 0; n < waitingClients; n++) first.push(await open())
    await once(await open(), 'close')
    expect(first.every(({destroyed}) => !destroyed)).toBe(true)
  })
})
