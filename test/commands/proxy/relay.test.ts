import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, describe, expect, test} from 'vitest'
import {type Provocation, provocationNames} from '../../../src/peer/relay/provocations.js'
import {
  connect as connected,
  cryptoData,
  data,
  filled,
  oob,
  oobFrom,
  ping,
  pong,
  route,
  routed,
} from '../../../src/probe/cases/packets.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {recordsIn} from '../../actions/proxy/proxy-run.js'
import {type Speaker, toxClient} from '../../proxy/tox-ends.js'
import {Program} from './proxy-program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-relay-command-'))
const running: Program[] = []
const sockets: Speaker[] = []
let files = 0

afterEach(() => {
  for (const {socket} of sockets.splice(0)) socket.destroy()
  for (const {child} of running.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, {recursive: true}))

const freshFile = (name: string) => join(folder, `${files++}-${name}`)

/** The program once it listens, and the public key of its relay. */
async function start(command: 'proxy' | 'relay', args: readonly string[]) {
  const program = Program.start(args, {command}).hear()
  running.push(program)
  await program.listens()
  await program.until(() => /public key[^:]* \w{64}/.test(program.stderr.replaceAll(':', '')))
  return {program, publicKey: Buffer.from(/[0-9a-f]{64}/.exec(program.stderr)![0], 'hex')}
}

async function client(
  program: Program,
  publicKey: Uint8Array,
  secretKey = new Uint8Array(32).fill(sockets.length + 1),
) {
  const speaker = await toxClient(program.port, publicKey, {secretKey})
  sockets.push(speaker)
  return speaker
}

async function end({child, exit}: Program) {
  child.kill('SIGINT')
  return exit
}

/** Two clients of a relay that are connected, and exchange data. */
async function talk(program: Program, publicKey: Uint8Array) {
  const [alice, bob] = [await client(program, publicKey), await client(program, publicKey)]
  const [ofAlice, ofBob] = [alice, bob].map(({publicKey: key}) => key!)
  alice.say(ping(1), route(ofBob!))
  await alice.packets(2)
  bob.say(route(ofAlice!))
  await Promise.all([alice.packets(3), bob.packets(2)])
  alice.say(data(16, cryptoData()))
  await bob.packets(3)
  expect(alice.heard).toEqual([pong(1), routed(16, ofBob!), connected(16)].map(packet => toHex(packet)))
  expect(bob.heard).toEqual([routed(16, ofAlice!), connected(16), data(16, cryptoData())].map(packet => toHex(packet)))
}

describe('toxtcp relay', () => {
  test('serves two clients, shows every packet decrypted, and records what can be read again', async () => {
    const [key, recording] = [freshFile('relay.key'), freshFile('session.pcapng')]
    const {program, publicKey} = await start('relay', ['--key', key, '--json', '-w', recording])
    await talk(program, publicKey)
    expect(await end(program)).toEqual({status: 0, signal: null})
    const records = recordsIn(program.stdout)
    expect(records.map(({kind}) => kind).filter(kind => kind === 'handshake')).toHaveLength(4)
    expect(new Set(records.flatMap(({kind, state}) => (kind === 'frame' ? [state] : [])))).toEqual(new Set(['open']))
    const types = records.flatMap(({kind, type}) => (kind === 'frame' ? [type] : []))
    expect(types.filter(type => type === 'data')).toHaveLength(2)
    expect(records.flatMap(({findings}) => findings.map(({code}) => code))).toEqual([
      'first-not-ping',
      'closed-by-proxy',
      'closed-by-proxy',
    ])
    expect(readFileSync(recording).length).toBeGreaterThan(1000)
  })

  test('makes its key once, which only its owner can read, and keeps it', async () => {
    const key = freshFile('relay.key')
    const first = await start('relay', ['--key', key])
    await end(first.program)
    expect(statSync(key).mode & 0o777).toBe(0o600)
    expect(readFileSync(key).subarray(0, 32)).toEqual(first.publicKey)
    const second = await start('relay', ['--key', key])
    expect(second.publicKey).toEqual(first.publicKey)
    await second.program.until(() => second.program.stderr.includes('tox_add_tcp_relay(tox, "127.0.0.1", '))
  })

  test('prints no packet with --status, and counts at the end what it relayed and closed', async () => {
    const {program, publicKey} = await start('relay', ['--status', '--max-per-address', '2'])
    await talk(program, publicKey)
    await expect(client(program, publicKey)).rejects.toThrow()
    expect(await end(program)).toEqual({status: 0, signal: null})
    expect(program.stdout).toBe('')
    expect(program.stderr).toContain('1 packet relayed, 0 packets dropped')
    expect(program.stderr).toContain('1 connection over the limit of connections from one address')
  })

  test('closes a client that does not answer its pings, and says so', async () => {
    const {program, publicKey} = await start('relay', ['--json', '--ping-interval', '100ms', '--ping-timeout', '100ms'])
    const silent = await client(program, publicKey)
    silent.say(ping(1))
    await silent.closed
    await end(program)
    expect(silent.heard[1]).toMatch(/^04/)
    expect(recordsIn(program.stdout).at(-1)).toMatchObject({kind: 'end'})
  })

  test('says why it closed, where no packet shows it', async () => {
    const {program, publicKey} = await start('relay', ['--json', '--drop-after', '1'])
    const dropped = await client(program, publicKey)
    dropped.say(ping(1))
    await dropped.closed
    expect(dropped.heard).toEqual([toHex(pong(1))])
    await end(program)
    const [ending] = recordsIn(program.stdout).filter(({kind}) => kind === 'end')
    expect(ending?.findings.map(({message}) => message)).toEqual(['the proxy closed it: --drop-after'])
  })
})

/** What clients meet at a relay with each flag that provokes them. */
const provoked: Readonly<Record<Provocation, (start: Starter) => Promise<void>>> = {
  'refuse-routes': async start => {
    const [one] = await start()
    one.say(route(filled(32, 1)), ping(1))
    await one.packets(2)
    expect(one.heard).toEqual(hexes(routed(0, filled(32, 1)), pong(1)))
  },
  'own-key-routes': async start => {
    const [one] = await start()
    one.say(route(one.publicKey!))
    await one.packets(1)
    expect(one.heard).toEqual(hexes(routed(16, one.publicKey!)))
  },
  'no-notifications': async start => {
    const [one, two] = await start()
    one.say(route(two.publicKey!))
    await one.packets(1)
    two.say(route(one.publicKey!), data(16, cryptoData()))
    await one.packets(2)
    expect(one.heard).toEqual(hexes(routed(16, two.publicKey!), data(16, cryptoData())))
  },
  'changed-data': async start => {
    const [one, two] = await start()
    one.say(ping(1))
    await one.packets(1)
    two.say(oob(one.publicKey!, cryptoData()))
    await one.packets(2)
    const changed = cryptoData()
    changed[changed.length - 1]! ^= 1
    expect(one.heard).toEqual(hexes(pong(1), oobFrom(two.publicKey!, changed)))
  },
  'silent-pings': async start => {
    const [one] = await start()
    one.say(ping(1), route(filled(32, 1)))
    await one.packets(1)
    expect(one.heard).toEqual(hexes(routed(16, filled(32, 1))))
  },
  'wrong-pongs': async start => {
    const [one] = await start()
    one.say(ping(1))
    await one.packets(1)
    expect(one.heard).toEqual(['05fffffffffffffffe'])
  },
  'zero-pings': async start => {
    const [one] = await start('--ping-interval', '100ms')
    one.say(ping(1))
    await one.packets(2)
    expect(one.heard).toEqual(hexes(pong(1), ping(0)))
  },
  'swap-nonces': async start => {
    const [one] = await start()
    one.say(ping(1))
    await one.fault()
    expect([one.heard, one.faults]).toEqual([[], ['broken']])
  },
  'empty-frames': async start => {
    const [one] = await start()
    one.say(ping(1))
    await one.packets(1)
    expect([one.heard, one.faults]).toEqual([hexes(pong(1)), ['empty']])
  },
  'early-frame': async start => {
    const [one] = await start()
    await one.packets(1)
    expect(one.heard).toEqual([expect.stringMatching(/^04/)])
  },
}

type Starter = (...args: readonly string[]) => Promise<readonly [Speaker, Speaker]>
const hexes = (...packets: readonly Uint8Array[]) => packets.map(packet => toHex(packet))

describe('toxtcp relay, to see what a client does,', () => {
  test.each(provocationNames)('misbehaves with --%s', async name => {
    await provoked[name](async (...args) => {
      const {program, publicKey} = await start('relay', [`--${name}`, '--status', ...args])
      return [await client(program, publicKey), await client(program, publicKey)]
    })
  })

  test('closes a time after the handshake with --drop-after TIME, also a client that is silent', async () => {
    const {program, publicKey} = await start('relay', ['--status', '--drop-after', '200ms'])
    const silent = await client(program, publicKey)
    await silent.closed
    await end(program)
    expect(program.stderr).toContain('closed by the relay: 1 connection after --drop-after')
  })

  test.each([
    ['and shows what passed', '--json'],
    ['and shows nothing', '--status'],
  ])('changes packets with --script, %s', async (_, flag) => {
    const {program, publicKey} = await start('relay', [flag, '--script', 'fixtures/scripts/refuse-routes.mjs'])
    const refused = await client(program, publicKey)
    refused.say(ping(1), route(filled(32, 1)))
    await refused.packets(2)
    await end(program)
    expect(refused.heard.toSorted()).toEqual(hexes(routed(0, filled(32, 1)), pong(1)))
    expect(program.stdout === '').toBe(flag === '--status')
  })

  test('refuses a script that cannot be read, before it listens', async () => {
    const program = Program.start(['--script', 'missing.mjs'], {command: 'relay'}).hear()
    running.push(program)
    expect(await program.exit).toEqual({status: 2, signal: null})
    expect(program.stderr).toContain('missing.mjs')
  })
})

describe('toxtcp proxy without a relay', () => {
  test('serves clients with --upstream embedded', async () => {
    const {program, publicKey} = await start('proxy', ['--upstream', 'embedded', '--json'])
    await talk(program, publicKey)
    await end(program)
    expect(recordsIn(program.stdout).filter(({type}) => type === 'data')).toHaveLength(2)
  })

  test('serves clients that begin with a Tox handshake, and says with which key', async () => {
    const {program, publicKey} = await start('proxy', ['--json'])
    expect(program.stderr).toContain('as a SOCKS5 and HTTP proxy')
    await talk(program, publicKey)
    await end(program)
    const records = recordsIn(program.stdout)
    expect(records.filter(({type}) => type === 'data')).toHaveLength(2)
    expect(new Set(records.map(({relay}) => relay))).toEqual(new Set([`127.0.0.1:${program.port}`]))
  })
})
