import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {type JsonRecord, recordsIn} from '../../actions/proxy/proxy-run.js'
import {toxtcpHere} from '../../commands/program.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import {Namespace, namespaceMissing} from '../faults/namespace.js'
import type {Node, Setup} from '../toxcore/messages.js'
import {missing} from '../toxcore/present.js'
import {type Relay, type RelaySetup, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-goodbyes-'))
const reason = missing()
if (reason) console.warn(`test/real/clients/goodbyes.test.ts is skipped: ${reason}`)
const noNamespace = namespaceMissing()
if (noNamespace) console.warn(`clients that meet over UDP are skipped: ${noNamespace}`)
const testInNamespace = noNamespace ? test.concurrent.skip : test.concurrent

const quits = 'the client may have quit'
const hasOthers = `${quits}, or has enough other relays and does not use this one`
const usesUdp = `${quits}, or reaches all of its friends over UDP`

const left = (why: string) => `client: client-left: nothing is wrong with it: ${why}`

interface Cause {
  readonly code: string
  readonly message: string
}

/** The first end of each connection, whose it is and why it is, as `relay: ` or `client: client-left: ...`. */
function ends(records: readonly JsonRecord[]): string[] {
  const first = new Map<number, JsonRecord>()
  for (const record of records)
    if (record.kind === 'end' && !first.has(record.connection)) first.set(record.connection, record)
  return [...first.values()].map(({from, fields}) => {
    const causes = (fields['causes'] as readonly Cause[]).map(({code, message}) => `${code}: ${message}`)
    return `${from}: ${causes.join(', ')}`
  })
}

/** A proxy that intercepts and records, live and read again. */
class Tapped {
  private constructor(
    readonly proxy: Program,
    readonly recording: string,
  ) {}

  static async start(name: string, args: readonly string[], start?: Parameters<typeof Program.start>[1]) {
    const recording = join(folder, `${name}.pcapng`)
    const proxy = await Program.start(['--json', '-w', recording, '--embed-keys', ...args], start)
      .hear()
      .listens()
    return new Tapped(proxy, recording)
  }

  get ends(): string[] {
    return ends(recordsIn(this.proxy.stdout))
  }

  /** So many connections have ended. */
  async untilEnded(count: number): Promise<void> {
    await this.proxy.until(() => this.proxy.stdout.endsWith('\n') && this.ends.length >= count)
  }

  /** Ends the proxy. Its recording gives no warning, and says the same of the ends. */
  async agrees(): Promise<void> {
    this.proxy.child.kill('SIGINT')
    await this.proxy.exit
    const {stdout, status} = await toxtcpHere(['read', this.recording, '--json', '--fail-on', 'warn'])
    expect(status).toBe(0)
    expect(ends(recordsIn(stdout))).toEqual(this.ends)
  }
}

describe.skipIf(reason !== undefined)('real clients and relays that leave are blamed for nothing:', () => {
  const stops: (() => unknown)[] = []
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, {recursive: true})
  })

  async function relayStarted(setup: RelaySetup = {}): Promise<Relay> {
    const relay = await startRelay([], {...setup, hasNewKeys: true})
    stops.push(() => relay.stop())
    return relay
  }

  async function tapStarted(...args: Parameters<typeof Tapped.start>): Promise<Tapped> {
    const tap = await Tapped.start(...args)
    stops.push(() => tap.proxy.child.kill('SIGKILL'))
    return tap
  }

  async function clientStarted(setup: Setup, through?: readonly string[]): Promise<RemoteClient> {
    const client = await RemoteClient.start(setup, through)
    stops.push(() => client.quit())
    return client
  }

  const behind = ({proxy}: Tapped, relay: Relay, host = '127.0.0.1'): readonly Node[] => [
    {host, port: proxy.port, key: relay.publicKey, relay: true},
    {host, port: relay.port, key: relay.publicKey, bootstrap: true},
  ]

  test.concurrent('a relay that the client does not use, and then all, as it quits', async () => {
    const relays = await Promise.all([1, 2, 3, 4].map(() => relayStarted()))
    const tap = await tapStarted(
      'unused',
      relays.flatMap(({keyFile}) => ['--relay-key', keyFile]),
    )
    const nodes = relays.map(({host, port, publicKey: key}) => ({host, port, key, relay: true, bootstrap: true}))
    const client = await clientStarted({proxy: {type: 'socks5', host: '127.0.0.1', port: tap.proxy.port}, nodes})
    await tap.untilEnded(1)
    await client.next('self', ({online}) => online)
    await client.quit()
    await tap.untilEnded(4)
    const [first, ...others] = tap.ends
    expect(first).toBe(left(hasOthers))
    expect(others.filter(end => !end.startsWith(left(quits)))).toEqual([])
    await tap.agrees()
  })

  test.concurrent('a client and a relay that are killed', async () => {
    const relay = await relayStarted()
    const tap = await tapStarted('killed', [
      ...['--upstream', `${relay.host}:${relay.port}`],
      ...['--relay-key', relay.keyFile],
    ])
    const clients = [await clientStarted({nodes: behind(tap, relay)}), await clientStarted({nodes: behind(tap, relay)})]
    await Promise.all(clients.map(client => client.next('self', ({online}) => online)))
    await clients[0]!.crash()
    await tap.untilEnded(1)
    process.kill(relay.pid, 'SIGKILL')
    await tap.untilEnded(2)
    expect(tap.ends).toEqual([expect.stringMatching(`^${left(quits)}`), 'relay: '])
    await tap.agrees()
  })

  testInNamespace('a relay whose friends are all reached over UDP', async () => {
    // Only where peers have an address of the internet a client stops its onion from using relays.
    const space = Namespace.make(`tg${process.pid}`, '198.51.100.1')
    stops.push(() => space.remove())
    const relay = await relayStarted({inside: space.words})
    const tap = await tapStarted('udp', ['--upstream', `${relay.host}:${relay.port}`, '--relay-key', relay.keyFile], {
      line: `exec ${space.words.join(' ')}`,
      listen: ['--listen', `${space.address}:0`],
    })
    const setup = {udp: true, nodes: behind(tap, relay, space.address)}
    const clients = await Promise.all([clientStarted(setup, space.words), clientStarted(setup, space.words)])
    // Without a request, which c-toxcore sends again in longer and longer intervals.
    clients[0].send({do: 'befriend', address: clients[1].publicKey})
    clients[1].send({do: 'befriend', address: clients[0].publicKey})
    await Promise.all(clients.map(client => client.next('friend', ({online}) => online)))
    // The other client has lost its friend at the relay by then, and may stay.
    await tap.untilEnded(1)
    expect(tap.ends[0]).toBe(left(usesUdp))
    await tap.agrees()
  })
})
