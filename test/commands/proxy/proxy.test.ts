import {execFileSync, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import {type AddressInfo, connect, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {briefly, readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {hexOf} from '../../peer/vectors.js'
import {runLoad} from '../../proxy/load.js'
import {ping, type Speaker, ToxServer, toxClient} from '../../proxy/tox-ends.js'
import {Program} from './proxy-program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-proxy-program-'))
afterAll(() => rmSync(folder, {recursive: true}))

let relay: ToxServer
let running: Program[] = []
let made = 0

beforeEach(async () => {
  made++
  relay = await ToxServer.start()
})
afterEach(async () => {
  relay.stop()
  for (const {child} of running) child.kill('SIGKILL')
  await Promise.all(running.map(({exit}) => exit))
  running = []
})

const path = (name: string) => join(folder, `${made}-${name}`)
const relayKey = () => {
  const file = path('relay.keys')
  writeFileSync(file, Buffer.concat([relay.keys.publicKey, relay.keys.secretKey]))
  return file
}
const begin = (args: readonly string[] = [], line = 'exec') => {
  const program = Program.start(['--upstream', `127.0.0.1:${relay.port}`, '--relay-key', relayKey(), ...args], {line})
  running.push(program)
  return program
}
const start = (args: readonly string[] = [], line?: string) => begin(args, line).hear().listens()
const client = ({port}: Program) => toxClient(port, relay.keys.publicKey)
const talk = async (speaker: Speaker, from: number, to: number) => {
  for (let i = from; i <= to; i++) {
    speaker.say(ping(i))
    await speaker.packets(i)
  }
}

describe('the running program', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends in order at %s: connections, recording, summary',
    async signal => {
      const recording = path('a.pcapng')
      const program = await start(['--json', '-w', recording])
      const alice = await client(program)
      await talk(alice, 1, 5)
      await program.until(() => recordsIn(program.stdout.slice(0, program.stdout.lastIndexOf('\n') + 1)).length === 13)
      const ended = once(alice.socket, 'end')
      program.child.kill(signal)
      await ended
      expect(await program.exit).toEqual({status: 0, signal: null})
      expect(program.stderr).toMatch(
        /\n1 connection \(1 to Tox relays, 1 intercepted\): 10 frames.*\n\d+ packets recorded in .*\n$/,
      )
      const records = recordsIn(program.stdout)
      expect(records.at(-2)).toMatchObject({
        kind: 'end',
        findings: [{code: 'closed-by-proxy', message: 'the proxy closed it: it was stopped'}],
      })
      const again = recordsIn(await readAgain([recording], {key: [relayKey()]}))
      expect(again).toEqual(records)
    },
  )

  test('shows what came in large pieces as it is recorded', async () => {
    const recording = path('large.pcapng')
    const program = await start(['--json', '-w', recording])
    const alice = await client(program)
    const packets = Array.from({length: 300}, () => new Uint8Array(randomBytes(1400)).fill(16, 0, 1))
    alice.say(...packets)
    const [server] = relay.speakers
    await server!.packets(packets.length)
    expect(server!.heard).toEqual(packets.map(hexOf))
    program.child.kill('SIGINT')
    await program.exit
    const records = recordsIn(program.stdout)
    expect(records.filter(({state, type}) => state === 'open' && type === 'data')).toHaveLength(packets.length)
    expect(recordsIn(await readAgain([recording], {key: [relayKey()]}))).toEqual(records)
  })

  test('ends at once at a second signal', async () => {
    const program = await start()
    // A client that takes nothing and ends nothing: the proxy gives it a second.
    const alice = await client(program)
    alice.socket.pause()
    program.child.kill('SIGINT')
    await once(relay.speakers[0]!.socket, 'end')
    program.child.kill('SIGINT')
    expect((await program.exit).signal).toBe('SIGINT')
  })

  test('loses no more than the last packet when it is killed', async () => {
    const recording = path('killed.pcapng')
    const program = await start(['--json', '-w', recording])
    const alice = await client(program)
    await talk(alice, 1, 50)
    await program.until(() => program.stdout.includes('0000000000000032'))
    program.child.kill('SIGKILL')
    await program.exit
    const records = recordsIn(await readAgain([recording]))
    expect(briefly(records).filter(line => line === 'client open ping_request')).toHaveLength(50)
    expect(briefly(records).filter(line => line === 'relay open pong_response').length).toBeGreaterThanOrEqual(49)
  })

  test('forwards on when there is no more room for the recording, and says so once', async () => {
    const recording = path('full.pcapng')
    const program = await start(['-Y', 'type == pong_response', '-w', recording], 'ulimit -f 16; exec')
    const alice = await client(program)
    await talk(alice, 1, 200)
    await alice.packets(200)
    await program.until(() => program.stderr.includes('nothing more is recorded'))
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(2)
    expect(
      program.stderr.match(/cannot write .*full\.pcapng: .*; nothing more is recorded, forwarding goes on/g),
    ).toHaveLength(1)
    expect(program.stdout.match(/PongResponse/g)).toHaveLength(200)
    expect(statSync(recording).size).toBeLessThanOrEqual(16 * 1024)
    const records = recordsIn(await readAgain([recording]))
    expect(records.length).toBeGreaterThan(20)
    expect(new Set(records.filter(({kind}) => kind === 'frame').map(({state}) => state))).toEqual(new Set(['open']))
  })

  test('forwards on when nobody takes its output', async () => {
    const program = await begin(['-V', '-x']).listens()
    program.child.stdout.pause()
    const alice = await client(program)
    const [count, size] = [400, 1500]
    // Several times what a pipe holds, as trees with dumps.
    for (let i = 0; i < count; i++) alice.say(Uint8Array.of(6, ...randomBytes(32 + size)))
    await relay.clients(1)
    await relay.speakers[0]!.packets(count)
    // All of it is printed once somebody does. After a signal the program does not wait for a reader for long.
    await program.hear().until(() => program.stdout.split('OobSend to').length > count)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
  })

  /** On a busy machine it may leave frames out at its end, and then says so. */
  const seenOrLeft = (frames: number): RegExp => new RegExp(`${frames} frames|what was left to look at after`)

  test('ends even if nobody ever takes its output', async () => {
    const program = await begin(['-V', '-x']).listens()
    const alice = await client(program)
    for (let i = 0; i < 400; i++) alice.say(Uint8Array.of(6, ...randomBytes(1500)))
    await relay.speakers[0]!.packets(400)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr).toMatch(seenOrLeft(400))
  })

  test('ends even if nobody ever takes its recording', async () => {
    const pipe = path('pipe')
    execFileSync('mkfifo', [pipe])
    const reader = spawn('sleep', ['1000'], {
      stdio: [openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK), 'ignore', 'ignore'],
    })
    const program = await begin(['-w', pipe]).listens()
    const alice = await client(program)
    // More than a pipe holds.
    for (let i = 0; i < 100; i++) alice.say(Uint8Array.of(6, ...randomBytes(1500)))
    await relay.speakers[0]!.packets(100)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr).toMatch(seenOrLeft(100))
    reader.kill()
  })

  test('ends even while its inspecting thread is inside the system', async () => {
    const pipe = path('pipe')
    execFileSync('mkfifo', [pipe])
    const full = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
    expect(() => {
      for (;;) writeSync(full, new Uint8Array(65_536))
    }).toThrow('EAGAIN')
    const program = await begin(['--write-keylog', pipe]).listens()
    // Its key is to be logged: the thread that writes there stays in the system's call.
    const alice = await client(program)
    alice.say(Uint8Array.of(6, ...randomBytes(1500)))
    await relay.speakers[0]!.packets(1)
    program.child.kill('SIGINT')
    expect((await program.exit).signal).toBe('SIGKILL')
    expect(program.stderr).toContain('what was left to look at after 6 seconds without progress is not shown\n')
    closeSync(full)
  })

  test('goes on when a script fails outside its hook, and says so once', async () => {
    const script = path('script.mjs')
    const body = `setTimeout(() => { throw new Error('a timer') }); if (packet.type === 'pong_response') setTimeout(() => session.inject('client', new Uint8Array(1e6)))`
    writeFileSync(script, `export function onPacket(packet, session) { ${body} }`)
    const program = await start(['--script', script])
    const alice = await client(program)
    await talk(alice, 1, 3)
    await program.until(() =>
      program.stderr.includes('the script failed outside onPacket (a timer); forwarding goes on\n'),
    )
    await talk(alice, 4, 6)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr.match(/the script failed/g)).toHaveLength(1)
  })

  test.each([
    ['throws null', 'throw null'],
    ['throws what cannot be shown', 'throw Object.create(null, {stack: {get() { throw 1 }}})'],
    ['rejects with null', 'Promise.reject(null)'],
  ])('goes on when a timer of a script %s', async (_, body) => {
    const script = path('script.mjs')
    writeFileSync(script, `export function onPacket() { setTimeout(() => { ${body} }) }`)
    const program = await start(['--script', script])
    const alice = await client(program)
    await talk(alice, 1, 3)
    await program.until(() => program.stderr.includes('the script failed outside onPacket'))
    await talk(alice, 4, 6)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr.match(/the script failed/g)).toHaveLength(1)
  })

  test.each([
    ['throws null in a timer', 'setTimeout(() => { throw null })'],
    ['leaves a rejected promise behind', 'Promise.reject(Object.create(null))'],
  ])('goes on when a script %s while it is loaded', async (_, body) => {
    const script = path('script.mjs')
    // The timer and the rejection come before the script has loaded.
    const wait = 'await new Promise(done => setTimeout(done, 50))'
    writeFileSync(script, `${body}; ${wait}; export function onPacket() {}`)
    const program = await start(['--script', script])
    const alice = await client(program)
    await talk(alice, 1, 3)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr.match(/the script failed outside onPacket/g)).toHaveLength(1)
  })

  test.each([
    ['waits for what never happens', 'await new Promise(() => {}); export function onPacket() {}'],
    ['is a promise that nothing settles', 'export function then() {}; export function onPacket() {}'],
  ])('refuses a script that %s', async (_, text) => {
    const script = path('script.mjs')
    writeFileSync(script, text)
    const program = Program.start(['--script', script, '--upstream', '127.0.0.1:1', '--relay-key', relayKey()])
    program.hear()
    expect((await program.exit).status).toBe(2)
    expect(program.stderr).toContain(`toxtcp: the script ${script} never finishes loading`)
  })

  test('ends when its output is closed, as by head', async () => {
    const program = await begin().listens()
    program.child.stdout.destroy()
    const alice = await client(program)
    alice.say(ping(1))
    expect((await program.exit).status).toBe(0)
  })

  test('records on when its output is closed, as by head', async () => {
    const recording = path('unread.pcapng')
    const program = await begin(['-w', recording]).listens()
    program.child.stdout.destroy()
    const alice = await client(program)
    await talk(alice, 1, 5)
    await program.until(() => program.stderr.includes('forwarding and recording go on'))
    await talk(alice, 6, 10)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr.match(/the output cannot be written any more/g)).toHaveLength(1)
    const records = recordsIn(await readAgain([recording]))
    expect(briefly(records).filter(line => line === 'client open ping_request')).toHaveLength(10)
  })

  test('says that the disk of its output is full, and ends with 2', async () => {
    const program = await begin([], 'exec >/dev/full; exec').listens()
    const alice = await client(program)
    alice.say(ping(1))
    expect((await program.exit).status).toBe(2)
    expect(program.stderr).toMatch(/^cannot write the output: no space is left on the device$/m)
  })

  test('stops after so many records', async () => {
    const program = await start(['-c', '3'])
    const alice = await client(program)
    alice.say(ping(1))
    expect((await program.exit).status).toBe(0)
    expect(program.stdout.trimEnd().split('\n').slice(1)).toHaveLength(3)
  })

  test('tells of a mistake in one sentence, before it listens', async () => {
    const program = begin(['-w', '/no/such/folder/a.pcapng'])
    expect((await program.exit).status).toBe(2)
    expect(program.stderr).toBe(
      'toxtcp: cannot write /no/such/folder/a.pcapng: there is no such file or directory\n    mkdir -p /no/such/folder\n',
    )
  })

  test('prints nothing where something else listens, and leaves alone what that one records', async () => {
    const recording = path('taken.pcapng')
    writeFileSync(recording, 'of the other')
    const program = begin(['--listen', `127.0.0.1:${relay.port}`, '-w', recording]).hear()
    expect((await program.exit).status).toBe(2)
    expect([program.stdout, program.stderr]).toEqual([
      '',
      `toxtcp: cannot listen on 127.0.0.1:${relay.port}: another program listens there already\n    port 0 takes any free port\n`,
    ])
    expect(readFileSync(recording, 'utf8')).toBe('of the other')
  })

  test('listens on a free port from 33446 if no address is given, and says what to do with it', async () => {
    const programs = [['--listen'], []].map(listen => Program.start(['--status'], {listen}))
    running.push(...programs)
    for (const program of programs) {
      await program.listens()
      await program.until(() => program.stderr.split('\n').length > 3)
      expect(program.port).toBeGreaterThanOrEqual(33_446)
      expect(program.port).toBeLessThan(33_546)
      const [first, second, third] = program.stderr.split('\n')
      expect(first).toBe(`listening on 127.0.0.1:${program.port} as a SOCKS5 and HTTP proxy`)
      expect(second).toContain(`toxic --force-tcp --SOCKS5-proxy 127.0.0.1 ${program.port}`)
      expect(third).toContain('--keylog FILE')
    }
    expect(programs[0]!.port).not.toBe(programs[1]!.port)
  })

  test('says what to use in place of the relay', async () => {
    const program = Program.start(['--upstream', `127.0.0.1:${relay.port}`], {listen: ['--listen']})
    running.push(program)
    await program.listens()
    await program.until(() => program.stderr.includes("in place of the relay's address"))
    expect(program.stderr).toContain(`in the client, use 127.0.0.1 and port ${program.port} in place of`)
  })

  test('refuses to be its own upstream', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const {port} = free.address() as AddressInfo
    await new Promise(done => free.close(done))
    const program = Program.start(['--listen', String(port), '--upstream', `localhost:${port}`])
    running.push(program)
    expect((await program.exit).status).toBe(2)
    expect(program.stderr).toBe(
      `toxtcp: the upstream localhost:${port} is this proxy itself\n    let it listen on another port, and point the client there\n`,
    )
  })

  test('warns where others can reach it', async () => {
    const program = Program.start(['--listen', '0.0.0.0:0'])
    running.push(program)
    await program.until(() => program.stderr.includes('other machines'))
    expect(program.stderr).toMatch(
      /listening on 127\.0\.0\.1:\d+ as a SOCKS5 and HTTP proxy\nlistening on 0\.0\.0\.0:\d+ .*\nwarning: listening on 0\.0\.0\.0:\d+: other machines can connect/,
    )
    const socket = connect(Number(/0\.0\.0\.0:(\d+)/.exec(program.stderr)![1]))
    await once(socket, 'connect')
    socket.destroy()
  })

  test('holds no key in what it prints', async () => {
    const program = await start(['--json', '--bytes', '--write-keylog', path('keys.log')])
    const alice = await client(program)
    await talk(alice, 1, 3)
    program.child.kill('SIGINT')
    await program.exit
    const shown = program.stdout + program.stderr
    const [, , , sharedKey] = readFileSync(path('keys.log'), 'utf8').split(' ')
    for (const secret of [
      sharedKey!,
      Buffer.from(relay.keys.secretKey).toString('hex'),
      Buffer.from(alice.end.sessionSharedKey!).toString('hex'),
    ]) {
      expect(secret).toMatch(/^[0-9a-f]{64}$/)
      expect(shown).not.toContain(secret)
    }
  })
})

describe('many connections at once', () => {
  test('lose, alter and reorder nothing, while one reads nothing at all; memory stays bounded', async () => {
    let program: Program | undefined
    const recording = path('many.pcapng')
    const counts = await runLoad({
      connections: 500,
      seconds: 3,
      rate: 10,
      frameBytes: 200,
      through: async (port, secretKey) => {
        writeFileSync(path('load.key'), `${Buffer.from(secretKey).toString('hex')}\n`)
        const args = [
          '--upstream',
          `127.0.0.1:${port}`,
          '--relay-key',
          path('load.key'),
          '--max-connections',
          '600',
          '-Y',
          'finding.severity == error',
          '-w',
          recording,
        ]
        program = await Program.start(args).hear().listens()
        running.push(program)
        return program.port
      },
    })
    const megabytes =
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${program!.child.pid}/status`, 'utf8'))![1]) / 1024
    program!.child.kill('SIGINT')
    expect((await program!.exit).status).toBe(0)
    expect(counts.sent).toBeGreaterThan(1000)
    expect(counts).toEqual({sent: counts.sent, received: counts.sent, wrong: 0})
    const seen = Number(/: ([\d,]+) frames/.exec(program!.stderr)![1]!.replaceAll(',', ''))
    // Those of the client whose relay reads nothing come on top.
    expect(seen).toBeGreaterThanOrEqual(counts.sent)
    expect(program!.stderr).not.toContain('without inspection')
    expect(megabytes).toBeLessThan(600)
  })
})

describe('a program that runs out of file descriptors', () => {
  test('says so once, turns clients away, and serves again when others have left', async () => {
    const program = Program.start(['--upstream', `127.0.0.1:${relay.port}`, '--relay-key', relayKey()], {
      line: 'ulimit -n 60; exec',
    })
    running.push(program)
    await program.hear().listens()
    const descriptors = () => readdirSync(`/proc/${program.child.pid}/fd`).length
    const before = descriptors()
    const sockets = Array.from({length: 100}, () => connect(program.port).on('error', () => {}))
    await program.until(() => program.stderr.includes('out of file descriptors'))
    await Promise.all(sockets.map(socket => socket.closed || once(socket.destroy(), 'close')))
    await Promise.all(relay.speakers.map(({closed}) => closed))
    await vi.waitUntil(() => descriptors() <= before, {timeout: 10_000})
    const alice = await client(program)
    await talk(alice, 1, 3)
    program.child.kill('SIGINT')
    expect((await program.exit).status).toBe(0)
    expect(program.stderr.match(/^out of file descriptors: .*$/gm)).toHaveLength(1)
    expect(program.stderr).toMatch(/^\d+ connections were turned away: no file descriptors were left$/m)
  })
})
