import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {plainEnv, runFile, toxtcpHere} from './program.js'

const completed = async (...words: string[]): Promise<string[]> =>
  (await toxtcpHere(['complete', '--', ...words])).stdout.split('\n').filter(word => word !== '')

describe('completion', () => {
  it('completes commands, and the commands of a topic', async () => {
    expect(await completed('re')).toEqual(['read', 'relay'])
    expect(await completed('')).toEqual(expect.arrayContaining(['decode', 'read', 'keys', 'completion']))
    expect(await completed('')).not.toContain('complete')
    expect(await completed('keys', 'm')).toEqual(['make'])
  })

  it('completes flags at any place, and those that switch off', async () => {
    expect(await completed('read', '--fol')).toEqual(['--follow'])
    expect(await completed('read', 'capture.pcap', '--no-c')).toEqual(['--no-color'])
  })

  it('completes the values of flags, after a blank and after an equals sign', async () => {
    expect(await completed('read', '-T', 'js')).toEqual(['json'])
    expect(await completed('read', '--format=js')).toEqual(['--format=json'])
    expect(await completed('read', '--format', '=', 'js')).toEqual(['json'])
    expect(await completed('read', '--fail-on', '')).toEqual(['error', 'warn', 'note', 'chat'])
    expect(await completed('decode', '--as', 'ping_re')).toEqual(['ping_request'])
    expect(await completed('read', '-E', 'head')).toEqual(['header='])
  })

  it('completes fields in filters, in columns and after -e', async () => {
    expect(await completed('read', '-e', 'ping_request.p')).toEqual(['ping_request.ping_id'])
    expect(await completed('read', '-Y', "'type == data && ping_request.p")).toEqual([
      'type == data && ping_request.ping_id',
    ])
    expect(await completed('read', '--columns', 'number,summ')).toEqual(['number,summary'])
  })

  it('completes names for explain', async () => {
    expect(await completed('explain', 'packet-too-sh')).toEqual(['packet-too-short'])
  })

  it('leaves files to the shell', async () => {
    expect(await completed('read', 'cap')).toEqual([])
    expect(await completed('read', '--keylog', '')).toEqual([])
  })

  it('refuses a shell that has no script with the ones that have', async () => {
    const {status, stderr} = await toxtcpHere(['completion', 'bsh'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean "bash" or "zsh"?')])
  })
})

describe('the script of bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-completion-'))
  mkdirSync(join(folder, 'bin'))
  symlinkSync(runFile, join(folder, 'bin/toxtcp'))
  writeFileSync(join(folder, 'capture.pcap'), '')
  const env = {...plainEnv, PATH: `${join(folder, 'bin')}:${plainEnv['PATH']}`}

  it('fills in words, and leaves files to the defaults of bash', () => {
    const script = `eval "$(toxtcp completion bash)"
      ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _toxtcp 2>/dev/null; echo "\${COMPREPLY[*]}"; }
      ask toxtcp read -T js; ask toxtcp read capt; complete -p toxtcp`
    const {stdout} = spawnSync('bash', ['--norc', '-c', script], {env, cwd: folder, encoding: 'utf8'})
    expect(stdout).toBe('json\n\ncomplete -o bashdefault -o default -F _toxtcp toxtcp\n')
  })
})

const hasFish = spawnSync('fish', ['-c', 'true']).status === 0

describe.skipIf(!hasFish && !process.env['CI'])(`the script of fish${hasFish ? '' : ' (fish is missing)'}`, () => {
  it('fills in commands, flags, values and files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'toxtcp-fish-'))
    mkdirSync(join(folder, 'bin'))
    symlinkSync(runFile, join(folder, 'bin/toxtcp'))
    writeFileSync(join(folder, 'capture.pcap'), '')
    const lines = ['toxtcp deco', 'toxtcp read capture.pcap --fol', 'toxtcp read -T conv', 'toxtcp read capt']
    const asked = lines.map(line => `complete -C '${line}'`).join('; ')
    const {stdout} = spawnSync('fish', ['--no-config', '-c', `toxtcp completion fish | source; ${asked}`], {
      env: {...plainEnv, PATH: `${join(folder, 'bin')}:${plainEnv['PATH']}`},
      cwd: folder,
      encoding: 'utf8',
    })
    expect(stdout.split('\n').map(line => line.split('\t')[0])).toEqual([
      ...['decode', '--follow', 'conversation', 'capture.pcap', ''],
    ])
  })
})
