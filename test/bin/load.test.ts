import {spawnSync} from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {shortWords} from '../../bin/load.mjs'
import {shortCommands} from '../../src/commands/program/short-table.js'
import {commands} from '../../src/commands/program/table.js'
import {plainEnv, runFile} from '../commands/program.js'

let cache: string
let compiled: string
beforeEach(() => {
  cache = realpathSync(mkdtempSync(join(tmpdir(), 'toxtcp-load-')))
  compiled = join(cache, 'toxtcp/compiled')
})
afterEach(() => rmSync(cache, {recursive: true}))

/** As in Node.js 20, whatever Node.js runs the tests. */
const withoutApi = "require('node:module').enableCompileCache = undefined"

/** Stands in for the API of Node.js 22.1: prints the folder that it is given. */
const printsFolder = `require('node:module').enableCompileCache = folder => process.stderr.write('folder ' + folder + '\\n')`

/** Run the program with a cache folder of its own. @param preload code that Node.js runs first. */
function run(line: string, preload = withoutApi) {
  const file = join(cache, 'preload.cjs')
  writeFileSync(file, preload)
  const {status, stdout, stderr} = spawnSync(process.execPath, ['--require', file, runFile, ...line.split(' ')], {
    env: {...plainEnv, XDG_CACHE_HOME: cache},
    encoding: 'utf8',
  })
  return {status, stdout, stderr}
}

const ping = 'decode 04 0000000000000001'

it('the commands of the short program are those that begin with one of its words', () => {
  const first = (id: string): string => id.split(':')[0]!
  expect([...new Set(Object.keys(shortCommands).map(first))]).toEqual(shortWords)
  expect(Object.keys(commands).filter(id => shortWords.includes(first(id)))).toEqual(Object.keys(shortCommands))
})

describe('compiled code', () => {
  it('is kept in a folder that only this user can write, and used by the next run', () => {
    const first = run(ping)
    expect(first).toMatchObject({status: 0, stderr: '', stdout: expect.stringContaining('PingRequest')})
    const [name, ...others] = readdirSync(compiled)
    expect(others).toEqual([])
    const file = join(compiled, name!)
    expect([statSync(compiled).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
    const bytes = readFileSync(file)
    expect(run(ping)).toEqual(first)
    expect(readFileSync(file)).toEqual(bytes)
  })

  it.each([
    [0, 'help decode'],
    [0, 'autocomplete script bash'],
    [0, 'keys make --reveal'],
    [2, 'keys mak'],
    [2, 'proxy --listen 0 --relay-key /dev/null --script /dev/null'],
  ])('of an earlier run still gives status %i for %s', (status, line) => {
    run(ping)
    const {stderr, ...rest} = run(line)
    expect(stderr).not.toContain('bug')
    expect(rest.status).toBe(status)
  })

  it('is compiled again if it belongs to another build or is damaged', () => {
    const first = run(ping)
    const file = join(compiled, readdirSync(compiled)[0]!)
    const bytes = readFileSync(file)
    for (const damaged of [Buffer.from(bytes).fill(0, 0, 16), bytes.subarray(0, 8), Buffer.alloc(0)]) {
      writeFileSync(file, damaged)
      expect(run(ping)).toEqual(first)
      expect(readFileSync(file).subarray(0, 16)).toEqual(bytes.subarray(0, 16))
    }
  })

  it('is left to Node.js if that can keep it, in the same folder', () => {
    expect(run(ping, printsFolder).stderr).toBe(`folder ${compiled}\n`)
    expect(run('help', printsFolder).stderr).toBe(`folder ${compiled}\n`)
  })

  it('is not kept if the folder is a symbolic link', () => {
    mkdirSync(join(cache, 'toxtcp'))
    mkdirSync(join(cache, 'elsewhere'))
    symlinkSync(join(cache, 'elsewhere'), compiled)
    expect(run(ping, printsFolder)).toMatchObject({status: 0, stderr: ''})
    expect(run(ping)).toMatchObject({status: 0, stderr: ''})
    expect(readdirSync(join(cache, 'elsewhere'))).toEqual([])
  })
})
