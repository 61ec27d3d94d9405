import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, it} from 'vitest'
import {decode} from '../../../src/actions/decode.js'
import {encode} from '../../../src/actions/encode.js'
import {types} from '../../../src/protocol/table.js'
import {RecordedIo} from '../../terminal/recorded-io.js'
import {typeNameOf, vectors} from '../../view/vectors.js'

const print = {tree: false, json: true, hex: false, bytes: false, ascii: false, fields: [], fieldOptions: []} as const
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-sealed-levels-'))
afterAll(() => rmSync(folder, {recursive: true}))

const key = '07'.repeat(32)
/** Its last bytes are those that crypto data of the test names. */
const nonce = `${'05'.repeat(22)}0007`
const keylog = join(folder, 'keys')
writeFileSync(
  keylog,
  `TOX_SHARED_KEY - - ${key}\nTOX_CRYPTO_SESSION ${'01'.repeat(32)} ${'02'.repeat(32)} ${key} ${nonce} ${nonce}\n`,
)

interface Level {
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly inner: Level | null
}

async function decoded(as: string, hex: string, logs: readonly string[] = []): Promise<Level> {
  const run = new RecordedIo()
  const keys = {key: [], keylog: logs, secretKey: [], relayPk: [], env: {}}
  await decode({hex: [hex], lines: false, as, print, keys}, run.io)
  return JSON.parse(run.stdout) as Level
}

async function sealed(level: unknown, boxes: number): Promise<string> {
  const run = new RecordedIo({stdin: [JSON.stringify(level)]})
  const sharedKeys = Array.from({length: boxes}, () => key)
  expect(await encode({files: [], seal: true, sharedKeys, nonces: [nonce]}, run.io)).toBe(0)
  return run.stdout.trim()
}

const hexOf = new Map(vectors.map(vector => [typeNameOf(vector), vector.hex]))

/** A level with an open box, of vectors of the packet and of what is in its box. */
async function openLevel(name: string): Promise<Level> {
  const [clear, open] = [
    await decoded(name, hexOf.get(name)!),
    await decoded(`${name}_plaintext`, hexOf.get(`${name}_plaintext`)!),
  ]
  const {payload, ...fields} = clear.fields
  expect(payload).toBeDefined()
  const named = 'nonce_last_bytes' in fields ? {nonce_last_bytes: 7} : {}
  return {type: name, fields: {...fields, ...named, ...open.fields}, inner: open.inner}
}

/** Boxes with the nonce of the packet that carries them. */
const carriers: Readonly<Record<string, readonly string[]>> = {
  onion_layer: ['onion_request'],
  onion_data: ['onion_data_request', 'onion_data_response'],
  announcement: ['store_announce_request'],
}
const boxed = types
  .filter(({plain, layer}) => plain && layer !== 'handshake')
  .flatMap(({name}) => (carriers[name] ?? [undefined]).map(around => ({name, around: around ?? 'alone'})))

it.each(boxed)('the box of $name, $around, is sealed with a key, and opens with it to the same', async each => {
  const {name, around} = each
  const level = await openLevel(name)
  const whole: Level = around === 'alone' ? level : {...(await openLevel(around)), inner: level}
  const hex = await sealed(whole, around === 'alone' ? 1 : 2)
  const again = await decoded(whole.type, hex, [keylog])
  expect(again).toMatchObject(whole)
  expect(await sealed(again, around === 'alone' ? 1 : 2)).toBe(hex)
})
