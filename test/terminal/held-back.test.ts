import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, it} from 'vitest'
import {plainEnv} from '../commands/program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-output-'))
afterAll(() => rmSync(folder, {recursive: true}))

it('output waits for one turn of the event loop, however long a capture is read in one', () => {
  const [watch, report] = [join(folder, 'watch.cjs'), join(folder, 'most')]
  writeFileSync(
    watch,
    `let [waiting, most] = [0, 0]
    const schedule = globalThis.setImmediate
    globalThis.setImmediate = (run, ...args) => {
      most = Math.max(most, ++waiting)
      return schedule(() => {
        waiting--
        run(...args)
      })
    }
    process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, String(most)))`,
  )
  const capture = 'fixtures/captures/two_clients'
  const command = ['bin/run.js', 'read', `${capture}/capture.pcap`, '--keylog', `${capture}/sessions.keylog`]
  const args = [...command, '--json', '--bytes', '--threads', '0']
  const output = execFileSync(process.execPath, ['--require', watch, ...args], {env: plainEnv, maxBuffer: 1 << 28})
  expect(output.length).toBeGreaterThan(1_000_000)
  expect(Number(readFileSync(report, 'utf8'))).toBe(1)
})
