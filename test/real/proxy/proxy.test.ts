import {spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {type JsonRecord, readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import type {Setup} from '../toxcore/messages.js'
import {missing} from '../toxcore/present.js'
import {type Relay, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const fileBytes = 1_000_000
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-proxy-'))

interface Mode {
  readonly name: string
  readonly file: string
  readonly args: (relay: Relay) => readonly string[]
  /** How a client reaches the relay, given where the proxy listens. */
  readonly setup: (relay: Relay, proxy: {readonly host: string; readonly port: number}) => Setup
  readonly isIntercepting: boolean
}

const upstream = (relay: Relay) => ['--upstream', `${relay.host}:${relay.port}`]
/** The relay's UDP side is met directly: only its TCP side is behind the proxy. */
const behind: Mode['setup'] = (relay, proxy) => ({
  nodes: [
    {...proxy, key: relay.publicKey, relay: true},
    {host: relay.host, port: relay.port, key: relay.publicKey, bootstrap: true},
  ],
})
const through =
  (type: 'socks5' | 'http'): Mode['setup'] =>
  (relay, proxy) => ({
    proxy: {type, ...proxy},
    nodes: [{host: relay.host, port: relay.port, key: relay.publicKey, relay: true, bootstrap: true}],
  })

const modes: Mode[] = [
  {
    name: 'a tap',
    file: 'tap',
    args: relay => [...upstream(relay), '--key', relay.keyFile],
    setup: behind,
    isIntercepting: false,
  },
  {
    name: 'an interceptor',
    file: 'intercept',
    args: relay => [...upstream(relay), '--relay-key', relay.keyFile],
    setup: behind,
    isIntercepting: true,
  },
  {
    name: 'their SOCKS5 proxy, intercepting',
    file: 'socks',
    args: relay => ['--relay-key', relay.keyFile],
    setup: through('socks5'),
    isIntercepting: true,
  },
  {
    name: 'their HTTP proxy',
    file: 'http',
    args: relay => ['--key', relay.keyFile],
    setup: through('http'),
    isIntercepting: false,
  },
]

/** Two friends who talk, send a file, and meet again after one was away. */
const friendship = async (start: (secretKey: string) => Promise<RemoteClient>) => {
  const [aliceKey, bobKey] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const [alice, bob] = await Promise.all([start(aliceKey), start(bobKey)])
  alice.send({do: 'befriend', address: bob.address})
  expect(await bob.next('request')).toMatchObject({key: alice.publicKey})
  await Promise.all([alice, bob].map(client => client.next('friend', event => event.online)))
  alice.send({do: 'message', friend: 0, text: 'from alice'})
  bob.send({do: 'message', friend: 0, text: 'from bob'})
  expect(await bob.next('message')).toMatchObject({text: 'from alice'})
  expect(await alice.next('message')).toMatchObject({text: 'from bob'})
  alice.send({do: 'file', friend: 0, size: fileBytes})
  const {sha256} = await alice.next('offered')
  expect(await bob.next('file')).toMatchObject({size: fileBytes, sha256})
  await bob.quit()
  await alice.next('friend', event => !event.online)
  const again = await start(bobKey)
  again.send({do: 'befriend', address: alice.publicKey})
  await Promise.all([alice, again].map(client => client.next('friend', event => event.online)))
  again.send({do: 'message', friend: 0, text: 'back'})
  expect(await alice.next('message')).toMatchObject({text: 'back'})
  await Promise.all([alice, again].map(client => client.quit()))
}

/** Of what is known of the sender's packet once it has arrived. A recording is read ahead, and shows it. */
const ofArrival = new Set(['arrival', 'arrives_as', 'arrives_on'])

/** Without what only the proxy knows, and a recording of it does not, or the other way round. */
function asRead({findings, inferred = {}, ...record}: JsonRecord): object {
  const isSender = 'arrival' in inferred
  const alike = Object.entries(inferred).filter(
    ([name]) => !ofArrival.has(name) && !(isSender && name === 'transit_micros'),
  )
  return {
    ...record,
    inferred: Object.fromEntries(alike),
    findings: findings.filter(({code}) => code !== 'closed-by-proxy'),
  }
}

/** What tshark finds wrong with a recording: warnings and errors, for which a reset is not enough. */
function complaints(path: string): string[] {
  const filter =
    '(_ws.expert.severity >= 6291456 && !tcp.connection.rst) || tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0'
  const {status, stdout, stderr} = spawnSync(
    'tshark',
    ['-r', path, '-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-Y', filter],
    {
      encoding: 'utf8',
    },
  )
  expect({status, stderr: stderr.replace(/^Running as user "root".*\n/m, '')}).toEqual({status: 0, stderr: ''})
  return stdout.split('\n').filter(line => line !== '' && !line.includes('Port numbers reused'))
}

const reason = missing()
if (reason) console.warn(`test/real/proxy/proxy.test.ts is skipped: ${reason}`)
const hasTshark = spawnSync('tshark', ['--version']).status === 0
if (!hasTshark) console.warn('tshark is not installed: recordings are not shown to it')

describe.skipIf(reason !== undefined)('two TCP-only clients and a relay', () => {
  const clients: RemoteClient[] = []
  const relays: Relay[] = []
  const programs: Program[] = []

  afterAll(async () => {
    await Promise.all(clients.map(client => client.quit()))
    for (const {child} of programs) child.kill('SIGKILL')
    await Promise.all(relays.map(relay => relay.stop()))
    rmSync(folder, {recursive: true})
  })

  test.concurrent.each(modes)(
    'are friends through $name',
    async ({file, args, setup, isIntercepting}) => {
      const relay = await startRelay()
      relays.push(relay)
      const [recording, keylog] = [join(folder, `${file}.pcapng`), join(folder, `${file}.log`)]
      const program = await Program.start(['--json', '-w', recording, '--write-keylog', keylog, ...args(relay)])
        .hear()
        .listens()
      programs.push(program)
      const here = {host: '127.0.0.1', port: program.port}
      await friendship(async secretKey => {
        const client = await RemoteClient.start({...setup(relay, here), secretKey})
        clients.push(client)
        return client
      })
      program.child.kill('SIGINT')
      expect(await program.exit).toEqual({status: 0, signal: null})

      const records = recordsIn(program.stdout)
      const starts = records.filter(({kind}) => kind === 'start')
      expect(starts.length).toBeGreaterThanOrEqual(3)
      expect(new Set(starts.map(({relay: shown}) => shown))).toEqual(new Set([`127.0.0.1:${relay.port}`]))
      // The other half's close is a row of its own.
      const ended = new Set(records.filter(({kind}) => kind === 'end').map(({connection}) => connection))
      expect(ended).toEqual(new Set(starts.map(({connection}) => connection)))
      expect(records.filter(({kind}) => kind === 'prelude')).toHaveLength(
        args(relay).includes('--upstream') ? 0 : starts.length,
      )
      expect(new Set(records.filter(({kind}) => kind === 'handshake').map(({state}) => state))).toEqual(
        new Set(['open']),
      )
      const frames = records.filter(({kind}) => kind === 'frame')
      expect(frames.length).toBeGreaterThan(1500)
      expect(new Set(frames.map(({state}) => state))).toEqual(new Set([isIntercepting ? 'open' : 'sealed']))
      expect(records.filter(({kind}) => kind === 'gap')).toEqual([])

      const sessions = readFileSync(keylog, 'utf8').split('\n').filter(Boolean)
      expect(sessions).toHaveLength(isIntercepting ? starts.length : 0)
      for (const secret of [relay.secretKey, ...sessions.map(line => line.split(' ')[3]!)])
        expect(program.stdout + program.stderr).not.toContain(secret)

      const again = recordsIn(await readAgain([recording], {key: [relay.keyFile]}))
      expect(again.length).toBe(records.length)
      expect(again.map(asRead)).toEqual(records.map(asRead))
      if (hasTshark) expect(complaints(recording)).toEqual([])
    },
    180_000,
  )
})
