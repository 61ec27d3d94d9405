import {randomBytes} from 'node:crypto'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {missing} from '../toxcore/present.js'
import {type Relay, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const reason = missing()
if (reason) console.warn(`tests with real toxcore are skipped: ${reason}`)

test.runIf(process.env['CI'] === 'true')('toxcore is installed where the tests must run', () => {
  expect(reason).toBeUndefined()
})

describe.skipIf(reason !== undefined)('two TCP-only clients and a relay, no proxy', () => {
  let relay: Relay
  const clients: RemoteClient[] = []
  const start = async (secretKey: string) => {
    const node = {host: relay.host, port: relay.port, key: relay.publicKey, relay: true, bootstrap: true}
    const client = await RemoteClient.start({nodes: [node], secretKey})
    clients.push(client)
    return client
  }

  beforeAll(async () => {
    relay = await startRelay()
  })

  afterAll(async () => {
    await Promise.all(clients.map(client => client.quit()))
    await relay?.stop()
  })

  test('become friends, talk, send a file; one leaves and comes back', async () => {
    const bobKey = randomBytes(32).toString('hex')
    const [alice, bob] = await Promise.all([start(randomBytes(32).toString('hex')), start(bobKey)])
    alice.send({do: 'befriend', address: bob.address})
    expect(await alice.next('befriended')).toMatchObject({friend: 0, error: 0})
    expect(await bob.next('request')).toMatchObject({key: alice.publicKey})
    await Promise.all([alice, bob].map(client => client.next('friend', event => event.online)))

    alice.send({do: 'message', friend: 0, text: 'from alice'})
    bob.send({do: 'message', friend: 0, text: 'from bob'})
    expect(await bob.next('message')).toMatchObject({text: 'from alice'})
    expect(await alice.next('message')).toMatchObject({text: 'from bob'})

    alice.send({do: 'file', friend: 0, size: 200_000})
    const {sha256} = await alice.next('offered')
    expect(await bob.next('file')).toMatchObject({size: 200_000, sha256})

    await bob.quit()
    await alice.next('friend', event => !event.online)
    const again = await start(bobKey)
    expect(again.publicKey).toBe(bob.publicKey)
    again.send({do: 'befriend', address: alice.publicKey})
    await Promise.all([alice, again].map(client => client.next('friend', event => event.online)))
    again.send({do: 'message', friend: 0, text: 'back'})
    expect(await alice.next('message')).toMatchObject({text: 'back'})
  }, 180_000)
})
