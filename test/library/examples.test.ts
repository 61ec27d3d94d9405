import {execFile, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {createInterface} from 'node:readline'
import {promisify} from 'node:util'
import {transformSync} from 'esbuild'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {plainEnv} from '../commands/program.js'
import {ping, routeRequest, ToxServer, toxClient} from '../proxy/tox-ends.js'

const run = promisify(execFile)
const folder = 'fixtures/captures/small'
const capture = [`${folder}/capture.pcap`, `${folder}/sessions.keylog`]
const halves = ['fixtures/streams/small/0.client.bin', 'fixtures/streams/small/0.relay.bin', capture[1]!]

const names = readdirSync('examples')
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -'.ts'.length))

/** The examples without their types, beside the package as it is installed. */
const programs = mkdtempSync(join(tmpdir(), 'toxtcp-examples-'))
beforeAll(() => {
  mkdirSync(join(programs, 'node_modules'))
  symlinkSync(resolve('.'), join(programs, 'node_modules/toxtcp'))
  for (const name of names) {
    const {code} = transformSync(readFileSync(`examples/${name}.ts`, 'utf8'), {loader: 'ts'})
    writeFileSync(join(programs, `${name}.mjs`), code)
  }
})
afterAll(() => rmSync(programs, {recursive: true}))

const nodeArgs = (name: string, args: readonly string[]) => [join(programs, `${name}.mjs`), ...args]

async function linesOf(name: string, ...args: readonly string[]): Promise<string[]> {
  const {stdout} = await run(process.execPath, nodeArgs(name, args), {env: plainEnv})
  return stdout.trimEnd().split('\n')
}

/** Each example by its name, with the test that runs it. */
const tests: Readonly<Record<string, () => Promise<void>>> = {
  'route-requests': async () => {
    const lines = await linesOf('route-requests', ...capture)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \d [0-9a-f]{64}$/)
  },
  'findings-by-code': async () => {
    const folder = 'fixtures/captures/synthetic_clients'
    const lines = await linesOf('findings-by-code', `${folder}/capture.pcap`, `${folder}/sessions.keylog`)
    expect(lines).toContainEqual(expect.stringMatching(/^connection \d+: packet id 12 is reserved in #\d+$/))
    expect(lines).toContainEqual(expect.stringMatching(/^data on id \d+: \d+$/))
  },
  statistics: async () => {
    const lines = await linesOf('statistics', ...capture)
    expect(lines[0]).toBe('2 connections')
    expect(lines).toContainEqual(expect.stringMatching(/^OnionRequest: \d+ by clients, 0 by relays$/))
    expect(lines.at(-1)).toMatch(/^pings by (clients|relays): median \d+/)
  },
  'decode-packet': async () => {
    expect(await linesOf('decode-packet', '04 0000000000000001')).toEqual(['ping_request []', '040100000000000000'])
  },
  'explain-findings': async () => {
    const lines = await linesOf('explain-findings', '06 010203')
    expect(lines[0]).toBe('packet-too-short  rule, packet')
    expect(lines.filter(line => line.length > 72)).toEqual([])
  },
  'write-json': async () => {
    const records = (await linesOf('write-json', ...capture, 'ping_request')).map(line => JSON.parse(line))
    expect(new Set(records.map(({type}) => type))).toEqual(new Set(['ping_request']))
    await expect(linesOf('write-json', ...capture, '&&')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bad-filter: '),
    })
  },
  'follow-stream': async () => {
    const lines = await linesOf('follow-stream', ...halves)
    expect(lines[0]).toBe('client_handshake, 128 bytes')
    expect(lines).toContain('\t\trelay_handshake, 96 bytes')
    expect(lines).toContainEqual(expect.stringContaining('ping_request'))
  },
  'feed-chunks': async () => {
    const lines = await linesOf('feed-chunks', ...halves)
    expect(lines).toContain('client ping_request')
    expect(lines).toContain('relay pong_response')
  },
  'logging-proxy': async () => {
    const server = await ToxServer.start()
    const proxy = spawn(process.execPath, nodeArgs('logging-proxy', [`127.0.0.1:${server.port}`]), {
      env: plainEnv,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const lines: string[] = []
    for await (const line of createInterface({input: proxy.stdout})) {
      lines.push(line)
      if (lines.length === 1) {
        const client = await toxClient(Number(/\d+$/.exec(line)![0]), server.keys.publicKey)
        client.say(ping(1))
        await client.packets(1)
        client.socket.end()
      } else if (line.includes(' end ')) proxy.kill('SIGTERM')
    }
    expect(lines.map(line => line.replace(/\d+$/, 'PORT')).slice(0, 2)).toEqual([
      'listening on PORT',
      '0 null start null',
    ])
    expect(lines).toContain('0 client client_handshake sealed')
    server.stop()
  },
  'relay-for-tests': async () => {
    const relay = spawn(process.execPath, nodeArgs('relay-for-tests', ['refuse-routes']), {
      env: plainEnv,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const lines: string[] = []
    for await (const line of createInterface({input: relay.stdout})) {
      lines.push(line)
      if (lines.length === 1) {
        const [, port, key] = /on (\d+) with the key (\w{64})/.exec(line)!
        const client = await toxClient(Number(port), Buffer.from(key!, 'hex'))
        client.say(routeRequest(3))
        await client.packets(1)
        expect(client.heard[0]).toMatch(/^0100/)
        client.socket.end()
      } else if (line.endsWith('the relay closes')) relay.kill('SIGTERM')
    }
    expect(lines.slice(1)).toEqual([
      `connection 0 asks for ${'03'.repeat(32)}`,
      'connection 0: the client closes',
      'connection 0: the relay closes',
      '0 packets relayed, 0 dropped',
    ])
  },
}

describe('the examples', () => {
  it('are all run here', () => {
    expect(Object.keys(tests).sort()).toEqual(names.sort())
  })

  it('have at most 30 lines', () => {
    const lengths = names.map(name => readFileSync(`examples/${name}.ts`, 'utf8').trimEnd().split('\n').length)
    expect(lengths.filter(length => length > 30)).toEqual([])
  })

  it.each(Object.entries(tests))('%s does what it says', (_name, test) => test())
})
