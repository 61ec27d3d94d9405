import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {ClientEnd} from '../../src/peer/client-end.js'
import type {PeerEvent} from '../../src/peer/end.js'
import {RelayEnd} from '../../src/peer/relay-end.js'
import {cut} from './cut.js'
import {bytesOf, hexOf, vectorsOf} from './vectors.js'

const box = await loadSodium()
const seeded = (fill: number) => box.keyPair(new Uint8Array(32).fill(fill))
const nonceOf = (fill: number) => new Uint8Array(24).fill(fill)
const relayKeys = seeded(1)
const clientKeys = seeded(2)

const pair = (publicKey = clientKeys.publicKey) => ({
  client: new ClientEnd(box, publicKey, seeded(3), box.sharedKey(relayKeys.publicKey, clientKeys.secretKey)),
  relay: RelayEnd.withSecret(box, relayKeys.secretKey, seeded(4)),
})
const plainOf = (events: readonly PeerEvent[]) =>
  events.flatMap(event => (event.kind === 'frame' ? [hexOf(event.plain)] : []))

describe('a client end and a relay end', () => {
  test('meet and talk, however the streams are cut', () => {
    const packets = fc.array(fc.uint8Array({minLength: 1, maxLength: 600}), {maxLength: 5})
    fc.assert(
      fc.property(packets, packets, fc.array(fc.nat(2000)), (toRelay, toClient, cuts) => {
        const {client, relay} = pair()
        const met = cut(client.hello(nonceOf(255), nonceOf(9)), cuts).flatMap(piece => relay.receive(piece))
        expect(met).toMatchObject([
          {kind: 'handshake', publicKey: clientKeys.publicKey, baseNonce: nonceOf(255), nonce: nonceOf(9)},
        ])
        const answer = Buffer.concat([
          relay.answer(nonceOf(254), nonceOf(8)),
          ...toClient.map(plain => relay.seal(plain)),
        ])
        const heard = cut(answer, cuts).flatMap(piece => client.receive(piece))
        expect(heard[0]).toMatchObject({kind: 'handshake', baseNonce: nonceOf(254)})
        expect(plainOf(heard)).toEqual(toClient.map(hexOf))
        const spoken = Buffer.concat(toRelay.map(plain => client.seal(plain)))
        expect(plainOf(cut(spoken, cuts).flatMap(piece => relay.receive(piece)))).toEqual(toRelay.map(hexOf))
        expect(client.sessionSharedKey).toEqual(relay.sessionSharedKey)
      }),
      {numRuns: 50},
    )
  })

  test('seal nothing before both handshakes', () => {
    const {client, relay} = pair()
    expect(() => client.seal(Uint8Array.of(4))).toThrow('needs both handshakes first')
    expect(() => relay.answer(nonceOf(1), nonceOf(2))).toThrow('only after the handshake of the client')
    relay.receive(client.hello(nonceOf(1), nonceOf(2)))
    expect(relay.ready).toBe(false)
    expect(client.ready).toBe(false)
  })

  test('a handshake under another key is broken, and what follows is raw', () => {
    const {client, relay} = pair(seeded(5).publicKey)
    const hello = client.hello(nonceOf(1), nonceOf(2))
    expect(relay.receive(hello.slice(0, 100))).toEqual([])
    expect(hexOf(relay.unfinished())).toBe(hexOf(hello.slice(0, 100)))
    const events = relay.receive(Buffer.concat([hello.slice(100), Uint8Array.of(1, 2)]))
    expect(events).toMatchObject([{kind: 'broken', fault: 'handshake', length: 128}, {kind: 'raw'}])
    expect(hexOf(Buffer.concat(events.map(({wire}) => wire)))).toBe(`${hexOf(hello)}0102`)
    expect(relay.receive(Uint8Array.of(3))).toMatchObject([{kind: 'raw'}])
    expect(relay.unfinished().length).toBe(0)
  })

  test('an all-zero session key is answered with the key that the other end took', () => {
    for (const shared of box.sharedKeys(new Uint8Array(32), relayKeys.secretKey)) {
      const {client, relay} = pair()
      relay.receive(client.hello(nonceOf(1), nonceOf(2)))
      relay.answer(nonceOf(3), nonceOf(4))
      const odd = new ClientEnd(
        box,
        clientKeys.publicKey,
        {publicKey: new Uint8Array(32), secretKey: seeded(6).secretKey},
        relay.handshakeKey!,
      )
      const answering = RelayEnd.withSecret(box, relayKeys.secretKey, seeded(4))
      expect(answering.receive(odd.hello(nonceOf(1), nonceOf(5)))).toMatchObject([{kind: 'handshake'}])
      const frame = Buffer.concat([Uint8Array.of(0, 18), box.seal(Uint8Array.of(4, 4), nonceOf(1), shared)])
      expect(plainOf(answering.receive(frame))).toEqual(['0404'])
      answering.answer(nonceOf(3), nonceOf(6))
      expect(hexOf(answering.seal(Uint8Array.of(5)).slice(2))).toBe(
        hexOf(box.seal(Uint8Array.of(5), nonceOf(3), shared)),
      )
    }
  })
})

test.each(vectorsOf('Session'))('both ends replay the session of $client_pk byte for byte', session => {
  const sessionKeys = {publicKey: bytesOf(session.relay_session_pk), secretKey: bytesOf(session.relay_session_sk)}
  const relay = RelayEnd.withSecret(box, bytesOf(session.relay_sk), sessionKeys)
  const client = new ClientEnd(
    box,
    bytesOf(session.client_pk),
    {publicKey: bytesOf(session.client_session_pk), secretKey: bytesOf(session.client_session_sk)},
    bytesOf(session.handshake_shared_key),
  )
  const [clientStream, relayStream] = [bytesOf(session.c2s_hex), bytesOf(session.s2c_hex)]
  const plains = (dir: 'c2s' | 's2c') => session.frames.filter(frame => frame.dir === dir).map(frame => frame.plaintext)
  expect(plainOf(relay.receive(clientStream))).toEqual(plains('c2s'))
  const hello = client.hello(bytesOf(session.client_base_nonce), clientStream.slice(32, 56))
  expect(plainOf(client.receive(relayStream))).toEqual(plains('s2c'))
  const answer = relay.answer(bytesOf(session.relay_base_nonce), relayStream.slice(0, 24))
  expect(hexOf(Buffer.concat([hello, ...plains('c2s').map(hex => client.seal(bytesOf(hex)))]))).toBe(session.c2s_hex)
  expect(hexOf(Buffer.concat([answer, ...plains('s2c').map(hex => relay.seal(bytesOf(hex)))]))).toBe(session.s2c_hex)
})
