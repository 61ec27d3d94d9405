import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {plainEnv, runFile} from '../../commands/program.js'
import {relayInstalled, startRelay} from '../../real/toxcore/relay.js'
import {note} from '../figures.js'
import {processorSeconds} from '../processor.js'
import {type LoadedRelay, Pairs} from './relay-clients.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-relay-'))
afterAll(() => rmSync(folder, {recursive: true}))

const pairs = Number(process.env['TOXTCP_BENCH_PAIRS'] ?? 1000)
const seconds = Number(process.env['TOXTCP_BENCH_SECONDS'] ?? 60)
/** Packets a second that each of all clients sends, and their bytes. */
const rate = 2
const size = 300
/** Pairs, seconds, packets on their way from each client and bytes of each where throughput is measured. */
const fast = {pairs: 20, seconds: Math.min(10, seconds), window: 32, size: 1400}

async function toxtcp(name: string, args: readonly string[]): Promise<LoadedRelay> {
  const all = ['relay', '--listen', '0', '--key', join(folder, 'relay.key'), ...args]
  const child = spawn(process.execPath, [runFile, ...all], {env: plainEnv, stdio: ['ignore', 'ignore', 'pipe']})
  let said = ''
  while (!/public key of the relay: \w{64}/.test(said))
    said += ((await once(child.stderr, 'data')) as [Buffer])[0].toString()
  child.stderr.resume()
  return {
    name,
    port: Number(/listening on .*:(\d+) /.exec(said)![1]),
    publicKey: Buffer.from(/public key of the relay: (\w{64})/.exec(said)![1]!, 'hex'),
    pid: child.pid!,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function bootstrapd(): Promise<LoadedRelay> {
  const {port, publicKey, pid, stop} = await startRelay()
  return {name: 'tox-bootstrapd', port, publicKey: Buffer.from(publicKey, 'hex'), pid, stop}
}

const relays = [
  ...(relayInstalled() ? [bootstrapd] : []),
  () => toxtcp('toxtcp relay --status', ['--status']),
  () => toxtcp('toxtcp relay, showing packets', []),
]
if (!relayInstalled()) console.warn('tox-bootstrapd is not installed (package toxcore-utils): it is not compared with')

const megabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

const quantile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0
}

/** Figures of one relay. Times are microseconds. */
interface Measured {
  readonly name: string
  readonly processorPerPacket: number
  readonly median: number
  readonly slow: number
  /** Packets a second at most, and processor time for each then. */
  readonly throughput: number
  readonly processorWhenFast: number
}

async function measured(start: () => Promise<LoadedRelay>): Promise<Measured> {
  const relay = await start()
  const {name, pid} = relay
  const steady = await Pairs.connect(relay, pairs)
  const sizes: number[] = []
  const timer = setInterval(() => sizes.push(megabytes(pid)), 1000)
  const before = processorSeconds(pid)
  await steady.sendFor(seconds, rate, size)
  const used = processorSeconds(pid) - before
  clearInterval(timer)
  const {latencies, ...counts} = steady.traffic
  steady.leave()
  const half = sizes[sizes.length >> 1] ?? 0
  const last = sizes.at(-1) ?? 0
  console.log(
    `${name}: ${2 * pairs} clients, ${counts.sent} packets sent, ${counts.received} received, ${counts.wrong} wrong, ` +
      `${counts.closed} clients closed; memory ${Math.max(...sizes).toFixed(0)} MB at most, ${half.toFixed(0)} MB at ` +
      `half time, ${last.toFixed(0)} MB at the end`,
  )
  expect(counts).toEqual({sent: counts.sent, received: counts.sent, wrong: 0, closed: 0})
  expect(last / half).toBeLessThan(1.5)
  const quick = await Pairs.connect(relay, fast.pairs)
  const beforeFast = processorSeconds(pid)
  const throughput = await quick.sendAll(fast.seconds, fast.window, fast.size)
  const processorWhenFast = ((processorSeconds(pid) - beforeFast) * 1e6) / quick.traffic.received
  expect(quick.traffic).toMatchObject({received: quick.traffic.sent, wrong: 0, closed: 0})
  quick.leave()
  await relay.stop()
  const [median, slow] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  return {name, processorPerPacket: (used * 1e6) / counts.sent, median, slow, throughput, processorWhenFast}
}

describe('the embedded relay', () => {
  test(`serves ${pairs} pairs for ${seconds} s: none lost, bounded memory; beside tox-bootstrapd`, async () => {
    const all: Measured[] = []
    for (const start of relays) all.push(await measured(start))
    const [base] = all
    for (const {name, processorPerPacket, median, slow, throughput, processorWhenFast} of all) {
      const times = (value: number, of: number | undefined) => (of ? ` (${(value / of).toFixed(2)} x)` : '')
      console.log(
        [
          `${name}: processor time ${processorPerPacket.toFixed(0)} us a packet`,
          `${times(processorPerPacket, base?.processorPerPacket)}, latency ${(median / 1000).toFixed(2)} ms`,
          `${times(median, base?.median)}, of 1 % over ${(slow / 1000).toFixed(1)} ms${times(slow, base?.slow)}; `,
          `${throughput.toFixed(0)} packets/s at most${times(throughput, base?.throughput)}, then `,
          `${processorWhenFast.toFixed(0)} us each${times(processorWhenFast, base?.processorWhenFast)}`,
        ].join(''),
      )
    }
    if (!relayInstalled()) return
    const quiet = all[1]!
    note({
      name: 'throughput of the embedded relay beside tox-bootstrapd',
      value: quiet.throughput / base!.throughput,
      unit: ' x',
      goal: {atLeast: 0.3},
    })
    note({
      name: 'processor time of the embedded relay beside tox-bootstrapd',
      value: quiet.processorPerPacket / base!.processorPerPacket,
      unit: ' x',
      goal: {atMost: 5},
    })
    note({
      name: 'latency of the embedded relay beside tox-bootstrapd',
      value: quiet.median / base!.median,
      unit: ' x',
      goal: {atMost: 1},
    })
  })
})
