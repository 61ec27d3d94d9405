import {describe, expect, test} from 'vitest'
import type {RelayModel} from '../../../src/peer/relay/models.js'
import {pong, route} from '../../../src/probe/cases/packets.js'
import {fromClientRows, type Row} from '../../playbooks/effects.js'
import {keysOf} from '../../playbooks/keys.js'
import type {Outcome} from '../../playbooks/outcomes.js'
import {type TestClient, TestRelay} from './test-relay.js'

const {client: keys} = keysOf(1)
/** The last byte of each ping of a relay in these tests. */
const pingByte = 7

/** What was said before the violation, by a client and its peer. */
const prepare: Readonly<Record<Row[1], (client: TestClient) => void>> = {
  free: () => {},
  registered: client => void client.say(route(new Uint8Array(32).fill(9))),
  asked: client => void client.say(route(new Uint8Array(32).fill(9))),
  online: client => {
    const peer = client.relay.join()
    client.say(route(peer.keys.publicKey))
    peer.say(route(keys.publicKey))
  },
  relayPinged: ({relay}) => relay.wait(30_000),
  relayPingAnswered: client => {
    client.relay.wait(30_000)
    client.say(pong(pingByte))
  },
}

function outcome(model: RelayModel, [, was, packets]: Row): Outcome {
  // Only pings are of 8 bytes.
  let drawn = 0
  const relay = new TestRelay({
    model,
    random: bytes => {
      const random = new Uint8Array(bytes).fill(++drawn)
      return bytes === 8 ? random.fill(0).fill(pingByte, 7) : random
    },
  })
  const client = relay.join(keys)
  prepare[was](client)
  expect(client.closed).toBeUndefined()
  client.say(...packets)
  return client.closed === undefined ? 'kept' : 'dropped'
}

describe('a relay keeps or closes the connection of a client as its model does', () => {
  test.each(fromClientRows)('%s (%s)', (...row) => {
    expect([outcome('c-toxcore', row), outcome('tox-rs', row)]).toEqual([row[3], row[4]])
  })
})
