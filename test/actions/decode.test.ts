import {describe, expect, it} from 'vitest'
import {type DecodeOptions, decode} from '../../src/actions/decode.js'
import {encode} from '../../src/actions/encode.js'
import type {KeyOptions} from '../../src/files/load-keys.js'
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
