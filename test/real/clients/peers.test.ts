import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ping, pong, route} from '../../../src/probe/cases/packets.js'
import {fromClientRows, type Row} from '../../playbooks/effects.js'
import {peerKey} from '../../playbooks/keys.js'
import {DirectClient} from '../toxcore/direct.js'
import {type Relay, relayInstalled, startRelay} from '../toxcore/relay.js'

const box = await loadSodium()
const isInstalled = relayInstalled()
if (!isInstalled) console.warn('tests with a real relay are skipped: tox-bootstrapd is not installed')

const same = (wanted: Uint8Array) => (packet: Uint8Array) => Buffer.compare(wanted, packet) === 0
const isOfType = (id: number) => (packet: Uint8Array) => packet[0] === id

/** What was said before, at a real relay. undefined: it takes too long there. */
const before: Readonly<Partial<Record<Row[1], (client: DirectClient, relay: Relay) => Promise<DirectClient[]>>>> = {
  free: async () => [],
  asked: async client => {
    client.send(route(peerKey(1)))
    return []
  },
  registered: async client => {
    client.send(route(peerKey(1)))
    await client.receive(isOfType(1))
    return []
  },
  online: async (client, relay) => {
    const friend = await DirectClient.connect(box, relay)
    friend.send(route(client.publicKey))
    await friend.receive(isOfType(1))
    client.send(route(friend.publicKey))
    await client.receive(isOfType(2))
    return [friend]
  },
}

const tried = fromClientRows.filter(([, was]) => before[was] !== undefined)
/** The relay answers some twenty times a second: many at once take no longer than one. */
const atOnce = 20

describe.skipIf(!isInstalled)('a real relay does what the findings say', () => {
  let relay: Relay

  beforeAll(async () => {
    relay = await startRelay()
  })

  afterAll(async () => {
    await relay?.stop()
  })

  async function outcomeOf([, was, packets]: Row): Promise<string> {
    const client = await DirectClient.connect(box, relay)
    client.send(ping(1))
    await client.receive(same(pong(1)))
    const friends = await before[was]!(client, relay)
    for (const packet of packets) client.send(packet)
    client.send(ping(0xabcdef))
    const answer = await client.receive(same(pong(0xabcdef)))
    for (const each of [client, ...friends]) each.close()
    return answer ? 'kept' : 'dropped'
  }

  test(`keeps or drops ${tried.length} clients`, async () => {
    const astray: string[] = []
    for (let at = 0; at < tried.length; at += atOnce) {
      const rows = tried.slice(at, at + atOnce)
      const outcomes = await Promise.all(rows.map(outcomeOf))
      for (const [index, [name, was, , expected]] of rows.entries()) {
        if (outcomes[index] !== expected) astray.push(`${name} (${was}): ${outcomes[index]}, not ${expected}`)
      }
    }
    expect(astray).toEqual([])
  })

  test.each([
    ['keeps', 'a length of 0', Uint8Array.of(0, 0)],
    ['drops', 'a length of 1', Uint8Array.of(0, 1, 7)],
    ['drops', 'a length of 16', Uint8Array.of(0, 16, ...new Uint8Array(16))],
    ['waits after', 'a length of 16 whose bytes do not come', Uint8Array.of(0, 16, 1)],
    ['drops', 'a frame that does not open', Uint8Array.of(0, 30, ...new Uint8Array(30))],
    ['drops', 'a length of 2049', Uint8Array.of(8, 1)],
    ['waits after', 'a length of 2048 whose bytes do not come', Uint8Array.of(8, 0)],
  ] as const)('%s %s', async (does, _, wire) => {
    const client = await DirectClient.connect(box, relay)
    client.send(ping(1))
    await client.receive(same(pong(1)))
    client.write(wire)
    if (does !== 'waits after') {
      client.send(ping(2))
      expect((await client.receive(same(pong(2)))) ? 'keeps' : 'drops').toBe(does)
    } else {
      // Another client's whole conversation later the relay has long read it.
      const other = await DirectClient.connect(box, relay)
      other.send(ping(1))
      await other.receive(same(pong(1)))
      other.close()
      expect(client.isClosed).toBe(false)
    }
    client.close()
  })
})
