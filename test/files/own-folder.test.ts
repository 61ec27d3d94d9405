import {chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {ownFolder, userFolder} from '../../src/files/own-folder.js'
import {testAsRoot} from '../as-root.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'toxtcp-own-')))
})
afterEach(() => rmSync(folder, {recursive: true}))

const modeOf = (path: string): number => lstatSync(path).mode & 0o7777

describe('the cache folder', () => {
  it.each([
    [{XDG_CACHE_HOME: '/cache', HOME: '/home/a'}, '/cache/toxtcp'],
    [{HOME: '/home/a'}, '/home/a/.cache/toxtcp'],
    [{XDG_CACHE_HOME: '', HOME: '/home/a'}, '/home/a/.cache/toxtcp'],
    [{XDG_CACHE_HOME: 'relative', HOME: '/home/a'}, '/home/a/.cache/toxtcp'],
    [{HOME: 'relative'}, undefined],
    [{}, undefined],
  ])('of %j is %s', (env, path) => {
    expect(userFolder('cache', env)).toBe(path)
  })
})

describe('a folder that only this user can write', () => {
  it('is created for the owner alone, with the folders above it', () => {
    const path = join(folder, 'a/b')
    expect(ownFolder(path)).toBe(path)
    expect([modeOf(join(folder, 'a')), modeOf(path)]).toEqual([0o700, 0o700])
  })

  it('is taken as it is if it exists and others may only read it', () => {
    const path = join(folder, 'there')
    mkdirSync(path, {mode: 0o755})
    expect(ownFolder(path)).toBe(path)
    expect(modeOf(path)).toBe(0o755)
  })

  it.each([0o770, 0o707, 0o1777])('is refused with mode %o', mode => {
    const path = join(folder, 'open')
    mkdirSync(path)
    chmodSync(path, mode)
    expect(ownFolder(path)).toBeUndefined()
  })

  it('is refused below a folder where others can replace it', () => {
    mkdirSync(join(folder, 'open/own'), {recursive: true, mode: 0o700})
    chmodSync(join(folder, 'open'), 0o777)
    expect(ownFolder(join(folder, 'open/own'))).toBeUndefined()
    expect(ownFolder(join(folder, 'open/new'))).toBeUndefined()
    chmodSync(join(folder, 'open'), 0o1777)
    expect(ownFolder(join(folder, 'open/own'))).toBe(join(folder, 'open/own'))
  })

  it('is refused if it is a symbolic link, and followed above', () => {
    mkdirSync(join(folder, 'real/own'), {recursive: true, mode: 0o700})
    symlinkSync(join(folder, 'real'), join(folder, 'link'))
    symlinkSync(join(folder, 'real/own'), join(folder, 'real/linked'))
    expect(ownFolder(join(folder, 'real/linked'))).toBeUndefined()
    expect(ownFolder(join(folder, 'link/own'))).toBe(join(folder, 'real/own'))
  })

  it('is refused if it is a file, or cannot be created', () => {
    symlinkSync('/nowhere', join(folder, 'dangling'))
    expect(ownFolder(join(folder, 'dangling/own'))).toBeUndefined()
    expect(ownFolder('/dev/null')).toBeUndefined()
    expect(ownFolder('/proc/toxtcp/compiled')).toBeUndefined()
  })

  testAsRoot('is refused if another user owns it, or a folder above', () => {
    mkdirSync(join(folder, 'theirs/own'), {recursive: true, mode: 0o700})
    chownSync(join(folder, 'theirs'), 12_345, 12_345)
    expect(ownFolder(join(folder, 'theirs'))).toBeUndefined()
    expect(ownFolder(join(folder, 'theirs/own'))).toBeUndefined()
  })
})
