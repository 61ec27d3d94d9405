import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, test} from 'vitest'
import {keyringKeys, longKeyLogBytes} from '../../src/crypto/limits.js'
import {loadKeys} from '../../src/files/keys/load-keys.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-long-log-'))
afterAll(() => rmSync(folder, {recursive: true}))

const hex = (n: number, bytes: number) => n.toString(16).padStart(bytes * 2, '0')
const sessionLine = (n: number) =>
  `TOX_TCP_SESSION ${hex(n, 24)} ${hex(n, 24)} ${hex(n + 1, 32)} ${hex(n, 24)} ${hex(n, 24)}\n`
const load = (path: string) => loadKeys({key: [], keylog: [path], secretKey: [], relayPk: [], env: {}})

function logOf(name: string, lines: number, line: (n: number) => string): string {
  const path = join(folder, name)
  writeFileSync(path, Array.from({length: lines}, (_, n) => line(n)).join(''))
  return path
}

test('reads a long key log to its last line', async () => {
  const lines = Math.ceil(longKeyLogBytes / sessionLine(0).length) + 10
  const {keyring, notes} = await load(logOf('long.log', lines, sessionLine))
  expect(keyring.size).toBe(lines)
  expect(notes).toEqual([])
})

test('names the bad line of a long key log', async () => {
  const path = logOf('bad.log', 5000, n => (n === 4000 ? 'TOX_TCP_SESSION zz\n' : sessionLine(n)))
  await expect(load(path)).rejects.toThrow('line 4001 of')
})

test('holds as many keys as the limit says, and reports the lines that were not read', async () => {
  const more = 10_000
  const {keyring, notes} = await load(logOf('many.log', keyringKeys + more, sessionLine))
  expect(keyring.size).toBe(keyringKeys)
  const counts = notes.map(note => Number(/(\d+) (?:lines|keys)/.exec(note)?.[1]))
  expect(counts.reduce((sum, count) => sum + count)).toBe(more)
})
