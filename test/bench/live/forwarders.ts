import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, writeFileSync} from 'node:fs'
import {type AddressInfo, connect, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {plainEnv, runFile} from '../../commands/program.js'

/** Something that passes TCP connections on. */
export interface Forwarder {
  readonly name: string
  /** Starts it before that port of this machine. @param relaySecret of the relay there. @returns where it listens. */
  start(
    port: number,
    relaySecret: Uint8Array,
  ): Promise<{readonly port: number; readonly child: ChildProcess | undefined}>
}

export const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-'))

/** Started programs say where they listen. @throws Error if it ends instead. */
async function listening(child: ChildProcess): Promise<{readonly port: number; readonly child: ChildProcess}> {
  let said = ''
  const ended = once(child, 'exit').then(() => {
    throw new Error(`a forwarder has ended: ${said}`)
  })
  // It ends when it is stopped, too.
  ended.catch(() => {})
  while (!/listening on .*:\d+ /.test(said))
    said += ((await Promise.race([once(child.stderr!, 'data'), ended])) as [Buffer])[0].toString()
  child.stderr!.resume()
  return {port: Number(/listening on .*:(\d+) /.exec(said)![1]), child}
}

/** Options of Node.js for the started programs, to profile them. */
const nodeOptions = process.env['TOXTCP_BENCH_NODE']?.split(' ') ?? []

const node = (file: string, args: readonly string[]) =>
  listening(
    spawn(process.execPath, [...nodeOptions, file, ...args], {env: plainEnv, stdio: ['ignore', 'ignore', 'pipe']}),
  )

const toxtcp = (name: string, args: (relaySecret: Uint8Array) => readonly string[]): Forwarder => ({
  name,
  start: (port, relaySecret) =>
    node(runFile, [
      'proxy',
      '--listen',
      '0',
      '--upstream',
      `127.0.0.1:${port}`,
      '--max-connections',
      '1000',
      ...args(relaySecret),
    ]),
})

const keyFile = (secret: Uint8Array) => {
  const path = join(folder, 'relay.key')
  writeFileSync(path, `${Buffer.from(secret).toString('hex')}\n`)
  return path
}

export const direct: Forwarder = {name: 'no forwarder', start: async port => ({port, child: undefined})}
export const bare: Forwarder = {
  name: 'bare Node.js forwarder',
  start: port => node(resolve('test/bench/live/bare-forwarder.mjs'), [String(port)]),
}
export const tap = toxtcp('toxtcp proxy, tap', () => [])
export const recordingTap = toxtcp('toxtcp proxy, tap, recording', () => ['-w', join(folder, 'tap.pcapng'), '--force'])
export const interceptor = toxtcp('toxtcp proxy, intercepting', secret => ['--relay-key', keyFile(secret)])
export const recordingInterceptor = toxtcp('toxtcp proxy, intercepting, recording', secret => [
  '--relay-key',
  keyFile(secret),
  '-w',
  join(folder, 'intercept.pcapng'),
  '--force',
])

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** mitmdump of mitmproxy 8 forwards raw TCP if it is told that all hosts are; it prints and keeps every chunk. */
export const mitmdump: Forwarder = {
  name: 'mitmdump, TCP reverse mode',
  async start(upstream) {
    const port = await freePort()
    const args = [
      '--mode',
      `reverse:http://127.0.0.1:${upstream}`,
      '--listen-host',
      '127.0.0.1',
      '--listen-port',
      String(port),
      '--tcp-hosts',
      '.*',
      '-q',
    ]
    const child = spawn('mitmdump', args, {env: plainEnv, stdio: 'ignore'})
    for (let attempt = 0; attempt < 200; attempt++) {
      const socket = connect(port, '127.0.0.1')
      const isThere = await new Promise<boolean>(done =>
        socket.once('connect', () => done(true)).once('error', () => done(false)),
      )
      socket.destroy()
      if (isThere) return {port, child}
      await new Promise(done => setTimeout(done, 50))
    }
    throw new Error('mitmdump does not listen')
  },
}

export const hasMitmdump = spawnSync('mitmdump', ['--version']).status === 0
