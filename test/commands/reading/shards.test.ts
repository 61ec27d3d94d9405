import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {shell, toxtcpHere} from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-shards-'))
const files = resolve('fixtures/captures/synthetic_clients')
const capture = join(files, 'capture.pcap')
const keys = ['--keylog', join(files, 'sessions.keylog')]
const shards = ['1/3', '2/3', '3/3'] as const
afterAll(() => rmSync(folder, {recursive: true}))

interface Stats {
  readonly connections: readonly unknown[]
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '')
const sorted = (text: string): readonly string[] => [...linesOf(text)].sort()

it.each(['fields', 'csv'])('-T %s prints each record in one shard, from a file and through a pipe', async form => {
  const args = [...keys, '-T', form, '-e', 'frame.time', '-e', 'frame.len', '-E', 'header=n']
  const whole = await toxtcpHere(['read', capture, ...args])
  const bytes = readFileSync(capture)
  for (const threads of ['0', '2']) {
    const parts: string[] = []
    for (const shard of shards) {
      const own = [...args, '--threads', threads, '--shard', shard]
      const part = await toxtcpHere(['read', capture, ...own])
      const piped = await toxtcpHere(['read', '-', ...own], {input: bytes})
      expect(piped.stdout).toBe(part.stdout)
      if (shard === shards[0]) {
        const inShell = await shell(`cat '${capture}' | toxtcp read - ${own.map(word => `'${word}'`).join(' ')}`)
        expect(inShell.stdout).toBe(part.stdout)
      }
      expect(linesOf(part.stdout).length).toBeGreaterThan(0)
      parts.push(part.stdout)
    }
    expect(sorted(parts.join(''))).toEqual(sorted(whole.stdout))
  }
})

it('-w writes the packets of a shard, and reading them shows its frames', async () => {
  const path = join(folder, 'part.pcapng')
  const frames = ['-Y', 'kind == frame', '-T', 'fields', '-e', 'ip.src', '-e', 'type', '-e', 'frame.len']
  for (const shard of shards) {
    const written = await toxtcpHere(['read', capture, '--shard', shard, '-w', path, '--force'])
    expect(written.stderr).toMatch(/^wrote \d+ of \d+ packets to /)
    const part = await toxtcpHere(['read', path, ...keys, ...frames])
    const shown = await toxtcpHere(['read', capture, ...keys, ...frames, '--shard', shard])
    expect(linesOf(shown.stdout).length).toBeGreaterThan(5)
    expect(sorted(part.stdout)).toEqual(sorted(shown.stdout))
  }
})

it('stats counts each connection in one shard', async () => {
  const counts = await Promise.all(
    [[], ...shards.map(shard => ['--shard', shard])].map(async more => {
      const {stdout} = await toxtcpHere(['stats', capture, ...keys, '--json', ...more])
      const {connections} = JSON.parse(stdout) as Stats
      return connections.length
    }),
  )
  const [whole = 0, ...parts] = counts
  expect(whole).toBeGreaterThan(3)
  expect(parts.reduce((sum, count) => sum + count, 0)).toBe(whole)
})

it('a shard without a Tox connection prints nothing and says so', async () => {
  const {status, stdout, stderr} = await toxtcpHere([
    ...['read', resolve('fixtures/demo/capture.pcap'), '--json', '--shard', '1/2'],
  ])
  expect([status, stdout]).toEqual([0, ''])
  expect(stderr).toMatch(/^no Tox connection found in shard 1\/2 of .*capture\.pcap \(0 other TCP connections\)\n$/)
})

describe.each([
  ['0/3', 'is out of range: the shards are 1/3 to 3/3', '1/3'],
  ['4/3', 'is out of range: the shards are 1/3 to 3/3', '1/3'],
  ['1/0', 'has 0 shards, and there may be 1 to 65536', '1/4'],
  ['1/65537', 'has 65537 shards, and there may be 1 to 65536', '1/4'],
  ['first', 'is not a shard, as in 1/4', '1/4'],
  ['1', 'is not a shard, as in 1/4', '1/4'],
  ['-1/2', 'is not a shard, as in 1/4', '1/4'],
  ['1.0/2', 'is not a shard, as in 1/4', '1/4'],
])('--shard %s', (text, sentence, hint) => {
  it.each(['read', 'stats'])('is refused by %s with a hint', async command => {
    const {status, stdout, stderr} = await toxtcpHere([command, capture, `--shard=${text}`])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toBe(`toxtcp: --shard "${text}" ${sentence}\n    toxtcp ${command} ${capture} --shard=${hint}\n`)
  })
})
