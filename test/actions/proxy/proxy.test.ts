import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeEach, describe, expect, test} from 'vitest'
import {keyLogLine} from '../../../src/crypto/keylog.js'
import type {ProxyOptions} from '../../../src/live/settings.js'
import {RelayEnd} from '../../../src/peer/relay-end.js'
import {hexOf} from '../../peer/vectors.js'
import {box, ping, random, routeRequest, type Speaker, ToxServer, toxClient} from '../../proxy/tox-ends.js'
import {briefly, type JsonRecord, noKeys, ProxyRun, printsJson, readAgain, recordsIn} from './proxy-run.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-proxy-'))
afterAll(() => rmSync(folder, {recursive: true}))

let relay: ToxServer
let run: ProxyRun
let made = 0

const path = (name: string) => join(folder, `${made}-${name}`)
const start = async (options: Partial<ProxyOptions> = {}, io = {}) => {
  run = await ProxyRun.start({upstream: `127.0.0.1:${relay.port}`, ...options}, io)
  return run
}
/** A file with the relay's long-term secret key. */
const relayKey = () => {
  const file = path('relay.keys')
  writeFileSync(file, Buffer.concat([relay.keys.publicKey, relay.keys.secretKey]))
  return file
}
const client = () => toxClient(run.port, relay.keys.publicKey)
const closed = (socket: Socket) =>
  new Promise<void>(
    done =>
      void socket
        .on('error', () => {})
        .once('close', () => done())
        .resume(),
  )
const leave = async (...speakers: Speaker[]) => {
  for (const {socket} of speakers) socket.end()
  await Promise.all(speakers.map(({closed}) => closed))
}

beforeEach(async () => {
  made++
  relay = await ToxServer.start()
})
afterEach(async () => {
  relay.stop()
  await run?.stop().catch(() => {})
})

describe('a tap', () => {
  test('shows what it cannot open as sealed, and says what it carried', async () => {
    await start()
    const alice = await client()
    alice.say(ping(1))
    await alice.packets(1)
    await leave(alice)
    await run.ends(1)
    expect(await run.stop()).toBe(0)
    expect(run.brief).toEqual([
      'client sealed client_handshake handshake-sealed',
      'relay sealed relay_handshake handshake-sealed',
      'client sealed  frame-sealed',
      'relay sealed  frame-sealed',
    ])
    expect(run.records.map(({kind}) => kind)).toEqual([
      ...['start', 'handshake', 'handshake', 'frame', 'frame'],
      ...['end', 'end'],
    ])
    const {client: from, relay: to} = run.records[0]!
    expect([from, to]).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/), `127.0.0.1:${relay.port}`])
    expect(run.stderr.split('\n').slice(1)).toEqual([
      '1 connection: 2 frames, 155 B from clients, 123 B from relays; no findings; ' +
        '2 frames stayed sealed: no key was given (--keylog, --key)',
      '',
    ])
  })

  test("opens handshakes with the relay's key, and frames with a log that a client writes meanwhile", async () => {
    const [log, recording] = [path('client.log'), path('log.pcapng')]
    const key = relayKey()
    await start({keys: {...noKeys, key: [key], keylog: [log]}, write: recording})
    expect(run.stderr).toContain(`${log} is not there yet; it will be read once it is`)
    const [alice, bob] = [await client(), await client()]
    await run.until(() => run.brief.length === 4)
    const records = run.records.filter(({kind}) => kind === 'handshake')
    const nonces = records
      .filter(({connection}) => connection === 1)
      .map(({fields}) => Buffer.from(String(fields['nonce']), 'hex'))
    const bases = records
      .filter(({connection}) => connection === 1)
      .map(({fields}) => Buffer.from(String(fields['base_nonce']), 'hex'))
    const sharedKey = bob.end.sessionSharedKey!
    appendFileSync(
      log,
      `# a client's\n${keyLogLine({kind: 'tcp_session', clientNonce: nonces[0]!, relayNonce: nonces[1]!, sharedKey, clientBaseNonce: bases[0]!, relayBaseNonce: null})}`,
    )
    alice.say(ping(1))
    await alice.packets(1)
    appendFileSync(log, '\n')
    bob.say(ping(2))
    await bob.packets(1)
    await leave(alice, bob)
    await run.ends(2)
    expect(briefly(run.records.filter(({connection}) => connection === 0))).toEqual([
      'client open client_handshake',
      'relay open relay_handshake',
      'client sealed  frame-sealed',
      'relay sealed  frame-sealed',
    ])
    expect(briefly(run.records.filter(({connection}) => connection === 1)).slice(2)).toEqual([
      'client open ping_request',
      'relay open pong_response',
    ])
    await run.stop()
    expect(await readAgain([recording], {key: [key]})).toBe(run.stdout)
  })

  test('tells of ends that are no connection', async () => {
    const server = createServer().listen(0)
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    server.close()
    await start({upstream: `127.0.0.1:${port}`})
    const socket = connect(run.port)
    socket.on('error', () => {})
    await closed(socket)
    await run.until(() => run.stderr.includes('refused'))
    expect(run.stderr).toMatch(
      /the connection from 127\.0\.0\.1:\d+: its destination refused the connection \(127\.0\.0\.1:\d+: connect ECONNREFUSED/,
    )
    await run.stop()
    expect(run.stdout).toBe('')
  })

  test('shows garbage for what it is, and what a filter hides passes all the same', async () => {
    await start({filter: 'type == ping_request'})
    const socket = connect(run.port)
    await once(socket, 'connect')
    socket.end(randomBytes(300))
    socket.resume()
    await closed(socket)
    await run.stop()
    expect(run.stdout).toBe('')
    expect(run.stderr).toMatch(/\n1 connection: \d+ frame/)
  })

  test('has no limit of time where 0 is given', async () => {
    await start({handshakeTimeout: '0', idleTimeout: '0'})
    const alice = await client()
    alice.say(ping(1))
    await alice.packets(1)
    await leave(alice)
    await run.ends(1)
    expect(run.records.at(-1)!.findings).toEqual([])
  })

  test('turns clients away when too many are there', async () => {
    await start({maxConnections: 1})
    const alice = await client()
    const socket = connect(run.port)
    socket.on('error', () => {})
    await closed(socket)
    await run.until(() => run.stderr.includes('turned away'))
    await leave(alice)
    await run.stop()
    expect(run.stderr).toContain('1 connection was turned away: too many were open')
  })

  test('says in the list of each record which connection it is of', async () => {
    await start({print: {...printsJson, json: false}, filter: 'kind == handshake'})
    const [alice, bob] = [await client(), await client()]
    await leave(alice, bob)
    await run.stop()
    const sides = run.stdout
      .split('\n')
      .flatMap(line => /^ *\d+ +[\d.]+ +(\d) +(client|relay) >/.exec(line)?.slice(1).join(' ') ?? [])
    expect(sides).toEqual(['0 client', '0 relay', '1 client', '1 relay'])
  })

  test('ends when so many records are printed', async () => {
    await start({count: 2})
    const socket = connect(run.port)
    socket.write(randomBytes(128))
    await closed(socket)
    expect(await run.status).toBe(0)
    expect(run.records).toHaveLength(2)
  })

  test.each([
    [{closeAfter: '100ms'}, '--close-after'],
    [{idleTimeout: '100ms'}, 'no data for as long as --idle-timeout allows'],
  ])('says that it closed a connection itself with %j', async (options, why) => {
    await start(options)
    const alice = await client()
    await alice.closed
    await run.ends(1)
    const end = run.records.at(-1)!
    expect(end.findings).toMatchObject([{code: 'closed-by-proxy', message: `the proxy closed it: ${why}`}])
  })

  test('keeps a status line at a terminal, below all else', async () => {
    await start({status: true}, {isErrorTerminal: true})
    await run.until(() => run.stderr.includes('0 connections, 0 packets/s'))
    const alice = await client()
    await run.until(() => run.stdout.includes('relay_handshake'))
    await leave(alice)
    await run.stop()
    const pieces = run.stderr.split('\r\x1b[K')
    expect(pieces.at(-1)).toMatch(/^1 connection: .*; 2 handshakes stayed sealed: .*\n$/)
    for (const piece of pieces.slice(0, -1))
      expect(piece).toMatch(/^(listening on [^\n]*\n)?(\d connections?, [^\n]*)?$/)
  })
})

describe('an interceptor', () => {
  test('opens every frame, records it, and logs its keys', async () => {
    const [recording, keylog] = [path('a.pcapng'), path('keys.log')]
    const key = relayKey()
    await start({relayKey: [key], write: recording, writeKeylog: keylog})
    const [alice, bob] = [await client(), await client()]
    alice.say(ping(1), routeRequest(7))
    bob.say(ping(2))
    await Promise.all([alice.packets(2), bob.packets(1)])
    await leave(alice, bob)
    await run.ends(2)
    await run.stop()
    expect(run.records.filter(({kind}) => kind === 'frame').map(({state}) => state)).toEqual(Array(6).fill('open'))
    expect(run.records.flatMap(({findings}) => findings.map(({code}) => code))).toEqual([])
    expect(await readAgain([recording], {key: [key]})).toBe(run.stdout)
    expect(statSync(recording).mode & 0o777).toBe(0o600)
    expect(statSync(keylog).mode & 0o777).toBe(0o600)
    expect(
      readFileSync(keylog, 'utf8').match(/^TOX_TCP_SESSION( [0-9a-f]{48}){2} [0-9a-f]{64}( [0-9a-f]{48}){2}\n/gm),
    ).toHaveLength(2)
    expect(run.stderr).toMatch(/2 connections \(2 to Tox relays, 2 intercepted\): 6 frames/)
    expect(run.stderr).toContain(`packets recorded in ${recording}\n`)
    for (const secret of [relay.keys.secretKey, ...[alice, bob].map(({end}) => end.sessionSharedKey!)])
      expect(run.stdout + run.stderr).not.toContain(hexOf(secret))
  })

  test('stops recording where a name of its next file leads elsewhere, and goes on forwarding', async () => {
    const [recording, victim] = [path('ring.pcapng'), path('victim')]
    writeFileSync(victim, 'precious')
    await start({relayKey: [relayKey()], write: recording, rotate: '1k'})
    const name = recording.replace(/\.pcapng$/, '')
    for (let ahead = 0; ahead < 600; ahead++) {
      const stamp = new Date(Date.now() + ahead * 1000).toISOString().replace(/\D/g, '').slice(0, 14)
      symlinkSync(victim, `${name}_00002_${stamp}.pcapng`)
    }
    const alice = await client()
    for (let i = 1; i <= 20; i++) {
      alice.say(ping(i))
      await alice.packets(i)
    }
    await run.until(() => run.stderr.includes('it is a symbolic link; nothing more is recorded, forwarding goes on'))
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })

  test('keeps keys out of the recording if it is told to', async () => {
    const [recording, keylog] = [path('b.pcapng'), path('keys.log')]
    await start({relayKey: [relayKey()], write: recording, writeKeylog: keylog, embedsKeys: false})
    const alice = await client()
    alice.say(ping(1))
    await alice.packets(1)
    await leave(alice)
    await run.ends(1)
    await run.stop()
    expect(readFileSync(recording).includes('TOX_TCP_SESSION')).toBe(false)
    expect(briefly(recordsIn(await readAgain([recording]))).slice(2)).toEqual([
      'client sealed  frame-sealed',
      'relay sealed  frame-sealed',
    ])
    expect(briefly(recordsIn(await readAgain([recording], {keylog: [keylog]}))).slice(2)).toEqual([
      'client open ping_request',
      'relay open pong_response',
    ])
  })

  test("with a client's key and the relay's public one", async () => {
    const alice = toxClient(0, relay.keys.publicKey).catch(() => undefined)
    await alice
    const clientKey = path('client.key')
    writeFileSync(clientKey, `${'22'.repeat(32)}\n`)
    await start({clientKey: [clientKey], keys: {...noKeys, relayPk: [hexOf(relay.keys.publicKey)]}})
    const bob = await toxClient(run.port, relay.keys.publicKey, {secretKey: new Uint8Array(32).fill(0x22)})
    bob.say(ping(1))
    await bob.packets(1)
    await run.until(() => run.brief.length === 4)
    expect(run.brief).toEqual([
      'client open client_handshake',
      'relay open relay_handshake',
      'client open ping_request',
      'relay open pong_response',
    ])
  })

  test('falls back to a tap where the handshake does not open, and says why', async () => {
    const other = path('other.key')
    writeFileSync(other, `${'33'.repeat(32)}\n`)
    await start({relayKey: [other]})
    const [alice, bob] = [await client(), await client()]
    alice.say(ping(1))
    await alice.packets(1)
    await leave(alice, bob)
    await run.ends(2)
    expect(
      run.stderr.match(
        /^the connection from 127\.0\.0\.1:\d+ is not intercepted: the client's handshake does not open .*$/gm,
      ),
    ).toHaveLength(1)
    const [handshake] = run.records.filter(({kind}) => kind === 'handshake')
    expect(handshake!.findings.find(({code}) => code === 'not-intercepted')!.message).toBe(
      "not intercepted: the client's handshake does not open with any key that was given",
    )
    expect(briefly(run.records.filter(({connection}) => connection === 0)).slice(1)).toEqual([
      'relay sealed relay_handshake handshake-sealed',
      'client sealed  frame-sealed',
      'relay sealed  frame-sealed',
    ])
  })

  test.each([true, false])(
    'goes on in new files, each of which tells all by itself, and keeps the newest; with keys: %s',
    async embedsKeys => {
      const [recording, keylog] = [path('ring.pcapng'), path('ring.log')]
      await start({relayKey: [relayKey()], write: recording, rotate: '4k', keep: 3, embedsKeys, writeKeylog: keylog})
      const alice = await client()
      for (let i = 1; i <= 80; i++) {
        alice.say(ping(i))
        await alice.packets(i)
      }
      await leave(alice)
      await run.ends(1)
      await run.stop()
      const files = readdirSync(folder)
        .filter(name => name.startsWith(`${made}-ring_`))
        .sort()
      expect(files).toHaveLength(3)
      for (const name of files) expect(name).toMatch(/^\d+-ring_\d{5}_\d{14}\.pcapng$/)
      const paths = files.map(name => join(folder, name))
      expect(run.stderr).toContain(
        `packets recorded in ${paths.at(-1)}, the last of ${Number(/_(\d{5})_/.exec(files.at(-1)!)![1])} files\n`,
      )
      const {client: from, relay: to} = run.records[0]!
      for (const each of paths) {
        const sealed = recordsIn(await readAgain([each]))
        expect(new Set(sealed.map(({client: shown, relay: behind}) => `${shown} ${behind}`))).toEqual(
          new Set([`${from} ${to}`]),
        )
        const frames = recordsIn(await readAgain([each], {keylog: [keylog]})).filter(({kind}) => kind === 'frame')
        for (const {from: sender, state, type} of frames)
          expect([state, type]).toEqual(['open', sender === 'client' ? 'ping_request' : 'pong_response'])
      }
      const kept = recordsIn(await readAgain(paths, {keylog: [keylog]})).flatMap(
        ({kind, index, from: sender, fields}) => (kind === 'frame' ? [`${sender} ${index} ${fields['ping_id']}`] : []),
      )
      const all = run.records.flatMap(({kind, index, from: sender, fields}) =>
        kind === 'frame' ? [`${sender} ${index} ${fields['ping_id']}`] : [],
      )
      expect(kept.length).toBeGreaterThan(30)
      expect(kept.toSorted()).toEqual(all.slice(-kept.length).toSorted())
    },
  )
})

describe('a script', () => {
  const script = (body: string) => {
    const file = path('script.mjs')
    writeFileSync(file, `export function onPacket(packet, session) {${body}}`)
    return file
  }
  const begin = async (body: string) => {
    await start({relayKey: [relayKey()], script: script(body)})
    return client()
  }

  test('that changes what either side sends: both forms are shown', async () => {
    const alice = await begin(
      "const bytes = packet.bytes.slice(); bytes[8]++; if (packet.type !== 'route_request') return bytes",
    )
    alice.say(ping(1))
    await alice.packets(1)
    alice.say(routeRequest(7))
    await alice.packets(2)
    expect(alice.heard).toEqual([hexOf(ping(3)).replace(/^04/, '05'), `0110${'07'.repeat(6)}08${'07'.repeat(25)}`])
    await run.until(() => run.brief.length === 9)
    expect(run.brief.slice(2)).toEqual([
      'client open ping_request packet-changed',
      'client off ping_request packet-instead',
      'relay off pong_response packet-changed',
      'relay open pong_response pong-mismatch packet-instead',
      'client open route_request',
      'relay off route_response packet-changed',
      'relay open route_response route-response-unasked packet-instead',
    ])
  })

  test('that drops, delays and injects', async () => {
    const alice = await begin(`
      if (packet.type === 'pong_response') return 'drop'
      if (packet.type === 'route_request') return {delay: 5}
      if (packet.type === 'ping_request') { session.inject('client', packet.bytes); session.inject('relay', session.packet('disconnect_notification', {connection_id: 16})) }
    `)
    alice.say(ping(1), routeRequest(7))
    await alice.packets(2)
    await run.until(() => run.stdout.includes('route_response'))
    const brief = run.brief.slice(2)
    expect(brief.filter(line => line.startsWith('client')).sort()).toEqual([
      'client off disconnect_notification packet-injected',
      'client off route_request packet-late',
      'client open ping_request',
      'client open route_request packet-delayed',
    ])
    expect(brief.filter(line => line.startsWith('relay')).sort()).toEqual([
      'relay off pong_response packet-dropped',
      'relay open ping_request relay-speaks-first packet-injected',
      'relay open route_response',
    ])
  })

  test('that throws: the packet passes, with one finding', async () => {
    const alice = await begin("if (packet.from === 'client') throw new Error('a bug')")
    alice.say(ping(1))
    await alice.packets(1)
    await run.until(() => run.brief.length === 4)
    expect(run.brief.slice(2)).toEqual(['client open ping_request script-threw', 'relay open pong_response'])
    expect(run.records.at(-2)!.findings[0]!.message).toBe('the script failed (a bug): passed on unchanged')
  })

  /** What a script did is in the recording: frames and ends have the same findings and causes when it is read again. */
  const recordedAgain = async (body: string, talk: (alice: Speaker) => Promise<void>) => {
    const [recording, key] = [path('altered.pcapng'), relayKey()]
    await start({relayKey: [key], script: script(body), write: recording})
    await talk(await client())
    await run.ends(1)
    await run.stop()
    const told = ({kind, from, index, type, findings, fields}: JsonRecord) => ({
      ...{kind, from, index, type, codes: findings.map(({code}) => code)},
      causes: (fields['causes'] as {code: string}[] | undefined)?.map(({code}) => code),
    })
    const live = run.records.filter(({kind}) => kind !== 'packet').map(told)
    expect(recordsIn(await readAgain([recording], {key: [key]})).map(told)).toEqual(live)
    return {recording, ends: live.filter(({kind}) => kind === 'end')}
  }

  test('that changes what the relay gets is named as the cause when the relay closes', async () => {
    const {ends} = await recordedAgain(
      "if (packet.from === 'client') { const bytes = packet.bytes.slice(); bytes[8] ^= 1; return bytes }",
      async alice => {
        alice.say(ping(2))
        await alice.packets(1)
        relay.speakers[0]!.socket.end()
        await alice.closed
      },
    )
    expect(ends[0]).toMatchObject({from: 'relay', causes: ['packet-changed']})
  })

  test('that drops, replaces and injects is in the comments of the recording', async () => {
    const {recording} = await recordedAgain(
      `if (packet.type === 'pong_response') { const bytes = packet.bytes.slice(); bytes.fill(0, 1); return bytes }
      if (packet.type === 'route_response') return 'drop'
      if (packet.type === 'ping_request') { session.inject('client', packet.bytes) }`,
      async alice => {
        alice.say(ping(1), routeRequest(7), ping(2))
        await alice.packets(4)
        await leave(alice)
      },
    )
    const bytes = readFileSync(recording)
    for (const sentence of ['relay frame +0: ', 'relay: ', '[toxtcp packet-instead {}]', '[toxtcp packet-dropped {}]'])
      expect(bytes.includes(sentence)).toBe(true)
  })

  const hostile = '{get message() { throw 1 }, get then() { throw 2 }, toString() { throw 3 }}'
  test.each([
    ['throws null', 'throw null'],
    ['throws an object whose every property throws', `throw ${hostile}`],
    ['throws an error whose message is not text', 'throw Object.assign(new Error(), {message: () => {}})'],
    ['throws a proxy that throws', 'throw new Proxy({}, {getPrototypeOf() { throw null }, get() { throw null }})'],
    ['throws a symbol', "throw Symbol('s')"],
    ['never ends to call itself', 'const again = () => again() + 1; again()'],
    ['returns an object whose every property throws', `return ${hostile}`],
    ['returns a thenable that throws', "return {then() { throw new Error('late') }}"],
    ['returns a promise that is rejected later', 'return new Promise((_, failed) => setTimeout(() => failed(null)))'],
    ['returns packets that are none', 'return Object.create(Uint8Array.prototype)'],
    ['returns a list that throws', "return {send: new Proxy([], {get() { throw 'no' }})}"],
  ])('that %s never closes the connection: the packet passes, with one finding', async (_, body) => {
    const alice = await begin(`if (packet.from === 'client') { ${body} }`)
    alice.say(ping(1))
    await alice.packets(1)
    alice.say(ping(2))
    await alice.packets(2)
    await run.until(() => run.brief.length === 6)
    expect(run.brief.slice(2)).toEqual([
      'client open ping_request script-threw',
      'relay open pong_response',
      'client open ping_request script-threw',
      'relay open pong_response',
    ])
  })

  test.each([
    ['export const onPacket = 1', /exports no function onPacket/],
    ['export function onPacket( {', /cannot be loaded: /],
  ])('that is none: %s', async (text, message) => {
    const file = path('bad.mjs')
    writeFileSync(file, text)
    await expect(ProxyRun.start({upstream: 'localhost:1', relayKey: [relayKey()], script: file})).rejects.toThrow(
      message,
    )
  })
})

describe('as the proxy of a client', () => {
  let web: Server
  let webPort = 0

  beforeEach(async () => {
    web = createServer(socket => {
      socket.on('error', () => {})
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'))
    }).listen(0, '127.0.0.1')
    await once(web, 'listening')
    webPort = (web.address() as AddressInfo).port
  })
  afterEach(() => void web.close())

  const socksConnect = (port: number) => async (socket: ReturnType<typeof connect>) => {
    socket.write(Uint8Array.of(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255))
    let length = 0
    while (length < 12) length += ((await once(socket, 'data')) as [Buffer])[0].length
    socket.removeAllListeners('data')
  }

  test.each([false, true])('shows relays, and leaves others alone; intercepting: %s', async isIntercepting => {
    const recording = path('socks.pcapng')
    const key = relayKey()
    const keys = {...noKeys, key: [key]}
    await start({upstream: undefined, write: recording, keys, ...(isIntercepting && {relayKey: [key]})})
    const socket = connect(run.port)
    await socksConnect(webPort)(socket)
    socket.write('GET / HTTP/1.1\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('hello')
    socket.destroy()
    const alice = await toxClient(run.port, relay.keys.publicKey, {before: socksConnect(relay.port)})
    alice.say(ping(1))
    await alice.packets(1)
    await leave(alice)
    await run.ends(1)
    await run.stop()
    const {records} = run
    expect(records.map(({kind}) => kind)).toEqual([
      'start',
      'prelude',
      'handshake',
      'handshake',
      'frame',
      'frame',
      'end',
      'end',
    ])
    expect(records[0]!.relay).toBe(`127.0.0.1:${relay.port}`)
    expect(records[4]!.state).toBe(isIntercepting ? 'open' : 'sealed')
    expect(readFileSync(recording).includes('GET / HTTP')).toBe(false)
    expect(run.stderr).toMatch(
      new RegExp(`^the connection from .* to 127\\.0\\.0\\.1:${webPort} is HTTP, not Tox`, 'm'),
    )
    expect(await readAgain([recording], {key: [key]})).toBe(run.stdout)
  })

  test('after CONNECT too, names what a destination speaks instead of Tox, and says which one refused', async () => {
    await start({upstream: undefined, allow: ['127.0.0.1:*']})
    const closedPort = await new Promise<number>(done => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const {port} = server.address() as AddressInfo
        server.close(() => done(port))
      })
    })
    for (const port of [webPort, closedPort]) {
      const socket = connect(run.port)
      socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(answer.toString()).toMatch(port === webPort ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 50[0-9] /)
      if (port === webPort) socket.write('GET / HTTP/1.1\r\n\r\n')
      await closed(socket)
    }
    await run.until(() => run.stderr.includes('refused'))
    await run.stop()
    expect(run.stdout).toBe('')
    expect(run.stderr).toMatch(
      new RegExp(`^the connection from .* to 127\\.0\\.0\\.1:${webPort} is HTTP, not Tox`, 'm'),
    )
    expect(run.stderr).toMatch(
      new RegExp(`: its destination refused the connection \\(127\\.0\\.0\\.1:${closedPort}: `),
    )
    expect(run.stderr).toContain('2 connections (0 to Tox relays)')
  })

  test("does not let a client's words reach the terminal as they are", async () => {
    await start({upstream: undefined})
    const host = Buffer.from('\x1b[2J\nlistening on x')
    const socket = connect(run.port)
    socket.write(Buffer.concat([Uint8Array.of(5, 1, 0, 5, 1, 0, 3, host.length), host, Uint8Array.of(0, 80)]))
    await closed(socket)
    await run.until(() => run.stderr.includes('the connection from'))
    expect(run.stderr).not.toMatch(/\x1b|^listening on x/m)
    expect(run.stderr.split('\n').at(-2)).toContain('has a character that no name has')
  })

  test('with --auth serves only who logs in, and prints and records no password', async () => {
    const [file, recording] = [path('password'), path('auth.pcapng')]
    writeFileSync(file, 'Pass Word\n', {mode: 0o600})
    await start({upstream: undefined, auth: `alice:${file}`, write: recording})
    const stranger = connect(run.port)
    stranger.write(Uint8Array.of(5, 1, 0))
    await closed(stranger)
    await run.until(() => run.stderr.includes('its request to the proxy was refused (the SOCKS5 client does not offer'))
    const alice = await toxClient(run.port, relay.keys.publicKey, {
      before: async socket => {
        const login = Buffer.from('alice:Pass Word').toString('base64')
        const request = `CONNECT 127.0.0.1:${relay.port} HTTP/1.1\r\nProxy-Authorization: Basic ${login}\r\n\r\n`
        socket.write(request)
        await once(socket, 'readable')
        expect(String(socket.read())).toMatch(/^HTTP\/1\.1 200 /)
      },
    })
    alice.say(ping(1))
    await alice.packets(1)
    await leave(alice)
    await run.ends(1)
    await run.stop()
    const shown = run.stdout + run.stderr + readFileSync(recording, 'latin1')
    expect(shown).toContain('Basic ****')
    for (const secret of ['Pass Word', Buffer.from('alice:Pass Word').toString('base64')])
      expect(shown).not.toContain(secret)
  })

  test('refuses a destination that is not allowed, and says which', async () => {
    await start({upstream: undefined})
    const socket = connect(run.port)
    socket.write('CONNECT relay.example:80 HTTP/1.1\r\n\r\n')
    await closed(socket)
    await run.until(() => run.stderr.includes('is not allowed'))
    expect(run.stderr).toMatch(
      /^the connection from 127\.0\.0\.1:\d+: its destination is not allowed \(relay\.example:80: see --allow\)$/m,
    )
    await run.stop()
    expect(run.records).toEqual([])
    expect(run.stderr).toMatch(/^1 connection \(0 to Tox relays\): 0 frames/m)
  })

  test('does not show a connection on which nothing but the request was sent', async () => {
    await start({upstream: undefined})
    const socket = connect(run.port)
    await socksConnect(relay.port)(socket)
    socket.end()
    await closed(socket)
    await run.until(() => run.stderr.includes('is not Tox'))
    await run.stop()
    expect(run.records).toEqual([])
  })

  test('says so if a client names no destination', async () => {
    await start({upstream: undefined})
    const socket = connect(run.port)
    socket.write(new Uint8Array(128).fill(0xaa))
    socket.on('error', () => {})
    socket.resume()
    await closed(socket)
    await run.until(() => run.stderr.includes('it did not name a destination'))
  })
})

describe('what the user mistakes', () => {
  test.each<[Partial<ProxyOptions>, RegExp]>([
    [{listen: ['localhost']}, /"localhost" is not \[HOST:\]PORT/],
    [{upstream: '33445'}, /"33445" is not HOST:PORT/],
    [{script: 'x.mjs'}, /there is no such file/],
    [{clientKey: ['fixtures/keyfiles/tox-bootstrapd.keys']}, /--client-key is given without --relay-pk/],
    [{rotate: '1M'}, /--rotate is given without -w/],
    [{keep: 1}, /--keep is given without --rotate/],
    [{write: 'a.pcapng', rotate: 'often'}, /neither a size nor a time/],
    [{latency: 'long'}, /--latency "long" is not a time/],
    [{handshakeTimeout: '30d'}, /--handshake-timeout "30d" is longer than a timer can wait/],
    [{closeAfter: '25d'}, /--close-after "25d" is longer than a timer can wait/],
    [{rate: '0'}, /--rate "0" is not a number of bytes/],
    [
      {write: '/no/such/folder/a.pcapng'},
      /cannot write \/no\/such\/folder\/a\.pcapng: there is no such file or directory/,
    ],
    [{writeKeylog: '/'}, /it is a directory/],
    [{filter: 'type =='}, /./],
    [{write: '-'}, /a recording cannot go to standard output/],
    [{write: 'README.md'}, /README\.md exists already/],
    [{write: '/dev/full', force: true}, /cannot write \/dev\/full: it is not a regular file/],
    [{force: true}, /--force is given without -w/],
    [{allow: ['443']}, /--allow is given with --upstream/],
    [{auth: 'alice:x'}, /--auth is given with --upstream/],
    [{upstream: undefined, allow: ['relay.example']}, /"relay\.example" is not \[HOST:\]PORT/],
    [{upstream: undefined, auth: 'alice'}, /--auth is not USER:FILE/],
    [{upstream: undefined, auth: 'alice:README.md'}, /other users can read or write README\.md/],
    [{upstream: undefined, auth: 'alice:/no/such/file'}, /cannot read \/no\/such\/file/],
  ])('%j', async (options, message) => {
    await expect(ProxyRun.start({upstream: 'localhost:1', ...options})).rejects.toThrow(message)
  })
})

describe('faults', () => {
  const broken = async (serve: (socket: Socket) => void, options: Partial<ProxyOptions> = {}) => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      serve(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    await start({upstream: `127.0.0.1:${(server.address() as AddressInfo).port}`, ...options})
    return server
  }

  test.each([false, true])('a relay that resets in the handshake; intercepting: %s', async isIntercepting => {
    const server = await broken(
      socket => socket.once('data', () => socket.resetAndDestroy()),
      isIntercepting ? {relayKey: [relayKey()]} : {},
    )
    await expect(client()).rejects.toThrow('the socket closed before the handshake')
    await run.ends(1)
    expect(run.records.map(({kind, from}) => `${kind} ${from}`)).toEqual([
      'start null',
      'handshake client',
      'end relay',
    ])
    expect(run.records.at(-1)!.fields['how']).toBe('rst')
    server.close()
  })

  test('a relay that nobody reaches', async () => {
    // Of a network for documentation: there is nobody.
    await start({upstream: '192.0.2.1:33445', handshakeTimeout: '300ms'})
    const socket = connect(run.port)
    await closed(socket)
    await run.until(() =>
      /refused the connection|the (relay|network) cannot be reached|the relay did not answer|no connection was established|connection to the relay failed/.test(
        run.stderr,
      ),
    )
    expect(await run.stop()).toBe(0)
  })

  test('garbage in the place of frames', async () => {
    await start({relayKey: [relayKey()]})
    const alice = await client()
    alice.socket.write(Uint8Array.of(0, 20, ...randomBytes(20)))
    await run.until(() => run.stdout.includes('frame-mac'))
    expect(
      run.records
        .at(-1)!
        .findings.map(({code}) => code)
        .toSorted(),
    ).toEqual(['frame-mac', 'not-intercepted'])
    await leave(alice)
  })

  test('segments of one byte', async () => {
    const recording = path('split.pcapng')
    const key = relayKey()
    await start({relayKey: [key], split: 1, latency: '1', write: recording})
    const alice = await client()
    alice.say(ping(1), routeRequest(7))
    await alice.packets(2)
    await leave(alice)
    await run.ends(1)
    await run.stop()
    expect(run.brief.slice(2).toSorted()).toEqual([
      'client open ping_request',
      'client open route_request',
      'relay open pong_response',
      'relay open route_response',
    ])
    expect(await readAgain([recording], {key: [key]})).toBe(run.stdout)
  })

  test('a handshake and frames in one segment', async () => {
    const server = await broken(
      socket => {
        const end = RelayEnd.withSecret(box, relay.keys.secretKey, box.keyPair(random(32)))
        socket.once('data', (bytes: Buffer) => {
          end.receive(new Uint8Array(bytes))
          socket.write(Buffer.concat([end.answer(random(24), random(24)), end.seal(ping(1)), end.seal(ping(2))]))
        })
      },
      {relayKey: [relayKey()]},
    )
    const alice = await client()
    await alice.packets(2)
    await run.until(() => run.brief.length === 4)
    expect(run.brief).toEqual([
      'client open client_handshake',
      'relay open relay_handshake frame-with-relay-handshake',
      'relay open ping_request relay-speaks-first',
      'relay open ping_request',
    ])
    alice.socket.destroy()
    server.close()
  })
})
