import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'
import {expect, it} from 'vitest'
import {plainEnv} from '../commands/program.js'
import {median, note} from './figures.js'

const runs = 20
const bare = ['-e', '0']
const commands: Readonly<Record<string, readonly string[]>> = {
  'decode 04 0000000000000001': ['decode', '04', '0000000000000001'],
  'decode --json': ['decode', '04', '0000000000000001', '--json'],
  'explain oob_send': ['explain', 'oob_send'],
  'keys make --reveal': ['keys', 'make', '--reveal'],
  '--help': ['--help'],
}

/** Milliseconds from the start of node to its end. */
function timeOf(args: readonly string[]): number {
  const start = performance.now()
  const {status} = spawnSync(process.execPath, args, {env: plainEnv, stdio: 'pipe'})
  expect(status).toBe(0)
  return performance.now() - start
}

/**
 * In an environment without NODE_EXTRA_CA_CERTS, where bare Node.js starts in a third of the time that it takes with
 * the certificates of a system.
 */
it('a short command takes at most 2.5 times what bare node takes', () => {
  const lines = Object.entries(commands).map(([name, args]) => ({
    name,
    args: [resolve('bin/run.js'), ...args],
    times: [] as number[],
  }))
  const bareTimes: number[] = []
  // In turns, so that a busy moment of the machine falls on all of them.
  for (let i = 0; i < runs; i++) {
    bareTimes.push(timeOf(bare))
    for (const {args, times} of lines) times.push(timeOf(args))
  }
  const base = median(bareTimes)
  console.log(`node -e 0: ${base.toFixed(0)} ms`)
  for (const {name, times} of lines) {
    console.log(`toxtcp ${name}: ${median(times).toFixed(0)} ms, ${(median(times) / base).toFixed(2)} x`)
    note({name: `toxtcp ${name} beside node -e 0`, value: median(times) / base, unit: ' x', goal: {atMost: 1.5}})
  }
  expect(median(lines[0]!.times) / base).toBeLessThanOrEqual(2.5)
})
