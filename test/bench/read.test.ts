import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, openSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {plainEnv} from '../commands/program.js'
import {benchMegabytes, makeCapture, mixes} from './captures/make-capture.js'
import {median, note} from './figures.js'
import {leftOut} from './left-out.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-'))
const megabyte = 1_000_000
const size = benchMegabytes * megabyte
const runs = 3

const toxtcp = (...args: string[]) => [process.execPath, resolve('bin/run.js'), ...args]
const hasTshark = spawnSync('tshark', ['--version']).status === 0
const withoutTshark = leftOut(hasTshark, 'tshark')
const hasTime = existsSync('/usr/bin/time')

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

/** Medians of two commands, run in turns: a busy moment of the machine falls on both. @returns theirs by ours. */
function pair(name: string, ours: readonly string[], theirs: readonly string[], turns = runs): number {
  const times: [number[], number[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    times[0].push(secondsOf(ours))
    times[1].push(secondsOf(theirs))
  }
  const [a, b] = times.map(median) as [number, number]
  console.log(`${name}: ${a.toFixed(2)} s against ${b.toFixed(2)} s, ${(b / a).toFixed(2)} x as fast`)
  return b / a
}

/** Most kilobytes that a command had in memory, and the seconds that it took. */
function costOf(command: readonly string[]): {readonly kilobytes: number; readonly seconds: number} {
  const {stderr, status} = spawnSync('/usr/bin/time', ['-f', '%M %e', ...command], {
    env: plainEnv,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
  })
  expect(status).toBe(0)
  const [kilobytes, seconds] = stderr.toString().trim().split('\n').at(-1)!.split(' ').map(Number)
  return {kilobytes: kilobytes!, seconds: seconds!}
}

describe.each(mixes)('a capture of %s', mix => {
  const [capture, keylog] = [join(folder, `${mix}.pcapng`), join(folder, `${mix}.keylog`)]
  const list = toxtcp('read', capture, '--keylog', keylog)

  beforeAll(() => makeCapture(capture, keylog, {size, connections: 50, seed: 7, mix}), 600_000)

  it.skipIf(!hasTshark)(
    `is listed, every frame opened, at least 3 times as fast as tshark lists it${withoutTshark}`,
    () => {
      const value = pair(`list of ${mix}`, list, ['tshark', '-r', capture])
      note({name: `list of ${mix}, times as fast as tshark`, value, unit: ' x', goal: {atLeast: 4}})
      expect(value).toBeGreaterThanOrEqual(3)
    },
  )

  it.skipIf(!hasTshark)(
    `is printed as JSON, every frame opened, at least 6 times as fast as tshark does${withoutTshark}`,
    () => {
      const value = pair(`JSON of ${mix}`, [...list, '--json'], ['tshark', '-r', capture, '-T', 'json'], 1)
      note({name: `JSON of ${mix}, times as fast as tshark`, value, unit: ' x', goal: {atLeast: 10}})
      expect(value).toBeGreaterThanOrEqual(6)
    },
  )

  it('is filtered in at most 1.5 times the time of its list', () => {
    const value = 1 / pair(`filter over ${mix}`, [...list, '-Y', 'type == oob_send'], list)
    note({name: `filter over ${mix} beside its list`, value, unit: ' x', goal: {atMost: 1}})
    expect(value).toBeLessThanOrEqual(1.5)
  })
})

describe.skipIf(!hasTime)(`memory${leftOut(hasTime, '/usr/bin/time')}`, () => {
  const [capture, keylog] = [join(folder, 'files.pcapng'), join(folder, 'files.keylog')]
  const [huge, hugeLog] = [join(folder, 'huge.pcapng'), join(folder, 'huge.keylog')]

  beforeAll(() => makeCapture(huge, hugeLog, {size: size * 10, connections: 50, seed: 8}), 600_000)

  it.each(['list', 'json'])('stays under 200 MB for a %s, and does not grow with the capture', format => {
    const [less, more] = [
      [capture, keylog],
      [huge, hugeLog],
    ].map(([file, log]) => costOf(toxtcp('read', file!, '--keylog', log!, '-T', format))) as [
      ReturnType<typeof costOf>,
      ReturnType<typeof costOf>,
    ]
    const megabytes = more.kilobytes / 1024
    console.log(
      `${format}: ${(less.kilobytes / 1024).toFixed(0)} MB for ${size / megabyte} MB, ${megabytes.toFixed(0)} MB for ${(size * 10) / megabyte} MB`,
    )
    note({name: `memory, ${format} of ${benchMegabytes * 10} MB`, value: megabytes, unit: ' MB', goal: {atMost: 200}})
    const slower = more.seconds / 10 / less.seconds
    note({name: `time a byte, ${format} of ten times as much`, value: slower, unit: ' x', goal: {atMost: 1.1}})
    expect(more.kilobytes).toBeLessThan(200 * 1024)
    expect(more.kilobytes).toBeLessThan(less.kilobytes * 1.25)
  })
})
