import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {KeyLogReader} from '../../src/crypto/keylog.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import type {ConnectionSetup} from '../../src/session/connection-setup.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import type {Chunk} from '../../src/wire/chunk.js'

const box = await loadSodium()
const fixtures = new URL('../../fixtures/', import.meta.url)

export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
export const hexOf = (bytes: Uint8Array, start = 0, end = bytes.length): string =>
  Buffer.from(bytes.subarray(start, end)).toString('hex')
export const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, fixtures)))
export const fixtureText = (path: string): string => readFileSync(new URL(path, fixtures), 'utf8')

/** The values of a gzipped file of JSON lines. */
export const jsonLines = <T>(path: string): T[] =>
  gunzipSync(fixture(path))
    .toString()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as T)

export function ringOf(items: readonly KeyItem[]): Keyring {
  const ring = new Keyring(box)
  for (const item of items) ring.add(item, 'the fixture')
  return ring
}

/** A keyring from the text of a key log. */
export function ringOfLog(text: string): Keyring {
  const reader = new KeyLogReader('the fixture')
  return ringOf([...reader.push(text), ...reader.end()])
}

export const secretKey = (hex: string): KeyItem => ({kind: 'secret_key', publicKey: null, secretKey: bytesOf(hex)})

/** All records of one connection. */
export function recordsOf(keyring: Keyring, setup: ConnectionSetup, chunks: readonly Chunk[]): SessionRecord[] {
  const records: SessionRecord[] = []
  const session = new Session(keyring, record => records.push(record))
  session.open(0, setup, chunks[0]?.time ?? null)
  for (const chunk of chunks) session.feed(chunk)
  session.end()
  return records
}

/** A frame's plaintext, hex; '' for an empty one or none. */
export const plaintextOf = ({window}: SessionRecord): string =>
  window ? hexOf(window.bytes, window.start, window.end) : ''
