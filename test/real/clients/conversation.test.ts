import {createHash} from 'node:crypto'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {toxtcpHere} from '../../commands/program.js'
import {type Friends, startFriends} from '../toxcore/friends.js'
import {missing} from '../toxcore/present.js'

const reason = missing()
if (reason) console.warn(`test/real/clients/conversation.test.ts is skipped: ${reason}`)

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-conversation-'))
const fileBytes = 300_000

/** What the application of one end sends and that of the other receives. */
const said = {
  alice: ['hello', 'two\nlines', 'Жёлтый 🌻 "quoted"', 'x'.repeat(1372)],
  bob: ['hi Alice', 'tab\there'],
  actions: ['waves', 'считает до трёх'],
}

describe.skipIf(reason !== undefined)('two clients at a proxy that intercepts, with the key logs of both', () => {
  let friends: Friends
  /** SHA-256 of the files that arrived, in hex. */
  const arrived: string[] = []

  beforeAll(async () => {
    friends = await startFriends(folder)
    const {alice, bob} = friends
    alice.send({do: 'name', text: 'Alice'})
    bob.send({do: 'name', text: 'Боб'})
    await bob.next('name', ({text}) => text === 'Alice')
    await alice.next('name', ({text}) => text === 'Боб')
    bob.send({do: 'status_message', text: 'all is well'})
    await alice.next('status_message', ({text}) => text === 'all is well')
    bob.send({do: 'status', status: 2})
    await alice.next('status', ({status}) => status === 2)
    for (const isTyping of [true, false]) {
      alice.send({do: 'typing', friend: 0, isTyping})
      await bob.next('typing', event => event.isTyping === isTyping)
    }
    for (const text of said.alice) {
      alice.send({do: 'message', friend: 0, text})
      await bob.next('message', event => event.text === text)
    }
    for (const text of said.bob) {
      bob.send({do: 'message', friend: 0, text})
      await alice.next('message', event => event.text === text)
    }
    for (const text of said.actions) {
      bob.send({do: 'message', friend: 0, text, isAction: true})
      await alice.next('action', event => event.text === text)
    }
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      from.send({do: 'file', friend: 0, size: fileBytes})
      arrived.push((await to.next('file')).sha256)
    }
    await friends.leave()
  }, 180_000)

  afterAll(async () => {
    await friends?.stop()
    rmSync(folder, {recursive: true})
  })

  /** Lines of a dialogue without their times. */
  const wordsOf = (text: string): string[] =>
    text
      .trimEnd()
      .split('\n')
      .map(line => line.replace(/^ *[\d.]+ {2}/, ''))

  const check = (lines: readonly string[]) => {
    const shown = (text: string) => text.replaceAll('\n', '\\x0a').replaceAll('\t', '\\x09')
    for (const text of said.alice) expect(lines).toContain(`Alice > Боб  ${shown(text)}`)
    for (const text of said.bob) expect(lines).toContain(`Боб > Alice  ${shown(text)}`)
    for (const text of said.actions) expect(lines).toContain(`Боб > Alice  * ${text}`)
    const all = lines.join('\n')
    for (const words of ['status: "all is well"', 'is busy']) expect(all).toContain(`Боб > Alice  ${words}`)
    for (const words of ['is typing', 'stops typing']) expect(all).toContain(`Alice > Боб  ${words}`)
    for (const peers of ['Alice > Боб', 'Боб > Alice'])
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`^${peers} {2}file \\d "file": complete, 300,000 bytes$`)),
      )
    expect(all).toContain('asks to be a friend: "hello"')
  }

  test('show all that the applications saw, while it happens', () => {
    check(wordsOf(friends.proxy.stdout))
  })

  test('leave a recording that shows the same, and holds the files that arrived', async () => {
    const files = join(folder, 'files')
    const read = await toxtcpHere([
      'read',
      friends.recording,
      ...friends.keys,
      '--conversation',
      '--export-files',
      files,
    ])
    expect(read.status).toBe(0)
    check(wordsOf(read.stdout))
    const hashes = readdirSync(files).map(name =>
      createHash('sha256')
        .update(readFileSync(join(files, name)))
        .digest('hex'),
    )
    expect(hashes.sort()).toEqual([...arrived].sort())
  })

  test('open every box that a client at either end can open', async () => {
    const sealed = await toxtcpHere([
      'read',
      friends.recording,
      ...friends.keys,
      '-Y',
      'finding.code == inner-sealed',
      '--json',
    ])
    expect(sealed.status).toBe(0)
    const types = sealed.stdout
      .split('\n')
      .filter(Boolean)
      .map(line => (JSON.parse(line) as {inner: {type: string}}).inner.type)
    expect(types).toEqual([])
  })
})
