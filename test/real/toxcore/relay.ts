import {spawn, spawnSync} from 'node:child_process'
import {chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {connect, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const binary = 'tox-bootstrapd'
const keyFile = fileURLToPath(new URL('../../../fixtures/keyfiles/tox-bootstrapd.keys', import.meta.url))

/** A running tox-bootstrapd: UDP bootstrap node and TCP relay. */
export interface Relay {
  readonly host: string
  /** Its TCP port. */
  readonly port: number
  /** The same number, unless another was asked for. */
  readonly udpPort: number
  /** Hex. */
  readonly publicKey: string
  readonly secretKey: string
  /** 64 bytes, public then secret key; gone after stop(). */
  readonly keyFile: string
  readonly pid: number
  stop(): Promise<void>
}

export interface RelaySetup {
  /** undefined: the number of the TCP port, which is free. */
  readonly udpPort?: number
  /** Serve over IPv6, too. */
  readonly ipv6?: boolean
  /** Let the relay make keys of its own, where several run at once. */
  readonly hasNewKeys?: boolean
  /** First words of a command line that run the rest in the relay's network namespace; default: this one. */
  readonly inside?: readonly string[]
}

/** Whether tox-bootstrapd is installed (Debian package toxcore-utils). */
export const relayInstalled = (): boolean => spawnSync(binary, ['--version']).error === undefined

export const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))))
    })
  })

const accepts = (port: number, [command, ...args]: readonly string[]): Promise<boolean> =>
  new Promise(done => {
    if (command !== undefined) {
      const child = spawn(command, [...args, 'bash', '-c', `: < /dev/tcp/127.0.0.1/${port}`], {stdio: 'ignore'})
      child.once('exit', status => done(status === 0))
      return
    }
    const socket = connect({port, host: '127.0.0.1'})
    socket.once('connect', () => socket.end(() => done(true)))
    socket.once('error', () => done(false))
  })

/**
 * Start a relay in a directory of its own, with the keys of fixtures/keyfiles/tox-bootstrapd.keys unless others are
 * asked for. Resolves once it accepts TCP connections.
 * @param through a command that runs the relay.
 */
export const startRelay = async (
  through: readonly string[] = [],
  {udpPort, ipv6 = false, hasNewKeys = false, inside = []}: RelaySetup = {},
): Promise<Relay> => {
  const directory = mkdtempSync(join(tmpdir(), 'toxtcp-relay-'))
  const keys = join(directory, 'keys')
  if (!hasNewKeys) {
    copyFileSync(keyFile, keys)
    chmodSync(keys, 0o600)
  }
  const port = await freePort()
  const config = join(directory, 'config')
  writeFileSync(
    config,
    `port = ${udpPort ?? port}
keys_file_path = "${keys}"
pid_file_path = "${join(directory, 'pid')}"
enable_ipv6 = ${ipv6}
enable_ipv4_fallback = true
enable_lan_discovery = false
enable_tcp_relay = true
tcp_relay_ports = [${port}]
enable_motd = false
`,
  )
  // Tests that are killed leave no relay behind.
  const child = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      ...inside,
      ...through,
      binary,
      '--foreground',
      '--log-backend=stdout',
      `--config=${config}`,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      log = (log + data.toString()).slice(-4000)
    })
  const exited = new Promise<void>(done => child.once('exit', () => done()))
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    rmSync(directory, {recursive: true, force: true})
  }
  for (let attempt = 0; !(await accepts(port, inside)); attempt++) {
    if (attempt === 100 || child.exitCode !== null) {
      await stop()
      throw new Error(`tox-bootstrapd did not start listening on ${port}: ${log}`)
    }
    await new Promise(done => setTimeout(done, 50))
  }
  const bytes = readFileSync(keys)
  return {
    host: '127.0.0.1',
    port,
    udpPort: udpPort ?? port,
    publicKey: bytes.toString('hex', 0, 32),
    secretKey: bytes.toString('hex', 32, 64),
    keyFile: keys,
    pid: child.pid!,
    stop,
  }
}
