import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, describe, expect, test} from 'vitest'
import {saveFriends} from '../../src/crypto/limits.js'
import {type KeyOptions, loadKeys} from '../../src/files/keys/load-keys.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../src/wire/input-error.js'
import {clientSave} from '../crypto/saves.js'

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url))
const keyFile = (name: string) => join(fixtures, 'keyfiles', name)
const log = join(fixtures, 'captures/small/sessions.keylog')
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-load-'))
afterAll(() => rmSync(folder, {recursive: true}))

const load = (options: Partial<KeyOptions>) =>
  loadKeys({key: [], keylog: [], secretKey: [], relayPk: [], env: {}, ...options})

async function failure(options: Partial<KeyOptions>): Promise<InputError> {
  const error = await load(options).catch(caught => caught)
  expect(error).toBeInstanceOf(InputError)
  return error
}

describe('keys of flags, files and the environment', () => {
  test('none: no box is loaded', async () => {
    const {keyring, box, notes} = await load({})
    expect(box).toBeUndefined()
    expect(keyring.size).toBe(0)
    expect(notes).toEqual([])
  })

  test.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ] as const)(
    'a log in %s that is being written gives its whole lines, if a capture is read live',
    async (name, encoded) => {
      const lines = readFileSync(log, 'utf8')
        .split(/(?<=\n)/)
        .filter(line => line.startsWith('TOX_TCP_SESSION'))
      const bytes = encoded(lines.join(''))
      const path = join(folder, `written in ${name}`)
      const options = {key: [], keylog: [path], secretKey: [], relayPk: [], env: {}}
      for (const size of [37, 100, encoded(lines[0]!).length + 101]) {
        writeFileSync(path, bytes.subarray(0, size))
        const {keyring} = await loadKeys(options, {mayBeMissing: true})
        expect(keyring.size, `${size} bytes`).toBe(size > 200 ? 1 : 0)
      }
      await failure({keylog: [path]})
      writeFileSync(path, encoded('nonsense\nTOX'))
      await expect(loadKeys(options, {mayBeMissing: true})).rejects.toThrow(`line 1 of ${path} is neither`)
    },
  )

  test('a name that is too long is a mistake', async () => {
    const {message} = await failure({key: ['k'.repeat(3000)]})
    expect(message).toMatch(/: the name is too long$/)
  })

  test('all at once, in one ring', async () => {
    const {keyring, box} = await load({
      secretKey: ['11'.repeat(32)],
      relayPk: ['22'.repeat(32)],
      key: [keyFile('tox-bootstrapd.keys'), keyFile('client-0.2.18-encrypted.tox')],
      keylog: [log],
      env: {TOXTCP_PASSPHRASE: 'oracle password', TOXTCP_KEYLOG: join(fixtures, 'captures/small_v6/sessions.keylog')},
    })
    expect(box).toBeDefined()
    const found = [...keyring.secretKeys()]
    expect(found.map(pair => pair.source)).toEqual([
      '--secret-key',
      keyFile('tox-bootstrapd.keys'),
      keyFile('client-0.2.18-encrypted.tox'),
      log,
      join(fixtures, 'captures/small_v6/sessions.keylog'),
    ])
    for (const pair of found) expect(box?.publicKey(pair.secretKey)).toEqual(pair.publicKey)
    expect([...keyring.relayKeys()].map(key => toHex(key))).toEqual(['22'.repeat(32)])
    expect(keyring.tcpSessions(null, null).length).toBe(4)
    expect(keyring.tcpSessions(fromHex('4805c6499f63b85697c2f8b3010a02c72e5e94d05af0ad4b'), null).length).toBe(1)
  })

  test('a key log that has just begun is fine; a key file without a key is not', async () => {
    const path = join(folder, 'begun.log')
    writeFileSync(path, '# begun\n')
    expect((await load({keylog: [path]})).box).toBeUndefined()
    expect((await load({env: {TOXTCP_KEYLOG: path}})).box).toBeUndefined()
    expect((await failure({key: [path]})).message).toBe(`${path} contains no key`)
  })

  test('lines that were passed over are noted', async () => {
    const path = join(folder, 'mixed.log')
    writeFileSync(
      path,
      `CLIENT_RANDOM ${'00'.repeat(32)} ${'00'.repeat(48)}\nme ${'11'.repeat(32)} ${'33'.repeat(32)}\n`,
    )
    const {notes, keyring} = await load({keylog: [path]})
    expect(notes).toEqual([`${path}: 1 line with an unknown label`])
    expect(keyring.size).toBe(1)
  })
})

describe('what a tox-node is configured with', () => {
  const pair = readFileSync(keyFile('tox-node.keys'))

  test('its configuration names the key file, relative to itself', async () => {
    writeFileSync(join(folder, 'node.keys'), pair)
    writeFileSync(join(folder, 'node.yml'), 'log-type: Stderr\nkeys-file: ./node.keys # its identity\nthreads: 1\n')
    const {keyring} = await load({key: [join(folder, 'node.yml')]})
    expect(keyring.secretKeys().map(({secretKey}) => toHex(secretKey))).toEqual([pair.toString('hex', 32, 64)])
  })

  test('a configuration that names itself, or another one, is not followed without end', async () => {
    const [first, second] = ['first.yml', 'second.yml'].map(name => join(folder, name)) as [string, string]
    writeFileSync(first, 'keys-file: second.yml\n')
    writeFileSync(second, 'keys-file: first.yml\n')
    expect((await failure({key: [first]})).message).toContain(`line 1 of ${second} is neither`)
  })

  test.each(['TOX_SECRET_KEY=KEY', 'export TOX_SECRET_KEY="KEY"'])('its environment: %s', async line => {
    const file = join(folder, 'node.env')
    writeFileSync(file, `${line.replace(/\bKEY\b/, pair.toString('hex', 32, 64))}\n`)
    const {keyring} = await load({key: [file]})
    expect(keyring.secretKeys().map(({secretKey}) => toHex(secretKey))).toEqual([pair.toString('hex', 32, 64)])
  })
})

describe('mistakes are one sentence without a secret', () => {
  test('of flags', async () => {
    const short = await failure({secretKey: ['11'.repeat(32), 'abc123']})
    expect(short.message).toBe('--secret-key number 2 is not 64 hex digits but 6 characters')
    expect(`${short.message}${short.hint}`).not.toContain('abc123')
    expect((await failure({relayPk: ['zz']})).message).toBe('--relay-pk "zz" is not 64 hex digits')
  })

  test('of files', async () => {
    const none = join(folder, 'none')
    expect((await failure({key: [none]})).message).toBe(`cannot read ${none}: there is no such file or directory`)
    expect((await failure({env: {TOXTCP_KEYLOG: none}})).hint).toContain('TOXTCP_KEYLOG')
    const bad = join(folder, 'bad.log')
    writeFileSync(bad, `# one\nTOX_SECRET_KEY ${'44'.repeat(32)} ${'55'.repeat(31)}\n`)
    const error = await failure({keylog: [bad]})
    expect(error.message).toBe(`line 2 of ${bad} has a secret key that is not 64 hex digits`)
    expect(`${error.message}${error.hint}`).not.toContain('5555')
    expect(
      (await failure({key: [keyFile('client-0.2.18-encrypted.tox')], env: {TOXTCP_PASSPHRASE: 'no'}})).message,
    ).toContain('does not open')
  })
})

describe('a save with many friends', () => {
  const own = {publicKey: new Uint8Array(32).fill(1), secretKey: new Uint8Array(32).fill(2)}
  const saved = (friends: number) => {
    const publicKey = (number: number) => [number & 255, number >> 8, ...new Uint8Array(30)]
    return clientSave(
      own,
      [],
      Array.from({length: friends}, (_, at) => ({publicKey: publicKey(at), name: []})),
    )
  }

  test('tells how many are over saveFriends', async () => {
    const path = join(folder, 'friends.tox')
    writeFileSync(path, saved(saveFriends))
    expect((await load({key: [path]})).notes).toEqual([])
    writeFileSync(path, saved(saveFriends + 3))
    const {notes} = await load({key: [path]})
    expect(notes).toEqual([`${path}: 3 friends not read: at most ${saveFriends} of a save are`])
  })
})
