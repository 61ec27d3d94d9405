import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {toxtcpHere} from '../program.js'
import {withNames, withTexts} from './hostile-packets.js'

/** Begins as a formula, sets the title, moves the cursor, turns the reading direction, ends the line. */
const evil = '=\u001b[2J\u001b[31m\u0007\u009b\u202e\r\nvil\t\u200b\u2028\u001b]0;p'
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-hostile-packets-'))
const at = (name: string): string => join(folder, name)
const clients = resolve('fixtures/captures/two_clients')
const anna = 'c5f0e87ea40e37ee6779d4597ce3d47b08cda20eec63625b1de8754de76ba75a'
const keys = ['sessions', 'inner'].flatMap(log => ['--keylog', join(clients, `${log}.keylog`)])
const [pcap, pcapng, config] = [at('texts.pcap'), at('names.pcapng'), at('config.json')]
const fields = [
  'message.text',
  'action.text',
  'nickname.nickname',
  'status_message.text',
  'file_send_request.file_name',
]

beforeAll(async () => {
  const {capture, count} = await withTexts(evil)
  expect(count).toBeGreaterThan(80)
  writeFileSync(pcap, capture)
  writeFileSync(pcapng, withNames(capture, evil))
  writeFileSync(at('names.txt'), `${anna}=${evil.replaceAll(/[\r\n]/g, '')}\n`)
  writeFileSync(config, JSON.stringify({labels: {[anna]: evil}}))
})
afterAll(() => rmSync(folder, {recursive: true}))

const forms: readonly (readonly string[])[] = [
  ['-T', 'list'],
  ['-T', 'list', '-x'],
  ['-T', 'list', '--columns', ['number', ...fields].join(',')],
  ['-T', 'tree'],
  ['-T', 'json'],
  ['-T', 'ek'],
  ['-T', 'csv'],
  ['-T', 'csv', ...fields.flatMap(name => ['-e', name])],
  ['-T', 'fields', ...fields.flatMap(name => ['-e', name])],
  ['-T', 'conversation'],
  ['-T', 'conversation', '--label', `${anna}=${evil}`],
  ['-T', 'conversation', '--labels', at('names.txt')],
]

/** What shows packets, each of which has texts in it. */
const showing: readonly (readonly string[])[] = [
  ...forms.map(form => ['read', pcap, ...form]),
  ['read', pcap, '--follow', '0'],
  ['diff', pcap, join(clients, 'capture.pcap'), '--json'],
  ['read', pcapng, '-T', 'tree'],
  ['read', pcapng, '-T', 'json'],
]
const others: readonly (readonly string[])[] = [
  ['read', pcap, '-T', 'conversation', '--export-files', at('exported')],
  ['diff', join(clients, 'capture.pcap'), pcap],
  ...[pcap, pcapng].flatMap(file => [
    ['stats', file],
    ['stats', file, '--json'],
    ['why', file],
    ['why', file, '--json'],
  ]),
]

/** Cells of all lines of CSV. */
const cellsOf = (csv: string): string[] =>
  [...csv.matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"|([^",\n]*))(?=,|$)/gm)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )

const run = (args: readonly string[]) => toxtcpHere([...args, ...keys], {env: {TOXTCP_CONFIG: config}})
const titled = (lines: readonly (readonly string[])[]) =>
  lines.map(args => [args.map(arg => basename(arg).replace(evil, 'TEXT')).join(' '), args] as const)

describe('texts of packets, and names and comments of captures, that a terminal would obey', () => {
  it.each(titled([...showing, ...others]))('are escaped in what is written by %s', async (_, args) => {
    const {stdout, stderr, status} = await run(args)
    expect(status, stderr).toBeLessThan(2)
    if (showing.includes(args)) expect(stdout).toMatch(/=\\+(?:x1b|u001b)\[2J/)
    else expect(stdout.length).toBeGreaterThan(100)
    expect(args.includes('fields') ? stdout.replaceAll('\t', '') : stdout).not.toMatch(unsafe)
    expect(stderr).not.toMatch(unsafe)
    // No line begins with what follows a line feed in a text.
    expect(stdout + stderr).not.toMatch(/^vil/m)
  })

  it.each(titled(forms.filter(form => form[1] === 'csv')))('run in no spreadsheet that opens %s', async (_, form) => {
    const {stdout} = await run(['read', pcap, ...form])
    const cells = cellsOf(stdout)
    expect(cells.length).toBeGreaterThan(1000)
    expect(cells.filter(cell => /^\s*[=+\-@]/.test(cell) && !/^[+-]?[\d.]+$/.test(cell))).toEqual([])
  })
})
