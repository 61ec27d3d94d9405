import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeEach, describe, expect, it} from 'vitest'
import {commands} from '../../../src/commands/program/table.js'
import {toxtcpHere} from '../program.js'
import {moreWrongCalls} from './more-wrong-calls.js'
import {wrongCalls} from './wrong-calls.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-wrong-'))
afterAll(() => rmSync(folder, {recursive: true}))

/** What words in capitals are filled with. */
const filled = {
  CAPTURE: resolve('fixtures/demo/capture.pcap'),
  KEYLOG: resolve('fixtures/demo/keys.log'),
  KEYFILE: resolve('fixtures/demo/tox-bootstrapd.keys'),
  HALF: resolve('fixtures/streams/small/0.client.bin'),
  RECORDS: join(folder, 'records.jsonl'),
  TEXT: join(folder, 'text'),
  NOISE: join(folder, 'noise'),
  EMPTY: join(folder, 'empty'),
  NOWHERE: join(folder, 'nowhere'),
  OUT: join(folder, 'out.pcapng'),
  NEWKEYS: join(folder, 'new.keys'),
  FOLDER: folder,
  ZEROKEY: '8f01c1416f5ee16f2bcb6bfc10f4a271f9067edb64568a3c426bb976484dbb10',
  KEY: '8f01c1416f5ee16f2bcb6bfc10f4a271f9067edb64568a3c426bb976484dbb10',
  NONCE: '00'.repeat(24),
  'HOST:PORT': '127.0.0.1:33445',
  LIST: 'relays.txt',
  FILE: 'script.mjs',
}
const placeholder = new RegExp(
  Object.keys(filled)
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'g',
)
const fill = (text: string): string => text.replace(placeholder, name => filled[name as keyof typeof filled])

/** The words of a call, of which some are in quotes. */
const wordsOf = (call: string): string[] =>
  [...call.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => fill(quoted ?? plain))

/** What would wait for a client, a relay or a key, or starts another program. */
const stays = /^(?:proxy|relay|probe|view|keys log)(?!.*--help)/

const helpOf = (call: string): string => {
  const [first = '', second = ''] = call.split(' ')
  return `${[first, ...(`${first}:${second}` in commands ? [second] : [])].join(' ')} --help`
}

/** Files are as at the start whatever a call that was put right has written. */
beforeEach(() => {
  for (const path of [filled.OUT, filled.NEWKEYS, filled.NOWHERE]) rmSync(path, {force: true})
  rmSync(join(folder, 'no'), {recursive: true, force: true})
  writeFileSync(filled.TEXT, 'hello, world\n')
  writeFileSync(filled.NOISE, Buffer.from('fffe000180', 'hex'))
  writeFileSync(filled.EMPTY, '')
  writeFileSync(filled.RECORDS, '{"type":"ping_request","fields":{"ping_id":"0000000000000001"}}\n')
})

describe('the table of wrong calls', () => {
  it('has at least 150 rows, and some of every command that takes words', () => {
    expect(Object.values(wrongCalls).flat().length).toBeGreaterThanOrEqual(150)
    const without = Object.keys(commands).filter(id => id !== 'complete' && !(id.split(':')[0]! in wrongCalls))
    expect(without.map(id => `${id} has no row in test/commands/calls/wrong-calls.ts`)).toEqual([])
  })
})

describe.each(Object.entries({...wrongCalls, ...moreWrongCalls}))('a wrong call: %s', (_, calls) => {
  const rows = calls.map(([call, sentence, followed = helpOf(call)]) => [call, sentence, followed] as const)
  it.each(rows)('%s', async (call, sentence, followed) => {
    const {status, stdout, stderr} = await toxtcpHere(wordsOf(call))
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toMatch(/^toxtcp: [^\n]*[^\n.]\n(?: {4}[^\n]*\n)+$/)
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+|node_modules/)
    const [first = ''] = stderr.split('\n')
    expect([first.includes(sentence), first.includes(fill(sentence))], first).toContain(true)

    const hint = stderr.slice(stderr.indexOf('\n'))
    const [before, after] = [wordsOf(call), wordsOf(followed)]
    const isFilled = (word: string): boolean => Object.values(filled).some(value => word.includes(value))
    for (const word of after.flatMap(each => each.split(/[\s=]+/)))
      if (!before.includes(word) && !before.join(' ').includes(word) && !isFilled(word)) expect(hint).toContain(word)

    const made = /^ {4}mkdir -p (\S+)$/m.exec(hint)?.[1]
    if (made !== undefined) mkdirSync(made, {recursive: true})
    if (stays.test(followed)) return
    const run = await toxtcpHere(after, {input: readFileSync(filled.RECORDS)})
    expect(run.stderr).not.toMatch(/^toxtcp:/m)
    expect(run.status).toBeLessThan(2)
  })
})
