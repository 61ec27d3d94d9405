import {spawnSync} from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, parse, resolve} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {shortPrograms} from '../../bin/load.mjs'
import {commands} from '../../src/commands/program/table.js'
import {plainEnv, runFile} from '../commands/program.js'
import {Program} from '../commands/proxy/proxy-program.js'

let cache: string
let compiled: string
beforeEach(() => {
  cache = realpathSync(mkdtempSync(join(tmpdir(), 'toxtcp-load-')))
  compiled = join(cache, 'toxtcp/compiled')
})
afterEach(() => rmSync(cache, {recursive: true}))

/** Run the program with a cache folder of its own. @param file bin/run.js of an installation. */
function run(line: string, file = runFile, env: Readonly<Record<string, string>> = {}) {
  const {status, stdout, stderr} = spawnSync(process.execPath, [file, ...line.split(' ')], {
    env: {...plainEnv, ...env, XDG_CACHE_HOME: cache},
    encoding: 'utf8',
  })
  return {status, stdout, stderr}
}

const ping = 'decode 04 0000000000000001'

it('a short program has each command that begins with the word that it is named after', () => {
  const names = Object.keys(commands).map(id => id.replace(':', ' '))
  const programs = readdirSync('bin/short').map(file => parse(file).name)
  expect([...shortPrograms]).toEqual(
    names.flatMap(name => {
      const program = programs.find(word => word === name.split(' ')[0])
      return program === undefined ? [] : [[name, program]]
    }),
  )
})

it('programs, which are read as Latin-1, are in ASCII', () => {
  const files = readdirSync('dist/program').map(name => join('dist/program', name))
  expect(files.length).toBeGreaterThan(shortPrograms.size / 2)
  expect(files.filter(file => /[^\x00-\x7f]/.test(readFileSync(file, 'utf8')))).toEqual([])
  const {status, stdout} = run(`decode --ascii --from client 00${'ab'.repeat(32)}`)
  expect({status, title: stdout.split('\n')[0]}).toEqual({
    status: 0,
    title: '#1  client > relay  RouteRequest for abab..abab',
  })
})

it('a short command loads no module of Node.js for streams, sockets, terminals, processes, threads or compression', () => {
  const listing = join(cache, 'listing.cjs')
  writeFileSync(
    listing,
    "process.on('exit', () => require('fs').writeFileSync(__dirname + '/modules', process.moduleLoadList.join()))",
  )
  for (let i = 0; i < 2; i++) {
    const {status, stderr} = run(ping, runFile, {NODE_OPTIONS: `--require ${listing}`})
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
  }
  const loaded = readFileSync(join(cache, 'modules'), 'utf8').split(',')
  expect(loaded).toContain('NativeModule fs')
  const heavy = ['stream', 'net', 'tty', 'child_process', 'worker_threads', 'zlib', 'crypto', 'http', 'readline']
  expect(heavy.filter(name => loaded.includes(`NativeModule ${name}`))).toEqual([])
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
  ])('of earlier runs still gives status %i for %s', (status, line) => {
    const runs = [ping, line, line].map(each => run(each))
    expect(runs.map(each => each.status)).toEqual([0, status, status])
    expect(runs[2]!.stderr).toBe(runs[1]!.stderr)
    for (const word of ['bug', 'Warning']) expect(runs[2]!.stderr).not.toContain(word)
  })

  it('of an earlier run still imports what a command needs', () => {
    const save = 'fixtures/keyfiles/client-0.2.18-encrypted.tox'
    const secrets = [1, 2].map(() => run(`keys show ${save}`, runFile, {TOXTCP_PASSPHRASE: 'oracle password'}))
    expect(secrets[1]).toEqual(secrets[0])
    expect(secrets[0]).toMatchObject({status: 0, stdout: expect.stringContaining('public key')})
    const script = join(cache, 'script.mjs')
    writeFileSync(script, "throw new Error('this script runs')")
    for (let i = 0; i < 2; i++)
      expect(run(`proxy --listen 0 --upstream 127.0.0.1:1 --script ${script}`).stderr).toContain('this script runs')
  })

  it('of threads is kept at their end, used by those of every command, and replaced if it is damaged', () => {
    const input = 'fixtures/captures/small/capture.pcap --keylog fixtures/captures/small/sessions.keylog'
    const first = run(`stats ${input} --threads 2`)
    expect(first).toEqual(run(`stats ${input} --threads 0`))
    expect(first).toMatchObject({status: 0, stderr: ''})
    const ofThreads = () => readdirSync(compiled).filter(name => name.startsWith('capture-worker'))
    const [name, ...others] = ofThreads()
    expect(others).toEqual([])
    const file = join(compiled, name!)
    const bytes = readFileSync(file)
    const packets = run(`read ${input} --threads 2`)
    expect(packets).toEqual(run(`read ${input} --threads 0`))
    expect(readFileSync(file)).toEqual(bytes)
    writeFileSync(file, Buffer.from(bytes).fill(0, 24))
    expect(run(`read ${input} --threads 1`)).toEqual(packets)
    expect(
      readFileSync(file)
        .subarray(24)
        .every(byte => byte === 0),
    ).toBe(false)
    expect(ofThreads()).toEqual([name])
  })

  it('is compiled again if it belongs to another build or is damaged', () => {
    const first = run(ping)
    const file = join(compiled, readdirSync(compiled)[0]!)
    const bytes = readFileSync(file)
    const middle = Math.floor(bytes.length / 2)
    for (const damaged of [
      Buffer.from(bytes).fill(0, 0, 16),
      Buffer.from(bytes).fill(0, middle, middle + 4096),
      Buffer.from(bytes).map((byte, at) => (at > 100 && at % 9973 === 0 ? byte ^ 0x55 : byte)),
      bytes.subarray(0, middle),
      bytes.subarray(0, 8),
      Buffer.alloc(0),
    ]) {
      writeFileSync(file, damaged)
      expect(run(ping)).toEqual(first)
      expect(readFileSync(file).equals(damaged)).toBe(false)
      expect(readFileSync(file).subarray(0, 16)).toEqual(bytes.subarray(0, 16))
    }
  })

  it('of two installations is kept beside each other', () => {
    const other = join(cache, 'other')
    for (const path of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
      cpSync(path, join(other, path), {recursive: true})
    symlinkSync(resolve('node_modules'), join(other, 'node_modules'))
    expect(run(ping, join(other, 'bin/run.js'))).toEqual(run(ping))
    expect(readdirSync(compiled)).toHaveLength(2)
  })

  it('is kept for each command, and not after a mistake or of a word that names no command', () => {
    for (const line of ['encode zz', 'decode zz', 'read nowhere', 'nonsense']) expect(run(line).status).toBe(2)
    expect(readdirSync(compiled)).toEqual([])
    for (const line of [ping, 'explain oob_send', '--version']) expect(run(line).status).toBe(0)
    expect(readdirSync(compiled).map(name => name.split('-').slice(0, 2).join(' '))).toEqual([
      'decode decode',
      'explain explain',
      'toxtcp ',
    ])
  })

  it('is kept in 32 files at most, the newest ones', () => {
    mkdirSync(compiled, {recursive: true, mode: 0o700})
    const old = Array.from({length: 40}, (_, i) => join(compiled, `old-${i}.bin`))
    for (const [i, file] of old.entries()) {
      writeFileSync(file, '')
      utimesSync(file, i, i)
    }
    run(ping)
    expect(old.filter(file => existsSync(file))).toEqual(old.slice(9))
    expect(readdirSync(compiled)).toHaveLength(32)
  })

  it('of an earlier run still loads a script, and without a warning', async () => {
    const args = ['--status', '--key', join(cache, 'relay.key'), '--script', 'fixtures/scripts/slow-pongs.mjs']
    for (const isLater of [false, true]) {
      const start = {command: 'relay', line: `XDG_CACHE_HOME='${cache}' exec`} as const
      expect(existsSync(compiled) && readdirSync(compiled).length > 0).toBe(isLater)
      const program = await Program.start(args, start).hear().listens()
      program.child.kill('SIGINT')
      expect(await program.exit).toEqual({status: 0, signal: null})
      expect(program.stderr).not.toContain('Warning')
    }
  })

  it('is not kept if the folder is a symbolic link', () => {
    mkdirSync(join(cache, 'toxtcp'))
    mkdirSync(join(cache, 'elsewhere'))
    symlinkSync(join(cache, 'elsewhere'), compiled)
    expect(run(ping)).toMatchObject({status: 0, stderr: ''})
    expect(readdirSync(join(cache, 'elsewhere'))).toEqual([])
  })
})
