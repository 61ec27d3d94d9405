import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {describe, expect, test} from 'vitest'
import {Inspection} from '../../src/proxy/inspection/inspection.js'
import type {ProxyOptions} from '../../src/proxy/proxy.js'
import {RelayScene} from './relay-scene.js'
import {Far, Received} from './scene.js'

const at = RelayScene.forEachTest()
const start = (options: Partial<ProxyOptions> = {}) =>
  at.start({upstream: {host: '127.0.0.1', port: at.far.port}, ...options})
/** Both ends of a new connection through the proxy. */
const pair = async () => {
  const client = await at.client()
  const relay = await at.far.next()
  at.open.add(relay)
  return {client, relay}
}

describe('a tap', () => {
  test('passes bytes both ways and tells them with who sent them', async () => {
    await start()
    const {client, relay} = await pair()
    const port = client.localPort
    const [atRelay, atClient] = [new Received(relay), new Received(client)]
    const [up, down] = [randomBytes(300_000), randomBytes(200_000)]
    client.end(up)
    await atRelay.end()
    relay.end(down)
    await atClient.end()
    expect(atRelay.bytes.equals(up)).toBe(true)
    expect(atClient.bytes.equals(down)).toBe(true)
    const [closed] = await at.scene.witness.until('closed')
    expect(closed).toMatchObject({connection: 0, cause: 'client_fin', bytes: {client: 300_000, relay: 200_000}})
    expect(at.scene.witness.stream(0, 0).equals(up)).toBe(true)
    expect(at.scene.witness.stream(0, 1).equals(down)).toBe(true)
    expect(at.scene.witness.closes(0)).toEqual(['0 fin', '1 fin'])
    expect(at.scene.witness.of('opened')).toMatchObject([
      {connection: 0, client: {ip: '127.0.0.1', port}, listener: {port: at.scene.port}},
    ])
    expect(at.scene.witness.of('connected')).toMatchObject([
      {via: 'upstream', relay: {ip: '127.0.0.1', port: at.far.port}},
    ])
    const times = at.scene.witness.of('chunk').map(({chunk}) => chunk.time!.micros)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('keeps a half-closed connection open in the other direction', async () => {
    await start()
    const {client, relay} = await pair()
    const [atRelay, atClient] = [new Received(relay), new Received(client)]
    relay.end('bye')
    await atClient.end()
    client.write('still here')
    await atRelay.count(10)
    expect(at.scene.proxy.counts.open).toBe(1)
    client.end()
    await atRelay.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'relay_fin', bytes: {client: 10, relay: 3}}])
  })

  test.each(['client', 'relay'] as const)('passes on a reset by the %s', async side => {
    await start()
    const ends = await pair()
    const other = new Received(side === 'client' ? ends.relay : ends.client)
    const here = new Received(ends[side])
    other.socket.write('x')
    await here.count(1)
    ends[side].resetAndDestroy()
    await other.reset()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: `${side}_rst`}])
    expect(at.scene.witness.closes(0)).toContain(side === 'client' ? '0 rst' : '1 rst')
  })

  test('a receiver that does not read stops its own sender, and nobody else', async () => {
    await start()
    const slow = await pair()
    slow.relay.pause()
    const flood = Buffer.alloc(1 << 20, 7)
    let sent = 0
    // Until the whole way is full: then a write is not taken any more, while another connection goes on.
    const pump = () => {
      while (sent < 64 && slow.client.write(flood)) sent++
    }
    slow.client.on('drain', pump)
    pump()
    const fast = await pair()
    const atRelay = new Received(fast.relay)
    const payload = randomBytes(4 << 20)
    fast.client.write(payload)
    await atRelay.count(payload.length)
    expect(atRelay.bytes.equals(payload)).toBe(true)
    expect(sent).toBeLessThan(64)
    const held = at.scene.witness.stream(0, 0).length
    expect(held).toBeLessThan(32 << 20)
    const drained = new Received(slow.relay)
    slow.relay.resume()
    await drained.count(64 << 20)
  })

  test('keeps bytes in order that come one at a time', async () => {
    await start()
    const {client, relay} = await pair()
    const atRelay = new Received(relay)
    const bytes = randomBytes(600)
    for (const byte of bytes) await new Promise<void>(done => client.write(Uint8Array.of(byte), () => done()))
    await atRelay.count(600)
    expect(atRelay.bytes.equals(bytes)).toBe(true)
  })

  test('carries 200 connections at once, each with its own bytes', async () => {
    await start()
    at.far.server.on('connection', (socket: Socket) => socket.pipe(socket))
    const size = 50_000
    const all = await Promise.all(
      Array.from({length: 200}, async () => {
        const client = await at.scene.client()
        at.open.add(client)
        const back = new Received(client)
        const bytes = randomBytes(size)
        client.end(bytes)
        await back.end()
        return {
          sent: createHash('sha256').update(bytes).digest('hex'),
          received: createHash('sha256').update(back.bytes).digest('hex'),
        }
      }),
    )
    for (const {sent, received} of all) expect(received).toBe(sent)
    const closed = await at.scene.witness.until('closed', 200)
    for (const {bytes} of closed) expect(bytes).toEqual({client: size, relay: size})
    const streams = new Set(
      closed.map(({connection}) => createHash('sha256').update(at.scene.witness.stream(connection, 0)).digest('hex')),
    )
    expect(streams).toEqual(new Set(all.map(({sent}) => sent)))
    expect(at.scene.proxy.counts).toEqual({open: 0, accepted: 200, turnedAway: 0})
  })

  test('is not disturbed by an observer that throws', async () => {
    const errors: unknown[] = []
    await start({
      inspection: new Inspection(
        () => {
          throw new Error('a bug')
        },
        error => errors.push(error),
      ),
    })
    const {client, relay} = await pair()
    const atRelay = new Received(relay)
    client.end('through')
    await atRelay.end()
    expect(atRelay.bytes.toString()).toBe('through')
    relay.end()
    await at.scene.proxy.stop()
    expect(errors).toEqual([new Error('a bug')])
  })
})

describe('a connection ends', () => {
  test('with a reset if the relay refuses', async () => {
    const gone = await Far.start()
    gone.server.close()
    await once(gone.server, 'close')
    await start({upstream: {host: '127.0.0.1', port: gone.port}})
    const client = new Received(connect(at.scene.port, '127.0.0.1'))
    await client.reset()
    const [closed] = await at.scene.witness.until('closed')
    expect(closed).toMatchObject({cause: 'dial_refused'})
    expect(closed!.detail).toContain(`127.0.0.1:${gone.port}`)
  })

  test('with a name that does not resolve', async () => {
    await start({upstream: {host: 'relay.invalid', port: 1}})
    const client = new Received(connect(at.scene.port, '127.0.0.1'))
    await client.reset()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'dial_name_not_found'}])
  })

  test('after a time without bytes', async () => {
    await start({idleSeconds: 0.05})
    const {client, relay} = await pair()
    const [atRelay, atClient] = [new Received(relay), new Received(client)]
    await Promise.all([atRelay.end(), atClient.end()])
    client.end()
    relay.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'idle'}])
    expect(at.scene.witness.closes(0)).toEqual(['1 fin', '0 rst'])
  })

  test('when the proxy stops, after what was on its way', async () => {
    await start()
    const {client, relay} = await pair()
    const [atRelay, atClient] = [new Received(relay), new Received(client)]
    client.write('last words')
    await atRelay.count(10)
    const stopped = at.scene.proxy.stop()
    await Promise.all([atRelay.end(), atClient.end()])
    await stopped
    expect(at.scene.witness.of('closed')).toMatchObject([{cause: 'stopped', bytes: {client: 10}}])
  })

  test.each([
    {splitBytes: 7},
    // What a line still holds then takes longer than peers get when the proxy ends for other reasons.
    {bytesPerSecond: 400},
    {latencyMilliseconds: 1100},
  ])('after a number of bytes, exactly; with %j', async line => {
    await start({impairments: {seed: 1, closeAfterBytes: 1000, ...line}})
    const {client, relay} = await pair()
    const [atRelay, atClient] = [new Received(relay), new Received(client)]
    relay.write(Buffer.alloc(400, 1))
    await atClient.count(400)
    client.write(Buffer.alloc(5000, 2))
    await Promise.all([atRelay.end(), atClient.end()])
    expect([atClient.length, atRelay.length]).toEqual([400, 600])
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'close_after'}])
  })

  test('after a number of bytes, even if a side breaks that has not got all of them', async () => {
    await start({impairments: {seed: 1, closeAfterBytes: 1000, bytesPerSecond: 400}, idleSeconds: 0})
    const {client, relay} = await pair()
    const atRelay = new Received(relay)
    client.write(Buffer.alloc(1000))
    await atRelay.count(1)
    relay.resetAndDestroy()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'close_after'}])
  })
})

test('one-byte segments and a latency change no byte', async () => {
  await start({impairments: {seed: 1, splitBytes: 1, latencyMilliseconds: 5, jitterMilliseconds: 5}})
  const {client, relay} = await pair()
  const [atRelay, atClient] = [new Received(relay), new Received(client)]
  const bytes = randomBytes(5000)
  client.end(bytes)
  relay.end(bytes)
  await Promise.all([atRelay.end(), atClient.end()])
  expect(atRelay.bytes.equals(bytes)).toBe(true)
  expect(atClient.bytes.equals(bytes)).toBe(true)
  await at.scene.witness.until('closed')
  expect(at.scene.witness.stream(0, 1).equals(bytes)).toBe(true)
})

test('connections over the limit are reset and told, and room is made when one ends', async () => {
  await start({maxConnections: 1})
  const first = await pair()
  const second = new Received(connect(at.scene.port, '127.0.0.1'))
  await second.reset()
  expect(await at.scene.witness.until('turned_away')).toMatchObject([{client: {ip: '127.0.0.1'}}])
  first.client.end()
  first.relay.resume().end()
  await at.scene.witness.until('closed')
  const third = await pair()
  const atRelay = new Received(third.relay)
  third.client.write('in')
  await atRelay.count(2)
  expect(at.scene.proxy.counts).toEqual({open: 1, accepted: 2, turnedAway: 1})
})
