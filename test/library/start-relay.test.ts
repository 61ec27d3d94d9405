import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, describe, expect, it} from 'vitest'
import {
  openCapture,
  type Provocation,
  type StartRelayOptions,
  startRelay,
  type ToxRecord,
  type ToxRelay,
} from '../../src/index.js'
import {connect, cryptoData, data, filled, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {type Speaker, toxClient} from '../proxy/tox-ends.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-start-relay-'))
const relays: ToxRelay[] = []
const clients: Speaker[] = []

afterEach(async () => {
  for (const {socket} of clients.splice(0)) socket.destroy()
  await Promise.all(relays.splice(0).map(relay => relay.stop()))
})
afterAll(() => rmSync(folder, {recursive: true}))

async function started(options?: StartRelayOptions): Promise<ToxRelay> {
  const relay = await startRelay(options)
  relays.push(relay)
  return relay
}

async function joined(relay: ToxRelay): Promise<Speaker> {
  const client = await toxClient(relay.port, fromHex(relay.publicKey))
  clients.push(client)
  return client
}

/** Two clients of a relay that have asked for each other and heard so. */
async function pair(relay: ToxRelay): Promise<readonly [Speaker, Speaker]> {
  const [one, two] = [await joined(relay), await joined(relay)]
  one.say(route(two.publicKey!))
  await one.packets(1)
  two.say(route(one.publicKey!))
  await Promise.all([one.packets(2), two.packets(2)])
  return [one, two]
}

describe('startRelay', () => {
  it('serves clients on a free port of this machine, with a key of its own', async () => {
    const relay = await started()
    expect(relay.addresses).toEqual([{ip: '127.0.0.1', port: relay.port}])
    expect(relay.publicKey).toMatch(/^[0-9a-f]{64}$/)
    expect(relay.notes.join()).toContain(`public key of the relay: ${relay.publicKey}`)
    const [one, two] = await pair(relay)
    one.say(data(16, cryptoData()))
    await two.packets(3)
    expect(two.heard).toEqual(
      [routed(16, one.publicKey!), connect(16), data(16, cryptoData())].map(each => toHex(each)),
    )
    expect(relay.counts).toEqual({open: 2, confirmed: 2, turnedAway: 0, closed: new Map(), relayed: 1, dropped: 0})
  })

  it('emits a record for each packet, decrypted, and the session keys', async () => {
    const relay = await started()
    const records: ToxRecord[] = []
    const keys: string[] = []
    relay.on('record', record => records.push(record))
    relay.on('key', (connection, line) => keys.push(`${connection} ${line.split(' ')[0]}`))
    await pair(relay)
    await relay.stop()
    expect(keys).toEqual(['0 TOX_TCP_SESSION', '1 TOX_TCP_SESSION'])
    expect(new Set(records.flatMap(({kind, state}) => (kind === 'frame' ? [state] : [])))).toEqual(new Set(['open']))
    expect(records.filter(({type}) => type === 'connect_notification')).toHaveLength(2)
  })

  it('emits only records that match the filter, and none if it is quiet', async () => {
    for (const [options, expected] of [
      [{filter: 'kind == handshake'}, new Set(['handshake'])],
      [{quiet: true}, new Set()],
    ] as const) {
      const relay = await started(options)
      const kinds = new Set<string>()
      relay.on('record', ({kind}) => kinds.add(kind))
      await pair(relay)
      await relay.stop()
      expect(kinds).toEqual(expected)
    }
  })

  it('keeps its key in a file that only its owner can read, and serves again at the same address', async () => {
    const key = join(folder, 'relay.key')
    const first = await started({key})
    await first.stop()
    expect(statSync(key).mode & 0o777).toBe(0o600)
    const second = await started({key, listen: first.port})
    expect([second.port, second.publicKey]).toEqual([first.port, first.publicKey])
    const client = await joined(second)
    client.say(ping(3))
    await client.packets(1)
  })

  it('records what openCapture reads again', async () => {
    const write = join(folder, 'session.pcapng')
    const relay = await started({write, embedKeys: true, quiet: true})
    await pair(relay)
    await relay.stop()
    const types: (string | null)[] = []
    for await (const {type} of openCapture(write)) types.push(type)
    expect(types.filter(type => type === 'route_response')).toHaveLength(2)
    expect(readFileSync(write).length).toBeGreaterThan(500)
  })

  it('behaves like the implementation that is named', async () => {
    const kept: boolean[] = []
    for (const like of ['c-toxcore', 'tox-rs'] as const) {
      const client = await joined(await started({like}))
      client.say(data(99, cryptoData()), ping(1))
      kept.push(await Promise.race([client.packets(1).then(() => true), client.closed.then(() => false)]))
    }
    expect(kept).toEqual([false, true])
  })

  it('misbehaves as it is asked to', async () => {
    const wanted: readonly (readonly [Provocation, Uint8Array, string])[] = [
      ['refuse-routes', route(filled(32, 5)), toHex(routed(0, filled(32, 5)))],
      ['wrong-pongs', ping(1), '05fffffffffffffffe'],
    ]
    for (const [provocation, said, answer] of wanted) {
      const client = await joined(await started({provocations: [provocation]}))
      client.say(said)
      await client.packets(1)
      expect(client.heard).toEqual([answer])
    }
    const relay = await started({dropAfter: '2'})
    const client = await joined(relay)
    client.say(ping(1), ping(2))
    await client.closed
    expect(client.heard).toEqual([pong(1), pong(2)].map(packet => toHex(packet)))
    expect(relay.counts.closed).toEqual(new Map([['drop_after', 1]]))
  })

  it('changes packets by a script', async () => {
    const script = {onPacket: ({type}: {type: string}) => (type === 'pong_response' ? pong(9) : undefined)}
    const client = await joined(await started({script}))
    client.say(ping(1))
    await client.packets(1)
    expect(client.heard).toEqual([toHex(pong(9))])
  })
})

describe('a mistake in the options of startRelay', () => {
  it('has a code', async () => {
    await expect(startRelay({listen: 'nowhere'})).rejects.toMatchObject({code: 'bad-address'})
    await expect(startRelay({dropAfter: 'soon'})).rejects.toMatchObject({code: 'bad-option'})
    await expect(startRelay({allowRemote: true})).rejects.toMatchObject({code: 'bad-option'})
    await expect(startRelay({key: folder})).rejects.toMatchObject({code: expect.any(String)})
  })
})
