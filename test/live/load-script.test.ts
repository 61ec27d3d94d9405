import {chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, test} from 'vitest'
import {loadScript} from '../../src/live/load-script.js'
import {testAsRoot} from '../as-root.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-script-'))
afterAll(() => rmSync(folder, {recursive: true}))

function scriptOf(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, 'export function onPacket() {}\n', {mode: 0o644})
  return path
}

test('loads a script of the user', async () => {
  expect(await loadScript(scriptOf('own.mjs'))).toHaveProperty('onPacket')
})

test('refuses a script that every user can write to', async () => {
  const path = scriptOf('open.mjs')
  chmodSync(path, 0o666)
  await expect(loadScript(path)).rejects.toThrow(`cannot run ${path}: every user can write to it`)
})

testAsRoot('refuses a script of another user', async () => {
  const path = scriptOf('foreign.mjs')
  chownSync(path, 12_345, 12_345)
  await expect(loadScript(path)).rejects.toThrow(`cannot run ${path}: it belongs to another user`)
})
