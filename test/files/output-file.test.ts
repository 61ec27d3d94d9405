import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {KeyLogFile} from '../../src/files/keys/key-log-file.js'
import {createOutput, openForAppending} from '../../src/files/output-file.js'
import {writeSecretFile} from '../../src/files/secret-file.js'
import {testAsRoot} from '../as-root.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toxtcp-output-'))
  path = join(folder, 'file')
})
afterEach(() => rmSync(folder, {recursive: true}))

const modeOf = (file: string) => statSync(file).mode & 0o777
const fifo = (mode: number) => {
  expect(spawnSync('mkfifo', [path]).status).toBe(0)
  chmodSync(path, mode)
}
/** A file of the user's own with this content. */
const own = (mode = 0o600) => {
  writeFileSync(path, 'precious', {mode})
  chmodSync(path, mode)
}

/** Every way of the program to write a file, with --force where it has that. */
const writers: Readonly<Record<string, () => unknown>> = {
  'a recording': () => closeSync(createOutput(path, true).descriptor),
  'a key log': () => closeSync(openForAppending(path)),
  'a file written in one step': () => writeSecretFile(path, 'new', true),
}
const attempt = async (name: string): Promise<unknown> => {
  try {
    await writers[name]!()
    return undefined
  } catch (error) {
    return error
  }
}

describe.each(Object.keys(writers))('%s', name => {
  test('is created with mode 0600, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      expect(await attempt(name)).toBe(undefined)
    } finally {
      process.umask(before)
    }
    expect(modeOf(path)).toBe(0o600)
  })

  test('is never written through a symbolic link', async () => {
    const target = join(folder, 'target')
    writeFileSync(target, 'precious', {mode: 0o600})
    symlinkSync(target, path)
    expect(await attempt(name)).toMatchObject({message: `cannot write ${path}: it is a symbolic link`})
    rmSync(path)
    symlinkSync(join(folder, 'missing'), path)
    expect(await attempt(name)).toMatchObject({message: `cannot write ${path}: it is a symbolic link`})
    expect(readFileSync(target, 'utf8')).toBe('precious')
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
  })

  test('is not written into a file that has a second name', async () => {
    own()
    linkSync(path, join(folder, 'second'))
    expect(await attempt(name)).toMatchObject({message: `cannot write ${path}: it has 2 names (hard links)`})
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  testAsRoot('is not written into a file of another user', async () => {
    own()
    chownSync(path, 1000, 1000)
    expect(await attempt(name)).toMatchObject({message: `cannot write ${path}: it belongs to another user`})
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  test('does not replace a directory or a device', async () => {
    mkdirSync(path)
    expect(await attempt(name)).toMatchObject({message: `cannot write ${path}: it is a directory`})
    path = '/dev/full'
    expect(await attempt(name)).toMatchObject({message: 'cannot write /dev/full: it is not a regular file'})
  })
})

describe('a recording', () => {
  test('does not replace a file without --force', () => {
    own()
    expect(() => createOutput(path, false)).toThrow(`${path} exists already`)
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  test('replaces a file with a new one, which whoever had the old one open cannot read', () => {
    own(0o666)
    const spy = openSync(path, 'r')
    const {descriptor, isPipe} = createOutput(path, true)
    writeSync(descriptor, 'session keys')
    closeSync(descriptor)
    expect([isPipe, modeOf(path), readFileSync(path, 'utf8')]).toEqual([false, 0o600, 'session keys'])
    const seen = Buffer.alloc(20)
    expect(seen.toString('latin1', 0, readSync(spy, seen))).toBe('precious')
    closeSync(spy)
  })

  test("goes into the user's own named pipe, which others then cannot read", () => {
    fifo(0o644)
    const {descriptor, isPipe} = createOutput(path, false)
    closeSync(descriptor)
    expect([isPipe, modeOf(path)]).toEqual([true, 0o600])
  })

  test('does not go into a named pipe that others can write to', () => {
    fifo(0o622)
    expect(() => createOutput(path, true)).toThrow('other users can write to this named pipe')
  })

  testAsRoot('does not go into a named pipe of another user', () => {
    fifo(0o600)
    chownSync(path, 1000, 1000)
    expect(() => createOutput(path, true)).toThrow('this named pipe belongs to another user')
  })
})

describe('a key log', () => {
  test("is appended to the user's own file of mode 0600", () => {
    own()
    const descriptor = openForAppending(path)
    writeSync(descriptor, 'line')
    closeSync(descriptor)
    expect(readFileSync(path, 'utf8')).toBe('precious\nline')
  })

  test.each(['# mine', '# mine\n', ''])('keeps its last line, whole or not: %j', before => {
    writeFileSync(path, before, {mode: 0o600})
    const keyLog = new KeyLogFile(path, error => {
      throw error
    })
    const sharedKey = new Uint8Array(32)
    const unknown = {clientNonce: null, relayNonce: null, clientBaseNonce: null, relayBaseNonce: null}
    keyLog.add({kind: 'tcp_session', sharedKey, ...unknown})
    keyLog.close()
    const [first, second] = readFileSync(path, 'utf8').split('\n').filter(Boolean).toReversed()
    expect(first).toBe(`TOX_TCP_SESSION - - ${'00'.repeat(32)} - -`)
    expect(second).toBe(before === '' ? undefined : '# mine')
  })

  test('is not appended to a file that others can read', () => {
    own(0o644)
    expect(() => openForAppending(path)).toThrow(
      expect.objectContaining({message: `cannot write ${path}: other users can read or write it`}),
    )
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  test("goes into the user's own named pipe without waiting for a reader", () => {
    fifo(0o644)
    closeSync(openForAppending(path))
    expect(modeOf(path)).toBe(0o600)
  })

  test('does not go into a named pipe that others can write to', () => {
    fifo(0o622)
    expect(() => openForAppending(path)).toThrow('other users can write to this named pipe')
  })
})

test('a file that is being written when the program ends leaves nothing behind', () => {
  const code = `
    import {writeWhole} from '${new URL('../../src/files/secret-file.ts', import.meta.url)}'
    await writeWhole(process.argv[1], {mode: 0o600, force: false}, async file => {
      await file.writeFile('secret')
      process.exit(130)
    })`
  const {status} = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, path])
  expect([status, readdirSync(folder)]).toEqual([130, []])
})

test.each([
  ['hex', 'a1'.repeat(32)],
  ['hex of a key pair', 'A1'.repeat(64)],
  ['base64', `${'aB3+'.repeat(10)}xyz=`],
])('a key in %s that was typed in the place of a file name does not become one', (_, key) => {
  const named = join(folder, key)
  for (const open of [() => createOutput(named, false), () => openForAppending(named)]) {
    expect(open).toThrow('the name of the new file is a key')
    expect(open).not.toThrow(key)
  }
  expect(readdirSync(folder)).toEqual([])
})
