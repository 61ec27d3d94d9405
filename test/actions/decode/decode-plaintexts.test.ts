import {expect, it} from 'vitest'
import {decode} from '../../../src/actions/decode.js'
import {encode} from '../../../src/actions/encode.js'
import {RecordedIo} from '../../terminal/recorded-io.js'
import {innerVectors} from '../../view/inner-vectors.js'

const print = {tree: false, json: true, hex: false, bytes: false, ascii: false, fields: [], fieldOptions: []} as const
const keys = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}
const samples = [...new Map(innerVectors.map(vector => [vector.type, vector])).values()]

it('there are plaintexts of many types', () => {
  expect(samples.length).toBeGreaterThan(60)
})

it.each(samples)('the plaintext $type is decoded alone by its name, and encoded again', async ({type, hex}) => {
  const decoded = new RecordedIo()
  expect(await decode({hex: [hex], lines: false, as: type, print, keys}, decoded.io)).toBe(0)
  expect(JSON.parse(decoded.stdout)).toMatchObject({type})
  const encoded = new RecordedIo({stdin: [decoded.stdout]})
  expect(await encode({files: [], seal: false}, encoded.io)).toBe(0)
  expect(encoded.stdout.trim()).toBe(hex)
})

it('the invitation of a friend to a group is read to its name, and accuses nobody', async () => {
  const key = '11'.repeat(32)
  const decoded = new RecordedIo()
  const hex = [`5ffe00${key}${key}67726f7570`]
  expect(await decode({hex, lines: false, as: 'group_invitation', print, keys}, decoded.io)).toBe(0)
  expect(JSON.parse(decoded.stdout)).toMatchObject({
    findings: [],
    inner: {type: 'group_invite', fields: {chat_id: key, group_name: 'group'}},
  })
})

it.each([
  ['is short enough', 1367, []],
  ['is too long to be received, though it may be sent', 1368, ['inner-too-long']],
])('a private message in a group that %s', async (_, length, codes) => {
  const decoded = new RecordedIo()
  const hex = [`040000000000${'61'.repeat(length)}`]
  expect(await decode({hex, lines: false, as: 'group_private_message', print, keys}, decoded.io)).toBe(0)
  const {findings} = JSON.parse(decoded.stdout) as {readonly findings: readonly {readonly code: string}[]}
  expect(findings.map(({code}) => code)).toEqual(codes)
})

it('a name that is filled up is shown without what fills it, and what a longer one left is kept', async () => {
  const name = '416e6e00c3'.padEnd(256, '0')
  const hex = `f50000000000000007${'0006736563726574'.padEnd(68, '0')}0003${name}01`
  const decoded = new RecordedIo()
  expect(await decode({hex: [hex], lines: false, as: 'group_peer_info_response', print, keys}, decoded.io)).toBe(0)
  expect(JSON.parse(decoded.stdout)).toMatchObject({
    fields: {password: [{length: 6, text: 'secret'}], nickname_length: 3, nickname: 'Ann\u0000\\xc3', status: 1},
    findings: [],
  })
  const encoded = new RecordedIo({stdin: [decoded.stdout]})
  expect(await encode({files: [], seal: false}, encoded.io)).toBe(0)
  expect(encoded.stdout.trim()).toBe(hex)
})
