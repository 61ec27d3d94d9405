import {expect, test} from 'vitest'
import {messageOf} from '../../src/expert/finding.js'
import {connect, data, disconnect, onion, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
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

const quits = 'the client may have quit'
const hasOthers = `${quits}, or has enough other relays and does not use this one`
const usesUdp = `${quits}, or reaches all of its friends over UDP`
const registered = (p: Play): Play => p.client(route(peer)).relay(routed(16, peer))

test('a client that closes a connection on which nothing is wrong may have quit', () => {
  expect(ending(online(greeted()).after(5).close('client', 'rst'))).toEqual(left(quits))
})

test('where it asked for no friend it may as well have enough other relays, at once', () => {
  expect(ending(greeted().close('client', 'fin'))).toEqual(left(hasOthers))
  expect(ending(play(keys).client(ping(1)).close('client', 'fin'))).toEqual(left(hasOthers))
  expect(ending(play(keys).close('client', 'fin')).causes).toEqual([])
})

test('for a friend that it asked for it waits 10 s', () => {
  expect(ending(registered(greeted()).after(5).close('client', 'fin'))).toEqual(left(quits))
  expect(ending(registered(greeted()).after(11).close('client', 'fin'))).toEqual(left(hasOthers))
  expect(ending(registered(online(greeted()).relay(disconnect(16)).after(11)).close('client', 'fin'))).toEqual(
    left(quits),
  )
})

test('a relay that carries its onion requests is in use', () => {
  expect(ending(greeted().after(11).client(onion(300)).close('client', 'fin'))).toEqual(left(quits))
  expect(ending(greeted().client(onion(300)).after(11).close('client', 'fin'))).toEqual(left(hasOthers))
})

test('10 s after it asked for a friend who is online it may as well reach all of its friends over UDP', () => {
  expect(ending(online(greeted()).after(11).close('client', 'fin'))).toEqual(left(usesUdp))
  expect(ending(online(greeted()).relay(disconnect(16)).after(11).close('client', 'fin'))).toEqual(left(hasOthers))
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
