import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {plainEnv} from '../commands/program.js'
import {writeFrames} from './captures/frames-file.js'
import {benchMegabytes, makeCapture, mixes} from './captures/make-capture.js'
import {median, note} from './figures.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-bench-'))
const size = benchMegabytes * 1_000_000
const turns = 7
const program = join(folder, 'open-frames')
const hasSodium =
  spawnSync('cc', ['-O2', '-o', program, resolve('test/bench/captures/open-frames.c'), '-lsodium']).status === 0

afterAll(() => rmSync(folder, {recursive: true}))

interface Timed<T> {
  readonly seconds: number
  readonly json: T
}

/** A command that prints one JSON object, and the seconds that it takes as a whole. */
function timed<T>(file: string, args: readonly string[]): Timed<T> {
  const start = performance.now()
  const {status, stdout, stderr} = spawnSync(file, args, {env: plainEnv, maxBuffer: 1 << 26})
  expect(status, stderr.toString()).toBe(0)
  return {seconds: (performance.now() - start) / 1000, json: JSON.parse(stdout.toString()) as T}
}

describe.skipIf(!hasSodium)(
  `statistics of ${size / 1e6} MB${hasSodium ? '' : ' (left out: there is no C compiler or no libsodium with its headers)'}`,
  () => {
    it.each(mixes)('of %s take at most 3.5 times what a C loop takes that only opens the same frames', async mix => {
      const [capture, keylog, frames] = ['big.pcapng', 'big.keylog', 'frames'].map(name => join(folder, name)) as [
        string,
        string,
        string,
      ]
      await makeCapture(capture, keylog, {size, connections: 50, seed: 7, mix})
      const count = await writeFrames(capture, keylog, frames)
      const ours: number[] = []
      const theirs: number[] = []
      const opening: number[] = []
      // In turns, so that a busy moment of the machine falls on both.
      for (let turn = 0; turn < turns; turn++) {
        const stats = timed<{connections: {state: {open: number}}[]}>(process.execPath, [
          resolve('bin/run.js'),
          'stats',
          capture,
          '--keylog',
          keylog,
          '--json',
        ])
        const loop = timed<{frames: number; openSeconds: number}>(program, [frames])
        expect(loop.json.frames).toBe(count)
        expect(stats.json.connections.reduce((sum, {state}) => sum + state.open, 0)).toBe(count)
        ours.push(stats.seconds)
        theirs.push(loop.seconds)
        opening.push(loop.json.openSeconds)
      }
      // The best of each: the others say what else the machine was doing.
      const [a, b, c] = [ours, theirs, opening].map(times => Math.min(...times)) as [number, number, number]
      console.log(
        `stats of ${mix}: ${a.toFixed(2)} s, the C loop ${b.toFixed(2)} s (${c.toFixed(2)} s without reading): ${(a / b).toFixed(2)} x (${(a / c).toFixed(2)} x); medians ${median(ours).toFixed(2)} s and ${median(theirs).toFixed(2)} s`,
      )
      note({name: `stats of ${mix} beside a C loop that opens the frames`, value: a / b, unit: ' x', goal: {atMost: 2}})
      expect(a / b).toBeLessThanOrEqual(3.5)
    })
  },
)
