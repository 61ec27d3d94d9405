import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  type KeysConvertOptions,
  type KeysMakeOptions,
  keysConvert,
  keysMake,
} from '../../src/actions/keys/make-convert.js'
import {keysShow} from '../../src/actions/keys/show.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import type {Io} from '../../src/terminal/io.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../src/wire/input-error.js'
import {RecordedIo} from '../terminal/recorded-io.js'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const relayFile = join(fixtures, 'keyfiles/tox-bootstrapd.keys')
const relay = {
  public_key: 'e027cc456217e9fcb5995c2e656acc860be19a09a284e060843f21bbb73a5d78',
  secret_key: 'e0f352fe4331f957226aeb2de45509b7d650a9c8928066d1157681deb08a7733',
}
const log = join(fixtures, 'captures/small/sessions.keylog')

let folder: string
let out: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toxtcp-keys-'))
  out = join(folder, 'keys')
})
afterEach(() => rmSync(folder, {recursive: true}))

async function run(action: (io: Io) => Promise<number>): Promise<string> {
  const recorded = new RecordedIo()
  expect(await action(recorded.io)).toBe(0)
  return recorded.stdout
}

const plain = {force: false, reveal: false, json: false}
const make = (options: Partial<KeysMakeOptions>) => run(io => keysMake({...plain, form: 'raw', ...options}, io))
const convert = (options: Partial<KeysConvertOptions> & {file: string}) =>
  run(io => keysConvert({...plain, form: 'raw', env: {}, ...options}, io))
const show = (files: string[], options = {}) =>
  run(io => keysShow({reveal: false, json: false, env: {}, files, ...options}, io))
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('make', () => {
  test('writes a pair that only the owner may read, and shows the public half', async () => {
    const box = await loadSodium()
    const said = await make({out})
    const bytes = readFileSync(out)
    expect(bytes.length).toBe(64)
    expect(modeOf(out)).toBe(0o600)
    expect(toHex(box.publicKey(bytes.subarray(32)))).toBe(toHex(bytes, 0, 32))
    expect(said).toContain(toHex(bytes, 0, 32))
    expect(said).not.toContain(toHex(bytes, 32))
    expect(readdirSync(folder)).toEqual(['keys'])
  })

  test('two are never the same', async () => {
    const lines = [await make({form: 'hex', reveal: true}), await make({form: 'hex', reveal: true})]
    expect(lines[0]).not.toBe(lines[1])
  })

  test('refuses to replace a file, or where a link leads, unless forced', async () => {
    writeFileSync(out, 'precious')
    symlinkSync('nowhere', join(folder, 'link'))
    await expect(make({out})).rejects.toThrow(`${out} exists already`)
    await expect(make({out: join(folder, 'link')})).rejects.toThrow('it is a symbolic link')
    expect(readFileSync(out, 'utf8')).toBe('precious')
    expect(readdirSync(folder).sort()).toEqual(['keys', 'link'])
    await make({out, force: true})
    expect(readFileSync(out).length).toBe(64)
    expect(modeOf(out)).toBe(0o600)
  })

  test('needs a place for the secret', async () => {
    await expect(make({form: 'hex'})).rejects.toThrow(InputError)
    await expect(make({reveal: true})).rejects.toThrow(InputError)
    await expect(make({out: join(folder, 'no/such/keys')})).rejects.toThrow('there is no such file or directory')
    expect(existsSync(out)).toBe(false)
  })

  test('json is one object, with the secret only if asked for', async () => {
    const said = JSON.parse(await make({out, json: true}))
    expect(said).toEqual({
      file: out,
      form: 'raw',
      keys: [{public_key: expect.stringMatching(/^[0-9a-f]{64}$/)}],
      sessions: 0,
      sessions_left_out: 0,
    })
    const revealed = JSON.parse(await make({form: 'keylog', json: true, reveal: true}))
    const [key] = revealed.keys
    expect(toHex((await loadSodium()).publicKey(fromHex(key.secret_key)))).toBe(key.public_key)
  })
})

describe('show', () => {
  test('a relay’s key file', async () => {
    expect(await show([relayFile])).toBe(`${relayFile}: 64-byte key file\n  public key  ${relay.public_key}\n`)
    expect(await show([relayFile], {reveal: true})).toContain(relay.secret_key)
  })

  test('every kind at once, as one object', async () => {
    const names = ['tox-node.keys', 'client-0.2.23.tox', 'client-0.2.18-encrypted.tox']
    const paths = [...names.map(name => join(fixtures, 'keyfiles', name)), log]
    const said = await show(paths, {json: true, env: {TOXTCP_PASSPHRASE: 'oracle password'}})
    expect(said.endsWith('\n') && said.trimEnd().includes('\n')).toBe(false)
    const {files} = JSON.parse(said)
    expect(files.map((file: {kind: string}) => file.kind)).toEqual([
      'key_pair',
      'tox_save',
      'sealed_tox_save',
      'keylog',
    ])
    expect(files.map((file: {keys: object[]; sessions: object[]}) => [file.keys.length, file.sessions.length])).toEqual(
      [
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 2],
      ],
    )
    expect(said).not.toContain('secret_key')
    expect(said).not.toContain('shared_key')
  })

  test('no secret of a key log is shown unasked', async () => {
    const secrets = readFileSync(log, 'utf8')
      .split('\n')
      .filter(line => line.startsWith('TOX_'))
      .map(line => (line.startsWith('TOX_SECRET_KEY') ? line.split(' ')[2] : line.split(' ')[3]))
    expect(secrets.length).toBe(3)
    const [said, revealed] = [await show([log]), await show([log], {reveal: true})]
    for (const secret of secrets) {
      expect(said).not.toContain(secret)
      expect(revealed).toContain(secret)
    }
  })

  test('a public key that does not belong is noted', async () => {
    writeFileSync(out, `alice ${'11'.repeat(32)} ${relay.secret_key}\n`)
    const {files} = JSON.parse(await show([out], {json: true}))
    expect(files[0].keys).toEqual([{public_key: relay.public_key}])
    expect(files[0].notes.length).toBe(1)
  })

  test('a key log of more lines than a call has room for arguments is shown whole', async () => {
    const hex = (n: number, bytes: number) => n.toString(16).padStart(2 * bytes, '0')
    const count = 30_000
    const lines = Array.from(
      {length: count},
      (_, n) => `TOX_TCP_SESSION ${hex(n, 24)} ${hex(n, 24)} ${hex(n, 32)} ${hex(n, 24)} -`,
    )
    writeFileSync(out, `${lines.join('\n')}\n`)
    const {files} = JSON.parse(await show([out], {json: true}))
    expect(files[0].sessions.length).toBe(count)
    expect(files[0].sessions[count - 1]).toEqual({
      ...{kind: 'tcp_session', client_nonce: hex(count - 1, 24), relay_nonce: hex(count - 1, 24)},
      ...{client_base_nonce: hex(count - 1, 24), relay_base_nonce: null},
    })
    const text = await show([out])
    expect(text.match(/^ {2}session +client and relay$/gm)?.length).toBe(count)
    expect(text).toContain(`    client nonce       ${hex(7, 24)}\n`)
  })

  test('mistakes are one sentence', async () => {
    await expect(show([])).rejects.toThrow(InputError)
    await expect(show([folder])).rejects.toThrow('it is a directory')
    await expect(show([join(folder, 'none')])).rejects.toThrow('there is no such file or directory')
    await expect(show([join(fixtures, 'keyfiles/client-0.2.18-encrypted.tox')])).rejects.toThrow(
      'is an encrypted .tox save',
    )
  })
})

describe('convert', () => {
  test('there and back again through every form', async () => {
    await convert({file: relayFile, form: 'hex', out})
    const logged = join(folder, 'log')
    await convert({file: out, form: 'keylog', out: logged})
    const raw = join(folder, 'raw')
    await convert({file: logged, out: raw})
    expect(readFileSync(raw)).toEqual(readFileSync(relayFile))
    for (const path of [out, logged, raw]) expect(modeOf(path)).toBe(0o600)
    expect(readFileSync(logged, 'utf8')).toBe(`TOX_SECRET_KEY ${relay.public_key} ${relay.secret_key}\n`)
  })

  test('a key log keeps its sessions, other forms say that they leave them out', async () => {
    await convert({file: log, form: 'keylog', out})
    const lines = (path: string) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line.startsWith('TOX_'))
        .sort()
    expect(lines(out)).toEqual(lines(log))
    const said = JSON.parse(await convert({file: log, form: 'hex', out: join(folder, 'hex'), json: true}))
    expect(said).toMatchObject({sessions: 0, sessions_left_out: 2})
  })

  test('of several keys, a 64-byte file takes the one that is named', async () => {
    const box = await loadSodium()
    const pairs = [1, 2].map(n => box.keyPair(new Uint8Array(32).fill(n)))
    const file = join(folder, 'many')
    writeFileSync(file, pairs.map(pair => toHex(pair.secretKey)).join('\n'))
    const [first, second] = pairs.map(pair => toHex(pair.publicKey))
    await expect(convert({file, out})).rejects.toMatchObject({
      message: `${file} holds 2 secret keys, and a 64-byte key file holds one`,
      hint: expect.stringContaining(first!),
    })
    await convert({file, out, publicKey: second!.toUpperCase()})
    expect(toHex(readFileSync(out), 0, 32)).toBe(second)
    await expect(convert({file, out, publicKey: 'ff', force: true})).rejects.toThrow(
      'has no secret key for the public key "ff"',
    )
  })

  test('secrets go to stdout only if revealed', async () => {
    await expect(convert({file: relayFile, form: 'hex'})).rejects.toThrow('nowhere to put the secret key')
    expect(await convert({file: relayFile, form: 'hex', reveal: true})).toBe(
      `# ${relay.public_key}\n${relay.secret_key}\n`,
    )
  })
})
