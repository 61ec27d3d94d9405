import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {afterEach, expect, test} from 'vitest'
import {UdpPort} from '../../../src/proxy/embedded/udp-port.js'

const closes: (() => void)[] = []
afterEach(() => {
  for (const close of closes.splice(0)) close()
})

async function bind(allowsRemote: boolean): Promise<UdpPort> {
  const port = await UdpPort.bind({host: '127.0.0.1', port: 0}, allowsRemote)
  closes.push(() => port.close())
  return port
}

/** A node of this machine that sends back what it receives. */
async function echo(): Promise<number> {
  const socket = createSocket('udp4').on('message', (bytes, {port, address}) => socket.send(bytes, port, address))
  closes.push(() => socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket.address().port
}

test('a relay sends datagrams to this machine alone, and counts those for others', async () => {
  const port = await bind(false)
  const heard: number[] = []
  const answer = new Promise<void>(done =>
    port.receive(bytes => {
      heard.push(...bytes)
      if (heard.length === 2) done()
    }),
  )
  for (const ip of ['192.0.2.1', '10.0.0.1', '2001:db8::1', '0.0.0.0']) port.send({ip, port: 33_445}, Uint8Array.of(9))
  const node = await echo()
  port.send({ip: '127.0.0.1', port: node}, Uint8Array.of(1))
  port.send({ip: '::ffff:127.0.0.1', port: node}, Uint8Array.of(2))
  await answer
  expect(heard.toSorted()).toEqual([1, 2])
  expect({refused: port.refused, failed: port.failed}).toEqual({refused: 4, failed: 0})
})

test.runIf(process.platform === 'linux')('a port that cannot be bound leaves no socket open', async () => {
  const taken = await echo()
  const before = readdirSync('/proc/self/fd').length
  await expect(UdpPort.bind({host: '127.0.0.1', port: taken}, false)).rejects.toThrow('cannot bind the UDP port')
  // Closed in the next turn of the event loop.
  await new Promise(setImmediate)
  expect(readdirSync('/proc/self/fd')).toHaveLength(before)
})

test('a datagram to port 0 or of another address family is counted, and ends nothing', async () => {
  const port = await bind(true)
  port.send({ip: '127.0.0.1', port: 0}, Uint8Array.of(1))
  port.send({ip: '2001:db8::1', port: 9}, Uint8Array.of(1))
  expect({refused: port.refused, failed: port.failed}).toEqual({refused: 0, failed: 2})
})

test('an address that cannot be bound is a mistake with a hint', async () => {
  const {port} = (await bind(false)).bound
  await expect(UdpPort.bind({host: '127.0.0.1', port}, false)).rejects.toMatchObject({code: 'cannot-listen'})
})
