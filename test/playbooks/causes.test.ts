import {describe, expect, test} from 'vitest'
import {connect, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {keysOf, peerKey} from './keys.js'
import {type Play, play} from './play.js'

const keys = keysOf(9)
const peer = peerKey(1)
const online = (): Play =>
  play(keys).client(ping(1)).relay(pong(1)).client(route(peer)).relay(routed(16, peer)).relay(connect(16))

/** Codes of the causes of the end of the first connection. */
const causesOf = (p: Play): string[] =>
  p
    .stop()
    .records.find(({kind, connection}) => kind === 'end' && connection === 0)!
    .causes.map(({finding: {code}}) => code)

describe('an end is about a packet', () => {
  const empty = (): Play => online().relay(Uint8Array.of(16))

  test('where all that came after it was seen, and nothing answers', () => {
    expect(causesOf(empty().client(ping(2)).after(3).close('client', 'fin'))).toEqual(['data-empty-from-relay'])
  })

  test.each(['client', 'relay'] as const)(
    'not where bytes of the %s were lost since, which may show that it was read',
    from => {
      expect(causesOf(empty().gap(from, 27).after(3).close('client', 'fin'))).toEqual([])
    },
  )
})

test('where packets were lost that may show which client it is, no end is about what tox-rs alone refuses', () => {
  const begun = (): Play => play(keys).client(route(peer)).relay(routed(16, peer)).relay(connect(16))
  const unknown = Uint8Array.of(16, 0x77, 1, 2, 3)
  expect(causesOf(begun().relay(unknown).close('client', 'fin'))).toEqual(['data-kind-unknown'])
  expect(causesOf(begun().gap('client', 27).relay(unknown).close('client', 'fin'))).toEqual([])
})

describe('an end is about another connection with the same client key', () => {
  const second = (): Play => online().open(keys)

  test('where the relay closes at once after the first frame there', () => {
    expect(causesOf(second().client(ping(1)).on(0).close('relay', 'fin'))[0]).toBe('client-key-confirmed-again')
  })

  test('not where it closes seconds later', () => {
    expect(causesOf(second().client(ping(1)).on(0).after(3).close('relay', 'fin'))).toEqual([])
  })

  test('not where the first frame there was lost: which relays close then is not known', () => {
    expect(causesOf(second().gap('client', 27).on(0).close('relay', 'fin'))).toEqual([])
  })
})
