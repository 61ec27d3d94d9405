import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import type {PeerEnd} from '../../../src/peer/end.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import {Intercept, type InterceptOptions} from '../../../src/proxy/intercept/intercept.js'
import type {InterceptEvent, Secret} from '../../../src/proxy/intercept/intercept-event.js'
import type {Outgoing} from '../../../src/proxy/intercept/transform.js'
import type {Sender} from '../../../src/wire/side.js'
import {cut} from '../../peer/cut.js'
import {hexOf} from '../../peer/vectors.js'

const box = await loadSodium()
const seeded = (fill: number) => box.keyPair(new Uint8Array(32).fill(fill))
const [relayKeys, clientKeys] = [seeded(1), seeded(2)]
const clientNonce = new Uint8Array(24).fill(0xff)
const relayNonce = new Uint8Array(24).fill(0x0f)
const relaySecret: Secret = {of: 'relay', secretKey: relayKeys.secretKey}
const clientSecret: Secret = {of: 'client', secretKey: clientKeys.secretKey, relayKey: relayKeys.publicKey}
const wrong: Secret = {of: 'relay', secretKey: seeded(9).secretKey}

/** A client and a relay with the interceptor between them; what each gets is kept. */
const between = (options: Partial<InterceptOptions> = {}, publicKey = clientKeys.publicKey) => {
  const events: InterceptEvent[] = []
  let drawn = 100
  const random = (bytes: number) => new Uint8Array(bytes).fill(drawn++)
  const intercept = new Intercept({
    box,
    secrets: [relaySecret],
    random,
    report: event => events.push(event),
    ...options,
  })
  const client = new ClientEnd(box, publicKey, seeded(3), box.sharedKey(relayKeys.publicKey, clientKeys.secretKey))
  const relay = RelayEnd.withSecret(box, relayKeys.secretKey, seeded(4))
  const got: Record<Sender, Uint8Array[]> = {client: [], relay: []}
  const ends: Record<Sender, PeerEnd> = {client, relay}
  const plains: Record<Sender, string[]> = {client: [], relay: []}
  const deliver = (outgoing: Outgoing) => {
    for (const side of ['client', 'relay'] as const) {
      if (outgoing[side].length === 0) continue
      got[side].push(outgoing[side])
      for (const event of ends[side].receive(outgoing[side]))
        if (event.kind === 'frame') plains[side].push(hexOf(event.plain))
    }
  }
  const feed = (from: Sender, bytes: Uint8Array, cuts: readonly number[] = []) => {
    for (const piece of cut(bytes, cuts)) deliver(intercept.received(from, piece))
  }
  const shake = (cuts: readonly number[] = []) => {
    feed('client', client.hello(clientNonce, new Uint8Array(24).fill(7)), cuts)
    feed('relay', relay.answer(relayNonce, new Uint8Array(24).fill(8)), cuts)
  }
  return {events, intercept, client, relay, got, plains, feed, shake, deliver}
}
const hexes = (pieces: readonly Uint8Array[]) => hexOf(Buffer.concat(pieces))
const kinds = (events: readonly InterceptEvent[]) => events.map(event => event.kind)

describe.each([
  ["the relay's secret", relaySecret],
  ["the client's secret", clientSecret],
])('with %s', (_, secret) => {
  test('every packet passes, opened, however the streams are cut; identities and base nonces stay', () => {
    const packets = fc.array(fc.uint8Array({minLength: 0, maxLength: 300}), {maxLength: 6})
    fc.assert(
      fc.property(packets, packets, fc.array(fc.nat(900)), (toRelay, toClient, cuts) => {
        const seen: string[] = []
        const rewrite: InterceptOptions['rewrite'] = packet => {
          seen.push(`${packet.from} ${packet.index} ${hexOf(packet.plain)}`)
          packet.plain.fill(0)
          return undefined
        }
        const {events, client, relay, got, plains, feed, shake} = between({secrets: [wrong, secret], rewrite})
        shake(cuts)
        const empty = new Uint8Array(2)
        feed('client', Buffer.concat([...toRelay.flatMap(plain => [empty, client.seal(plain)])]), cuts)
        feed('relay', Buffer.concat(toClient.map(plain => relay.seal(plain))), cuts)
        expect(plains).toEqual({client: toClient.map(hexOf), relay: toRelay.map(hexOf)})
        expect(seen).toEqual([
          ...toRelay.map((plain, i) => `client ${i} ${hexOf(plain)}`),
          ...toClient.map((plain, i) => `relay ${i} ${hexOf(plain)}`),
        ])
        const [session, ...more] = events
        expect(more).toEqual([])
        expect(session).toMatchObject({
          session: {sharedKey: client.sessionSharedKey, clientBaseNonce: clientNonce, relayBaseNonce: relayNonce},
        })
        expect(hexOf(client.sessionSharedKey!)).not.toBe(hexOf(relay.sessionSharedKey!))
        expect(hexes(got.relay).startsWith(hexOf(clientKeys.publicKey))).toBe(true)
        const lengths = (plain: Uint8Array[]) => plain.reduce((sum, {length}) => sum + length + 18, 0)
        expect(Buffer.concat(got.relay).length).toBe(128 + lengths(toRelay) + 2 * toRelay.length)
        expect(Buffer.concat(got.client).length).toBe(96 + lengths(toClient))
      }),
      {numRuns: 40},
    )
  })
})

test('the session that is told opens the bytes of the client leg', () => {
  const {events, client, got, feed, shake} = between()
  shake()
  const told = events[0]
  if (told?.kind !== 'session') throw new Error('no session was told')
  expect(told.session.clientNonce).toEqual(new Uint8Array(24).fill(7))
  expect(hexOf(told.session.relayNonce)).toBe(hexes(got.client).slice(0, 48))
  const frame = client.seal(Uint8Array.of(4, 5, 6))
  const plain = new Uint8Array(3)
  expect(
    box.open({bytes: frame, start: 2, end: frame.length}, told.session.clientBaseNonce, told.session.sharedKey, {
      bytes: plain,
      at: 0,
    }),
  ).toBe(3)
  expect([...plain]).toEqual([4, 5, 6])
  feed('client', frame)
})

test('a relay that sends its handshake and frames in one piece is passed on in one piece', () => {
  const {client, relay, got, plains, feed} = between()
  feed('client', client.hello(clientNonce, new Uint8Array(24)))
  feed(
    'relay',
    Buffer.concat([
      relay.answer(relayNonce, new Uint8Array(24)),
      relay.seal(Uint8Array.of(4)),
      relay.seal(Uint8Array.of(5)),
    ]),
  )
  expect(got.client.map(({length}) => length)).toEqual([96 + 19 + 19])
  expect(plains.client).toEqual(['04', '05'])
})

describe('what is wrong is passed on as it is', () => {
  test.each([
    ['a frame with a bad MAC', '0014000102030405060708090a0b0c0d0e0f10111213', 'mac', 20],
    ['a length of 1', '0001', 'length', 1],
    ['a length over 2048', '0801', 'length', 2049],
  ])('%s, and all that comes after it', (_name, hex, fault, length) => {
    for (const from of ['client', 'relay'] as const) {
      const {events, client, relay, got, plains, feed, shake} = between()
      shake()
      const [sender, to, back] =
        from === 'client' ? ([client, 'relay', relay] as const) : ([relay, 'client', client] as const)
      feed(from, sender.seal(Uint8Array.of(4)))
      const before = got[to].length
      const after = sender.seal(Uint8Array.of(5))
      feed(from, Buffer.concat([Buffer.from(hex, 'hex'), after]))
      feed(from, Uint8Array.of(1, 2, 3))
      expect(hexes(got[to].slice(before))).toBe(`${hex}${hexOf(after)}010203`)
      expect(events.at(-1)).toMatchObject({kind: 'broken', from, fault, length})
      feed(to, back.seal(Uint8Array.of(6)))
      expect(plains).toEqual({[from]: ['06'], [to]: ['04']})
    }
  })

  test('a relay handshake that does not open', () => {
    const {events, client, got, feed} = between()
    feed('client', client.hello(clientNonce, new Uint8Array(24)))
    const noise = new Uint8Array(100).fill(3)
    feed('relay', noise, [50])
    expect(hexes(got.client)).toBe(hexOf(noise))
    expect(events).toMatchObject([{kind: 'broken', from: 'relay', fault: 'handshake', length: 96}])
  })

  test('an unfinished frame, when its sender ends', () => {
    const {client, intercept, feed, shake} = between()
    shake()
    const frame = client.seal(Uint8Array.of(4, 4, 4))
    feed('client', frame.slice(0, 10))
    expect(hexOf(intercept.ended('client').relay)).toBe(hexOf(frame.slice(0, 10)))
    const nothingHeld = intercept.ended('relay')
    expect(nothingHeld.client.length + nothingHeld.relay.length).toBe(0)
  })
})

describe('a connection is only tapped', () => {
  const tapped = (
    run: (scene: ReturnType<typeof between>) => void,
    options: Partial<InterceptOptions> = {},
    publicKey = clientKeys.publicKey,
  ) => {
    const scene = between(options, publicKey)
    run(scene)
    expect(kinds(scene.events)).toEqual(['tap'])
    scene.feed('client', Uint8Array.of(1, 2, 3))
    scene.feed('relay', Uint8Array.of(4, 5))
    expect(hexes(scene.got.relay.slice(-1))).toBe('010203')
    expect(hexes(scene.got.client.slice(-1))).toBe('0405')
    return scene
  }

  test('if no key opens the handshake', () => {
    const {got, relay} = tapped(
      ({client, feed}) =>
        feed('client', Buffer.concat([client.hello(clientNonce, new Uint8Array(24)), Uint8Array.of(9)]), [3, 50]),
      {
        secrets: [wrong],
      },
    )
    expect(Buffer.concat(got.relay).length).toBe(128 + 1 + 3)
    expect(relay.handshakeKey).toBeDefined()
  })

  test('if the client announces a session key of low order', () => {
    const {got} = tapped(({feed}) => {
      const odd = new ClientEnd(
        box,
        clientKeys.publicKey,
        {publicKey: new Uint8Array(32), secretKey: seeded(3).secretKey},
        box.sharedKey(relayKeys.publicKey, clientKeys.secretKey),
      )
      feed('client', Buffer.concat([odd.hello(clientNonce, new Uint8Array(24)), Uint8Array.of(0, 50, 1)]))
    })
    expect(hexes(got.relay).endsWith('003201010203')).toBe(true)
  })

  test('if the relay speaks first, the handshake stays short, or the waiting is given up', () => {
    expect(hexes(tapped(({feed}) => feed('relay', Buffer.from('SSH-2.0'))).got.client)).toBe(
      `${hexOf(Buffer.from('SSH-2.0'))}0405`,
    )
    const hello = Buffer.from('GET / HTTP/1.1\r\n\r\n')
    for (const settle of ['ended', 'giveUp'] as const) {
      const {got} = tapped(({intercept, feed, deliver}) => {
        feed('client', hello)
        expect(intercept.undecided).toBe(true)
        deliver(settle === 'ended' ? intercept.ended('client') : intercept.giveUp('nothing came'))
        expect(intercept.undecided).toBe(false)
      })
      expect(hexes(got.relay)).toBe(`${hexOf(hello)}010203`)
    }
  })
})

describe('packets are rewritten', () => {
  test('changed, dropped, joined by others, answered', () => {
    const {events, client, relay, plains, feed, shake} = between({
      rewrite: ({from, plain}) => {
        if (from === 'relay') return undefined
        if (plain[0] === 4) return {onward: [], back: [Uint8Array.of(5, 0xff)]}
        return {onward: [Uint8Array.of(7), plain.fill(8)], back: []}
      },
    })
    shake()
    feed('client', Buffer.concat([client.seal(Uint8Array.of(4, 1)), client.seal(Uint8Array.of(6, 6))]))
    feed('relay', relay.seal(Uint8Array.of(2, 2)))
    expect(plains).toEqual({client: ['05ff', '0202'], relay: ['07', '0808']})
    expect(events.slice(1)).toMatchObject([
      {
        kind: 'rewritten',
        from: 'client',
        index: 0,
        plain: Uint8Array.of(4, 1),
        onward: [],
        back: [Uint8Array.of(5, 0xff)],
      },
      {
        kind: 'rewritten',
        from: 'client',
        index: 1,
        plain: Uint8Array.of(6, 6),
        onward: [Uint8Array.of(7), Uint8Array.of(8, 8)],
      },
    ])
  })

  test('not at all if the rewriter throws, or wants what fits no frame', () => {
    const {events, client, plains, feed, shake} = between({
      rewrite: ({index}) => {
        if (index === 0) throw new Error('a bug')
        return {onward: [new Uint8Array(65_520)], back: []}
      },
    })
    shake()
    feed('client', Buffer.concat([client.seal(Uint8Array.of(4)), client.seal(Uint8Array.of(5))]))
    expect(plains.relay).toEqual(['04', '05'])
    expect(events.slice(1)).toMatchObject([
      {kind: 'rewrite_failed', index: 0, message: 'a bug'},
      {kind: 'rewrite_failed', index: 1, message: 'a packet of 65520 bytes does not fit a frame'},
    ])
  })

  test('and each event says which frames are sent instead', () => {
    const {events, intercept, client, feed, shake, deliver} = between({
      rewrite: ({plain}) => (plain[0] === 4 ? {onward: [plain, plain], back: [plain]} : undefined),
    })
    shake()
    deliver(intercept.inject('client', Uint8Array.of(2)))
    feed(
      'client',
      Buffer.concat([client.seal(Uint8Array.of(9)), client.seal(Uint8Array.of(4)), client.seal(Uint8Array.of(4))]),
    )
    expect(events.slice(1)).toMatchObject([
      {kind: 'injected', index: 0},
      {kind: 'rewritten', index: 1, next: {client: 1, relay: 1}},
      {kind: 'rewritten', index: 2, next: {client: 2, relay: 3}},
    ])
  })

  test('and injected to either side, once there is a session', () => {
    const {events, intercept, client, plains, feed, shake, deliver} = between()
    deliver(intercept.inject('client', Uint8Array.of(1)))
    shake()
    deliver(intercept.inject('client', Uint8Array.of(2)))
    deliver(intercept.inject('relay', Uint8Array.of(3)))
    feed('client', client.seal(Uint8Array.of(4)))
    expect(plains).toEqual({client: ['02'], relay: ['03', '04']})
    // Of what is not sent, nothing is said: the next frame of that index would be taken for it.
    expect(() => intercept.inject('client', new Uint8Array(65_520))).toThrow('does not fit a frame')
    expect(kinds(events)).toEqual(['session', 'injected', 'injected'])
  })
})

describe('a failure in the interceptor itself', () => {
  test('on the handshake leaves a tap that has lost nothing', () => {
    const broken: typeof box = Object.create(box, {
      keyPair: {value: (seed: Uint8Array) => box.keyPair(seed)},
      sharedKeys: {
        value: () => {
          throw new Error('no memory')
        },
      },
    })
    const {events, client, got, feed} = between({box: broken})
    const hello = client.hello(clientNonce, new Uint8Array(24).fill(7))
    feed('client', hello, [5, 100])
    feed('client', Uint8Array.of(1, 2, 3))
    expect(hexes(got.relay)).toBe(`${hexOf(hello)}010203`)
    expect(events).toEqual([{kind: 'tap', reason: 'the interceptor failed: no memory'}])
  })
})
