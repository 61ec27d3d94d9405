import {execFileSync, spawn} from 'node:child_process'
import {appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {describe, expect, it, onTestFinished} from 'vitest'
import {builtScript} from '../../built-script.js'
import {runFile} from '../../commands/program.js'
import {Program} from '../../commands/proxy/proxy-program.js'
import type {LoadCounts} from '../../proxy/load.js'
import type {EndsSetup} from '../faults/ends.js'
import {FaultyLink, far, linkMissing, near} from '../faults/link.js'

const absent = linkMissing()
if (absent) console.warn(`test/real/proxy/faulty-link.test.ts is skipped: ${absent}`)

const ends = new URL('../faults/ends.ts', import.meta.url)
/**
 * A longer run: TOXTCP_SOAK_SECONDS=1200. TOXTCP_SOAK_LOG=FILE gets a line of JSON each minute, with the memory of the
 * proxy and the size of its recording, and a last one with the counts: vitest does not show what a passing test prints.
 */
const soakSeconds = Number(process.env['TOXTCP_SOAK_SECONDS'] ?? 0)
const soakLog = process.env['TOXTCP_SOAK_LOG']
const seconds = soakSeconds || 8

/** Resident memory of a process, in megabytes. */
const memoryOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024)

describe.skipIf(absent)('a proxy whose links lose, delay, reorder and cut off packets', () => {
  it(
    'brings every frame to both ends unchanged, and records all of them',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'toxtcp-link-'))
      onTestFinished(() => rmSync(folder, {recursive: true}))
      const link = await FaultyLink.make(folder, {
        lossPerMille: 10,
        delayMilliseconds: 5,
        jitterMilliseconds: 10,
        partitionEveryMilliseconds: 4000,
        partitionMilliseconds: 600,
      })
      let removal: ReturnType<FaultyLink['remove']> | undefined
      const remove = () => (removal ??= link.remove())
      onTestFinished(async () => void (await remove()))

      // The clients and the relay are at the near end, the proxy at the far one: both its connections cross the link.
      const setup: EndsSetup = {
        connections: 4,
        seconds,
        rate: soakSeconds > 0 ? 20 : 60,
        frameBytes: 700,
        relayHost: near,
        clientsTo: far,
      }
      const [command, ...words] = [...link.at('near'), process.execPath, builtScript(ends), JSON.stringify(setup)]
      const load = spawn(command!, words, {stdio: ['pipe', 'pipe', 'inherit']})
      onTestFinished(() => void load.kill('SIGKILL'))
      const lines = createInterface({input: load.stdout})[Symbol.asyncIterator]()
      const relay: {port: number; secret: string} = JSON.parse((await lines.next()).value)
      const keyFile = join(folder, 'relay.key')
      writeFileSync(keyFile, relay.secret, {mode: 0o600})
      const recording = join(folder, 'recording.pcapng')
      const proxy = Program.start(
        ['--upstream', `${near}:${relay.port}`, '--relay-key', keyFile, '-w', recording, '--embed-keys', '--status'],
        {line: `exec ${link.at('far').join(' ')}`, listen: ['--listen', `${far}:0`]},
      ).hear()
      onTestFinished(() => void proxy.child.kill('SIGKILL'))
      await proxy.listens()
      const log = (line: object): void => {
        if (soakLog) appendFileSync(soakLog, `${JSON.stringify({time: new Date(), ...line})}\n`)
      }
      const timer = setInterval(() => {
        log({megabytes: memoryOf(proxy.child.pid!), recordedBytes: statSync(recording).size})
      }, 60_000)
      onTestFinished(() => clearInterval(timer))
      load.stdin.write(`${proxy.port}\n`)
      const counts: LoadCounts = JSON.parse((await lines.next()).value)
      clearInterval(timer)
      proxy.child.kill('SIGINT')
      expect((await proxy.exit).status).toBe(0)
      const crossed = await remove()
      log({counts, crossed})

      expect(counts).toEqual({sent: counts.sent, received: counts.sent, wrong: 0})
      expect(counts.sent).toBeGreaterThan(1000)
      for (const fault of ['lost', 'cutOff', 'overtaken'] as const) expect(crossed[fault], fault).toBeGreaterThan(10)
      const filter = 'type == data and state == open'
      const read = [runFile, 'read', recording, '-T', 'fields', '-e', 'number', '-Y', filter]
      const recorded = execFileSync(process.execPath, read, {encoding: 'utf8', maxBuffer: 1 << 30, stdio: 'pipe'})
      expect(recorded.trim().split('\n').length).toBe(counts.sent)
    },
    120_000 + seconds * 1500,
  )
})
