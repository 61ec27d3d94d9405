import {randomBytes} from 'node:crypto'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Program} from '../../commands/proxy/proxy-program.js'
import type {Setup} from './messages.js'
import {type Relay, startRelay} from './relay.js'
import {RemoteClient} from './remote.js'

const program = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/** Two clients who are friends and online, at a proxy that intercepts, with the key logs of both. */
export interface Friends {
  readonly alice: RemoteClient
  readonly bob: RemoteClient
  /** Prints the dialogue. */
  readonly proxy: Program
  /** What the proxy wrote. */
  readonly recording: string
  /** The flags that give both key logs. */
  readonly keys: readonly string[]
  /** One more client at the proxy, and the flag that gives its key log. It is ended by who asked for it. */
  another(name: string): Promise<{readonly client: RemoteClient; readonly keys: readonly string[]}>
  /** Ends both clients and then the proxy, as a user does. */
  leave(): Promise<void>
  /** Ends whatever still runs. */
  stop(): Promise<void>
}

/**
 * @param folder for key logs and the recording.
 * @param through a command that runs the program that runs the client of Alice.
 * @param more what both clients do.
 */
export async function startFriends(
  folder: string,
  through: readonly string[] = [],
  more: Pick<Setup, 'calls' | 'seekTo'> = {},
): Promise<Friends> {
  const logs = ['alice', 'bob'].map(name => join(folder, `${name}.keys`)) as [string, string]
  const keys = logs.flatMap(log => ['--keylog', log])
  const recording = join(folder, 'session.pcapng')
  const relay: Relay = await startRelay()
  const proxy = await Program.start([
    ...['--upstream', `${relay.host}:${relay.port}`, '--relay-key', relay.keyFile],
    ...[...keys, '-w', recording, '-T', 'conversation', '--no-color'],
  ])
    .hear()
    .listens()
  const nodes = [
    {host: '127.0.0.1', port: proxy.port, key: relay.publicKey, relay: true},
    {host: relay.host, port: relay.port, key: relay.publicKey, bootstrap: true},
  ]
  const start = (log: string, first: readonly string[]): Promise<RemoteClient> =>
    RemoteClient.start({nodes, secretKey: randomBytes(32).toString('hex'), ...more}, [
      ...first,
      ...[process.execPath, program, 'keys', 'log', '--out', log, '--'],
    ])
  const [alice, bob] = await Promise.all([start(logs[0], through), start(logs[1], [])])
  alice.send({do: 'befriend', address: bob.address})
  await bob.next('request')
  await Promise.all([alice, bob].map(client => client.next('friend', event => event.online)))
  return {
    ...{alice, bob, proxy, recording, keys},
    another: async name => {
      const log = join(folder, `${name}.keys`)
      return {client: await start(log, []), keys: ['--keylog', log]}
    },
    leave: async () => {
      await bob.quit()
      await alice.next('friend', event => !event.online)
      await alice.quit()
      proxy.child.kill('SIGINT')
      await proxy.exit
    },
    stop: async () => {
      await Promise.all([alice, bob].map(client => client.quit()))
      proxy.child.kill('SIGKILL')
      await relay.stop()
    },
  }
}
