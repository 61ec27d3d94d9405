import {execFileSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {builtScript} from '../built-script.js'

/** An object with the five properties of a Window and its header, in 64-bit words. */
const windowBytes = 8 * 8

test('decoding a window allocates nothing but the window', () => {
  const script = builtScript(new URL('allocation.child.ts', import.meta.url))
  const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256']
  const said = execFileSync(process.execPath, [...flags, script], {encoding: 'utf8'})
  const {heap, buffers, kept} = JSON.parse(said) as {heap: number; buffers: number; kept: boolean}
  console.log(`${heap.toFixed(1)} bytes a window`)
  expect(kept).toBe(true)
  expect(heap).toBeGreaterThan(8)
  // What the engine keeps for itself meanwhile is far less than a byte a call.
  expect(heap).toBeLessThanOrEqual(windowBytes + 1)
  expect(buffers).toBe(0)
})
