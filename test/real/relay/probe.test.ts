import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {startProxy} from '../../../src/library/start-proxy.js'
import {toxtcp} from '../../commands/program.js'
import {type Relay, relayInstalled, startRelay} from '../toxcore/relay.js'

const isInstalled = relayInstalled()
if (!isInstalled) console.warn('tests with a real relay are skipped: tox-bootstrapd is not installed')

const otherKey = 'c5'.repeat(32)

describe.skipIf(!isInstalled)('probe, at a real tox-bootstrapd', () => {
  let relay: Relay
  let address: string

  beforeAll(async () => {
    relay = await startRelay()
    address = `${relay.host}:${relay.port}`
  })

  afterAll(async () => {
    await relay?.stop()
  })

  it('passes every stage, with times, and ends with status 0', async () => {
    const {status, stdout, stderr} = await toxtcp(['probe', address, relay.publicKey])
    expect(stderr).toBe('')
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^healthy: 127\.0\.0\.1:\d+ passes every stage, ping \d+\.\d ms$/)
    expect(status).toBe(0)
  })

  it('prints one JSON object, in which each stage but the name passes', async () => {
    const {status, stdout} = await toxtcp(['probe', address, relay.publicKey, '--json', '--count', '2'])
    const {healthy, fault, stages, ping, broken_rules: rules} = JSON.parse(stdout)
    expect({status, healthy, fault, rules}).toEqual({status: 0, healthy: true, fault: null, rules: []})
    expect(ping.count).toBe(2)
    expect(stages.map(({outcome}: {outcome: string}) => outcome)).toEqual(['skipped', ...new Array(11).fill('ok')])
  })

  it('says that the key is wrong, and ends with status 1', async () => {
    const {status, stdout} = await toxtcp(['probe', address, otherKey])
    expect(stdout).toContain(`not healthy: ${address}: wrong key: it waits for all 128 bytes of a handshake`)
    expect(status).toBe(1)
  })

  it('checks a list from standard input, in order, and ends with status 1 where one is not healthy', async () => {
    const input = `${address} ${relay.publicKey}\n${address} ${otherKey}\n`
    const {status, stdout} = await toxtcp(['probe', '-', '--jobs', '2', '--json'], {input})
    const {relays, healthy, unhealthy} = JSON.parse(stdout)
    expect(relays.map(({fault}: {fault: string | null}) => fault)).toEqual([null, 'wrong_key'])
    expect({status, healthy, unhealthy}).toEqual({status: 1, healthy: 1, unhealthy: 1})
  })

  it('checks several relays that are given one after the other, also where they share the key', async () => {
    const {stdout} = await toxtcp(['probe', address, relay.publicKey, '127.0.0.1:1', relay.publicKey])
    expect(stdout.trim().split('\n').at(-1)).toBe('1 of 2 relays is healthy')
  })

  it('reaches it through a SOCKS5 proxy', async () => {
    const proxy = await startProxy()
    const {port} = proxy
    const {status, stdout} = await toxtcp(['probe', address, relay.publicKey, '--socks', `127.0.0.1:${port}`])
    const refused = await toxtcp(['probe', '127.0.0.1:1', relay.publicKey, '--socks', `127.0.0.1:${port}`])
    await proxy.stop()
    expect(stdout).toContain('through the proxy')
    expect(status).toBe(0)
    expect(refused.stdout).toContain('refuses: connection refused')
    expect(refused.status).toBe(1)
  })

  it('works as the help and the README show it', async () => {
    const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
    const folder = mkdtempSync(join(tmpdir(), 'toxtcp-probe-'))
    writeFileSync(join(folder, 'relays.txt'), `${address} ${relay.publicKey}\n`)
    const readme = readFileSync('README.md', 'utf8')
    for (const {command} of commands.probe.examples) {
      const args = command.replace('<%= config.bin %> ', '').replace('127.0.0.1:33445', address).split(' ')
      expect(readme).toContain(command.replaceAll('<%= config.bin %>', 'toxtcp'))
      // They take as long as they wait: suite.test.ts runs the one, and client-suite.test.ts has a client for the other.
      if (args.includes('--suite') || args.includes('--client')) continue
      expect({command, status: (await toxtcp(args, {cwd: folder})).status}).toEqual({command, status: 0})
    }
  })
})
