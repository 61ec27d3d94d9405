import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {RuleCode} from '../../../src/expert/rules.js'
import {toxtcpHere} from '../../commands/program.js'
import {type Friends, startFriends} from '../toxcore/friends.js'
import {missing} from '../toxcore/present.js'
import {
  callCases,
  conferenceCases,
  customCases,
  fileCases,
  type MessengerCase,
  profileCases,
} from './messenger-cases.js'

const reason = missing()
if (reason) console.warn(`test/real/clients/messenger-limits.test.ts is skipped: ${reason}`)

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-limits-'))
const source = fileURLToPath(new URL('../toxcore/raw-packets.c', import.meta.url))
/** Ids of custom packets, and what their data begin with so that the rest is sent as a packet of its own. */
const [losslessId, lossyId] = ['b0', 'd0']
const mark = Buffer.from('raw packet: ').toString('hex')
const cases = [...callCases, ...profileCases, ...customCases, ...conferenceCases, ...fileCases]

/** A level of a record in JSON. */
interface JsonLevel {
  /** The plaintext of the box, in hex. */
  readonly opened?: string
  readonly inner: JsonLevel | null
}
interface JsonRecord extends JsonLevel {
  readonly from: string
  readonly findings: readonly {readonly code: string; readonly effect: Readonly<Record<string, string>>}[]
}

const levelsOf = (level: JsonLevel | null): readonly JsonLevel[] => (level ? [level, ...levelsOf(level.inner)] : [])

describe.skipIf(reason !== undefined)('a packet to a friend with libtoxcore', () => {
  let friends: Friends
  /** Whether the application heard of the packet. */
  const heard = new Map<string, boolean>()
  /** Records in which packets arrive, by the packet in hex. */
  const arrivals = new Map<string, JsonRecord>()

  const sent = async ({name, packet, event, where = () => true, isLossy = false, after}: MessengerCase) => {
    const {alice, bob} = friends
    const raw = (bytes: Uint8Array) => `${isLossy ? lossyId : losslessId}${mark}${Buffer.from(bytes).toString('hex')}`
    const data = raw(packet)
    alice.send({do: 'custom', friend: 0, data, isLossy})
    // Lossless packets arrive in order, and here lossy ones do, too: all goes through one relay.
    const end = `bf${Buffer.from(name).toString('hex')}`
    alice.send({do: 'custom', friend: 0, data: end})
    const events = await bob.before('custom', custom => custom.data === end)
    if (after) alice.send({do: 'custom', friend: 0, data: raw(after)})
    heard.set(
      name,
      events.some(each => each.event === event && where(each)),
    )
  }

  beforeAll(async () => {
    const library = join(folder, 'raw-packets.so')
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'])
    friends = await startFriends(folder, ['env', `LD_PRELOAD=${library}`], {calls: true})
    friends.alice.send({do: 'conference', friend: 0})
    await friends.bob.next('invite')
    await friends.bob.next('joined')
    for (const each of cases) await sent(each)
    await friends.leave()
    const read = await toxtcpHere([
      'read',
      friends.recording,
      ...friends.keys,
      '--json',
      '--bytes',
      '-Y',
      'from == relay',
    ])
    expect(read.status).toBe(0)
    for (const line of read.stdout.split('\n').filter(Boolean)) {
      const record = JSON.parse(line) as JsonRecord
      // Buffer start, packet number and padding come before the packet.
      for (const {opened} of levelsOf(record)) if (opened) arrivals.set(opened.slice(16).replace(/^(00)*/, ''), record)
    }
  }, 180_000)

  afterAll(async () => {
    await friends?.stop()
    rmSync(folder, {recursive: true})
  })

  test('answers an error about a call that nobody has without end, which is found once', async () => {
    const chosen = async (filter: string) => {
      const read = await toxtcpHere([
        'read',
        friends.recording,
        ...friends.keys,
        '-Y',
        filter,
        '-T',
        'fields',
        '-e',
        'number',
      ])
      return read.stdout.split('\n').filter(Boolean)
    }
    const calls = cases.filter(({event}) => event === 'called')
    expect((await chosen('msi')).length).toBeGreaterThan(10 * calls.length)
    const found = await chosen('finding.code == "call-stray-endless"')
    expect(found.length).toBeGreaterThan(0)
    // It is found again only after a call, of which each case makes at most one.
    expect(found.length).toBeLessThanOrEqual(calls.length)
  })

  test('is marked in the dialogue where the application heard nothing of it', async () => {
    const read = await toxtcpHere(['read', friends.recording, ...friends.keys, '--conversation'])
    const marked = new Set([...read.stdout.matchAll(/ \[discarded: ([a-z-]+)\]$/gm)].map(([, code]) => code))
    const unheard = new Set(cases.filter(({name}) => !heard.get(name)).map(({rule}) => rule))
    expect([...marked].filter(code => !unheard.has(code as RuleCode))).toEqual([])
    for (const code of ['message-empty', 'inner-too-long', 'call-item-missing']) expect(marked).toContain(code)
  })

  test.each(cases)('is taken or not as toxtcp says: $name', ({name, packet, rule}) => {
    const record = arrivals.get(Buffer.from(packet).toString('hex'))!
    const codes = record.findings.map(({code}) => code)
    expect(codes).toEqual(rule ? [rule] : [])
    const isAccepted = record.findings.every(({effect}) => effect['c_toxcore_client'] === 'accepts')
    expect(heard.get(name), codes.join()).toBe(isAccepted)
  })
})
