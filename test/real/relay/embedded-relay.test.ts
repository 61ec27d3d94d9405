import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, type TestContext, test} from 'vitest'
import {recordsIn} from '../../actions/proxy/proxy-run.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import type {Node} from '../toxcore/messages.js'
import {missing} from '../toxcore/present.js'
import {startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const fileBytes = 1_000_000
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-relay-'))
const reason = missing()
if (reason) console.warn(`test/real/relay/embedded-relay.test.ts is skipped: ${reason}`)

type Cleanup = TestContext['onTestFinished']

/** Start the relay of toxtcp with a key of its own. @param host where it listens. @param port 0: any free one. */
async function embedded(cleanup: Cleanup, name: string, host: string, port = 0) {
  const program = Program.start(['--json', '--key', join(folder, name), '--udp', '127.0.0.1:0'], {
    command: 'relay',
    listen: ['--listen', host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`],
  }).hear()
  cleanup(() => void program.child.kill('SIGKILL'))
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

/** A node that clients join the network through; its relay is not used. */
async function bootstrap(cleanup: Cleanup): Promise<Node> {
  const relay = await startRelay([], {hasNewKeys: true})
  cleanup(() => relay.stop())
  return {host: relay.host, port: relay.port, key: relay.publicKey, bootstrap: true}
}

async function start(cleanup: Cleanup, nodes: readonly Node[], ipv6 = false) {
  const client = await RemoteClient.start({nodes, ipv6})
  cleanup(() => client.quit())
  return client
}

// Each has relays and clients of its own, and waits for those most of the time.
describe.skipIf(reason !== undefined)('real clients whose only relay is that of toxtcp', {concurrent: true}, () => {
  afterAll(() => rmSync(folder, {recursive: true}))

  const areFriends = (pair: readonly RemoteClient[]) =>
    Promise.all(pair.map(client => client.next('friend', event => event.online)))

  test.for([
    ['IPv4', '127.0.0.1'],
    ['IPv6', '::1'],
  ] as const)(
    'become friends over %s, talk, and send a file, all of it shown',
    {timeout: 240_000},
    async ([name, host], {onTestFinished}) => {
      const first = await embedded(onTestFinished, name, host)
      const nodes = [first.node, await bootstrap(onTestFinished)]
      const begin = () => start(onTestFinished, nodes, name === 'IPv6')
      const [alice, bob] = await Promise.all([begin(), begin()])
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
  )

  test('come back to it after a restart, and talk on', async ({onTestFinished}) => {
    const first = await embedded(onTestFinished, 'restarted', '127.0.0.1')
    const nodes = [first.node, await bootstrap(onTestFinished)]
    const [alice, bob] = await Promise.all([start(onTestFinished, nodes), start(onTestFinished, nodes)])
    alice.send({do: 'befriend', address: bob.address})
    await areFriends([alice, bob])

    // A relay that is back before they try again: libtoxcore connects to it once more by itself.
    first.program.child.kill('SIGINT')
    await first.program.exit
    const second = await embedded(onTestFinished, 'restarted', '127.0.0.1', first.node.port)
    expect(second.node).toEqual(first.node)
    await second.program.until(() => linked(second.program))
    await tell(alice, 'after one restart')
    expect(await bob.next('message')).toMatchObject({text: 'after one restart'})
    for (const client of [alice, bob]) client.forget('friend')

    // A relay that is away until they notice: libtoxcore forgets a relay that refuses, and applications add it again.
    second.program.child.kill('SIGINT')
    await second.program.exit
    await Promise.all([alice, bob].map(client => client.next('friend', event => !event.online)))
    const third = await embedded(onTestFinished, 'restarted', '127.0.0.1', first.node.port)
    for (const client of [alice, bob]) client.send({do: 'join', ...third.node})
    await areFriends([alice, bob])
    await tell(bob, 'after two restarts')
    expect(await alice.next('message')).toMatchObject({text: 'after two restarts'})
  }, 400_000)

  test('are eight, all friends of each other', async ({onTestFinished}) => {
    const {program, node} = await embedded(onTestFinished, 'eight', '127.0.0.1')
    const nodes = [node, await bootstrap(onTestFinished)]
    const all = await Promise.all(Array.from({length: 8}, () => start(onTestFinished, nodes)))
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
