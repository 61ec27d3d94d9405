import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {describe, expect, test} from 'vitest'
import type {ProxyOptions} from '../../../src/proxy/proxy.js'
import {cut} from '../../peer/cut.js'
import {RelayScene} from '../relay-scene.js'
import {Far, Received, Scene} from '../scene.js'

const at = RelayScene.forEachTest()
const start = (options: Partial<ProxyOptions> = {}) => at.start(options)
const client = async () => new Received(await at.client())
const portBytes = (port: number) => [port >> 8, port & 0xff]
const localhost4 = (port: number) => Uint8Array.of(5, 1, 0, 1, 127, 0, 0, 1, ...portBytes(port))

describe('a SOCKS5 client', () => {
  test('is connected, and what it says before and after is passed on and told', async () => {
    await start()
    const socks = await client()
    socks.socket.write(Uint8Array.of(5, 1, 0))
    await socks.count(2)
    const handshake = randomBytes(128)
    socks.socket.write(Buffer.concat([localhost4(at.far.port), handshake]))
    const relay = await at.far.next()
    at.open.add(relay)
    const atRelay = new Received(relay)
    await socks.count(12)
    expect([...socks.bytes.subarray(0, 10)]).toEqual([5, 0, 5, 0, 0, 1, 127, 0, 0, 1])
    expect(socks.bytes.readUInt16BE(10)).toBe(relay.remotePort)
    await atRelay.count(128)
    expect(atRelay.bytes.equals(handshake)).toBe(true)
    relay.end('answer')
    await socks.end()
    expect(socks.bytes.toString('latin1', 12)).toBe('answer')
    socks.socket.end()
    const [closed] = await at.scene.witness.until('closed')
    expect(closed).toMatchObject({cause: 'relay_fin', bytes: {client: 128, relay: 6}})
    expect(at.scene.witness.of('connected')).toMatchObject([
      {via: 'socks5', relay: {ip: '127.0.0.1', port: at.far.port}, destination: {host: '127.0.0.1', port: at.far.port}},
    ])
    expect(at.scene.witness.stream(0, 0).length).toBe(3 + 10 + 128)
    expect(at.scene.witness.stream(0, 1).length).toBe(2 + 10 + 6)
  })

  test('may name a host, or an IPv6 address', async () => {
    const far6 = await Far.start('::1')
    await start()
    const named = await client()
    named.socket.write(
      Buffer.concat([
        Uint8Array.of(5, 1, 0, 5, 1, 0, 3, 9),
        Buffer.from('localhost'),
        Uint8Array.from(portBytes(at.far.port)),
      ]),
    )
    at.open.add(await at.far.next())
    await named.count(12)
    expect(named.bytes[3]).toBe(0)
    const six = await client()
    six.socket.write(Uint8Array.of(5, 1, 0, 5, 1, 0, 4, ...new Array<number>(15).fill(0), 1, ...portBytes(far6.port)))
    at.open.add(await far6.next())
    await six.count(2 + 22)
    expect([...six.bytes.subarray(0, 6)]).toEqual([5, 0, 5, 0, 0, 4])
    expect(six.bytes[21]).toBe(1)
    far6.server.close()
  })

  test('is told that the destination refuses', async () => {
    const gone = await Far.start()
    gone.server.close()
    await once(gone.server, 'close')
    await start()
    const refused = await client()
    refused.socket.write(Buffer.concat([Uint8Array.of(5, 1, 0), localhost4(gone.port)]))
    await refused.end()
    expect([...refused.bytes]).toEqual([5, 0, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0])
    refused.socket.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'dial_refused'}])
  })

  test('that asks for something else is refused', async () => {
    await start()
    const binding = await client()
    binding.socket.write(Uint8Array.of(5, 1, 0, 5, 2, 0, 1, 127, 0, 0, 1, 0, 1))
    await binding.end()
    expect(binding.bytes[3]).toBe(7)
    binding.socket.end()
    const [closed] = await at.scene.witness.until('closed')
    expect(closed).toMatchObject({cause: 'request_refused'})
    expect(closed!.detail).toContain('only CONNECT')
  })
})

describe('an HTTP client', () => {
  test('is connected, its request cut into single bytes', async () => {
    await start()
    const http = await client()
    const request = Buffer.from(`CONNECT 127.0.0.1:${at.far.port} HTTP/1.1\r\nHost: 127.0.0.1:${at.far.port}\r\n\r\n`)
    const everywhere = Array.from({length: request.length}, (_, i) => i)
    for (const piece of cut(request, everywhere))
      await new Promise<void>(done => http.socket.write(piece, () => done()))
    const relay = await at.far.next()
    at.open.add(relay)
    const answer = 'HTTP/1.1 200 Connection established\r\n\r\n'
    await http.count(answer.length)
    expect(http.bytes.toString()).toBe(answer)
    const atRelay = new Received(relay)
    http.socket.end('hello')
    await atRelay.end()
    expect(atRelay.bytes.toString()).toBe('hello')
    relay.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'client_fin', bytes: {client: 5, relay: 0}}])
    expect(at.scene.witness.of('connected')).toMatchObject([{via: 'http'}])
  })

  test('that asks for a page is refused', async () => {
    await start()
    const browser = await client()
    browser.socket.write('GET http://tox.example/ HTTP/1.1\r\n\r\n')
    await browser.end()
    expect(browser.bytes.toString()).toMatch(/^HTTP\/1\.1 405 /)
    browser.socket.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'request_refused'}])
  })
})

describe('a destination that is not allowed', () => {
  test('is refused over SOCKS5 with its own code, and nothing is dialled', async () => {
    await start({access: {allowed: [{host: 'relay.example', port: 1}]}})
    const socks = await client()
    socks.socket.write(Buffer.concat([Uint8Array.of(5, 1, 0), localhost4(at.far.port)]))
    await socks.end()
    expect([...socks.bytes]).toEqual([5, 0, 5, 2, 0, 1, 0, 0, 0, 0, 0, 0])
    socks.socket.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([
      {cause: 'dial_not_allowed', detail: `127.0.0.1:${at.far.port}: see --allow`},
    ])
    expect(at.scene.witness.of('connected')).toEqual([])
  })

  test('is refused over HTTP', async () => {
    await start({access: {}})
    const http = await client()
    http.socket.write('CONNECT relay.example:80 HTTP/1.1\r\n\r\n')
    await http.end()
    expect(http.bytes.toString()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
    http.socket.end()
    expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'dial_not_allowed'}])
  })
})

test('with --auth a client that logs in is connected, and its password is not among the events', async () => {
  const login = {user: Buffer.from('alice'), password: Buffer.from('Secret')}
  await start({access: {login}})
  const socks = await client()
  socks.socket.write(Uint8Array.of(5, 1, 2))
  await socks.count(2)
  socks.socket.write(Buffer.from('\x01\x05alice\x06Secret', 'latin1'))
  await socks.count(4)
  socks.socket.write(localhost4(at.far.port))
  at.open.add(await at.far.next())
  await socks.count(14)
  expect([...socks.bytes.subarray(0, 6)]).toEqual([5, 2, 1, 0, 5, 0])
  expect(at.scene.witness.stream(0, 0).toString('latin1')).toContain('alice\x06******')
  const stranger = await client()
  stranger.socket.write(Uint8Array.of(5, 1, 0))
  await stranger.end()
  expect([...stranger.bytes]).toEqual([5, 255])
})

test('a Tox client that names no destination is told apart and let go', async () => {
  await start()
  const tox = await client()
  const handshake = randomBytes(128)
  handshake[0] = 0x80
  tox.socket.write(handshake)
  await tox.end()
  tox.socket.end()
  const [closed] = await at.scene.witness.until('closed')
  expect(closed).toMatchObject({cause: 'no_destination'})
  expect(closed!.detail).toContain('upstream')
  expect(at.scene.witness.stream(0, 0).equals(handshake)).toBe(true)
})

test('a client that asks for nothing is let go after a time', async () => {
  await start({handshakeSeconds: 0.05})
  const idle = await client()
  idle.socket.write(Uint8Array.of(5))
  await idle.end()
  idle.socket.end()
  expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'handshake_timeout'}])
})

test('a client that leaves without asking', async () => {
  await start()
  const shy = await client()
  shy.socket.end()
  expect(await at.scene.witness.until('closed')).toMatchObject([{cause: 'client_fin'}])
})

test('several listeners are bound, and one that cannot be leaves none', async () => {
  await start({
    listen: [
      {host: '127.0.0.1', port: 0},
      {host: '::1', port: 0},
    ],
  })
  expect(at.scene.proxy.bound.map(({ip}) => ip)).toEqual(['127.0.0.1', '::1'])
  expect(at.scene.proxy.warnings).toEqual([])
  const taken = {host: '127.0.0.1', port: at.scene.port}
  await expect(Scene.start({listen: [{host: '127.0.0.1', port: 0}, taken]})).rejects.toThrow(
    `cannot listen on 127.0.0.1:${at.scene.port}: another program listens there already`,
  )
  const everywhere = await Scene.start({listen: [{host: '0.0.0.0', port: 0}]})
  expect(everywhere.proxy.warnings).toEqual([expect.stringContaining('other machines can connect')])
  await everywhere.proxy.stop()
})
