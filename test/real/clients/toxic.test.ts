import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process'
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {shellWord} from '../../../src/wire/text/shell-word.js'
import {type JsonRecord, recordsIn} from '../../actions/proxy/proxy-run.js'
import {plainEnv, runFile, toxtcpHere} from '../../commands/program.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import {missing} from '../toxcore/present.js'
import {freePort, type Relay, startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'
import {Toxic, toxicInstalled} from '../toxcore/toxic.js'

const reason = missing() ?? (toxicInstalled() ? undefined : 'not installed: toxic, tmux')
if (reason) console.warn(`test/real/clients/toxic.test.ts is skipped: ${reason}`)
// It is there, and its user may capture: as otherwise it ends before its time is up.
const cannotCapture = spawnSync('timeout', ['1', 'tcpdump', '-i', 'lo', '-w', '/dev/null', 'port 9']).status !== 124
if (cannotCapture) console.warn('tcpdump is not installed or may not capture: toxic is not captured by it')

const [message, answer] = ['good morning, toxic', 'good night, friend']

/** Two friends meet through the relay and talk. The one that does not run toxic reaches it directly. */
async function talk(toxic: Toxic, friend: RemoteClient): Promise<void> {
  await toxic.online()
  toxic.enter(`/add ${friend.address} "hello"`)
  await friend.next('request')
  await friend.next('friend', ({online}) => online)
  await toxic.see('has come online')
  friend.send({do: 'message', friend: 0, text: message})
  await toxic.openChat()
  await toxic.see(message)
  toxic.enter(answer)
  expect(await friend.next('message')).toMatchObject({text: answer})
  await toxic.quit()
}

const loggingTo = (log: string): string[] => ['keys', 'log', '--out', log, '--']

/** Without what later packets show: a capture that is read as a whole has them. */
const asSeenThen = (records: readonly JsonRecord[]) => records.map(record => ({...record, inferred: undefined}))

/** How the friend reaches the relay. */
const directly = ({host, port, udpPort, publicKey: key}: Relay) => ({
  nodes: [
    {host, port, key, relay: true},
    {host, port: udpPort, key, bootstrap: true},
  ],
})

describe.skipIf(reason !== undefined)('an unmodified toxic', () => {
  let folder: string
  let relay: Relay | undefined
  let toxic: Toxic | undefined
  let friend: RemoteClient | undefined
  let log: string
  let recording: string
  const children: ChildProcess[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'toxtcp-toxic-'))
    log = join(folder, 'keys.log')
    recording = join(folder, 'recording.pcapng')
  })

  afterEach(async () => {
    toxic?.close()
    toxic = undefined
    await friend?.quit()
    friend = undefined
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await relay?.stop()
    rmSync(folder, {recursive: true})
  })

  const keysLog = () => [process.execPath, runFile, ...loggingTo(log)].map(shellWord).join(' ')

  /** All frames are open, and nothing is wrong with them. */
  function expectWhole(records: readonly JsonRecord[]): void {
    const frames = records.filter(({kind}) => kind === 'frame')
    expect(frames.length).toBeGreaterThan(50)
    expect(new Set(frames.map(({state}) => state))).toEqual(new Set(['open']))
    expect(records.filter(({findings}) => findings.some(({severity}) => severity === 'error'))).toEqual([])
  }

  /** What does not rest on keys of inner boxes: while they are logged, a packet may come before its key. */
  const outer = (record: JsonRecord) => ({...record, inner: null, inferred: null, findings: []})

  async function saidIn(file: string): Promise<string[]> {
    const {stdout} = await toxtcpHere(['read', file, '--keylog', log, '--conversation'])
    return [message, answer].filter(text => stdout.includes(text))
  }

  test('is opened whole through a tap, with the keys that keys log writes', async () => {
    // In the place of the relay: its UDP port is the TCP port of the tap.
    const port = await freePort()
    relay = await startRelay([], {udpPort: port})
    const upstream = `${relay.host}:${relay.port}`
    const proxy = await Program.start(['--json', '-w', recording, '--keylog', log, '--upstream', upstream], {
      listen: ['--listen', String(port)],
    })
      .hear()
      .listens()
    children.push(proxy.child)
    toxic = await Toxic.start(relay, {port, through: keysLog()})
    friend = await RemoteClient.start(directly(relay))
    await talk(toxic, friend)
    proxy.child.kill('SIGINT')
    expect(await proxy.exit).toMatchObject({status: 0})
    expectWhole(recordsIn(proxy.stdout))
    const {stdout} = await toxtcpHere(['read', recording, '--keylog', log, '--json'])
    expect(recordsIn(stdout).map(outer)).toEqual(recordsIn(proxy.stdout).map(outer))
    expect(await saidIn(recording)).toEqual([message, answer])
  }, 180_000)

  test.skipIf(cannotCapture)(
    'is opened whole while tcpdump captures it, before its key log exists',
    async () => {
      relay = await startRelay()
      const fifo = join(folder, 'fifo')
      execFileSync('mkfifo', [fifo])
      const out = openSync(join(folder, 'live.json'), 'w')
      const pipeline = 'tee "$1" < "$2" | "$3" "$4" read - --keylog "$5" --json'
      const reading = spawn('bash', ['-c', pipeline, 'bash', recording, fifo, process.execPath, runFile, log], {
        env: plainEnv,
        stdio: ['ignore', out, 'ignore'],
      })
      closeSync(out)
      const capture = spawn('tcpdump', ['-i', 'lo', '-U', '--immediate-mode', '-w', fifo, `tcp port ${relay.port}`], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      children.push(capture)
      await new Promise(done => capture.stderr.once('data', done))
      children.push(reading)
      toxic = await Toxic.start(relay, {port: relay.port, through: keysLog()})
      friend = await RemoteClient.start(directly(relay), [process.execPath, runFile, ...loggingTo(log)])
      await talk(toxic, friend)
      const ended = new Promise(done => reading.once('exit', done))
      capture.kill('SIGINT')
      expect(await ended).toBe(0)
      const live = recordsIn(readFileSync(join(folder, 'live.json'), 'utf8'))
      expectWhole(live)
      const {stdout} = await toxtcpHere(['read', recording, '--keylog', log, '--json'])
      expect(asSeenThen(recordsIn(stdout))).toEqual(asSeenThen(live))
      expect(await saidIn(recording)).toEqual([message, answer])
    },
    180_000,
  )

  test('is opened whole by the relay’s key, through an intercepting HTTP proxy', async () => {
    relay = await startRelay()
    const proxy = await Program.start(['--json', '-w', recording, '--relay-key', relay.keyFile]).hear().listens()
    children.push(proxy.child)
    const options = ['-P', '127.0.0.1', String(proxy.port)]
    toxic = await Toxic.start(relay, {port: relay.port, through: keysLog(), options})
    friend = await RemoteClient.start(directly(relay))
    await talk(toxic, friend)
    proxy.child.kill('SIGINT')
    expect(await proxy.exit).toMatchObject({status: 0})
    expectWhole(recordsIn(proxy.stdout))
    const {stdout} = await toxtcpHere(['read', recording, '--key', relay.keyFile, '--json'])
    expect(recordsIn(stdout)).toEqual(recordsIn(proxy.stdout))
    expect(await saidIn(recording)).toEqual([message, answer])
  }, 180_000)
})
