import {describe, expect, it} from 'vitest'
import {type DecodeOptions, decode} from '../../src/actions/decode.js'
import {encode} from '../../src/actions/encode.js'
import type {KeyOptions} from '../../src/files/load-keys.js'
import {InputError} from '../../src/wire/input-error.js'
import {hexRepeatedBytes} from '../../src/wire/limits.js'
import {vectorsOf} from '../peer/vectors.js'
import {RecordedIo} from '../terminal/recorded-io.js'
import {typeNameOf, vectors} from '../view/vectors.js'

const noKeys: KeyOptions = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}
const print = {
  tree: false,
  json: true,
  hex: false,
  bytes: false,
  ascii: false,
  time: 'r',
  fields: [],
  fieldOptions: [],
} as const

/** What `decode --lines --json` prints. */
async function decoded(lines: readonly string[], options: Partial<DecodeOptions> = {}): Promise<string> {
  const run = new RecordedIo({stdin: [lines.join('\n')]})
  expect(await decode({hex: [], lines: true, print, keys: noKeys, ...options}, run.io)).toBe(0)
  return run.stdout
}

describe('decode --lines', () => {
  it.each([false, true])('gives every vector to encode, which gives its bytes back (with bytes: %s)', async bytes => {
    const lines = vectors.map(
      vector => `${vector.type === 'EncryptedFrame' ? 'frames' : typeNameOf(vector)}:${vector.hex}`,
    )
    const run = new RecordedIo({stdin: [await decoded(lines, {print: {...print, bytes}})]})
    expect(await encode({files: [], seal: false}, run.io)).toBe(0)
    expect(run.stdout.trimEnd().split('\n')).toEqual(vectors.map(({hex}) => hex))
  })

  it('opens the frames behind each pair of handshakes with its own session', async () => {
    const sessions = vectorsOf('Session').slice(0, 3)
    expect(sessions.length).toBe(3)
    const lines = sessions.flatMap(({c2s_hex: client, s2c_hex: relay}) => [
      `client_handshake:${client.slice(0, 256)}`,
      `relay_handshake:${relay.slice(0, 192)}`,
      `frames:${client.slice(256)}`,
      `frames:${relay.slice(192)}`,
    ])
    const secretKey = sessions.flatMap(({relay_sk: relay, client_session_sk: session}) => [relay, session])
    const records = (await decoded(lines, {keys: {...noKeys, secretKey}})).trimEnd().split('\n')
    const states = records.map(line => (JSON.parse(line) as {readonly state: string}).state)
    expect(states.length).toBeGreaterThan(30)
    expect(new Set(states)).toEqual(new Set(['open']))
  })
})

describe('decode of hostile input', () => {
  it('stops reading lines once the wanted records are printed', async () => {
    const lines = Array.from({length: 200_000}, () => '040000000000000001')
    expect((await decoded(lines, {count: 2})).trimEnd().split('\n').length).toBe(2)
  })

  it('names the bad line before anything is printed', async () => {
    const run = new RecordedIo({stdin: [`${'040000000000000001\n'.repeat(3)}zz\n`]})
    await expect(decode({hex: [], lines: true, print, keys: noKeys}, run.io)).rejects.toThrow(
      /^line 4: byte 1 of the hex/,
    )
    expect(run.stdout).toBe('')
  })

  it('prints the records of a long run of frames as they are decoded', async () => {
    const frames = 100_000
    let records = 0
    const data = (text: string) => {
      records += text.split('\n').length - 1
      return true
    }
    const {io} = new RecordedIo({stdin: ['0000'.repeat(frames)], data})
    expect(await decode({hex: [], lines: false, as: 'frames', print, keys: noKeys}, io)).toBe(0)
    expect(records).toBe(frames)
  })

  it('refuses a dump whose "*" stands for more than a megabyte', async () => {
    const dump = `0000000 ${'00 '.repeat(16)}\n*\n4000000\n`
    await expect(
      decode({hex: [], lines: false, print, keys: noKeys}, new RecordedIo({stdin: [dump]}).io),
    ).rejects.toThrow(`the "*" lines of the hex dump repeat over ${hexRepeatedBytes} bytes`)
  })

  it.each(['[', '{', '(', '"', "'", '04[', '0x', '/*'])(
    'answers a million times %s with one sentence or a packet',
    async text => {
      const run = decode(
        {hex: [], lines: false, print, keys: noKeys},
        new RecordedIo({stdin: [text.repeat(1_000_000)]}).io,
      )
      const outcome = await run.catch((error: unknown) => error)
      expect(outcome === 0 || outcome instanceof InputError).toBe(true)
    },
  )
})
