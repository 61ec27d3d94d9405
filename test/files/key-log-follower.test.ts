import {appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {KeyLogFollower} from '../../src/files/keys/key-log-follower.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-follower-'))
afterAll(() => rmSync(folder, {recursive: true}))

const lineOf = (n: number): string => `TOX_SHARED_KEY - - ${n.toString(16).padStart(64, '0')}\n`

const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['UTF-8', text => Buffer.from(text)],
  ['UTF-8 with a mark', text => Buffer.from(`\ufeff${text}`)],
  ['UTF-16', text => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 without a mark', text => Buffer.from(text, 'utf16le')],
  ['UTF-16 with the high byte first', text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
]

describe.each(encodings)('a key log in %s that grows', (name, encoded) => {
  it.each([1, 7, 16, 61])('gives each key once its line is whole, %i bytes at a time', step => {
    const path = join(folder, `${name} ${step}`)
    const keyring = new Keyring()
    const follower = new KeyLogFollower([path], keyring)
    follower.look()
    const bytes = encoded(`# a log\n${lineOf(1)}${lineOf(2)}`)
    const sizes: number[] = []
    for (let at = 0; at < bytes.length; at += step) {
      appendFileSync(path, bytes.subarray(at, at + step))
      follower.look()
      sizes.push(keyring.size)
    }
    expect([...new Set(sizes)]).toEqual([0, 1, 2])
  })

  it('is read from its start once another file has its name', () => {
    const path = join(folder, `${name}, replaced`)
    const keyring = new Keyring()
    const follower = new KeyLogFollower([path], keyring)
    writeFileSync(path, encoded(lineOf(1)))
    follower.look()
    writeFileSync(`${path}.new`, `${lineOf(2)}${lineOf(3)}`)
    renameSync(`${path}.new`, path)
    follower.look()
    expect(keyring.size).toBe(3)
  })

  it('is read from its start once it was written anew, however long it is then', () => {
    const path = join(folder, `${name}, anew`)
    const keyring = new Keyring()
    const follower = new KeyLogFollower([path], keyring)
    const looked = (bytes: Buffer): number => {
      // The same inode, as with `>` in a shell; a time of its own, however fast the test runs.
      writeFileSync(path, bytes)
      utimesSync(path, 1000, ++seconds)
      follower.look()
      return keyring.size
    }
    let seconds = 1000
    const halfLine = (n: number): string => lineOf(n).slice(0, 40)
    expect(looked(encoded(lineOf(1)))).toBe(1)
    expect(looked(encoded(lineOf(2)))).toBe(2)
    expect(looked(encoded(`${lineOf(3)}${lineOf(4)}${halfLine(5)}`))).toBe(4)
    expect(looked(encoded(`${lineOf(6)}${lineOf(7)}${lineOf(8)}`))).toBe(7)
    expect(looked(encoded(lineOf(9)))).toBe(8)
    expect(looked(encoded(''))).toBe(8)
    expect(looked(encoded(lineOf(10)))).toBe(9)
  })

  it('that was removed, and created again with the same inode, is read from its start', () => {
    const path = join(folder, `${name}, created again`)
    const other = `${path} other`
    const keyring = new Keyring()
    const follower = new KeyLogFollower([path], keyring)
    writeFileSync(path, encoded(lineOf(1)))
    follower.look()
    renameSync(path, other)
    follower.look()
    writeFileSync(other, encoded(`# another log\n${lineOf(2)}`))
    renameSync(other, path)
    utimesSync(path, 1000, 1001)
    follower.look()
    expect(keyring.size).toBe(2)
  })
})
