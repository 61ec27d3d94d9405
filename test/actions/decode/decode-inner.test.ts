import {describe, expect, it} from 'vitest'
import {decode} from '../../../src/actions/decode.js'
import {RecordedIo} from '../../terminal/recorded-io.js'
import {typeNameOf, type Vector, vectors} from '../../view/vectors.js'

const print = {
  tree: false,
  json: true,
  hex: false,
  bytes: true,
  ascii: false,

  fields: [],
  fieldOptions: [],
} as const

interface Level {
  readonly type: string
  readonly state: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly inner: Level | null
  readonly opened?: string
}

/** The levels of a packet that is decoded alone with all secret keys of its vector, outermost first. */
async function levelsOf(vector: Vector & {readonly hex: string}): Promise<Level[]> {
  const secretKey = Object.entries(vector.keys!).flatMap(([name, value]) => (name.endsWith('_sk') ? [value] : []))
  const run = new RecordedIo({})
  const keys = {key: [], keylog: [], secretKey, relayPk: [], env: {}}
  expect(await decode({hex: [vector.hex], lines: false, as: typeNameOf(vector), print, keys}, run.io)).toBe(0)
  const levels: Level[] = []
  for (let level: Level | null = JSON.parse(run.stdout) as Level; level; level = level.inner) levels.push(level)
  return levels
}

const withKeys = (type: string) =>
  vectors.filter(vector => vector.type === type && Object.keys(vector.keys ?? {}).some(name => name.endsWith('_sk')))

describe('a packet that is decoded alone, with the secret keys of its ends as flags', () => {
  it.each([
    ['CookieRequest', {real_pk: 'real_pk', echo_id: 'echo_id'}],
    ['CookieResponse', {cookie: 'cookie'}],
    ['OnionDataResponse', {sender_pk: 'sender_real_pk'}],
  ])('shows what is in the box of %s', async (type, names) => {
    const all = withKeys(type)
    expect(all.length).toBeGreaterThan(5)
    for (const vector of all) {
      const [outermost] = await levelsOf(vector)
      expect(outermost!.state).toBe('open')
      for (const [own, theirs] of Object.entries(names))
        if (vector.fields![theirs] !== undefined) expect(outermost!.fields[own]).toBe(vector.fields![theirs])
    }
  })

  it('shows every layer of an onion', async () => {
    const all = withKeys('OnionRequest/full')
    expect(all.length).toBeGreaterThan(5)
    for (const vector of all) {
      const levels = await levelsOf(vector)
      expect(levels.slice(0, 2).map(({type}) => type)).toEqual(['onion_request', 'onion_layer'])
      expect(levels.map(({state}) => state)).not.toContain('sealed')
    }
  })

  it('shows the plaintext of an announce response', async () => {
    const all = withKeys('OnionResponse/84/full')
    expect(all.length).toBeGreaterThan(5)
    for (const vector of all) {
      const [, response] = await levelsOf(vector)
      expect(response!.opened).toBe(vector.fields!['plain'])
    }
  })
})
