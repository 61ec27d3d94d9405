import {describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import type {RelayAction} from '../../../src/peer/relay/events.js'
import type {RelayModel} from '../../../src/peer/relay/models.js'
import {Relay} from '../../../src/peer/relay/relay.js'
import {concatBytes} from '../../../src/wire/bytes.js'
import {fromHex} from '../../../src/wire/hex/hex-bytes.js'
import {type BehaviourCase, casesOf} from '../../session/cases.js'
import {newerAnswers, RecordedClient, recordedReplies, udpAnswers} from './recorded-client.js'

const box = await loadSodium()

/** Play a case's connections against a relay, in the order in which they were recorded. */
function replay({name, sessions, primary}: BehaviourCase, model: RelayModel) {
  const secretKey = fromHex(primary.relay_sk)
  const pings = sessions.flatMap(session => recordedReplies(session).filter(reply => /^04.{16}$/.test(reply)))
  let drawn = 0
  const relay = new Relay({
    box,
    secretKey,
    random: bytes =>
      bytes === 8 && pings.length > 0 ? fromHex(pings.shift()!.slice(2)) : new Uint8Array(bytes).fill(++drawn),
    model,
    pingInterval: 29_000,
    pingTimeout: 10_000,
    handshakeTimeout: 10_000,
    maxUnconfirmed: 100,
    maxPerAddress: () => 100,
    provocations: new Set(),
  })
  const clients = sessions.map(session => new RecordedClient(session, box.publicKey(secretKey)))
  const answers = sessions.flatMap(recordedReplies).filter(reply => /^0[9b]/.test(reply))
  const act = (actions: readonly RelayAction[]): void => {
    for (const action of actions) {
      if (action.kind === 'send') clients[action.connection]!.hear(action.bytes)
      if (action.kind === 'close') clients[action.connection]!.isClosed = true
      if (action.kind !== 'udp') continue
      const inner = udpAnswers[name] ?? answers.shift()?.slice(2)
      if (inner === undefined) continue
      const {bytes} = action
      const head =
        bytes[0] === 0x81 ? [Uint8Array.of(0x8e), bytes.subarray(-59)] : [Uint8Array.of(0x92), bytes.subarray(1, 47)]
      act(relay.datagram(concatBytes([...head, fromHex(inner)])))
    }
  }
  const steps = sessions
    .flatMap(({timeline}, connection) => timeline.map(step => ({...step, connection})))
    .filter(({dir}) => dir !== 's2c')
    .sort((a, b) => a.t - b.t)
  const opened = new Set<number>()
  for (const [i, {t, connection, dir, hex}] of steps.entries()) {
    act(relay.tick(t))
    const client = clients[connection]!
    if (!opened.has(connection)) act(relay.open(connection, '127.0.0.1', t))
    opened.add(connection)
    if (client.isClosed) continue
    if (dir === 'close') {
      act(relay.closed(connection))
      continue
    }
    act(relay.receive(connection, client.translated(fromHex(hex!)), t))
    const isLast = !steps.slice(i + 1).some(step => step.connection === connection && step.dir === 'c2s')
    if (isLast && !client.isClosed) act(relay.receive(connection, client.rest(), t))
  }
  const at = sessions.indexOf(primary)
  return {outcome: clients[at]!.isClosed ? 'dropped' : 'kept', heard: clients.map(({heard}) => heard)}
}

const cases = casesOf('relay')

describe('each recorded case, against a relay like c-toxcore, has the recorded outcome and answers', () => {
  test.each(cases.map(each => [each.name, each] as const))('%s', (name, each) => {
    const {outcome, heard} = replay(each, 'c-toxcore')
    expect(outcome).toBe(each.outcomes.c_toxcore === 'stalled' ? 'kept' : each.outcomes.c_toxcore)
    if (!newerAnswers.has(name)) expect(heard).toEqual(each.sessions.map(recordedReplies))
  })
})

describe('each recorded case, against a relay like tox-rs, has the recorded outcome', () => {
  test.each(cases.filter(({outcomes}) => outcomes.tox_rs !== null).map(each => [each.name, each] as const))(
    '%s',
    (_, each) => {
      expect(replay(each, 'tox-rs').outcome).toBe(each.outcomes.tox_rs)
    },
  )
})
