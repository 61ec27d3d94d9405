import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, openSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {plainEnv} from '../commands/program.js'
import {makeCapture} from './make-capture.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-'))
const megabyte = 1_000_000
const size = 300 * megabyte
const capture = join(folder, 'big.pcapng')
const keylog = join(folder, 'big.keylog')
const runs = 3

const toxtcp = (...args: string[]) => [process.execPath, resolve('bin/run.js'), ...args]
const hasTshark = spawnSync('tshark', ['--version']).status === 0
const hasTime = existsSync('/usr/bin/time')

beforeAll(() => makeCapture(capture, keylog, {size, connections: 50, seed: 7}), 600_000)
afterAll(() => rmSync(folder, {recursive: true}))

/** Seconds that a command takes as a whole, its output thrown away. */
function secondsOf(command: readonly string[]): number {
  const start = performance.now()
  const {status} = spawnSync(command[0]!, command.slice(1), {
    env: plainEnv,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
  })
  expect(status).toBe(0)
  return (performance.now() - start) / 1000
}

/** Medians of two commands, run in turns: a busy moment of the machine falls on both. */
function pair(name: string, ours: readonly string[], theirs: readonly string[], turns = runs): number {
  const times: [number[], number[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    times[0].push(secondsOf(ours))
    times[1].push(secondsOf(theirs))
  }
  const [a, b] = times.map(each => each.toSorted((x, y) => x - y)[each.length >> 1]!) as [number, number]
  console.log(`${name}: ${a.toFixed(2)} s against ${b.toFixed(2)} s, ${(b / a).toFixed(2)} x as fast`)
  return b / a
}

/** Most kilobytes that a command had in memory. */
function peakOf(command: readonly string[]): number {
  const {stderr, status} = spawnSync('/usr/bin/time', ['-f', '%M', ...command], {
    env: plainEnv,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
  })
  expect(status).toBe(0)
  return Number(stderr.toString().trim().split('\n').at(-1))
}

describe.skipIf(!hasTshark)(
  `a capture of ${size / megabyte} MB beside tshark${hasTshark ? '' : ' (left out: tshark is not installed)'}`,
  () => {
    it('is listed, every frame opened, at least 3 times as fast', () => {
      expect(
        pair('list', toxtcp('read', capture, '--keylog', keylog), ['tshark', '-r', capture]),
      ).toBeGreaterThanOrEqual(3)
    })

    it('is printed as JSON, every frame opened, at least 6 times as fast', () => {
      expect(
        pair('json', toxtcp('read', capture, '--keylog', keylog, '--json'), ['tshark', '-r', capture, '-T', 'json'], 1),
      ).toBeGreaterThanOrEqual(6)
    })
  },
)

describe.skipIf(!hasTime)(`memory${hasTime ? '' : ' (left out: /usr/bin/time is not installed)'}`, () => {
  const [huge, hugeLog] = [join(folder, 'huge.pcapng'), join(folder, 'huge.keylog')]

  beforeAll(() => makeCapture(huge, hugeLog, {size: size * 10, connections: 50, seed: 8}), 600_000)

  it.each(['list', 'json'])('stays under 200 MB for a %s, and does not grow with the capture', format => {
    const [less, more] = [
      [capture, keylog],
      [huge, hugeLog],
    ].map(([file, log]) => peakOf(toxtcp('read', file!, '--keylog', log!, '-T', format))) as [number, number]
    console.log(
      `${format}: ${(less / 1024).toFixed(0)} MB for ${size / megabyte} MB, ${(more / 1024).toFixed(0)} MB for ${(size * 10) / megabyte} MB`,
    )
    expect(more).toBeLessThan(200 * 1024)
    expect(more).toBeLessThan(less * 1.25)
  })
})
