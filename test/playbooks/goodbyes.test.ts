import {expect, test} from 'vitest'
import {messageOf} from '../../src/expert/finding.js'
import {connect, data, onion, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {keysOf, peerKey} from './keys.js'
import {type Play, play} from './play.js'

const keys = keysOf(5)
const peer = peerKey(1)
const greeted = (): Play => play(keys).client(ping(1)).relay(pong(1))
const online = (p: Play): Play => p.client(route(peer)).relay(routed(16, peer)).relay(connect(16))

/** What is said of the end, and what is found in it. */
function ending(p: Play) {
  const {causes, findings} = p.stop().records.find(({kind}) => kind === 'end')!
  return {causes: causes.map(({finding}) => `${finding.code}: ${messageOf(finding)}`), findings}
}
const left = (why: string) => ({causes: [`client-left: nothing is wrong with it: ${why}`], findings: []})

test('a client that closes a connection on which nothing is wrong may have quit', () => {
  expect(ending(greeted().close('client', 'fin'))).toEqual(left('the client may have quit'))
  expect(ending(online(greeted()).after(5).close('client', 'rst'))).toEqual(left('the client may have quit'))
})

test('after 10 s without a route it may as well have enough other relays', () => {
  expect(ending(greeted().after(11).close('client', 'fin'))).toEqual(
    left('the client may have quit, or has enough other relays and does not use this one'),
  )
})

test('a relay that carries its onion requests is in use', () => {
  expect(ending(greeted().client(onion(300)).after(11).close('client', 'fin'))).toEqual(
    left('the client may have quit'),
  )
})

test('after 10 s with routes it may as well reach all of its friends over UDP', () => {
  expect(ending(online(greeted()).after(11).close('client', 'fin'))).toEqual(
    left('the client may have quit, or reaches all of its friends over UDP'),
  )
})

test('it is not said where there is another cause', () => {
  const empty = online(greeted()).relay(Uint8Array.of(16)).close('client', 'fin')
  expect(ending(empty).causes).toEqual([expect.stringContaining('data-empty-from-relay')])
  const silent = greeted().client(ping(2)).after(10).close('client', 'fin')
  expect(ending(silent).causes).toEqual([expect.stringContaining('ping-unanswered')])
})

test('it is not said of a relay that closes, nor of a connection of which something was not seen', () => {
  expect(ending(online(greeted()).close('relay', 'fin')).causes).toEqual([])
  expect(
    ending(
      online(greeted())
        .gap('relay', 100)
        .client(data(16, ping(3)))
        .close('client', 'fin'),
    ).causes,
  ).toEqual([])
  const sealed = play(keys, {greets: false, know: []}).clientHandshake(keys).relayHandshake(keys).client(ping(1))
  expect(ending(sealed.close('client', 'fin')).causes).toEqual([])
})
