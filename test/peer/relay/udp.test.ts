import {describe, expect, test} from 'vitest'
import {filled, forward, forwarded, onion, onionAnswer, payloadOf} from '../../../src/probe/cases/packets.js'
import {concatBytes} from '../../../src/wire/bytes.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {TestRelay} from './test-relay.js'

describe('an onion request', () => {
  test('goes on by UDP without its address, and the answer to it comes back to its client', () => {
    const relay = new TestRelay()
    relay.join()
    const client = relay.join()
    const request = onion(355)
    client.say(request)
    const [{to, bytes} = {to: undefined, bytes: new Uint8Array()}] = relay.datagrams
    expect(to).toMatchObject({ip: '127.0.0.1', port: 9})
    expect(toHex(bytes, 0, bytes.length - 59)).toBe(`81${toHex(request, 1, 25)}${toHex(request, 44)}`)
    const back = bytes.subarray(-59)
    const answer = (inner: Uint8Array) => concatBytes([Uint8Array.of(0x8e), back, inner])
    for (const kind of [0x84, 0x86, 0x88]) {
      relay.does(relay.core.datagram(answer(payloadOf(kind, 100))))
      expect(client.news()).toEqual([toHex(onionAnswer(payloadOf(kind, 100)))])
    }
    const damaged = answer(payloadOf(0x84, 100))
    damaged[30]! ^= 1
    for (const wrong of [damaged, answer(payloadOf(0x83, 100)), answer(new Uint8Array(0)), new Uint8Array(0), back])
      relay.does(relay.core.datagram(wrong))
    client.leave()
    relay.does(relay.core.datagram(answer(payloadOf(0x84, 100))))
    expect(relay.clients.flatMap(({heard}) => heard)).toEqual([])
  })

  test('of a length or family that a relay discards goes nowhere', () => {
    const relay = new TestRelay()
    relay.join().say(onion(178), onion(1361), onion(355, 130), onion(355, 3))
    expect(relay.datagrams).toEqual([])
  })

  test('is answered by a tox-rs relay without the newer announce response', () => {
    const relay = new TestRelay({model: 'tox-rs'})
    const client = relay.join()
    client.say(onion(178))
    const back = relay.datagrams[0]!.bytes.subarray(-59)
    for (const kind of [0x88, 0x86])
      relay.does(relay.core.datagram(concatBytes([Uint8Array.of(0x8e), back, payloadOf(kind, 100)])))
    expect(client.news()).toEqual([toHex(onionAnswer(payloadOf(0x86, 100)))])
  })
})

test('a forward request goes on by UDP with a return address, and its reply comes back', () => {
  const relay = new TestRelay()
  const client = relay.join()
  client.say(forward(10, 10))
  const [{to, bytes} = {to: undefined, bytes: new Uint8Array()}] = relay.datagrams
  expect(to).toMatchObject({ip: '::1', port: 9})
  expect([toHex(bytes, 0, 2), bytes.length, toHex(bytes, 47)]).toEqual(['912d', 57, toHex(filled(10, 24))])
  for (const reply of [filled(1792, 5), new Uint8Array(0)]) {
    relay.does(relay.core.datagram(concatBytes([Uint8Array.of(0x92), bytes.subarray(1, 47), reply])))
    expect(client.news()).toEqual([toHex(forwarded(reply))])
  }
})
