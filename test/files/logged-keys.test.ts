import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, it} from 'vitest'
import {LoggedKeys} from '../../src/files/keys/logged-keys.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-logged-'))
afterAll(() => rmSync(folder, {recursive: true}))

const seen = ({isLoaded, isConnected, hasKeys}: LoggedKeys) => [isLoaded, isConnected, hasKeys]

it('sees only what a program has appended since it was started, also lines that come in parts', () => {
  const path = join(folder, 'growing.keys')
  writeFileSync(path, '# key logger in process 1\n# first connection\nTOX_SHARED_KEY - - 00\n')
  const logged = new LoggedKeys(path)
  const steps = [
    '# key logger in pro',
    'cess 7\n# first',
    ' connection\n',
    `# ${'-'.repeat(200_000)}\nTOX`,
    '_SHARED_KEY 1\n',
  ]
  const after = steps.map(text => {
    appendFileSync(path, text)
    logged.look()
    return seen(logged)
  })
  expect(after).toEqual([
    [false, false, false],
    [true, false, false],
    [true, true, false],
    [true, true, false],
    [true, true, true],
  ])
})

it('sees nothing in a log that is gone', () => {
  const path = join(folder, 'gone.keys')
  writeFileSync(path, '')
  const logged = new LoggedKeys(path)
  rmSync(path)
  logged.look()
  expect(seen(logged)).toEqual([false, false, false])
})
