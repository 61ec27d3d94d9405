import {describe, it, type TestContext} from 'vitest'
import {Program} from '../commands/proxy-program.js'
import type {Node} from './toxcore/messages.js'
import {missing} from './toxcore/present.js'
import {startRelay} from './toxcore/relay.js'
import {RemoteClient} from './toxcore/remote.js'

const absent = missing()
if (absent) console.warn(`the test of the suite with a real client is skipped: ${absent}`)

type Cleanup = TestContext['onTestFinished']

async function start(onTestFinished: Cleanup, ...nodes: Node[]): Promise<RemoteClient> {
  const client = await RemoteClient.start({nodes})
  onTestFinished(() => client.quit())
  return client
}

/** Start the probe as the relay of clients. */
async function probe(onTestFinished: Cleanup, timeout: string): Promise<{program: Program; node: Node}> {
  const program = Program.start(['--json'], {command: 'probe', listen: ['--timeout', timeout, '--client', '0']}).hear()
  onTestFinished(() => {
    program.child.kill('SIGKILL')
  })
  await program.listens()
  await program.until(() => /waits for a client/.test(program.stderr))
  const key = /public key of the relay: (\w{64})/.exec(program.stderr)![1]!
  return {program, node: {host: '127.0.0.1', port: program.port, key, relay: true}}
}

// Most of their time they wait for a client that waits 10 s.
describe.skipIf(absent)('the suite for clients finds that c-toxcore behaves like c-toxcore', {concurrent: true}, () => {
  it('in a client that has a friend, and adds the relay again when it is lost', async ({expect, onTestFinished}) => {
    const relay = await startRelay()
    onTestFinished(() => relay.stop())
    const {host, port, publicKey: key} = relay
    const {program, node} = await probe(onTestFinished, '20s')
    const network: Node = {host, port, key, relay: true, bootstrap: true}
    const alice = await start(onTestFinished, network, node)
    const again = setInterval(() => alice.send({do: 'join', ...node}), 300)
    onTestFinished(() => clearInterval(again))
    const bob = await start(onTestFinished, node)
    await alice.next('self', ({online}) => online)
    bob.send({do: 'join', ...network})
    alice.send({do: 'befriend', address: bob.publicKey})
    bob.send({do: 'befriend', address: alice.publicKey})
    const {status} = await program.exit
    clearInterval(again)
    const {disagreements, verdict, end} = JSON.parse(program.stdout)
    expect(disagreements).toEqual([])
    expect({status, end}).toEqual({status: 0, end: 'done'})
    // Whether alice learns that bob is at this relay too is up to libtoxcore: friends name few of their relays, and once.
    expect(verdict).toMatch(
      /^the client behaves like c-toxcore: no disagreement in (151 cases|141 cases; 10 not tried, since it asks for no route)$/,
    )
  }, 400_000)

  it('in a client without a friend that forgets the relay after a wrong handshake', async ({
    expect,
    onTestFinished,
  }) => {
    const {program, node} = await probe(onTestFinished, '5s')
    await start(onTestFinished, node)
    const {status} = await program.exit
    const {disagreements, verdict, end} = JSON.parse(program.stdout)
    expect(disagreements).toEqual([])
    expect({status, end, verdict}).toEqual({
      status: 0,
      end: 'forgotten',
      verdict:
        'the client behaves like c-toxcore: no disagreement in 138 cases; 10 not tried, since it asks for no route; ' +
        '3 not tried; the client did not come back within 5 s after the case ' +
        '"handshake with one bit of its MAC flipped" (dropped): c-toxcore forgets a relay whose handshake fails, until ' +
        'its application adds the relay again',
    })
  }, 300_000)
})
