import {mkdtempSync, readFileSync, rmSync, statSync, watch} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, describe, expect, test} from 'vitest'
import {toxtcp} from '../commands/program.js'
import {missing} from './toxcore/present.js'
import {startRelay} from './toxcore/relay.js'
import {RemoteClient} from './toxcore/remote.js'

const reason = missing()
if (reason) console.warn(`test/real/keys-log.test.ts is skipped: ${reason}`)

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-keys-log-'))
afterAll(() => rmSync(folder, {recursive: true}))

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const logging = (log: string, ...flags: string[]): string[] => [
  process.execPath,
  program,
  'keys',
  'log',
  '--out',
  log,
  ...flags,
  '--',
]

const linesOf = (log: string, label: string): string[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`${label} `))

/** Resolves once the log has a line with the label. */
function logged(log: string, label: string): Promise<void> {
  return new Promise(done => {
    const look = () => {
      if (linesOf(log, label).length === 0) return
      watcher.close()
      done()
    }
    const watcher = watch(log, look)
    look()
  })
}

describe.skipIf(reason !== undefined)('keys log', () => {
  test('logs the session of a relay and of its clients as the same lines', async () => {
    const logs = ['relay', 'alice', 'bob'].map(name => join(folder, `${name}.keys`)) as [string, string, string]
    const relay = await startRelay(logging(logs[0]))
    const node = {host: relay.host, port: relay.port, key: relay.publicKey, relay: true}
    const clients = await Promise.all([
      RemoteClient.start({nodes: [node]}, logging(logs[1], '--secrets')),
      RemoteClient.start({nodes: [node]}, logging(logs[2])),
    ])
    try {
      await Promise.all(logs.map(log => logged(log, 'TOX_TCP_SESSION')))
    } finally {
      await Promise.all(clients.map(client => client.quit()))
      await relay.stop()
    }
    for (const log of logs) expect(statSync(log).mode & 0o777).toBe(0o600)
    const sessions = new Set(linesOf(logs[0], 'TOX_TCP_SESSION'))
    for (const log of logs.slice(1)) {
      const own = linesOf(log, 'TOX_TCP_SESSION')
      expect(own.length).toBeGreaterThan(0)
      expect(own.some(line => sessions.has(line))).toBe(true)
      expect(linesOf(log, 'TOX_SHARED_KEY').length).toBeGreaterThan(0)
    }
    expect(linesOf(logs[1], 'TOX_SECRET_KEY').length).toBeGreaterThan(0)
    expect(linesOf(logs[2], 'TOX_SECRET_KEY')).toEqual([])
    const shown = await toxtcp(['keys', 'show', logs[0], '--json'])
    expect(shown.status).toBe(0)
  }, 60_000)

  test('says why a program logged no key, and ends with its status', async () => {
    const log = join(folder, 'none.keys')
    const {status, stderr} = await toxtcp(['keys', 'log', '--out', log, '--', '/bin/sh', '-c', 'exit 7'])
    expect(status).toBe(7)
    expect(stderr).toContain('/bin/sh logged no key')
  })
})
