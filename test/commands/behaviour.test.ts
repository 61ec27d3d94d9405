import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {describe, expect, it} from 'vitest'
import {measuredVersions} from '../../src/expert/measured.js'
import {plainEnv, runFile, shell, toxtcp, toxtcpHere} from './program.js'

const ping = ['decode', '04', '0000000000000001']
/** Ends inside of its field: an error. */
const cutPing = ['decode', '04', '00']
const stream = [
  'stream',
  ...['client', 'relay'].flatMap(side => [`--${side}`, resolve(`fixtures/streams/two_clients/0.${side}.bin`)]),
  '--keylog',
  resolve('fixtures/captures/two_clients/sessions.keylog'),
]
const colourStart = '\u001b['

describe.concurrent('exit status', () => {
  it.each([
    [0, ping],
    [0, [...ping, '--json']],
    [0, cutPing],
    [0, [...ping, '--fail-on', 'error']],
    [1, [...cutPing, '--fail-on', 'error']],
    [1, [...cutPing, '--fail-on', 'warn']],
    [1, [...cutPing, '--fail-on', 'note', '--json']],
    [1, [...cutPing, '--fail-on', 'error', '-Y', 'type == data']],
    [2, ['decode', 'zz', '--json']],
    [2, [...ping, '--fail-on', 'sometimes']],
    [0, ['--help']],
    [0, ['decode', '--help']],
    [0, ['decode', '04', '-h', '--json']],
    [0, ['help', 'keys', 'make']],
    [0, ['keys']],
    [0, []],
  ])('%i for %j', async (status, args) => {
    expect((await toxtcpHere(args)).status).toBe(status)
  })
})

describe.concurrent('the version', () => {
  it.each(['--version', '-v'])('%s has what a bug report needs, and the versions that the README says', async flag => {
    const {stdout, status} = await toxtcpHere([flag])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^toxtcp\/\S+ \w+-\w+ node-v\d\S+\nlibsodium-wrappers [\d.]+\nmeasured with c-toxcore \S+, \S+; tox-rs \w+\n$/,
    )
    const readme = readFileSync('README.md', 'utf8').replaceAll('\n', ' ')
    for (const version of Object.values(measuredVersions).flat()) expect(readme).toContain(version)
  })
})

describe.concurrent('a process of its own', () => {
  it.each([
    [0, ping, 'PingRequest'],
    [1, [...cutPing, '--fail-on', 'error'], 'PingRequest'],
    [0, ['--version'], 'toxtcp/'],
    [0, ['--help'], 'USAGE'],
  ])('ends with %i for %j', async (status, args, text) => {
    const run = await toxtcp(args)
    expect(run).toMatchObject({status, stderr: ''})
    expect(run.stdout).toContain(text)
  })

  it('prints mistakes to standard error and ends with 2', async () => {
    expect(await toxtcp(['decode', '--tre'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'toxtcp: there is no flag "--tre"\n    did you mean --tree?\n    toxtcp decode --tree\n',
    })
  })
})

describe.concurrent('output', () => {
  it('is JSON, a line a record, and nothing else', async () => {
    const {stdout, stderr} = await toxtcpHere([...ping, '--json'])
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout)).toMatchObject({number: 1, type: 'ping_request', fields: {ping_id: '0000000000000001'}})
  })

  it('keeps the order of words that are repeated', async () => {
    const {stdout} = await toxtcpHere(['decode', '04', '00', '01', '00', '04', '00', '00', '01', '02', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({fields: {ping_id: '0001000400000102'}})
  })

  it('takes words around flags, and a file after a repeatable flag', async () => {
    const {stdout} = await toxtcpHere([
      'decode',
      '-T',
      'fields',
      '-e',
      'type',
      '-e',
      'ping_request.ping_id',
      '04',
      '-E',
      'separator=|',
      '0000000000000001',
    ])
    expect(stdout).toBe('ping_request|0000000000000001\n')
  })

  it('takes standard input for a dash, and when there is no word', async () => {
    const piped = await toxtcpHere(['decode', '--json'], {input: '04 0000000000000001\n'})
    const dash = await toxtcpHere(['decode', '-', '--json'], {input: '04 0000000000000001\n'})
    expect(dash).toEqual(piped)
    expect(JSON.parse(piped.stdout)).toMatchObject({type: 'ping_request'})
  })

  it('counts what it prints', async () => {
    const {stdout} = await toxtcpHere([...stream, '-c', '3', '--json'])
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
  })

  it('fits a list to the columns that are named, and cuts nothing where none are', async () => {
    const narrow = await toxtcpHere([...stream, '-c', '20'], {env: {COLUMNS: '80'}})
    const free = await toxtcpHere([...stream, '-c', '20'])
    expect(Math.max(...narrow.stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
    expect(Math.max(...free.stdout.split('\n').map(line => line.length))).toBeGreaterThan(80)
  })

  it('is ASCII where the locale is not UTF-8, or where it is asked for', async () => {
    const printable = /^[\x20-\x7e\n]*$/
    expect((await toxtcpHere(ping)).stdout).not.toMatch(printable)
    expect((await toxtcpHere([...ping, '--ascii'])).stdout).toMatch(printable)
    expect((await toxtcpHere(ping, {env: {LANG: 'C'}})).stdout).toMatch(printable)
    expect((await toxtcpHere(ping, {env: {LC_ALL: 'POSIX'}})).stdout).toMatch(printable)
    expect((await toxtcpHere(ping, {env: {LANG: 'C', LC_CTYPE: 'de_DE.utf8'}})).stdout).not.toMatch(printable)
  })
})

describe.concurrent('colour', () => {
  it.each([
    [false, [], {}],
    [true, ['--color'], {}],
    [true, ['--color'], {NO_COLOR: '1'}],
    [true, ['--color'], {FORCE_COLOR: '0'}],
    [true, [], {FORCE_COLOR: '1'}],
    [true, [], {FORCE_COLOR: '1', NO_COLOR: '1'}],
    [false, [], {FORCE_COLOR: '0'}],
    [false, ['--no-color'], {FORCE_COLOR: '3'}],
    [true, ['--color=always'], {NO_COLOR: '1'}],
    [true, ['--color', 'always'], {}],
    [false, ['--color=never'], {FORCE_COLOR: '3'}],
    [false, ['--color=auto'], {}],
    [true, ['--color=auto'], {FORCE_COLOR: '1'}],
    [false, [], {NO_COLOR: '1'}],
  ])('is %s with flags %j and %j', async (isColoured, flags, env) => {
    const {stdout} = await toxtcpHere([...ping, ...flags], {env})
    expect(stdout.includes(colourStart)).toBe(isColoured)
  })

  it.each([
    [true, {TERM: 'xterm'}],
    [false, {TERM: 'dumb'}],
    [false, {TERM: 'xterm', NO_COLOR: '1'}],
    [true, {TERM: 'xterm', NO_COLOR: ''}],
  ])('on a terminal is %s with %j', async (isColoured, env) => {
    const {stdout, status} = await shell('script -qec "toxtcp decode 04 0000000000000001" /dev/null', {
      env: {...env, SHELL: '/bin/bash'},
    })
    expect(status).toBe(0)
    expect(stdout.includes(colourStart)).toBe(isColoured)
  })

  it('takes as many colours as the terminal has', async () => {
    const levels = await Promise.all(
      [{}, {TERM: 'xterm-256color'}, {COLORTERM: 'truecolor'}].map(async env =>
        (await toxtcpHere([...ping, '--color'], {env})).stdout.includes(colourStart),
      ),
    )
    expect(levels).toEqual([true, true, true])
  })

  it('is never in JSON', async () => {
    expect((await toxtcpHere([...ping, '--json', '--color'])).stdout).not.toContain(colourStart)
  })
})

describe.concurrent('a pipe', () => {
  it('that is closed early ends the program in silence, with 0', async () => {
    const {stdout, stderr} = await shell(`toxtcp ${stream.join(' ')} --json | head -1; echo "status \${PIPESTATUS[0]}"`)
    expect(stderr).toBe('')
    const [first, last] = stdout.trimEnd().split('\n')
    expect(JSON.parse(first!)).toMatchObject({number: 1})
    expect(last).toBe('status 0')
  })

  it('that nobody reads ends help and errors as well', async () => {
    const {stdout, stderr} = await shell(`toxtcp --help | true; echo "status \${PIPESTATUS[0]}"`)
    expect(stderr).toBe('')
    expect(stdout).toBe('status 0\n')
  })

  it('to a full disk is a mistake that is told', async () => {
    for (const args of ['decode 04', '--help']) {
      const {stdout, stderr} = await shell(`toxtcp ${args} > /dev/full; echo "status $?"`)
      const [mistake, hint] = stderr.split('\n')
      expect(mistake).toBe('toxtcp: cannot write the output: no space is left on the device')
      expect(hint).toBe('    df -h shows which file system is full')
      expect(stdout).toBe('status 2\n')
    }
  })

  it('gets each line at once, and ctrl-c ends the program with 130', async () => {
    const child = spawn(process.execPath, [runFile, 'encode'], {env: plainEnv})
    child.stdin.write('{"type":"ping_request","fields":{"ping_id":"0000000000000001"}}\n')
    const [line] = await once(child.stdout, 'data')
    expect(String(line)).toBe('040000000000000001\n')
    child.kill('SIGINT')
    const [status] = await once(child, 'exit')
    expect(status).toBe(130)
  })

  it('carries records back to the bytes that they were made of', async () => {
    const {stdout} = await shell(
      "printf 'ping_request:040000000000000001\\n0500000000000000ff\\n' | toxtcp decode --lines --json | toxtcp encode",
    )
    expect(stdout).toBe('040000000000000001\n0500000000000000ff\n')
  })
})
