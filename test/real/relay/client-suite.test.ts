import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {describe, it, type TestContext} from 'vitest'
import {Program} from '../../commands/proxy/proxy-program.js'
import type {Node} from '../toxcore/messages.js'
import {missing} from '../toxcore/present.js'
import {startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const absent = missing()
if (absent) console.warn(`the test of the suite with a real client is skipped: ${absent}`)

type Cleanup = TestContext['onTestFinished']

async function start(onTestFinished: Cleanup, ...nodes: Node[]): Promise<RemoteClient> {
  const client = await RemoteClient.start({nodes})
  onTestFinished(() => client.quit())
  return client
}

/**
 * A port of the relay for one client: a connection whose handshake begins with another key is closed.
 * @param keys the keys of the clients that may pass; hex.
 * @returns the port.
 */
async function doorTo(relay: {host: string; port: number}, keys: Set<string>, cleanup: Cleanup): Promise<number> {
  const sockets = new Set<Socket>()
  const door = createServer(client => {
    sockets.add(client.on('error', () => {}))
    client.once('data', hello => {
      if (!keys.has(hello.toString('hex', 0, 32))) return void client.destroy()
      const server = connect({host: relay.host, port: relay.port})
      sockets.add(server.on('error', () => client.destroy()))
      server.write(hello)
      client.pipe(server).pipe(client)
    })
  })
  await new Promise<void>(done => door.listen(0, '127.0.0.1', done))
  cleanup(() => {
    for (const socket of sockets) socket.destroy()
    door.close()
  })
  return (door.address() as AddressInfo).port
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
    const {host, udpPort, publicKey: key} = relay
    const {program, node} = await probe(onTestFinished, '20s')
    // A client learns of its friend's relays only from the packet with the DHT key, which the friend sends until both
    // are online. So they must not find each other: alice's other relay lets nobody else in, and bob uses UDP.
    const passing = new Set<string>()
    const door = await doorTo(relay, passing, onTestFinished)
    const alice = await start(onTestFinished, node)
    passing.add(alice.dhtKey)
    alice.send({do: 'join', host, port: door, key, relay: true})
    alice.send({do: 'join', host, port: udpPort, key, bootstrap: true})
    const again = setInterval(() => alice.send({do: 'join', ...node}), 300)
    onTestFinished(() => clearInterval(again))
    const bob = await RemoteClient.start({udp: true, nodes: [node, {host, port: udpPort, key, bootstrap: true}]})
    onTestFinished(() => bob.quit())
    alice.send({do: 'befriend', address: bob.publicKey})
    bob.send({do: 'befriend', address: alice.publicKey})
    const {status} = await program.exit
    clearInterval(again)
    const {disagreements, verdict, end} = JSON.parse(program.stdout)
    expect(disagreements).toEqual([])
    expect({status, end, verdict}).toEqual({
      status: 0,
      end: 'done',
      verdict: 'the client behaves like c-toxcore: no disagreement in 151 cases',
    })
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
    // A client that loses the relay before it has seen itself as connected forgets it, after whatever case (c-toxcore
    // do_tcp_conns): on a busy machine it may read its first frame and the end of the connection in one turn.
    const stayedAway = /(\d+) cases; .* (\d+) not tried; .* after the case "([^"]*)" \((\w+)\)/
    const [, tried, untried, last, what] = stayedAway.exec(verdict) ?? []
    const isDropped = what === 'dropped'
    expect(Number(tried) + Number(untried)).toBe(141)
    expect(Number(tried)).toBeGreaterThan(0)
    expect({status, end, verdict}).toEqual({
      status: isDropped ? 0 : 1,
      end: isDropped ? 'forgotten' : 'gone',
      verdict:
        `the client behaves like c-toxcore: no disagreement in ${tried} cases; 10 not tried, since it asks for no ` +
        `route; ${untried} not tried; the client did not come back within 5 s after the case "${last}" (${what}): ` +
        (isDropped
          ? 'c-toxcore forgets a relay whose handshake fails, until its application adds the relay again'
          : 'see --timeout'),
    })
  }, 300_000)
})
