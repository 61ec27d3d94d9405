import {once} from 'node:events'
import {chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {type Run, toxtcp, toxtcpHere} from '../program.js'
import {Program} from '../proxy/proxy-program.js'
import {everything, found, secretsOfLog} from './secrets.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-secrets-'))
const file = (name: string): string => join(folder, name)
const inputs = [
  'capture.pcap',
  'keys.log',
  'inner.keylog',
  'me.tox',
  'tox-bootstrapd.keys',
  'follow.yaml',
  'dropped.pcap',
] as const

/** A key of nobody, for flags that take keys as they are. */
const typedKey = 'b7'.repeat(16) + '3c'.repeat(16)
const password = 'correct-horse-battery'

beforeAll(() => {
  for (const name of inputs) cpSync(join('fixtures/demo', name), file(name), {dereference: true})
  chmodSync(file('tox-bootstrapd.keys'), 0o600)
  writeFileSync(file('password'), `${password}\n`, {mode: 0o600})
})
afterAll(() => rmSync(folder, {recursive: true}))

/** What runs printed, by what they were. */
const printed = (runs: readonly (readonly [string, Pick<Run, 'stdout' | 'stderr'>])[]) =>
  runs.map(([line, {stdout, stderr}]) => [line, `${stdout}\n${stderr}`] as const)

describe('no secret is printed, noted or written', () => {
  it('by commands that read captures and keys, in any form, rightly or wrongly used', async () => {
    const saved = readFileSync('fixtures/keyfiles/expected.json', 'utf8').match(/[0-9a-f]{64}/g) ?? []
    const pair = readFileSync(file('tox-bootstrapd.keys')).toString('hex')
    const publicKeys = [pair.slice(0, 64), ...(await publicKeysOf())]
    const secrets = [
      ...secretsOfLog(file('keys.log')),
      ...secretsOfLog(file('inner.keylog')),
      ...saved.filter(
        key => !publicKeys.includes(key) && readFileSync(file('me.tox')).includes(Buffer.from(key, 'hex')),
      ),
      pair.slice(64),
      typedKey,
    ]
    expect(secrets.length).toBeGreaterThan(8)
    const keys = ['--keylog', file('keys.log'), '--keylog', file('inner.keylog'), '--key', file('me.tox')]
    const all = [...keys, '--key', file('tox-bootstrapd.keys'), '--secret-key', typedKey]
    const capture = file('capture.pcap')
    const forms = ['list', 'tree', 'json', 'fields', 'csv', 'ek', 'conversation']
    const extra: Readonly<Record<string, readonly string[]>> = {
      list: ['-x'],
      tree: ['-x'],
      json: ['--bytes'],
      ek: ['--bytes'],
      fields: ['-e', 'frame.number', '-e', 'finding.code'],
    }
    const lines: string[][] = [
      ...forms.map(form => ['read', capture, ...all, '-T', form, ...(extra[form] ?? [])]),
      ['read', capture, ...all, '--bytes', '-T', 'parquet', '-w', file('out.parquet')],
      ['read', capture, ...all, '-w', file('out.pcapng')],
      ['read', capture, ...all, '--export-files', file('exported')],
      ['stats', capture, ...all],
      ['stats', capture, ...all, '--json'],
      ['why', capture, ...all],
      ['diff', capture, file('dropped.pcap'), ...all],
      ['stream', file('follow.yaml'), ...all],
      ['decode', '0400', ...all],
      ['keys', 'show', file('keys.log'), file('me.tox'), file('tox-bootstrapd.keys')],
      ['keys', 'show', file('me.tox'), '--json'],
      ['keys', 'make', '--out', file('made.keys')],
      ['keys', 'convert', file('tox-bootstrapd.keys'), '--form', 'keylog', '--out', file('converted.keylog')],
      ['keys', 'convert', file('me.tox'), '--form', 'hex', '--out', file('converted.hex'), '--json'],
      ['keys', 'convert', file('me.tox'), '--form', 'hex'],
      ['keys', 'convert', file('tox-bootstrapd.keys'), '--json'],
      ['completion', 'bash'],
      ['config'],
      // Keys where they do not belong.
      ['read', typedKey],
      ['read', capture, '--keylog', typedKey],
      ['read', capture, '--key', typedKey],
      ['read', capture, '--secret-key', `${typedKey}0`],
      ['read', capture, '--relay-pk', `${typedKey}0`],
      ['decode', '--secret-key', typedKey, '--as', typedKey, '0400'],
      ['decode', '0400', '--secret-key', typedKey, '--format', 'none'],
      ['keys', 'show', typedKey],
      ['keys', 'make', '--out', typedKey],
      ['keys', 'convert', typedKey],
      ['keys', 'convert', file('me.tox'), '--public-key', typedKey],
      ['keys', 'log', '--out', file('logged.keys'), '--', typedKey],
      ['completion', typedKey],
      ['view', capture, '--secret-key', typedKey],
      ['view', typedKey],
      ['proxy', '--view', '--secret-key', typedKey],
      ['encode', '--shared-key', typedKey, file('keys.log')],
      ['explain', typedKey],
      [typedKey],
    ]
    const runs: (readonly [string, Run])[] = []
    for (const line of lines) runs.push([line.slice(0, 3).join(' '), await toxtcpHere(line)])
    const separate = await toxtcp(['read', capture, ...all], {env: {TOXTCP_KEYLOG: file('inner.keylog')}})
    runs.push(['a process of its own', separate])
    const silent = runs.filter(([, {stdout, stderr}]) => stdout === '' && stderr === '').map(([line]) => line)
    expect(silent).toEqual([])
    expect(
      found(
        secrets,
        everything(folder, printed(runs), [...inputs, 'password', 'made.keys', 'converted.keylog', 'converted.hex']),
      ),
    ).toEqual([])
    // What is looked for can be found.
    const revealed = await toxtcpHere(['keys', 'show', file('tox-bootstrapd.keys'), '--reveal'])
    expect(found(secrets, everything(folder, printed([['revealed', revealed]]), []))).toContain(
      `revealed: ${pair.slice(64)}`,
    )
  })

  it('by a relay, an intercepting proxy, a proxy with a password, and a probe of both', async () => {
    const key = file('tox-bootstrapd.keys')
    const pair = readFileSync(key).toString('hex')
    const printing = ['-T', 'json', '--bytes', '--no-embed-keys']
    const relay = Program.start(
      ['--key', key, '-w', file('relay.pcapng'), '--write-keylog', file('relay.keylog'), ...printing],
      {command: 'relay'},
    ).hear()
    await relay.listens()
    const proxy = Program.start([
      ...['--upstream', `127.0.0.1:${relay.port}`, '--relay-key', key],
      ...['-w', file('proxy.pcapng'), '--write-keylog', file('proxy.keylog'), ...printing],
    ]).hear()
    await proxy.listens()
    const probe = await toxtcp(['probe', `127.0.0.1:${proxy.port}`, pair.slice(0, 64)])
    // The relay's secret key in place of its public key.
    const mistaken = ['probe', `127.0.0.1:${relay.port}`, pair.slice(64), '--timeout', '1s']
    const mistakes = await Promise.all([mistaken, [...mistaken, '--json']].map(line => toxtcp(line)))
    const open = Program.start([
      ...['--relay-key', key, '--auth', `user:${file('password')}`, '--allow', `127.0.0.1:${relay.port}`],
      ...['-w', file('open.pcapng'), ...printing],
    ]).hear()
    await open.listens()
    const answers = await Promise.all(
      [password, `${password}x`].map(given => answerTo(open.port, `127.0.0.1:${relay.port}`, given)),
    )
    expect(answers).toEqual([expect.stringContaining(' 200 '), expect.stringContaining(' 407 ')])
    const programs = [open, proxy, relay]
    for (const {child} of programs) child.kill('SIGINT')
    await Promise.all(programs.map(({exit}) => exit))
    expect([probe.status, probe.stderr]).toEqual([0, ''])
    expect(mistakes.map(({status}) => status)).toEqual([1, 1])
    const sessions = [...secretsOfLog(file('relay.keylog')), ...secretsOfLog(file('proxy.keylog'))]
    expect(sessions.length).toBeGreaterThan(2)
    expect(statSync(file('proxy.pcapng')).size).toBeGreaterThan(1000)
    const own = [
      ...inputs,
      'password',
      'made.keys',
      'converted.keylog',
      'converted.hex',
      'relay.keylog',
      'proxy.keylog',
    ]
    const places = everything(
      folder,
      printed([
        ['relay', relay],
        ['proxy', proxy],
        ['proxy with a password', open],
        ['probe', probe],
        ...mistakes.map(run => ['probe with a secret key', run] as const),
      ]),
      own,
    )
    expect(found([pair.slice(64), password, ...sessions], places)).toEqual([])
  })
})

/** What a proxy answers to a request with a password. The client then sends what follows the request, and closes. */
async function answerTo(port: number, destination: string, given: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const login = Buffer.from(`user:${given}`).toString('base64')
  socket.write(`CONNECT ${destination} HTTP/1.1\r\nProxy-Authorization: Basic ${login}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString()
}

/** The public keys of the save, which may be printed. */
async function publicKeysOf(): Promise<string[]> {
  const {stdout} = await toxtcpHere(['keys', 'show', file('me.tox'), '--json'])
  return stdout.match(/[0-9a-f]{64}/g) ?? []
}
