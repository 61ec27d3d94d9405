import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {secretsOf} from '../../src/live/settings.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toxtcp-settings-'))
})
afterAll(() => rmSync(folder, {recursive: true}))

test('a file of 150,000 keys to intercept with is refused in one sentence', async () => {
  const path = join(folder, 'many')
  writeFileSync(path, Array.from({length: 150_000}, (_, n) => (n + 1).toString(16).padStart(64, '0')).join('\n'))
  const keys = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}
  await expect(secretsOf({relayKey: [path], clientKey: [], keys})).rejects.toThrow(
    /^150000 keys to intercept with are too many: at most \d+$/,
  )
})
