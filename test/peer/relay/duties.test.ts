import {expect, test} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import type {Provocation} from '../../../src/peer/relay/provocations.js'
import {cryptoData, data, oob, ping, route} from '../../../src/probe/cases/packets.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {Session} from '../../../src/session/session.js'
import {World} from '../../../src/session/world.js'
import {TestRelay} from './test-relay.js'

const box = await loadSodium()

/**
 * Codes of all that an observer with the session keys finds of a relay between two clients.
 * @param isAltered whether a note says that the connection of a record was changed on its way.
 */
function codesOf(provocations: readonly Provocation[], isAltered?: (record: SessionRecord) => boolean): Set<string> {
  const relay = new TestRelay({provocations: new Set(provocations)})
  const [one, two] = [relay.join(), relay.join()]
  one.say(route(one.keys.publicKey), route(two.keys.publicKey))
  two.say(route(one.keys.publicKey))
  one.say(oob(two.keys.publicKey, cryptoData()))
  one.say(data(16, cryptoData(90)))
  two.say(data(16, cryptoData(91)))
  relay.wait(5_000)
  one.say(ping(2))
  two.say(ping(2))
  const codes = new Set<string>()
  const keyring = new Keyring(box)
  const take = ({findings}: SessionRecord) => {
    for (const {code} of findings) codes.add(code)
  }
  const world = new World(keyring, undefined, {comparison: 'whole', looksAhead: false, ...(isAltered && {isAltered})})
  const session = new Session(keyring, take, {world})
  for (const passed of relay.wire) {
    if ('kind' in passed) {
      keyring.add({kind: 'tcp_session', ...passed.session}, 'the relay')
      continue
    }
    const {connection, end, bytes, at} = passed
    const time = {micros: at * 1000, nanos: 0}
    const ends = {client: {ip: '::1', port: 40_000 + connection}, relay: {ip: '::1', port: 33_445}}
    if (end === 0 && bytes.length === 128) session.open(connection, {clientEnd: 0, ends}, time)
    session.feed({connection, end, bytes, time})
  }
  return codes
}

test('a relay that keeps its duties breaks none of their rules', () => {
  expect([...codesOf([])].filter(code => /missing|changed|reason|given/.test(code))).toEqual([])
})

test.each([
  ['own-key-routes', 'route-own-key-given'],
  ['no-notifications', 'connect-missing'],
  ['changed-data', 'relayed-changed'],
  ['refuse-routes', 'route-refused-without-reason'],
] as const)('a relay that provokes with --%s breaks the rule %s', (provocation, code) => {
  expect(codesOf([provocation])).toContain(code)
})

test.each([0, 1])('a relay is not blamed where connection %i was changed on its way', altered => {
  expect(codesOf(['changed-data'], ({connection}) => connection === altered)).not.toContain('relayed-changed')
})
