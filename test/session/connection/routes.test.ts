import {expect, test} from 'vitest'
import type {Finding} from '../../../src/expert/finding.js'
import {limits} from '../../../src/protocol/limits.js'
import {Reactions} from '../../../src/session/connection/tables/reactions.js'
import {Routes} from '../../../src/session/connection/tables/routes.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'

const own = new Uint8Array(32).fill(1)
const keyOf = (number: number) =>
  new Uint8Array(32)
    .fill(2)
    .with(0, number & 255)
    .with(1, number >> 8)

/** Codes of what the relay's refusal of a route to one more key raises. */
function refusal(routes: Routes): string[] {
  routes.request(keyOf(999), own, 5000)
  return routes.response(0, keyOf(999)).map(({code}) => code)
}

test('a relay that refuses a route is blamed only where all requests were seen: its ids may be in use', () => {
  expect(refusal(new Routes(true, new Reactions()))).toEqual(['route-refused-without-reason'])
  expect(refusal(new Routes(false, new Reactions()))).toEqual([])
  const interrupted = new Routes(true, new Reactions())
  interrupted.forget()
  expect(refusal(interrupted)).toEqual([])
})

test('a relay may refuse a route once as many are asked for as it has ids', () => {
  const asking = (count: number) => {
    const routes = new Routes(true, new Reactions())
    for (let number = 0; number < count; number++) routes.request(keyOf(number), own, number)
    return refusal(routes)
  }
  expect(asking(limits.connectionIds - 1)).toContain('route-refused-without-reason')
  expect(asking(limits.connectionIds)).not.toContain('route-refused-without-reason')
})

test('data that the relay sent before it read that the client gives up an id is of the peer behind that id', () => {
  const routes = new Routes(true, new Reactions())
  routes.request(keyOf(1), own, 0)
  routes.response(16, keyOf(1))
  routes.event(16, 'connect<', 0, null)
  routes.event(16, 'disconnect>', 1, null)
  expect(routes.event(16, 'data<', 1, null)).toEqual({inferred: {peer: toHex(keyOf(1))}, findings: []})
  expect(routes.event(16, 'disconnect<', 2, null)).toEqual({inferred: {peer: toHex(keyOf(1))}, findings: []})
})

const codes = (findings: readonly Finding[]): string[] => findings.map(({code}) => code)

test('an id that the client frees goes to none of the keys for which it asked before, but to one after', () => {
  const routes = new Routes(true, new Reactions())
  routes.request(keyOf(1), own, 0)
  routes.response(16, keyOf(1))
  routes.request(keyOf(2), own, 1)
  expect(codes(routes.event(16, 'disconnect>', 2, null).findings)).toEqual([])
  expect(codes(routes.event(16, 'data>', 3, null).findings)).toEqual(['data-on-free-id'])
  expect(codes(routes.event(17, 'data>', 4, null).findings)).toEqual([])
  expect(codes(routes.response(17, keyOf(2)))).toEqual([])
  routes.request(keyOf(3), own, 5)
  expect(codes(routes.event(16, 'data>', 6, null).findings)).toEqual([])
})

test('the key of an id that was used before its answer is inferred, but not while the answer for the own key is out', () => {
  const peerOf = (...asked: readonly Uint8Array[]) => {
    const routes = new Routes(true, new Reactions())
    for (const [index, key] of asked.entries()) routes.request(key, own, index)
    routes.event(15 + asked.length, 'data>', 9, null)
    return routes.event(15 + asked.length, 'data>', 10, null).inferred?.peer
  }
  expect(peerOf(keyOf(1), keyOf(2))).toBe(Buffer.from(keyOf(2)).toString('hex'))
  expect(peerOf(own, keyOf(2))).toBeUndefined()
})

test('of more requests than a relay has ids, none gets an id that is freed after them', () => {
  const routes = new Routes(true, new Reactions())
  for (let number = 0; number < limits.pendingRoutes; number++) routes.request(keyOf(number), own, number)
  expect(codes(routes.event(16, 'disconnect>', 1, null).findings)).toEqual([])
  expect(codes(routes.event(16, 'data>', 2, null).findings)).toEqual(['data-on-free-id'])
})
