import {afterAll, describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {connect, routed} from '../../../src/probe/cases/packets.js'
import {fromRelayRows, type Row} from '../../playbooks/effects.js'
import {peerKey} from '../../playbooks/keys.js'
import {FakeRelay, type Outcome} from '../toxcore/fake-relay.js'
import {missing} from '../toxcore/present.js'
import {RemoteClient} from '../toxcore/remote.js'

const box = await loadSodium()
const reason = missing()
if (reason) console.warn(`tests with real clients are skipped: ${reason}`)

/**
 * What a client believes of an id, though it never asked: c-toxcore takes any answer. undefined: only its own requests
 * would do.
 */
const before: Readonly<Partial<Record<Row[1], readonly Uint8Array[]>>> = {
  free: [],
  registered: [routed(16, peerKey(1))],
  online: [routed(16, peerKey(1)), connect(16)],
}
/** Every fourth way: a client process takes most of a second to start. */
const tried = fromRelayRows.filter(([, was]) => before[was] !== undefined).filter((_, index) => index % 4 === 0)
/** Relays that one client keeps for its onion; it leaves all others at once. */
const relaysPerClient = 3

describe.skipIf(reason !== undefined)('real clients do what the findings say', () => {
  const clients: RemoteClient[] = []

  afterAll(async () => {
    await Promise.all(clients.map(client => client.quit()))
  })

  test(`keep or drop a relay in ${tried.length} ways`, async () => {
    const relays = await Promise.all(
      tried.map(([, was, packets]) => FakeRelay.listen(box, [...before[was]!, ...packets])),
    )
    const outcomes: Outcome[] = []
    for (let at = 0; at < relays.length; at += relaysPerClient) {
      const some = relays.slice(at, at + relaysPerClient)
      const client = await RemoteClient.start({nodes: some.map(({node}) => node)})
      clients.push(client)
      outcomes.push(...(await Promise.all(some.map(({outcome}) => outcome))))
      await client.quit()
    }
    const astray = tried.flatMap(([name, was, , expected], index) =>
      outcomes[index] === expected ? [] : [`${name} (${was}): ${outcomes[index]}, not ${expected}`],
    )
    expect(astray).toEqual([])
  })
})
