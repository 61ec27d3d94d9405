import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {textBytes} from '../../../src/wire/text/utf8.js'
import {amountOf} from '../../amount.js'
import {toxtcpHere} from '../program.js'
import {type HostilePacket, hostilePackets, hostileTexts, writeHostile} from './hostile-inner.js'

/** What no output but a line feed may hold; tabs are part of `-T fields`. */
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-hostile-inner-'))
afterAll(() => rmSync(folder, {recursive: true}))
const capture = writeHostile(join(folder, 'inner.keylog'))
const read = ['read', ...capture]
const names = [...new Set(hostilePackets.flatMap(({texts}) => Object.keys(texts)))]
const typeNames = [...new Set(hostilePackets.map(({type}) => type.name))]
const eachName = names.flatMap(name => ['-e', name])

interface Level {
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly inner: Level | null
}

/** All texts in a value of JSON. */
const stringsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : []

const levelsOf = (level: Level | null): Level[] => (level ? [level, ...levelsOf(level.inner)] : [])

function expectSafe({stdout, stderr}: {readonly stdout: string; readonly stderr: string}): void {
  expect(stdout.split('\n').filter(line => unsafe.test(line))).toEqual([])
  expect(stderr).not.toMatch(unsafe)
  // No line begins with what follows a line end in a text.
  expect(stdout + stderr).not.toMatch(/^vil/m)
}

test('every type of packet with a text in it is tried, with each text', () => {
  expect(typeNames).toMatchInlineSnapshot(`
    [
      "friend_request",
      "friend_requests",
      "nickname",
      "status_message",
      "message",
      "action",
      "file_send_request",
      "group_invite",
      "conference_query_response",
      "conference_title",
      "conference_change_name",
      "conference_change_title",
      "conference_text",
      "conference_action",
      "group_peer_info_response",
      "group_invite_request",
      "group_sync_request",
      "group_topic",
      "group_shared_state",
      "group_nick",
      "group_message",
      "group_action",
      "group_private_message",
      "group_peer_exit",
    ]
  `)
  expect(hostilePackets).toHaveLength(typeNames.length * Object.keys(hostileTexts).length)
})

describe('texts that peers write in boxes are shown so that a terminal obeys none of them', () => {
  test.each<[what: string, args: readonly string[], most?: number]>([
    ['the list', read],
    ['the list with a dump', [...read, '-x']],
    ['the list with columns', [...read, '--columns', ['number', ...names].join(',')]],
    ['the tree', [...read, '-V']],
    ['the tree with a dump', [...read, '-V', '-x']],
    ['the tree with signs of ASCII', [...read, '-V', '--ascii']],
    ['JSON', [...read, '--json']],
    ['JSON with bytes', [...read, '--json', '--bytes']],
    ['CSV', [...read, '-T', 'csv']],
    ['CSV of fields', [...read, '-T', 'csv', ...eachName]],
    ['the bulk format', [...read, '-T', 'ek']],
    ['fields', [...read, '-T', 'fields', '-E', 'separator=|', ...eachName]],
    ['a conversation', [...read, '--conversation', '--export-files', join(folder, 'files')]],
    ['a dialogue', [...read, '--follow', '0']],
    ['statistics', ['stats', ...capture]],
    ['statistics as JSON', ['stats', ...capture, '--json']],
    ['causes of ends', ['why', ...capture]],
    ['causes of ends as JSON', ['why', ...capture, '--json']],
    ['a comparison', ['diff', capture[0]!, 'fixtures/captures/relay_only/capture.pcap', ...capture.slice(1)], 1],
  ])('in %s', async (_, args, most = 0) => {
    const run = await toxtcpHere(args)
    expect(run.status, run.stderr).toBeLessThanOrEqual(most)
    expect(run.stdout.length).toBeGreaterThan(500)
    expectSafe(run)
  })

  test('in names of exported files', async () => {
    expect(readdirSync(folder)).not.toContain('c.txt')
    const {stderr} = await toxtcpHere([...read, '--conversation', '--export-files', join(folder, 'again')])
    expect(stderr).toContain('is incomplete and was not written')
  })
})

test('JSON has each text so that the bytes can be made of it again', async () => {
  const {stdout} = await toxtcpHere([...read, '--json'])
  const shown = stdout
    .trimEnd()
    .split('\n')
    .flatMap(line => levelsOf(JSON.parse(line) as Level))
  for (const name of typeNames) {
    const found = shown.filter(({type}) => type === name).map(({fields}) => stringsIn(fields))
    const packets = hostilePackets.filter(({type}) => type.name === name)
    expect(found).toHaveLength(packets.length)
    for (const [index, {texts}] of packets.entries())
      expect(found[index]).toEqual(expect.arrayContaining(Object.values(texts)))
  }
})

describe.each(amountOf(typeNames, 8))('%s alone', name => {
  const packets = hostilePackets.filter(({type}) => type.name === name)
  const decode = (form: readonly string[], {bytes}: HostilePacket) =>
    toxtcpHere(['decode', '--as', name, ...form, toHex(bytes)])

  test.each([[[]], [['-x']], [['--json']], [['-T', 'list']], [['-T', 'csv']]])('is safe in decode %j', async form => {
    for (const packet of packets) {
      const run = await decode(form, packet)
      expect(run.status, run.stderr).toBe(0)
      expectSafe(run)
    }
  })

  test('is the same bytes again when its JSON is encoded', async () => {
    for (const packet of packets) {
      const {stdout} = await decode(['--json'], packet)
      const {stdout: hex} = await toxtcpHere(['encode'], {input: stdout})
      expect(hex.trim()).toBe(toHex(packet.bytes))
    }
  })
})

test('a text is the one of its bytes', () => {
  for (const {texts, what} of hostilePackets)
    for (const text of Object.values(texts)) {
      const bytes = textBytes(text)
      expect(toHex(hostileTexts[what]!).startsWith(toHex(bytes))).toBe(true)
    }
})
