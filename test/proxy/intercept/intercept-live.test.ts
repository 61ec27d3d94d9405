import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import type {Socket} from 'node:net'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import type {PeerEnd} from '../../../src/peer/end.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import type {Rewritten} from '../../../src/proxy/connection-context.js'
import type {Secret} from '../../../src/proxy/intercept/intercept-event.js'
import type {ProxyOptions} from '../../../src/proxy/proxy.js'
import {hexOf} from '../../peer/vectors.js'
import {Far, Received, Scene} from '../scene.js'

const box = await loadSodium()
const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const keys = () => box.keyPair(random(32))
const relayKeys = keys()
const secret: Secret = {of: 'relay', secretKey: relayKeys.secretKey}

let far: Far
let scene: Scene
const open = new Set<Socket>()

const start = async (options: Partial<ProxyOptions> = {}) => {
  scene = await Scene.start({
    upstream: {host: '127.0.0.1', port: far.port},
    intercept: {box, random, secrets: [secret]},
    ...options,
  })
}
const sockets = async () => {
  const client = await scene.client()
  const relay = await far.next()
  open.add(client).add(relay)
  return {client, relay}
}

/** A peer end on a socket: what it hears is kept, and can be waited for. */
class Speaker {
  readonly heard: string[] = []
  #met: () => void = () => {}
  #wanted = 0
  #enough: () => void = () => {}
  readonly #socket: Socket
  readonly #end: PeerEnd
  readonly met: Promise<void>

  constructor(socket: Socket, end: PeerEnd) {
    this.#socket = socket
    this.#end = end
    this.met = new Promise(done => {
      this.#met = done
    })
    socket.on('data', (bytes: Buffer) => {
      for (const event of end.receive(new Uint8Array(bytes))) {
        if (event.kind === 'handshake') this.#met()
        if (event.kind === 'frame') this.heard.push(hexOf(event.plain))
      }
      if (this.heard.length >= this.#wanted) this.#enough()
    })
  }

  say(...plains: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(plains.map(plain => this.#end.seal(plain))))
  }

  packets(count: number): Promise<void> {
    return new Promise(done => {
      this.#wanted = count
      this.#enough = done
      if (this.heard.length >= count) done()
    })
  }
}

const talk = async () => {
  const {client, relay} = await sockets()
  const clientKeys = keys()
  const [clientEnd, relayEnd] = [
    new ClientEnd(box, clientKeys.publicKey, keys(), box.sharedKey(relayKeys.publicKey, clientKeys.secretKey)),
    RelayEnd.withSecret(box, relayKeys.secretKey, keys()),
  ]
  const [atClient, atRelay] = [new Speaker(client, clientEnd), new Speaker(relay, relayEnd)]
  client.write(clientEnd.hello(random(24), random(24)))
  await atRelay.met
  relay.write(relayEnd.answer(random(24), random(24)))
  await atClient.met
  return {client: atClient, relay: atRelay, sockets: {client, relay}}
}

beforeEach(async () => {
  far = await Far.start()
})

afterEach(async () => {
  for (const socket of open) socket.destroy()
  open.clear()
  await scene.proxy.stop()
  far.server.close()
})

describe('an intercepted connection', () => {
  test.each([{}, {impairments: {seed: 3, splitBytes: 3, latencyMilliseconds: 2}}])(
    'carries all packets with %j, and its leg opens with the session told',
    async options => {
      await start(options)
      const {client, relay, sockets: ends} = await talk()
      const [up, down] = [0, 1].map(() => Array.from({length: 50}, (_, i) => random(1 + ((i * 37) % 500)))) as [
        Uint8Array[],
        Uint8Array[],
      ]
      client.say(...up)
      relay.say(...down)
      await Promise.all([client.packets(50), relay.packets(50)])
      expect(relay.heard).toEqual(up.map(hexOf))
      expect(client.heard).toEqual(down.map(hexOf))
      ends.client.end()
      ends.relay.end()
      await scene.witness.until('closed')
      const {session} = scene.witness
        .of('intercept')
        .map(({event}) => event)
        .find(event => event.kind === 'session')!
      const stream = scene.witness.stream(0, 1)
      const frame = stream.subarray(96)
      const plain = new Uint8Array(2032)
      expect(
        box.open({bytes: frame, start: 2, end: 2 + frame.readUInt16BE(0)}, session.relayBaseNonce, session.sharedKey, {
          bytes: plain,
          at: 0,
        }),
      ).toBe(down[0]!.length)
      expect(hexOf(stream.subarray(0, 24))).toBe(hexOf(session.relayNonce))
      const order = scene.witness.events.findIndex(event => event.kind === 'intercept')
      expect(scene.witness.events.slice(0, order).some(event => event.kind === 'chunk' && event.chunk.end === 1)).toBe(
        false,
      )
    },
  )

  test('takes packets that nobody sent, as long as they can go out', async () => {
    const made: Rewritten[] = []
    const rewriter = (connection: Rewritten) => {
      made.push(connection)
      return () => undefined
    }
    await start({intercept: {box, random, secrets: [secret], rewriter}})
    const {client, relay, sockets: ends} = await talk()
    const [connection] = made
    connection!.inject('client', Uint8Array.of(4, 9, 9))
    connection!.inject('relay', Uint8Array.of(5, 8))
    await Promise.all([client.packets(1), relay.packets(1)])
    expect([client.heard, relay.heard]).toEqual([['040909'], ['0508']])
    expect(connection).toMatchObject({number: 0, relay: {ip: '127.0.0.1', port: far.port}})
    const injected = () => scene.witness.of('intercept').filter(({event}) => event.kind === 'injected').length
    const ended = once(ends.relay, 'end')
    ends.client.end()
    await ended
    connection!.inject('relay', Uint8Array.of(1))
    connection!.inject('client', Uint8Array.of(2))
    await client.packets(2)
    ends.relay.end()
    await scene.witness.until('closed')
    for (const side of ['client', 'relay'] as const) connection!.inject(side, Uint8Array.of(1))
    await scene.proxy.stop()
    expect(injected()).toBe(3)
  })

  test('ends alone if the interceptor fails once both legs have keys of their own', async () => {
    let draws = 0
    const failing = (bytes: number) => {
      // The fourth is the nonce of the answer to the client.
      if (++draws === 4) throw new Error('no randomness')
      return random(bytes)
    }
    await start({intercept: {box, random: failing, secrets: [secret]}})
    const {client, relay} = await sockets()
    const clientKeys = keys()
    const clientEnd = new ClientEnd(
      box,
      clientKeys.publicKey,
      keys(),
      box.sharedKey(relayKeys.publicKey, clientKeys.secretKey),
    )
    const relayEnd = RelayEnd.withSecret(box, relayKeys.secretKey, keys())
    const met = new Speaker(relay, relayEnd).met
    const atClient = new Received(client)
    client.write(clientEnd.hello(random(24), random(24)))
    await met
    relay.write(relayEnd.answer(random(24), random(24)))
    await atClient.end()
    client.end()
    relay.end()
    expect(await scene.witness.until('closed')).toMatchObject([{cause: 'intercept_failed', detail: 'no randomness'}])
    const next = await sockets()
    const through = new Received(next.relay)
    next.client.write('EHLO\r\n')
    await through.count(6)
  })
})

describe('another protocol through an intercepting proxy', () => {
  test('in which the client says little and waits', async () => {
    await start()
    const {client, relay} = await sockets()
    const atRelay = new Received(relay)
    client.write('EHLO\r\n')
    await atRelay.count(6)
    expect(atRelay.bytes.toString()).toBe('EHLO\r\n')
    const [intercept] = await scene.witness.until('intercept')
    expect(intercept!.event).toMatchObject({
      kind: 'tap',
      reason: 'the client sent less than a handshake, and then nothing',
    })
  })

  test('in which the server speaks first', async () => {
    await start()
    const {client, relay} = await sockets()
    const atClient = new Received(client)
    relay.write('220 ready\r\n')
    await atClient.count(11)
    const atRelay = new Received(relay)
    client.write('QUIT\r\n')
    await atRelay.count(6)
    expect(atRelay.bytes.toString()).toBe('QUIT\r\n')
  })
})
