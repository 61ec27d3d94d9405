import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {decode} from '../../../src/actions/decode.js'
import {encode} from '../../../src/actions/encode.js'
import {explain} from '../../../src/actions/explain.js'
import {keysConvert, keysMake} from '../../../src/actions/keys/make-convert.js'
import {keysShow} from '../../../src/actions/keys/show.js'
import {proxy} from '../../../src/actions/proxy.js'
import {read} from '../../../src/actions/read.js'
import {stats} from '../../../src/actions/stats.js'
import {stream} from '../../../src/actions/stream.js'
import {report} from '../../../src/commands/program/failure.js'
import type {KeyOptions} from '../../../src/files/keys/load-keys.js'
import type {Io} from '../../../src/terminal/io.js'
import type {PrintFlags} from '../../../src/terminal/options/print-options.js'
import {RecordedIo} from '../../terminal/recorded-io.js'

/** Moves the cursor, sets the title, turns the reading direction, hides itself, ends the line. */
const evil = 'e\u001b[31m\u001b[2J\u001b]0;pwned\u0007\u009b31m\u202e\u200b\u00ad\u2028\nvil'
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-hostile-'))
const at = (name: string) => join(folder, evil, `${name}${evil}`)
const missing = at('missing')
const fixture = (path: string) => resolve('fixtures', path)

beforeAll(() => {
  mkdirSync(join(folder, evil))
  copyFileSync(fixture('captures/small/capture.pcap'), at('capture'))
  copyFileSync(fixture('captures/small/sessions.keylog'), at('keylog'))
  copyFileSync(fixture('streams/small/0.client.bin'), at('client'))
  writeFileSync(at('text'), `hello ${evil}\n`)
  writeFileSync(at('records'), `{"type":"${evil.replaceAll('\n', '')}"}\n`)
  writeFileSync(at('empty-capture'), readFileSync(at('capture')).subarray(0, 24))
  writeFileSync(at('cut-capture'), readFileSync(at('capture')).subarray(0, 1000))
  writeFileSync(at('keys'), `${'01'.repeat(32)}\n`)
  writeFileSync(at('script'), `export const onPacket = 1 // ${evil}`)
})
afterAll(() => rmSync(folder, {recursive: true}))

const noKeys: KeyOptions = {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}
const print: PrintFlags = {
  tree: false,
  json: false,
  hex: false,
  bytes: false,

  fields: [],
  fieldOptions: [],
}
const forDecode = {hex: ['04'], lines: false, print, keys: noKeys}
const forRead = {ports: [], embedKeys: false, force: false, pager: false, print, keys: noKeys}
const forStats = {ports: [], only: [], pager: false, json: false, keys: noKeys}
const forStream = {files: [], swap: false, print, keys: noKeys}
const forKeys = {force: false, reveal: false, json: false, env: {}}
const forProxy = {
  listen: ['127.0.0.1:0'],
  relayKey: [],
  clientKey: [],
  embedsKeys: true,
  status: false,
  force: false,
  print,
  keys: noKeys,
}

type Action = (io: Io) => Promise<number> | number

/** All that a run writes, its failure included. */
async function written(action: Action): Promise<RecordedIo> {
  const recorded = new RecordedIo({isErrorTerminal: true})
  try {
    await action(recorded.io)
  } catch (error) {
    expect(report(error, [], recorded.io), String(error)).toBe(2)
  }
  return recorded
}

const stopped = AbortSignal.abort()
const file = (name: string): {readonly files: readonly string[]} => ({files: [at(name)]})
const actions: Readonly<Record<string, Action>> = {
  'decode of hex': io => decode({...forDecode, hex: [evil]}, io),
  'decode of a file': io => decode({...forDecode, hex: [], file: missing}, io),
  'decode of text': io => decode({...forDecode, hex: [], file: at('text')}, io),
  'decode --as': io => decode({...forDecode, as: evil}, io),
  'decode --lines': io => decode({...forDecode, hex: [`packet:04\n${evil}:04`], lines: true}, io),
  'decode --nonce': io => decode({...forDecode, nonce: evil, sharedKey: '01'.repeat(32)}, io),
  'a filter': io => decode({...forDecode, filter: `type == ${evil}`}, io),
  'a string of a filter': io => decode({...forDecode, filter: `type == "${evil}"`}, io),
  'a pattern of a filter': io => decode({...forDecode, filter: `type matches "(${evil}"`}, io),
  'a field of -e': io => decode({...forDecode, print: {...print, format: 'fields', fields: [evil]}}, io),
  'an option of -E': io => decode({...forDecode, print: {...print, format: 'csv', fieldOptions: [evil]}}, io),
  'a value of -E': io => decode({...forDecode, print: {...print, format: 'csv', fieldOptions: [`quote=${evil}`]}}, io),
  'a key file that is not there': io => decode({...forDecode, keys: {...noKeys, key: [missing]}}, io),
  'a key file that holds none': io => decode({...forDecode, keys: {...noKeys, key: [at('text')]}}, io),
  'a key log that is none': io => decode({...forDecode, keys: {...noKeys, keylog: [at('text')]}}, io),
  '--relay-pk': io => decode({...forDecode, keys: {...noKeys, relayPk: [evil]}}, io),
  'read of nothing': io => read({...forRead, files: [missing]}, io),
  'read of text': io => read({...forRead, ...file('text')}, io),
  'read without Tox': io => read({...forRead, ...file('empty-capture')}, io),
  'read of a cut capture': io => read({...forRead, ...file('cut-capture')}, io),
  'read --columns': io => read({...forRead, ...file('capture'), print: {...print, columns: [evil]}}, io),
  'read -w': io => read({...forRead, ...file('capture'), write: at('written')}, io),
  'read -w over a file': io => read({...forRead, ...file('capture'), write: at('text')}, io),
  'read -w over its input': io => read({...forRead, ...file('capture'), write: at('capture')}, io),
  'stats of a capture': io => stats({...forStats, ...file('capture')}, io),
  'stats of a capture as JSON': io => stats({...forStats, ...file('capture'), json: true}, io),
  'stats with a filter': io => stats({...forStats, ...file('capture'), filter: `type != "${evil}"`}, io),
  'stats without Tox': io => stats({...forStats, ...file('empty-capture')}, io),
  'stats of nothing': io => stats({...forStats, files: [missing]}, io),
  'stream of nothing': io => stream({...forStream, files: [missing]}, io),
  'stream of a capture': io => stream({...forStream, ...file('capture')}, io),
  'stream of text': io => stream({...forStream, ...file('text')}, io),
  'stream of a side': io => stream({...forStream, client: at('client')}, io),
  'encode of nothing': io => encode({files: [missing], seal: false}, io),
  'encode of text': io => encode({...file('text'), seal: false}, io),
  'encode of a record': io => encode({...file('records'), seal: false}, io),
  'explain of a name': io =>
    explain({name: evil, json: false, schema: false, width: 80, isAscii: false, colorLevel: 0}, io),
  'keys show': io => keysShow({...forKeys, ...file('keys')}, io),
  'keys show --json': io => keysShow({...forKeys, ...file('keys'), json: true}, io),
  'keys show of text': io => keysShow({...forKeys, ...file('text')}, io),
  'keys make': io => keysMake({...forKeys, form: 'raw', out: at('made')}, io),
  'keys make --json': io => keysMake({...forKeys, form: 'hex', out: at('made as JSON'), json: true}, io),
  'keys make over a file': io => keysMake({...forKeys, form: 'raw', out: at('text')}, io),
  'keys convert': io => keysConvert({...forKeys, form: 'raw', file: at('keys'), out: at('converted')}, io),
  'keys convert of a key': io =>
    keysConvert({...forKeys, form: 'hex', file: at('keys'), reveal: true, publicKey: evil}, io),
  'proxy --listen': io => proxy({...forProxy, listen: [evil], stop: stopped}, io),
  'proxy --upstream': io => proxy({...forProxy, upstream: evil, stop: stopped}, io),
  'proxy --rate': io => proxy({...forProxy, rate: evil, stop: stopped}, io),
  'proxy --script': io => proxy({...forProxy, script: at('script'), relayKey: [at('keys')], stop: stopped}, io),
  'proxy --relay-key': io => proxy({...forProxy, relayKey: [at('text')], stop: stopped}, io),
  'proxy -w': io => proxy({...forProxy, write: at('recording'), stop: stopped}, io),
  'proxy --keylog': io => proxy({...forProxy, keys: {...noKeys, keylog: [missing]}, stop: stopped}, io),
}

describe('names and values that a terminal would obey', () => {
  it.each(Object.entries(actions))('are escaped in what is written by %s', async (_, action) => {
    const {stdout, stderr} = await written(action)
    expect(stdout).not.toMatch(unsafe)
    expect(stderr).not.toMatch(unsafe)
    expect(stdout + stderr).not.toBe('')
    // No line begins with what follows a line feed in a name.
    expect(stdout + stderr).not.toMatch(/^ *vil/m)
  })
})
