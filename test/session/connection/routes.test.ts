import {expect, test} from 'vitest'
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
