import {spawnSync} from 'node:child_process'
import {mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {keyLogLine} from '../../src/crypto/keylog.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {plainEnv} from '../commands/program.js'
import {makeSessions} from '../session/inner/make-sessions.js'
import {benchMegabytes} from './captures/make-capture.js'
import {note} from './figures.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-'))
const [capture, keylog, outerLog, fullLog] = ['inner.pcapng', 'inner.keylog', 'outer.keylog', 'full.keylog'].map(name =>
  join(folder, name),
) as [string, string, string, string]
/** Secret keys of others that a key log has besides. */
const strangers = 1000
const turns = 5
const sessions = 50
const textBytes = 1300
/** Bytes that a message takes in the capture. */
const packetBytes = 1555

afterAll(() => rmSync(folder, {recursive: true}))

/** Seconds that a command takes as a whole, its output thrown away. */
function secondsWith(log: string, args: readonly string[]): number {
  const start = performance.now()
  const {status, stderr} = spawnSync(
    process.execPath,
    [resolve('bin/run.js'), ...args, capture, '--keylog', log, '--threads', '0'],
    {env: plainEnv, stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe']},
  )
  expect(status, stderr.toString()).toBe(0)
  return (performance.now() - start) / 1000
}

describe(`net_crypto sessions in ${benchMegabytes} MB`, () => {
  beforeAll(async () => {
    const rounds = Math.ceil((benchMegabytes * 1_000_000) / (2 * sessions * packetBytes))
    await makeSessions(capture, keylog, {sessions, rounds, textBytes})
    const connectionKeys = readFileSync(keylog, 'utf8').split('\n').slice(0, 1)
    writeFileSync(outerLog, `${connectionKeys.join('\n')}\n`)
    const box = await loadSodium()
    const lines = Array.from({length: strangers}, (_, number) => {
      const seed = new Uint8Array(32)
      new DataView(seed.buffer).setUint32(0, number + 1)
      return keyLogLine({kind: 'secret_key', ...box.keyPair(seed)})
    })
    writeFileSync(fullLog, `${lines.join('\n')}\n${readFileSync(keylog, 'utf8')}`)
  }, 600_000)

  /** Least seconds with each of two key logs, in turns, so that a busy moment of the machine falls on both. */
  function leastSeconds(logs: readonly [string, string], args: readonly string[]): [number, number] {
    const times: [number[], number[]] = [[], []]
    for (let turn = 0; turn < turns; turn++)
      for (const place of [0, 1] as const) times[place].push(secondsWith(logs[place], args))
    return [Math.min(...times[0]), Math.min(...times[1])]
  }

  it.each([
    ['statistics', ['stats']],
    ['JSON', ['read', '--json']],
  ] as const)('are opened for %s in at most 5 times the time of the outer layer alone', (name, args) => {
    const [outer, inner] = leastSeconds([outerLog, keylog], args)
    console.log(`${name}, outer layer: ${outer.toFixed(2)} s; inner layers, too: ${inner.toFixed(2)} s`)
    const value = inner / outer
    note({name: `${name} with inner layers beside the outer one alone`, value, unit: ' x', goal: {atMost: 1.3}})
    expect(value).toBeLessThanOrEqual(5)
  })

  it('are opened as fast beside a thousand keys of others', () => {
    const [alone, full] = leastSeconds([keylog, fullLog], ['stats'])
    console.log(`own keys: ${alone.toFixed(2)} s; a thousand keys of others, too: ${full.toFixed(2)} s`)
    const value = full / alone
    note({name: 'a thousand keys of others beside the own ones alone', value, unit: ' x', goal: {atMost: 1.2}})
    expect(value).toBeLessThanOrEqual(1.5)
  })
})
