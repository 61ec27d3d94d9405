import {expect, test} from 'vitest'
import {ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {keysOf} from './keys.js'
import {finding, type Play, play} from './play.js'

const keys = keysOf(1)
const greet = (p: Play): Play => p.client(ping(1)).expect('ping_request').relay(pong(1)).expect('pong_response')

test('both sides ping, and each pong knows its ping', () => {
  const p = greet(play(keys))
  expect(p.last.inferred?.roundTrip).toEqual({micros: 10_000, index: 0})
  p.after(30).relay(ping(5)).expect('ping_request').after(0.5).client(pong(5)).expect('pong_response')
  expect(p.last.inferred?.roundTrip).toEqual({micros: 510_000, index: 1})
  p.client(ping(6)).expect('ping_request').relay(pong(6)).expect('pong_response')
  p.end()
})

test('several pings under way are answered in their order', () => {
  const p = greet(play(keys))
  for (const id of [2, 3, 4]) p.client(ping(id)).expect('ping_request')
  for (const id of [2, 3, 4]) p.relay(pong(id)).expect('pong_response')
  p.end()
})

test('an answer out of order, or to an older ping once more, matches nothing', () => {
  const p = greet(play(keys))
  for (const id of [2, 3, 4]) p.client(ping(id)).expect('ping_request')
  p.relay(pong(3)).expect('pong_response', finding('pong-mismatch'))
  p.relay(pong(2)).expect('pong_response')
  p.relay(pong(2)).expect('pong_response', finding('pong-mismatch'))
  p.relay(pong(4)).expect('pong_response')
  p.relay(pong(4)).expect('pong_response', finding('pong-repeated')).end()
})

test('zero is no ping id', () => {
  const p = greet(play(keys))
  p.client(ping(0)).expect('ping_request', finding('ping-zero'))
  p.relay(pong(0)).expect('pong_response', finding('pong-zero'))
  p.relay(ping(0)).expect('ping_request', finding('ping-zero'))
  p.client(pong(0)).expect('pong_response', finding('pong-zero')).end()
})

test('a pong that nobody asked for', () => {
  const p = play(keys).client(ping(1)).expect('ping_request')
  p.client(pong(9)).expect('pong_response', finding('pong-unasked'))
  p.relay(pong(2)).expect('pong_response', finding('pong-mismatch')).end()
})

test('a wrong answer neither ends the waiting nor stops the right one', () => {
  const p = greet(play(keys)).relay(ping(5)).expect('ping_request')
  p.client(pong(6)).expect('pong_response', finding('pong-mismatch'))
  p.client(pong(5)).expect('pong_response')
  p.after(20).client(ping(7)).expect('ping_request').relay(pong(7)).expect('pong_response').end()
})

test('who is silent for 11 seconds after a ping is told of by what it says then', () => {
  const p = greet(play(keys)).relay(ping(5)).expect('ping_request')
  p.after(9).client(ping(6)).expect('ping_request').relay(pong(6)).expect('pong_response')
  p.after(3).client(ping(7)).expect('ping_request', finding('ping-unanswered')).relay(pong(7)).expect('pong_response')
  p.client(pong(5)).expect('pong_response').end()
})

test('an unanswered ping before the end of the capture is no finding, nor a late capture of it', () => {
  greet(play(keys)).relay(ping(5)).expect('ping_request').end()
  greet(play(keys)).relay(ping(5)).expect('ping_request').after(60).end()
})

test('who hangs up after ten seconds without an answer says why', () => {
  const p = greet(play(keys)).relay(ping(5)).expect('ping_request').after(10).close('relay', 'fin')
  const {window, number} = p.last
  expect(window?.type.name).toBe('ping_request')
  p.close('client', 'fin').stop()
  expect(p.records.at(-2)).toMatchObject({
    kind: 'end',
    from: 'relay',
    findings: [{code: 'ping-unanswered'}],
    causes: [{number, secondsBefore: 10}],
  })
})

test('a gap makes every pong possible', () => {
  const p = greet(play(keys)).gap('relay', 200).expect('gap', finding('bytes-missing'))
  p.client(pong(77)).expect('pong_response')
  p.after(60).client(ping(8)).expect('ping_request').end()
})

test('the first packet of a client is a ping', () => {
  const pk = new Uint8Array(32).fill(7)
  play(keys)
    .client(route(pk))
    .expect('route_request', finding('first-not-ping'))
    .relay(routed(16, pk))
    .expect('route_response')
    .end()
})
