import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {exportedName} from '../../src/actions/export-files.js'
import {read} from '../../src/actions/read.js'
import {labelsOf} from '../../src/terminal/options/labels.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../src/wire/input-error.js'
import {clientSave} from '../crypto/saves.js'
import {RecordedIo} from '../terminal/recorded-io.js'

const capture = 'fixtures/captures/two_clients'
const anna = 'c5f0e87ea40e37ee6779d4597ce3d47b08cda20eec63625b1de8754de76ba75a'
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-export-'))
afterAll(() => rmSync(folder, {recursive: true}))

interface Choice {
  readonly logs?: readonly string[]
  readonly count?: number
  readonly filter?: string
  readonly labels?: ReadonlyMap<string, string>
  readonly key?: readonly Uint8Array[]
}

async function conversation(
  exportFiles: string | undefined,
  threads = 0,
  {logs = ['sessions', 'inner'], count, filter, labels = new Map([[anna, 'Anna']]), key = []}: Choice = {},
) {
  const recorded = new RecordedIo()
  const keylog = logs.map(name => `${capture}/${name}.keylog`)
  const status = await read(
    {
      files: [`${capture}/capture.pcap`],
      ports: [],
      embedKeys: false,
      force: false,
      pager: false,
      threads,
      exportFiles,
      count,
      filter,
      print: {
        ...{tree: false, json: false, hex: false, bytes: false, ascii: false, fields: [], fieldOptions: []},
        format: 'conversation',
        labels,
      },
      keys: {key, keylog, secretKey: [], relayPk: [], env: {}},
    },
    recorded.io,
  )
  return {status, lines: recorded.stdout.trimEnd().split('\n'), notes: recorded.stderr}
}

interface Event {
  readonly ev: string
  readonly data?: string
}
const events = readFileSync(`${capture}/events.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Event)
const saidIn = (kind: string): string[] =>
  events.flatMap(({ev, data}) => (ev === kind && data !== undefined ? [Buffer.from(data, 'hex').toString()] : []))

/** The bytes of the files of a run, by file number, put together from the true plaintexts. */
function trueFiles(): Buffer[] {
  const parts = new Map<number, Map<number, Buffer>>()
  const lines = gunzipSync(readFileSync(`${capture}/deep.jsonl.gz`))
    .toString()
    .trim()
    .split('\n')
  for (const line of lines) {
    const {deep} = JSON.parse(line) as {deep: {name?: string; box?: {plaintext?: string}; layer: string}}
    if (deep.name !== 'crypto_data' || !deep.box?.plaintext) continue
    const plain = Buffer.from(deep.box.plaintext, 'hex')
    const at = plain.findIndex((byte, index) => index >= 8 && byte !== 0)
    if (plain[at] !== 82) continue
    const direction = plain.length > 0 ? plain[at + 1]! : 0
    const numbers = parts.get(direction) ?? new Map<number, Buffer>()
    numbers.set(plain.readUInt32BE(4), plain.subarray(at + 2))
    parts.set(direction, numbers)
  }
  return [...parts.values()].map(numbers =>
    Buffer.concat([...numbers].sort(([a], [b]) => a - b).map(([, part]) => part)),
  )
}

describe('read --conversation', () => {
  let shown: Awaited<ReturnType<typeof conversation>>
  beforeAll(async () => {
    shown = await conversation(join(folder, 'files'))
  })

  it('shows each message that the applications saw, once', () => {
    const messages = saidIn('msg')
    expect(messages.length).toBeGreaterThan(40)
    for (const text of messages) {
      const found = shown.lines.filter(line => line.endsWith(`  ${text}`) || line.endsWith(`  * ${text}`))
      expect(found.length, text.slice(0, 40)).toBe(messages.filter(other => other === text).length)
    }
  })

  it('shows what is said in a conference once, though each member hears it, and packets of applications', () => {
    const texts = new Set(saidIn('confmsg'))
    expect(texts.size).toBe(2)
    for (const text of texts)
      expect(shown.lines.filter(line => line.endsWith(` > conference Конференция  ${text}`))).toHaveLength(1)
    const ofApplications = shown.lines.filter(line => / {2}Custom(?:Lossless|Lossy) \d+, \d+ bytes$/.test(line))
    expect(ofApplications).toHaveLength(saidIn('lossless').length + saidIn('lossy').length)
  })

  it('shows the friend request, names and presence', () => {
    const text = shown.lines.join('\n')
    for (const request of saidIn('request')) expect(text).toContain(`asks to be a friend: ${JSON.stringify(request)}`)
    expect(text).toContain('is called "Бо"')
    expect(text).toContain('is online')
    expect(text).toContain('Anna > Бо  is away')
  })

  it('shows what the README shows', () => {
    const readme = readFileSync('README.md', 'utf8')
    const example = /```text\n( 11\.234117[^`]*)```/.exec(readme)![1]!.trimEnd().split('\n')
    expect(example).toHaveLength(7)
    for (const line of example) expect(shown.lines).toContain(` ${line}`.slice(1))
  })

  it('is the same with threads', async () => {
    for (const threads of [1, 2]) expect((await conversation(undefined, threads)).lines).toEqual(shown.lines)
  })

  it('counts lines, not records', async () => {
    expect((await conversation(undefined, 0, {count: 3})).lines).toEqual(shown.lines.slice(0, 3))
  })

  it('keeps the names of peers where a filter leaves out the packets that say them', async () => {
    const {lines} = await conversation(undefined, 0, {filter: 'message && from == relay'})
    const messages = shown.lines.filter(line => saidIn('msg').some(text => line.endsWith(`  ${text}`)))
    expect(lines.length).toBeGreaterThan(30)
    expect(messages.some(line => line.includes('Anna > Бо'))).toBe(true)
    expect(lines.filter(line => !/^ *[\d.]+ {2}(Anna > Бо|Бо > Anna) {2}/.test(line))).toEqual([])
  })

  it('says which keys it needs where nothing opens', async () => {
    const {lines, notes} = await conversation(undefined, 0, {logs: ['sessions']})
    expect(lines).toEqual([''])
    expect(notes).toContain('it needs the keys of net_crypto sessions')
  })

  it.each([
    ['ping_request || cookie_request', 'nothing of peers or groups stayed sealed, and nobody says anything'],
    ['crypto_data.packet_number > 4000000000', 'no record was chosen'],
  ])('asks for no key where %s leaves nothing sealed', async (filter, reason) => {
    const {lines, notes} = await conversation(undefined, 0, {filter})
    expect(lines).toEqual([''])
    expect(notes).toContain(`no conversation was read: ${reason}`)
  })

  it('exports the files that were sent, byte by byte', () => {
    const names = readdirSync(join(folder, 'files')).sort()
    expect(names).toEqual(['001-датa.bin', '002-small.txt'])
    const [large, small] = names.map(name => readFileSync(join(folder, 'files', name)))
    expect([large!.length, small!.length]).toEqual([200_000, 5000])
    const all = trueFiles()
    expect(all.some(bytes => bytes.includes(large!))).toBe(true)
    expect(shown.notes).toContain('200,000 bytes')
  })

  it('does not write over a file', async () => {
    const before = readFileSync(join(folder, 'files', '002-small.txt'))
    await expect(conversation(join(folder, 'files'))).rejects.toThrow(InputError)
    expect(readFileSync(join(folder, 'files', '002-small.txt'))).toEqual(before)
  })
})

describe('names of peers in a conversation', () => {
  const identities = (JSON.parse(readFileSync(`${capture}/keys.json`, 'utf8')) as KeysOfRun).tox_identities
  interface KeysOfRun {
    readonly tox_identities: Readonly<Record<string, {readonly real_pk: string; readonly real_sk: string}>>
  }
  const utf8 = (text: string) => new TextEncoder().encode(text)
  /** The save of the client B, whose friend is A. */
  const save = (own: string, friend: string): Uint8Array => {
    const {real_pk, real_sk} = identities['B']!
    return clientSave({publicKey: fromHex(real_pk), secretKey: fromHex(real_sk)}, utf8(own), [
      {publicKey: fromHex(anna), name: utf8(friend)},
    ])
  }
  const request = ({lines}: {readonly lines: readonly string[]}) =>
    lines.find(line => line.includes('asks to be a friend'))
  const withNames = (key: readonly Uint8Array[], labels: ReadonlyMap<string, string> = new Map()) =>
    conversation(undefined, 0, {key, labels})

  it('are those of a .tox save for its friends and its own key, until a peer says its name', async () => {
    const shown = await withNames([save('Bo of the save', 'Аня')])
    expect(request(shown)).toContain('  Аня > Bo of the save  asks to be a friend')
    const named = shown.lines.findIndex(line => line.includes('is called "Бо"'))
    expect(shown.lines[named]).toContain('  Bo of the save > Anna  ')
    const after = shown.lines.slice(named + 1)
    expect(after.filter(line => line.includes('Bo of the save') || line.includes('Аня'))).toEqual([])
    expect(after.some(line => line.includes('  Бо > Anna  '))).toBe(true)
  })

  it('are those of the save given first where two differ, and those of labels before all', async () => {
    const saves = [save('', 'Аня'), save('Bo', 'Ann')]
    expect(request(await withNames(saves))).toContain('  Аня > Bo  asks')
    expect(request(await withNames(saves, new Map([[anna, 'A.']])))).toContain('  A. > Bo  asks')
  })

  it('keep a terminal from obeying what a save contains', async () => {
    expect(request(await withNames([save('Bo', '\u001b[2JAnn')]))).toContain('  \\x1b[2JAnn > Bo  asks')
  })
})

describe('the name of an exported file', () => {
  it.each([
    ['../../etc/passwd', '007-.._.._etc_passwd'],
    ['', '007-file'],
    ['a\u0000b\u202ec.txt', '007-a_b_c.txt'],
    ['C:\\x', '007-C_x'],
  ])('%j is harmless', (name, expected) => {
    expect(exportedName({number: 7, name})).toBe(expected)
    expect(Buffer.byteLength(exportedName({number: 7, name: name.repeat(500)}))).toBeLessThan(220)
  })
})

describe('labels', () => {
  it('name keys and Tox IDs, from the command line and from files', async () => {
    const file = join(folder, 'names.txt')
    writeFileSync(file, `# peers\n${'AB'.repeat(32)}=Bo the second\n\n${'cd'.repeat(38)}=Cy\n`)
    expect([...(await labelsOf([`${anna}=Anna`], [file]))]).toEqual([
      ['ab'.repeat(32), 'Bo the second'],
      ['cd'.repeat(32), 'Cy'],
      [anna, 'Anna'],
    ])
    expect(existsSync(file)).toBe(true)
  })

  it('need a key', async () => {
    await expect(labelsOf(['Anna'], [])).rejects.toThrow('--label: "Anna" is not KEY=NAME')
  })
})
