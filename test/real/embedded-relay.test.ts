import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, describe, expect, test} from 'vitest'
import {recordsIn} from '../actions/proxy-run.js'
import {Program} from '../commands/proxy-program.js'
import type {Node} from './toxcore/messages.js'
import {missing} from './toxcore/present.js'
import {type Relay, startRelay} from './toxcore/relay.js'
import {RemoteClient} from './toxcore/remote.js'

const fileBytes = 1_000_000
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-relay-'))
const reason = missing()
if (reason) console.warn(`test/real/embedded-relay.test.ts is skipped: ${reason}`)

/** Start the relay of toxtcp with a key of its own. @param host where it listens. @param port 0: any free one. */
async function embedded(name: string, host: string, port = 0) {
  const program = Program.start(['--json', '--key', join(folder, name), '--udp', '127.0.0.1:0'], {
    command: 'relay',
    listen: ['--listen', host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`],
  }).hear()
  await program.listens()
  await program.until(() => /public key of the relay: \w{64}/.test(program.stderr))
  const key = /public key of the relay: (\w{64})/.exec(program.stderr)![1]!
  return {program, node: {host, port: program.port, key, relay: true}}
}

/** Send a message to the only friend, if it has just gone offline once it is back. */
async function tell(client: RemoteClient, text: string): Promise<void> {
  client.send({do: 'message', friend: 0, text})
  while ((await client.next('sent')).error !== 0) {
    await client.next('friend', event => event.online)
    client.send({do: 'message', friend: 0, text})
  }
}

/** Whether a relay has connected two of its clients. */
const linked = ({stdout}: Program) => stdout.split('"type":"connect_notification"').length > 2

describe.skipIf(reason !== undefined)('real clients whose only relay is that of toxtcp', () => {
  const clients: RemoteClient[] = []
  const relays: Relay[] = []
  const programs: Program[] = []

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.quit()))
    for (const {child} of programs.splice(0)) child.kill('SIGKILL')
    await Promise.all(relays.splice(0).map(relay => relay.stop()))
  })
  afterAll(() => rmSync(folder, {recursive: true}))

  /** A node that clients join the network through; its relay is not used. */
  async function bootstrap(): Promise<Node> {
    const relay = await startRelay()
    relays.push(relay)
    return {host: relay.host, port: relay.port, key: relay.publicKey, bootstrap: true}
  }

  async function start(nodes: readonly Node[], ipv6 = false) {
    const client = await RemoteClient.start({nodes, ipv6})
    clients.push(client)
    return client
  }

  const areFriends = (pair: readonly RemoteClient[]) =>
    Promise.all(pair.map(client => client.next('friend', event => event.online)))

  test.each([
    ['IPv4', '127.0.0.1'],
    ['IPv6', '::1'],
  ])(
    'become friends over %s, talk, and send a file, all of it shown',
    async (name, host) => {
      const first = await embedded(name, host)
      programs.push(first.program)
      const nodes = [first.node, await bootstrap()]
      const [alice, bob] = await Promise.all([start(nodes, name === 'IPv6'), start(nodes, name === 'IPv6')])
      alice.send({do: 'befriend', address: bob.address})
      expect(await bob.next('request')).toMatchObject({key: alice.publicKey})
      await areFriends([alice, bob])
      alice.send({do: 'message', friend: 0, text: 'from alice'})
      bob.send({do: 'message', friend: 0, text: 'from bob'})
      expect(await bob.next('message')).toMatchObject({text: 'from alice'})
      expect(await alice.next('message')).toMatchObject({text: 'from bob'})
      alice.send({do: 'file', friend: 0, size: fileBytes})
      const {sha256} = await alice.next('offered')
      expect(await bob.next('file')).toMatchObject({size: fileBytes, sha256})

      first.program.child.kill('SIGINT')
      expect(await first.program.exit).toEqual({status: 0, signal: null})
      const records = recordsIn(first.program.stdout)
      expect(new Set(records.flatMap(({kind, state}) => (kind === 'frame' ? [state] : [])))).toEqual(new Set(['open']))
      expect(records.flatMap(({findings}) => findings).filter(({severity}) => severity === 'error')).toEqual([])
    },
    240_000,
  )

  test('come back to it after a restart, and talk on', async () => {
    const first = await embedded('restarted', '127.0.0.1')
    programs.push(first.program)
    const nodes = [first.node, await bootstrap()]
    const [alice, bob] = await Promise.all([start(nodes), start(nodes)])
    alice.send({do: 'befriend', address: bob.address})
    await areFriends([alice, bob])

    // A relay that is back before they try again: libtoxcore connects to it once more by itself.
    first.program.child.kill('SIGINT')
    await first.program.exit
    const second = await embedded('restarted', '127.0.0.1', first.node.port)
    programs.push(second.program)
    expect(second.node).toEqual(first.node)
    await second.program.until(() => linked(second.program))
    await tell(alice, 'after one restart')
    expect(await bob.next('message')).toMatchObject({text: 'after one restart'})
    for (const client of [alice, bob]) client.forget('friend')

    // A relay that is away until they notice: libtoxcore forgets a relay that refuses, and applications add it again.
    second.program.child.kill('SIGINT')
    await second.program.exit
    await Promise.all([alice, bob].map(client => client.next('friend', event => !event.online)))
    const third = await embedded('restarted', '127.0.0.1', first.node.port)
    programs.push(third.program)
    for (const client of [alice, bob]) client.send({do: 'join', ...third.node})
    await areFriends([alice, bob])
    await tell(bob, 'after two restarts')
    expect(await alice.next('message')).toMatchObject({text: 'after two restarts'})
  }, 400_000)

  test('are eight, all friends of each other', async () => {
    const {program, node} = await embedded('eight', '127.0.0.1')
    programs.push(program)
    const nodes = [node, await bootstrap()]
    const all = await Promise.all(Array.from({length: 8}, () => start(nodes)))
    for (const one of all) {
      for (const other of all) if (one !== other) one.send({do: 'befriend', address: other.publicKey})
    }
    await Promise.all(
      all.map(async client => {
        const online = new Set<number>()
        while (online.size < 7) online.add((await client.next('friend', event => event.online)).friend)
      }),
    )
    for (const client of all) client.send({do: 'message', friend: 0, text: client.publicKey})
    const heard = await Promise.all(all.slice(0, 1).map(client => client.next('message')))
    expect(all.map(({publicKey}) => publicKey)).toContain(heard[0]!.text)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
  }, 240_000)
})
