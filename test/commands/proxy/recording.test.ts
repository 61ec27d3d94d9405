import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, describe, expect, test} from 'vitest'
import {readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {amountOf} from '../../amount.js'
import {bytesOf, run} from '../../capture/collect.js'
import {ping, ToxServer, toxClient} from '../../proxy/tox-ends.js'
import {toxtcpHere} from '../program.js'
import {Program} from './proxy-program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-recording-'))
afterAll(() => rmSync(folder, {recursive: true}))

let made = 0
let running: Program[] = []
const open: {destroy(): void}[] = []
afterEach(async () => {
  for (const each of open.splice(0)) each.destroy()
  for (const {child} of running) child.kill('SIGKILL')
  await Promise.all(running.map(({exit}) => exit))
  running = []
})

const path = (name: string) => join(folder, `${made++}-${name}`)
const start = async (upstream: number, recording: string, ...args: readonly string[]): Promise<Program> => {
  const program = Program.start(['--upstream', `127.0.0.1:${upstream}`, '-w', recording, ...args])
  running.push(program)
  return program.hear().listens()
}
/** Kill at a moment that depends on nothing. */
const killedWithin = async ({child, exit}: Program, milliseconds: number) => {
  const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * milliseconds)
  expect(await exit).toEqual({status: null, signal: 'SIGKILL'})
  clearTimeout(timer)
}
const gone = (socket: Socket) =>
  new Promise<void>(done => {
    if (socket.closed) done()
    socket.on('error', () => {}).once('close', () => done())
  })

const hasTshark = spawnSync('tshark', ['--version']).status === 0
if (!hasTshark) console.warn('tshark is not installed: recordings are not shown to it')

/** What tshark finds wrong with a recording, in lines. Only the system's tearing apart of the last write may cut it. */
function complaints(recording: string, isTorn: boolean): string {
  const wrong = 'tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.malformed'
  const {stdout, stderr} = spawnSync(
    'tshark',
    ['-r', recording, '-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-Y', wrong],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  )
  const said = stderr.replace(/^Running as user "root".*\n/m, '')
  return (
    stdout +
    (isTorn
      ? said.replace(/^tshark: The file .* appears to have been cut short in the middle of a packet\.\n/m, '')
      : said)
  )
}

describe('what a killed program has recorded', () => {
  test.each(amountOf([1, 2, 3, 4, 5, 6], 3))('of the fastest answers: all but the last packet (%i)', async () => {
    const recording = path('answers.pcapng')
    const relay = await ToxServer.start()
    open.push({destroy: () => relay.stop()})
    const program = await start(relay.port, recording, '--relay-key', keyFile(relay))
    const alice = await toxClient(program.port, relay.keys.publicKey)
    alice.answer = () => alice.say(ping(alice.heard.length + 1))
    alice.say(ping(1))
    await alice.packets(20)
    await killedWithin(program, 300)
    await Promise.all([alice.closed, relay.speakers[0]!.closed])
    const {cut} = run(readFileSync(recording)).end
    const {status, stdout} = await toxtcpHere(['read', recording, '--json'])
    // A write of whole blocks can only be torn by the system: at a page's end.
    expect(status).toBe(cut ? 2 : 0)
    const records = recordsIn(stdout)
    const count = (type: string) => records.filter(record => record.type === type && record.state === 'open').length
    expect(records.filter(({kind, state}) => kind === 'frame' && state !== 'open')).toEqual([])
    expect(alice.heard.length).toBeGreaterThanOrEqual(20)
    expect(count('pong_response')).toBeGreaterThanOrEqual(alice.heard.length - 1)
    expect(count('ping_request')).toBeGreaterThanOrEqual(relay.speakers[0]!.heard.length - 1)
    if (hasTshark) expect(complaints(recording, cut !== undefined)).toBe('')
  })

  test.each(amountOf([1, 2, 3, 4], 2))('at full load: all but the last chunk (%i)', async () => {
    const recording = path('load.pcapng')
    // What sockets are read by at once.
    const chunk = 65_536
    const bulk = Buffer.alloc(1 << 20)
    for (let at = 0; at < bulk.length; at += 1024) bulk.writeUInt16BE(1022, at)
    const received = {client: 0, relay: 0}
    const server = createServer(socket => {
      // No relay speaks before its client.
      socket.once('readable', () => flood(socket, bulk, bytes => (received.relay += bytes)))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    open.push({destroy: () => server.close()})
    const program = await start((server.address() as AddressInfo).port, recording, '-Y', 'kind == end')
    const client = connect(program.port, '127.0.0.1')
    flood(client, bulk, bytes => (received.client += bytes))
    await once(client, 'data')
    await killedWithin(program, 200)
    await gone(client)
    const {collector, end, counters} = run(readFileSync(recording))
    const [asked, answered] = collector.connections[0]!.pieces.map(bytesOf) as [Buffer, Buffer]
    expect(counters).toMatchObject({gaps: 0, bad: 0, retransmissions: 0})
    for (const stream of [asked, answered])
      for (let at = 0; at < stream.length; at += bulk.length)
        expect(bulk.indexOf(stream.subarray(at, at + bulk.length))).toBe(0)
    expect(asked.length).toBeGreaterThanOrEqual(received.relay - chunk)
    expect(answered.length).toBeGreaterThanOrEqual(received.client - chunk)
    if (hasTshark) expect(complaints(recording, end.cut !== undefined)).toBe('')
  })
})

/** Sends the same again and again, as fast as it is taken. */
function flood(socket: Socket, bytes: Buffer, heard: (bytes: number) => void): void {
  open.push(socket)
  socket.on('error', () => {})
  socket.on('data', (part: Buffer) => heard(part.length))
  const pump = () => {
    while (socket.writable && socket.write(bytes));
  }
  socket.on('drain', pump)
  pump()
}

test('a named pipe takes a recording, and nobody waits for its reader', async () => {
  const [pipe, copy] = [path('pipe'), path('copy.pcapng')]
  spawnSync('mkfifo', [pipe])
  const relay = await ToxServer.start()
  open.push({destroy: () => relay.stop()})
  const key = keyFile(relay)
  const program = await start(relay.port, pipe, '--relay-key', key, '--json')
  const alice = await toxClient(program.port, relay.keys.publicKey)
  for (let i = 1; i <= 20; i++) {
    alice.say(ping(i))
    await alice.packets(i)
  }
  const reader = createReadStream(pipe)
  await once(reader, 'open')
  const copied = once(reader.pipe(createWriteStream(copy)), 'finish')
  await program.until(() => program.stdout.split('pong_response').length > 20)
  alice.socket.end()
  await alice.closed
  program.child.kill('SIGINT')
  expect((await program.exit).status).toBe(0)
  await copied
  expect(statSync(pipe).isFIFO()).toBe(true)
  expect(recordsIn(await readAgain([copy], {key: [key]}))).toEqual(recordsIn(program.stdout))
})

function keyFile(relay: ToxServer): string {
  const file = path('relay.keys')
  writeFileSync(file, Buffer.concat([relay.keys.publicKey, relay.keys.secretKey]))
  return file
}
