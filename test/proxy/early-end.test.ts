import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {Worker} from 'node:worker_threads'
import {afterEach, describe, expect, test} from 'vitest'
import {Far, Received, Scene} from './scene.js'

const loopback = '127.0.0.1'
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

const begin = async (...options: Parameters<typeof Scene.start>): Promise<Scene> => {
  const scene = await Scene.start(...options)
  cleanUp.push(() => scene.proxy.stop())
  return scene
}
const relay = async (): Promise<Far> => {
  const far = await Far.start()
  cleanUp.push(() => far.server.close())
  return far
}
const client = async (scene: Scene): Promise<Socket> => {
  const socket = await scene.client()
  cleanUp.push(() => socket.destroy())
  return socket
}
const connectRequest = (port: number) => `CONNECT ${loopback}:${port} HTTP/1.1\r\n\r\n`

/** A port at which connecting neither succeeds nor fails: its owner never accepts, and its queue is full. */
async function silentPort(): Promise<number> {
  const worker = new Worker(
    `const {parentPort} = require('node:worker_threads')
    const server = require('node:net').createServer().listen({port: 0, host: '${loopback}', backlog: 1}, () => {
      parentPort.postMessage(server.address().port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`,
    {eval: true},
  )
  cleanUp.push(() => worker.terminate())
  const [port] = await once(worker, 'message')
  for (let i = 0; i < 2; i++) {
    const filler = connect(port, loopback)
    cleanUp.push(() => filler.destroy())
    await once(filler, 'connect')
  }
  return port
}

describe('a client that leaves early gives its slot back at once', () => {
  test('after its request, in the same segment', async () => {
    const far = await relay()
    const scene = await begin({handshakeSeconds: 0, idleSeconds: 0})
    for (let i = 0; i < 20; i++) {
      const socket = connect(scene.port, loopback)
      cleanUp.push(() => socket.destroy())
      socket.on('error', () => {})
      socket.end(connectRequest(far.port))
    }
    const closed = await scene.witness.until('closed', 20)
    expect(new Set(closed.map(({cause}) => cause))).toEqual(new Set(['client_fin']))
    expect(scene.proxy.counts).toMatchObject({open: 0, accepted: 20})
  })

  test.each(['fin', 'rst'] as const)('while its relay is being dialled (%s)', async how => {
    const port = await silentPort()
    for (const upstream of [undefined, {host: loopback, port}]) {
      const scene = await begin({handshakeSeconds: 0, idleSeconds: 0, ...(upstream && {upstream})})
      const socket = await client(scene)
      if (!upstream) {
        socket.write(connectRequest(port))
        await scene.witness.until('chunk')
      } else await scene.witness.until('opened')
      if (how === 'fin') socket.end()
      else socket.resetAndDestroy()
      const [closed] = await scene.witness.until('closed')
      expect(closed).toMatchObject({cause: `client_${how}`, bytes: {client: 0, relay: 0}})
      expect(scene.proxy.counts.open).toBe(0)
      expect(scene.witness.closes(0)).toEqual(how === 'fin' ? ['0 fin', '1 fin'] : ['0 rst', '1 rst'])
    }
  })
})

describe('a client that sent bytes, and ends its stream while its relay is being dialled', () => {
  const leaving = async (scene: Scene, port: number) => {
    const socket = await client(scene)
    socket.end(`${connectRequest(port)}last words`)
  }

  test('makes room for the next client at once', async () => {
    const port = await silentPort()
    const far = await relay()
    const scene = await begin({handshakeSeconds: 0, idleSeconds: 0, maxConnections: 2})
    await leaving(scene, port)
    await leaving(scene, port)
    await scene.witness.until('chunk', 2)
    for (let i = 0; i < 2; i++) {
      const next = new Received(await client(scene))
      next.socket.write(connectRequest(far.port))
      await next.count(39)
      expect(next.bytes.toString()).toBe('HTTP/1.1 200 Connection established\r\n\r\n')
    }
    expect(scene.proxy.counts).toMatchObject({open: 2, turnedAway: 0})
    await scene.witness.until('closed', 2)
  })

  test('is closed after a moment if the relay is not reached, without any time limit', async () => {
    const port = await silentPort()
    const scene = await begin({handshakeSeconds: 0, idleSeconds: 0})
    await leaving(scene, port)
    const [closed] = await scene.witness.until('closed')
    expect(closed).toMatchObject({cause: 'client_fin'})
    expect(scene.proxy.counts.open).toBe(0)
  })
})

test('a client that ends its stream within its request is closed at once', async () => {
  const scene = await begin({handshakeSeconds: 0, idleSeconds: 0})
  const socket = new Received(await client(scene))
  socket.socket.end('CONNECT 127.0.0.1')
  await socket.end()
  expect(await scene.witness.until('closed')).toMatchObject([{cause: 'client_fin'}])
})

test('what a client sent before it ended its stream is passed on, and its end after it', async () => {
  const far = await relay()
  const scene = await begin({upstream: {host: loopback, port: far.port}})
  const socket = connect({port: scene.port, host: loopback, allowHalfOpen: true})
  cleanUp.push(() => socket.destroy())
  socket.end('last words')
  const accepted = await far.next()
  cleanUp.push(() => accepted.destroy())
  const received = new Received(accepted)
  await received.end()
  expect(received.bytes.toString()).toBe('last words')
  accepted.end('answer')
  const answer = new Received(socket)
  await answer.end()
  expect(answer.bytes.toString()).toBe('answer')
  const [closed] = await scene.witness.until('closed')
  expect(closed).toMatchObject({cause: 'client_fin', bytes: {client: 10, relay: 6}})
  expect(scene.witness.stream(0, 0).toString()).toBe('last words')
})
