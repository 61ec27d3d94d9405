import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {loadScript} from '../../../src/live/load-script.js'
import type {Rewritten} from '../../../src/proxy/connection-context.js'
import {Inspection} from '../../../src/proxy/inspection/inspection.js'
import type {PassingPacket} from '../../../src/proxy/intercept/intercept-event.js'
import {type Script, scriptRewriter} from '../../../src/proxy/intercept/script.js'
import {delayedPackets, packetsOfScript} from '../../../src/proxy/limits.js'
import {LiveProxy} from '../../../src/proxy/proxy.js'
import {hexOf} from '../../peer/vectors.js'
import {box, ping, random, routeRequest, ToxServer, toxClient} from '../tox-ends.js'

const injected: string[] = []
const connection: Rewritten = {
  number: 3,
  client: {ip: '127.0.0.1', port: 1},
  relay: {ip: '127.0.0.1', port: 2},
  inject: (to, plain, as = 'injected') => injected.push(`${to} ${hexOf(plain)} ${as}`) > 0,
}
const packet: PassingPacket = {from: 'client', index: 7, plain: ping(1)}
const answer = (onPacket: Script['onPacket'], passing = packet) => scriptRewriter({onPacket})(connection)(passing)

describe('what a hook answers', () => {
  test.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['drop', 'drop', {onward: [], back: []}],
    ['bytes', Uint8Array.of(1), {onward: [Uint8Array.of(1)], back: []}],
    ['an empty list', {send: []}, {onward: [], back: []}],
    ['a reply besides', {reply: Uint8Array.of(2)}, {onward: [packet.plain], back: [Uint8Array.of(2)]}],
    [
      'a list and a list',
      {send: [Uint8Array.of(1), Uint8Array.of(2)], reply: [Uint8Array.of(3)]},
      {onward: [Uint8Array.of(1), Uint8Array.of(2)], back: [Uint8Array.of(3)]},
    ],
  ])('%s', (_, given, expected) => {
    expect(answer(() => given as never)).toEqual(expected)
  })

  test.each<[string, unknown, string]>([
    ['a number', 5, 'onPacket returned 5'],
    ['a promise', Promise.resolve(), 'onPacket returned a promise; it must return its result at once'],
    ['hex', {send: '04'}, 'send is not a Uint8Array'],
    [
      'a list without an end in sight',
      {send: new Array(2 ** 32 - 1)},
      `send has 4294967295 packets, over ${packetsOfScript}`,
    ],
    ['a list with a hole', {reply: new Array(1)}, 'reply is not a Uint8Array'],
    ['a delay that is none', {delay: 'soon'}, 'delay is soon, which is not a number of milliseconds'],
    [
      'a delay of which no timer is capable',
      {delay: 2 ** 31},
      'delay is 2147483648, which is not a number of milliseconds up to 3600000',
    ],
    [
      'a packet that no frame carries, to be sent later',
      {send: [ping(1), new Uint8Array(65_520)], delay: 1},
      'a packet of 65520 bytes does not fit a frame',
    ],
  ])('not %s', (_, given, message) => {
    expect(() => answer(() => given as never)).toThrow(message)
  })

  test('nor a promise that fails later, which nobody else would take', async () => {
    expect(() => answer((async () => Promise.reject(new Error('too late'))) as never)).toThrow(
      'onPacket returned a promise',
    )
    // Node tells of unhandled rejections after the microtasks; the runner fails on one.
    await new Promise(setImmediate)
  })

  test('a delay', async () => {
    injected.length = 0
    const sent = new Promise<void>(done => {
      const inject = (...what: Parameters<Rewritten['inject']>) => {
        const isSent = connection.inject(...what)
        done()
        return isSent
      }
      const later = {...connection, inject}
      expect(scriptRewriter({onPacket: () => ({delay: 1})})(later)(packet)).toEqual({
        onward: [],
        back: [],
        delayMilliseconds: 1,
      })
    })
    // The script's timers keep no process alive.
    const alive = setInterval(() => {}, 1000)
    await sent
    clearInterval(alive)
    expect(injected).toEqual([`relay ${hexOf(packet.plain)} late`])
  })
})

test('more packets than are kept back at a time pass', () => {
  const rewrite = scriptRewriter({onPacket: () => ({delay: 60_000})})(connection)
  for (let i = 0; i < delayedPackets; i++) expect(rewrite(packet)!.onward).toEqual([])
  expect(() => rewrite(packet)).toThrow(`${delayedPackets} packets of this connection are delayed already`)
})

test('what a script does to its arrays changes nothing that it did not send', () => {
  const template = Uint8Array.of(4, 1)
  const kept = answer(passing => {
    passing.bytes.fill(9)
    return {reply: template}
  })!
  template.fill(8)
  expect(kept).toEqual({onward: [ping(1)], back: [Uint8Array.of(4, 1)]})
})

describe('what a hook is given', () => {
  test('type, fields, and one session for all packets of a connection', () => {
    const seen: unknown[] = []
    const rewrite = scriptRewriter({
      onPacket(passing, session) {
        session.memory.set('count', Number(session.memory.get('count') ?? 0) + 1)
        seen.push([
          passing.from,
          passing.index,
          passing.type,
          passing.fields,
          session.memory.get('count'),
          session.connection,
        ])
        return undefined
      },
    })(connection)
    rewrite(packet)
    rewrite({from: 'relay', index: 0, plain: Uint8Array.of(1, 16)})
    rewrite({from: 'relay', index: 1, plain: new Uint8Array()})
    expect(seen).toEqual([
      ['client', 7, 'ping_request', {ping_id: packet.plain.subarray(1)}, 1, 3],
      ['relay', 0, 'route_response', {connection_id: 16}, 2, 3],
      ['relay', 1, '', {}, 3, 3],
    ])
  })

  test('a way to make packets, and to send them', () => {
    injected.length = 0
    answer((_, session) => {
      expect(hexOf(session.packet('ping_request', {ping_id: '0102030405060708'}))).toBe('040102030405060708')
      expect(hexOf(session.packet('data', {connection_id: 16, data: Uint8Array.of(0xaa)}))).toBe('10aa')
      expect(() => session.packet('pong', {})).toThrow('unknown packet type "pong"')
      expect(() => session.packet('ping_request', {id: 1})).toThrow('ping_request has no field "id"')
      expect(() => session.packet('ping_request', {ping_id: 'xx'})).toThrow('ping_id is not hex')
      expect(() => session.inject('server' as never, ping(1))).toThrow(
        "inject sends to 'client' or 'relay', not to server",
      )
      session.inject('client', ping(2))
      return undefined
    })
    expect(injected).toEqual([`client ${hexOf(ping(2))} injected`])
  })
})

describe('the examples', () => {
  let server: ToxServer
  let proxy: LiveProxy

  beforeEach(async () => {
    server = await ToxServer.start()
  })
  afterEach(async () => {
    server.stop()
    await proxy.stop()
  })

  const start = async (name: string) => {
    proxy = await LiveProxy.start({
      listen: [{host: '127.0.0.1', port: 0}],
      upstream: {host: '127.0.0.1', port: server.port},
      inspection: new Inspection(
        () => {},
        () => {},
      ),
      intercept: {
        box,
        random,
        secrets: [{of: 'relay', secretKey: server.keys.secretKey}],
        rewriter: scriptRewriter(await loadScript(`fixtures/scripts/${name}`)),
      },
    })
    const client = await toxClient(proxy.bound[0]!.port, server.keys.publicKey)
    return {client, relay: server.speakers[0]!}
  }

  test('refuse-routes', async () => {
    const {client, relay} = await start('refuse-routes.mjs')
    client.say(routeRequest(9), ping(1))
    await client.packets(2)
    expect(client.heard).toEqual([`0100${'09'.repeat(32)}`, '050000000000000001'])
    expect(relay.heard).toEqual([hexOf(ping(1))])
  })

  test('corrupt-one-pong', async () => {
    const {client, relay} = await start('corrupt-one-pong.mjs')
    client.say(Uint8Array.of(5, 1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(5, 1, 2, 3, 4, 5, 6, 7, 8))
    await relay.packets(2)
    expect(relay.heard).toEqual(['050102030405060709', '050102030405060708'])
  })

  test('ping-id-zero', async () => {
    const {client, relay} = await start('ping-id-zero.mjs')
    client.say(ping(1), ping(2))
    await relay.packets(3)
    expect(relay.heard).toEqual([hexOf(ping(1)), hexOf(ping(0)), hexOf(ping(2))])
  })

  test('slow-pongs', async () => {
    const {client} = await start('slow-pongs.mjs')
    client.say(ping(1), routeRequest(9))
    await client.packets(2)
    expect(client.heard).toEqual([`0110${'09'.repeat(32)}`, '050000000000000001'])
  })
})
