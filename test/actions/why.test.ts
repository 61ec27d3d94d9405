import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {describe, expect, it} from 'vitest'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {EndPages} from '../../src/view/why/end-page.js'
import {EndsJson} from '../../src/view/why/json.js'
import {toxtcpHere} from '../commands/program.js'

const folder = resolve('fixtures/captures/synthetic_clients')
const why = ['why', `${folder}/capture.pcap`]
const keys = ['--keylog', `${folder}/sessions.keylog`]

interface End {
  readonly connection: number
  readonly number: number
  readonly from: string
  readonly how: string
  readonly causes: readonly {readonly code: string; readonly number: number; readonly effect: object}[]
  readonly before: readonly {readonly number: number; readonly connection: number}[]
}

interface Answer {
  readonly ends: readonly End[]
  readonly open: readonly number[]
}

/** The first packets of the capture, as a file of its own. */
function firstPackets(count: number): Uint8Array {
  const bytes = readFileSync(`${folder}/capture.pcap`)
  let end = 24
  for (let i = 0; i < count; i++) end += 16 + bytes.readUInt32LE(end + 8)
  return bytes.subarray(0, end)
}

/** The facts of a record about a connection that is open when the capture ends. */
const captureEnd = {kind: 'end', close: 'capture_end', time: null, state: 'plain'}

async function answer(...args: readonly string[]): Promise<Answer> {
  const {stdout, status} = await toxtcpHere([...why, '--json', ...args])
  expect(status).toBe(0)
  return JSON.parse(stdout) as Answer
}

describe('why', () => {
  it('says who closed, when, why, what each implementation does, and what came before', async () => {
    const {stdout, stderr, status} = await toxtcpHere([...why, ...keys, '--connection', '11'], {env: {COLUMNS: '100'}})
    expect([stderr, status]).toEqual(['', 0])
    await expect(stdout).toMatchFileSnapshot('../golden/why.txt')
  })

  it('names the same causes as read does at the ends of connections, of all of them', async () => {
    const {stdout} = await toxtcpHere(['read', `${folder}/capture.pcap`, ...keys, '--json', '-Y', 'kind == end'])
    const ends = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    const {ends: found, open} = await answer(...keys)
    const first = new Map(ends.toReversed().map(end => [end.connection, end]))
    expect(found.length + open.length).toBe(first.size)
    expect(found.length).toBeGreaterThan(10)
    for (const {connection, number, causes} of found) {
      const end = first.get(connection)
      expect(number).toBe(end.number)
      expect(causes.map(({code, number: of}) => [code, of])).toEqual(
        end.fields.causes.map((cause: {code: string; number: number}) => [cause.code, cause.number]),
      )
    }
  })

  it('shows at most five records before an end, all of its connection', async () => {
    for (const {connection, number, before} of (await answer(...keys)).ends) {
      expect(before.length).toBeLessThanOrEqual(5)
      expect(before.every(record => record.connection === connection && record.number < number)).toBe(true)
    }
  })

  it('does not guess without keys, and counts what stayed sealed', async () => {
    const {ends} = await answer('--connection', '11')
    expect(ends).toMatchObject([{connection: 11, from: 'relay', causes: [], frames: {count: 3, sealed: 3}}])
  })

  it('asks for the keys of a connection without them, and to check a key that opens nothing', async () => {
    const cause = async (...args: readonly string[]) => {
      const {stdout} = await toxtcpHere([...why, '--connection', '11', ...args])
      return /not known: (.*) before it/.exec(stdout.replace(/\s+/g, ' '))?.[1]
    }
    const nothing = 'nothing that was read makes an implementation close here; 3 of 3 frames did not open'
    expect(await cause()).toBe(`${nothing}, so give its keys`)
    const session = readFileSync(`${folder}/sessions.keylog`, 'utf8')
    const wrong = session.replace(/^(TOX_TCP_SESSION \S+ \S+) \S+/gm, `$1 ${'17'.repeat(32)}`)
    const path = join(mkdtempSync(join(tmpdir(), 'toxtcp-why-')), 'wrong.keylog')
    writeFileSync(path, wrong)
    expect(await cause('--keylog', path)).toBe(`${nothing} with the key that was given, so check it`)
  })

  it('lists connections that stay open as ranges', async () => {
    const {stdout} = await toxtcpHere(['why', '-', ...keys], {input: firstPackets(200)})
    expect(stdout).toContain('Connections 0-1: open when the capture ends\n')
    const pages = new EndPages({width: 200, isAscii: false, colorLevel: 0}, 200)
    for (let connection = 0; connection < 2000; connection += 2)
      pages.take({...captureEnd, connection} as SessionRecord)
    expect(pages.end()).toBe('Connections 0, 2, 4, 6, 8, 10, 12, 14… (1,000 in all): open when the capture ends\n')
  })

  it('writes each end as JSON when it comes, and the connections that stay open last', () => {
    const object = new EndsJson()
    const end = {...blankRecord, kind: 'end', from: 'client', close: 'fin'} as const
    const texts = [2, 0].map(connection => object.take({...end, connection}))
    expect(texts).toEqual([
      expect.stringMatching(/^\{"ends":\[\{"connection":2,.*\}$/),
      expect.stringMatching(/^,\{"connection":0,.*\}$/),
    ])
    expect(object.take({...end, connection: 2, isSecond: true})).toBe('')
    expect(object.take({...captureEnd, connection: 7} as SessionRecord)).toBe('')
    expect(object.end()).toBe('],"open":[7]}\n')
  })

  it('shows names beside the keys of peers, and not in JSON', async () => {
    const two = resolve('fixtures/captures/two_clients')
    const logs = ['sessions', 'inner'].flatMap(log => ['--keylog', `${two}/${log}.keylog`])
    const label = '--label=cf14c1561057609bcdfbf2f2a5841f5bc1ece98f23a3b9fe8d94492daef79411=Bobby'
    const asked = ['why', `${two}/capture.pcap`, ...logs, '--connection', '0', label]
    const {stdout} = await toxtcpHere(asked)
    expect(stdout).toContain('[Bobby (cf14…9411)]')
    const json = await toxtcpHere([...asked.slice(0, -1), '--json'])
    expect(json.stdout).not.toMatch(/"(Бо|Анна)/)
  })

  it('cuts no row in a pipe', async () => {
    const {stdout} = await toxtcpHere([...why, ...keys])
    expect(stdout).toContain('127.0.0.1:52804 > 127.0.0.1:34145')
    expect(stdout.split('\n').filter(row => row.endsWith('…'))).toEqual([])
  })

  it('says on stderr what stayed sealed', async () => {
    const {stderr} = await toxtcpHere([...why, '--connection', '11'])
    expect(stderr).toBe('3 frames stayed sealed: no key was given (--keylog, --key)\n')
  })
})
