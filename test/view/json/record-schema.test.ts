import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {decode} from '../../../src/actions/decode.js'
import {recordSchema} from '../../../src/view/explain/record-schema.js'
import {amountOf} from '../../amount.js'
import {toxtcpHere} from '../../commands/program.js'
import {captures, runRead, variants} from '../../reading/capture-files.js'
import {RecordedIo} from '../../terminal/recorded-io.js'
import {typeNameOf, vectors} from '../vectors.js'
import {isValid} from './json-schema.js'

const noKeys = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}
const json = {tree: false, json: true, hex: false, ascii: false, fields: [], fieldOptions: []}

/** The first record that the schema does not describe; undefined: it describes all. */
const firstUndescribed = (records: readonly unknown[]): string | undefined => {
  const found = records.find(record => !isValid(record, recordSchema))
  return found === undefined ? undefined : JSON.stringify(found)
}

describe('the JSON Schema of a record', () => {
  it.each(amountOf([...captures, ...variants], 6).map(({name, file, keylogs}) => [name, file, keylogs] as const))(
    'describes every record of %s',
    async (_, file, keylogs) => {
      const inner = join(dirname(keylogs[0]!), 'inner.keylog')
      for (const [keys, bytes] of [
        [[], false],
        [keylogs, true],
        ...(existsSync(inner) ? [[[...keylogs, inner], false] as const] : []),
      ] as const) {
        const {records} = await runRead([file].flat(), keys, {print: {...json, bytes}})
        expect(records.length).toBeGreaterThan(0)
        expect(firstUndescribed(records)).toBeUndefined()
      }
    },
  )

  it('describes every packet that decode is given, whole and cut short', async () => {
    const hexOf = vectors.map(
      vector => [vector.type === 'EncryptedFrame' ? 'frames' : typeNameOf(vector), vector.hex] as const,
    )
    const lines = hexOf.flatMap(([name, hex]) => [
      `${name}:${hex}`,
      ...(hex.length > 4 && name !== 'frames'
        ? [`${name}:${hex.slice(0, (hex.length >> 2) * 2)}`, `${name}:${hex}ff`]
        : []),
    ])
    for (const bytes of [false, true]) {
      const run = new RecordedIo({stdin: [lines.join('\n')]})
      expect(await decode({hex: [], lines: true, print: {...json, bytes}, keys: noKeys}, run.io)).toBe(0)
      const records = run.stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
      expect(records.length).toBeGreaterThanOrEqual(lines.length)
      expect(firstUndescribed(records)).toBeUndefined()
    }
  })

  it('does not describe what is not a record', async () => {
    const {stdout} = await toxtcpHere(['decode', '04', '0000000000000001', '--json'])
    const ping = JSON.parse(stdout)
    expect(isValid(ping, recordSchema)).toBe(true)
    for (const wrong of [
      {...ping, number: '1'},
      {...ping, kind: 'ping'},
      {...ping, more: 1},
      {...ping, type: 'pong'},
      {...ping, fields: {ping_id: '00'}},
      {...ping, fields: {pk: '0000000000000001'}},
      {...ping, findings: [{code: 'no-such-rule', severity: 'error', message: '', effect: {}}]},
      Object.fromEntries(Object.entries(ping).filter(([name]) => name !== 'inner')),
      {...ping, inner: {...ping, state: 'plain'}},
    ])
      expect(isValid(wrong, recordSchema)).toBe(false)
  })

  it('is what explain --schema prints', async () => {
    const {stdout, status} = await toxtcpHere(['explain', '--schema'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(recordSchema)))
    expect(await toxtcpHere(['explain', 'data', '--schema'])).toMatchObject({
      status: 2,
      stderr: 'toxtcp: --schema is of all records, not of "data"\n    toxtcp explain --schema\n',
    })
  })

  it('is a schema of the draft that it names', () => {
    expect(recordSchema).toMatchObject({$schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object'})
    expect(readFileSync('README.md', 'utf8')).toContain('toxtcp explain --schema')
  })
})
