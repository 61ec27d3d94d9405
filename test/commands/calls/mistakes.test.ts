import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {textFormatNames} from '../../../src/view/formats.js'
import {type Run, type RunOptions, toxtcpHere} from '../program.js'
import {needs} from './refused-additions.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-mistakes-'))
const at = (name: string) => join(folder, name)
const secret = 'c0ffee'.repeat(10)
const capture = resolve('fixtures/captures/small/capture.pcap')
const half = resolve('fixtures/streams/small/0.client.bin')

beforeAll(() => {
  writeFileSync(at('empty'), '')
  writeFileSync(at('noise'), Buffer.from('fffe000180', 'hex'))
  writeFileSync(at('text'), 'hello, world\n')
  writeFileSync(at('12:30.pcap'), '')
  writeFileSync(at('keys'), `${secret}00\n`)
})
afterAll(() => rmSync(folder, {recursive: true}))

/** A command line, what the sentence says, what the hint says. */
type Case = readonly [
  args: readonly string[],
  sentence: string | RegExp,
  hint?: string | RegExp | undefined,
  options?: RunOptions,
]

/** One sentence, perhaps a hint, exit status 2, nothing on stdout. */
function expectMistake(
  {status, stdout, stderr}: Run,
  sentence: string | RegExp,
  hint?: string | RegExp | undefined,
): void {
  expect(stderr).toMatch(/^toxtcp: [^\n]*[^\n.]\n(?: {4}[^\n]*\n)*$/)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|node_modules|\bError\b/)
  const [first, ...rest] = stderr.split('\n')
  if (typeof sentence === 'string') expect(first).toContain(sentence)
  else expect(first).toMatch(sentence)
  if (typeof hint === 'string') expect(rest.join('\n')).toContain(hint)
  else if (hint) expect(rest.join('\n')).toMatch(hint)
  expect(stdout).toBe('')
  expect(status).toBe(2)
}

function describeMistakes(name: string, cases: readonly Case[]): void {
  describe.concurrent(name, () => {
    it.each(cases.map(([args, ...rest]) => [args.join(' ').replaceAll(folder, ''), args, ...rest] as const))(
      '%s',
      async (_, args, sentence, hint, options) => {
        expectMistake(await toxtcpHere(args, options), sentence, hint)
      },
    )
  })
}

const twice = 'standard input is named twice, and gives its bytes once'
describeMistakes('standard input', [
  [['read', '-', '-'], twice, undefined, {input: 'x'}],
  [['stats', '-', capture, '-'], twice, undefined, {input: 'x'}],
  [['stream', '--client', '-', '--relay', '-'], twice, undefined, {input: '00'}],
  [['stream', '-', '-'], twice, undefined, {input: '00'}],
  [['encode', '-', '-'], twice, undefined, {input: '{"kind":"start","type":null}\n'}],
])

describeMistakes('command names', [
  [['decod', '04'], 'there is no command "decod"', 'did you mean toxtcp decode?'],
  [['DECODE', '04'], 'there is no command "DECODE"', 'toxtcp decode'],
  [['steam'], 'there is no command "steam"', 'toxtcp stream'],
  [['hlep'], 'there is no command "hlep"', 'toxtcp help'],
  [['keys', 'mak'], 'there is no command "keys mak"', 'toxtcp keys make'],
  [['keys', 'frobnicate'], 'there is no command "keys frobnicate"', 'toxtcp keys show'],
  [['key'], 'there is no command "key"', 'toxtcp keys'],
  [['frobnicate', '--json'], 'there is no command "frobnicate"', 'toxtcp --help'],
  [['decod', '--help'], 'there is no command "decod"', 'toxtcp decode'],
  [['--json'], 'expected a command, found "--json"', 'toxtcp --help'],
  [['../start'], 'there is no command "../start"'],
  [['__proto__'], 'there is no command "__proto__"'],
  [['rea:d', '-x'], 'there is no command "rea:d"', 'toxtcp read'],
  [[at('12:30.pcap'), '--json'], `there is no command "${at('12:30.pcap')}"`, `toxtcp read ${at('12:30.pcap')}`],
])

const printing: readonly Case[] = [
  [['decode', '--tre', '04'], 'there is no flag "--tre"', 'did you mean --tree?'],
  [['decode', '--jsn=1', '04'], 'there is no flag "--jsn"', '--json'],
  [['decode', '-Q', '04'], 'there is no flag "-Q"', 'see toxtcp decode --help'],
  [['decode', '--frobnicate', '04'], 'there is no flag "--frobnicate"', 'see toxtcp decode --help'],
  [['decode', '-T', 'xml', '04'], `--format "xml" is not one of ${textFormatNames.join(', ')}`],
  [['decode', '04', '--color=sometimes'], '--color "sometimes" is not one of always, never, auto'],
  [['read', capture, '-T', 'ek', '-t', 'r'], '-t needs -T list', `toxtcp read ${capture} -T ek`],
  [['decode', '-T', '04'], /--format "04" is not one of/],
  [['decode', '04', '-T'], '--format expects a value'],
  [['decode', '04', '--as'], '--as expects a value'],
  [['decode', '04', '-c', '0'], '--count 0 is not at least 1'],
  [['decode', '04', '-c', 'many'], '--count "many" is not a whole number'],
  [['decode', '04', '-t', 'x'], '--time "x" is not one of a, ad, r, d, dd, e'],
  [['decode', '04', '--fail-on', 'fatal'], '--fail-on "fatal" is not one of error, warn, note'],
  [
    ['decode', '04', '--as', 'packet', '--as', 'packet'],
    '--as can only be given once, and the line has',
    'toxtcp decode 04 --as packet',
  ],
  [['decode', '04', '--json', '-T', 'list'], '--json and -T list ask for two formats at once'],
  [['decode', '04', '--json', '-V'], '--json and -V ask for two formats at once'],
  [['decode', '04', '-x', '--json'], needs('-x', 'hex', 'json'), 'toxtcp decode 04 --json'],
  [['decode', '04', '--bytes'], needs('--bytes', 'bytes', 'tree'), 'toxtcp decode 04 --bytes --json'],
  [['decode', '04', '-e', 'type'], needs('-e', 'fields', 'tree'), 'toxtcp decode 04 -e type -T fields'],
  [['decode', '04', '-E', 'header=y', '-T', 'list'], needs('-E', 'fields', 'list'), 'toxtcp decode 04 -T list'],
  [['decode', '04', '-T', 'fields'], '-T fields needs -e', '-T fields -e number -e type'],
  [['decode', '04', '-T', 'fields', '-e', 'typ'], /"?typ"?/, 'type'],
  [['decode', '04', '-T', 'fields', '-e', 'type', '-E', 'head=y'], 'unknown -E option "head"', 'header'],
  [['decode', '04', '-T', 'fields', '-e', 'type', '-E', 'quote=x'], '-E "quote=x" is not a known value', 'quote=d'],
  [['decode', '04', '-Y', 'type =='], /./, /\^/],
  [['decode', '04', '-Y', 'typ == 1'], /typ/, 'type'],
  [['decode', '04', '--key', at('nowhere')], 'there is no such file or directory'],
  [['decode', '04', '--key', folder], 'it is a directory'],
  [['decode', '04', '--key', at('empty')], /empty/],
  [['decode', '04', '--key', at('noise')], /noise/],
  [['decode', '04', '--key', at('text')], /text/],
  [['decode', '04', '--key', at('keys')], /keys/],
  [['decode', '04', '--keylog', at('text')], /text/],
  [['decode', '04', '--secret-key', secret], '--secret-key number 1 is not 64 hex digits but 60 characters'],
  [['decode', '04', '--relay-pk', 'zz'], '--relay-pk "zz" is not 64 hex digits'],
  [['decode', '04'], 'there is no such file', 'TOXTCP_KEYLOG', {env: {TOXTCP_KEYLOG: at('nowhere')}}],
]
describeMistakes('flags of all that print packets', printing)

describeMistakes('decode', [
  [['decode', 'zz'], 'byte 1 of the hex is "zz"', /\^/],
  [['decode', '04', '00', '0g', '00'], '"0g"', /\^/],
  [['decode', '040'], /hex/],
  [['decode', ''], /./],
  [['decode'], /./],
  [['decode', '-'], /./],
  [['decode', '-f', at('nowhere')], 'there is no such file or directory'],
  [['decode', '-f', folder], 'it is a directory'],
  [['decode', '-f', at('empty')], /./],
  [['decode', '-f', at('text')], /./],
  [['decode', '04', '-f', at('text')], 'hex and --file are both given'],
  [['decode', '04', '--as', 'nonsense'], 'unknown type "nonsense" for --as', 'packet'],
  [['decode', '04', '--from', 'server'], '--from "server" is not one of client, relay'],
  [['decode', '04', '--nonce', '00'.repeat(24)], '--shared-key is missing'],
  [['decode', '04', '--shared-key', '00'.repeat(32)], '--nonce is missing'],
  [
    ['decode', '04', '--shared-key', 'secret', '--nonce', '00'.repeat(24)],
    '--shared-key is not 64 hex digits but 6 characters',
  ],
  [['decode', '04', '--shared-key', '00'.repeat(32), '--nonce', 'xy'], '--nonce "xy" is not 48 hex digits'],
  [['decode', '--lines'], 'the input has no line to decode', undefined, {input: '\n# nothing\n'}],
  [['decode', '--lines'], 'line 2: ', undefined, {input: '\nnonsense:04\n'}],
  [['decode', '--lines', '--json'], 'line 3: ', undefined, {input: '\n\n04zz\n'}],
])

describeMistakes('stream', [
  [['stream'], 'no stream is given', 'toxtcp stream'],
  [['stream', at('nowhere')], 'there is no such file or directory'],
  [['stream', folder], 'it is a directory'],
  [['stream', half, half, half], '3 files are given'],
  [['stream', half, '--client', half], /besides --client/],
  [['stream', '--client', at('nowhere')], 'there is no such file or directory'],
  [['stream', capture], 'is a capture file', 'toxtcp read'],
  [['stream', at('text')], /./],
  [['stream', half, '--swp'], 'there is no flag "--swp"', '--swap'],
])

describeMistakes('encode', [
  [['encode', at('nowhere')], 'there is no such file or directory'],
  [['encode', folder], 'it is a directory'],
  [['encode', at('text')], 'line 1 is not JSON'],
  [['encode'], 'line 1 is not JSON', undefined, {input: 'hello\n'}],
  [['encode'], 'line 1', undefined, {input: '[]\n'}],
  [['encode'], 'line 1', undefined, {input: '{"type":"no_such_type","fields":{}}\n'}],
  [['encode'], 'line 1', undefined, {input: '{"type":"ping_request","fields":{}}\n'}],
  [['encode'], 'line 1', undefined, {input: '{"type":"ping_request","fields":{"ping_id":"00"}}\n'}],
  [['encode'], 'line 1', undefined, {input: '{"type":"ping_request","fields":{"ping_id":"zz00000000000000"}}\n'}],
  [['encode', '--seal'], '--seal needs a key', '--shared-key'],
  [['encode', '--seal', '--shared-key', 'secret'], '--shared-key is not 64 hex digits but 6 characters'],
  [['encode', '--shared-key', '00'.repeat(32)], '--shared-key is given without --seal'],
  [['encode', '--nonce', '00'.repeat(24)], '--nonce is given without --seal'],
  [['encode', '--sael'], 'there is no flag "--sael"', '--seal'],
])

describeMistakes('explain', [
  [['explain', 'oob_snd'], 'there is nothing called "oob_snd"', 'oob_send'],
  [['explain', 'frobnicate', '--json'], 'there is nothing called "frobnicate"'],
  [['explain', ''], /./],
  [['explain', 'oob_send', 'data'], '"data" is one argument too many', 'see toxtcp explain --help'],
  [['explain', '--jsn'], 'there is no flag "--jsn"', '--json'],
])

describeMistakes('keys', [
  [['keys', 'make'], 'there is nowhere to put the secret key', '--out'],
  [['keys', 'make', '--form', 'pem'], '--form "pem" is not one of raw, hex, keylog'],
  [['keys', 'make', '--form', 'raw', '--reveal'], 'raw key bytes do not go to the terminal'],
  [['keys', 'make', 'a'], '"a" is one argument too many', 'toxtcp keys make --out a'],
  [['keys', 'make', '--out', at('text')], 'exists already', '--force'],
  [['keys', 'make', '--out', at('no/such/folder')], 'there is no such file or directory'],
  [['keys', 'make', '--rveal'], 'there is no flag "--rveal"', '--reveal'],
  [['keys', 'show'], 'no key file is given', 'toxtcp keys show FILE'],
  [['keys', 'show', at('nowhere')], 'there is no such file or directory'],
  [['keys', 'show', at('noise')], /noise/],
  [['keys', 'show', at('text'), '--json'], /text/],
  [['keys', 'show', resolve('fixtures/keyfiles/client-0.2.18-encrypted.tox')], /encrypted/, 'TOXTCP_PASSPHRASE'],
  [['keys', 'convert'], 'FILE is missing', 'see toxtcp keys convert --help'],
  [['keys', 'convert', at('nowhere'), '--reveal'], 'there is no such file or directory'],
  [['keys', 'convert', at('text'), '--reveal'], /text/],
  [['keys', 'convert', 'a', 'b'], '"b" is one argument too many'],
])

describe.concurrent('secrets', () => {
  it.each([
    ['--secret-key', ['decode', '04', '--secret-key', secret]],
    ['a key file', ['decode', '04', '--key', at('keys')]],
    ['--shared-key', ['decode', '04', '--shared-key', secret, '--nonce', '00']],
    ['encode --shared-key', ['encode', '--seal', '--shared-key', secret]],
    ['--key', ['decode', '04', '--key', secret]],
    ['--keylog', ['read', capture, '--keylog', secret]],
    ['--relay-key', ['proxy', '--listen', '0', '--relay-key', secret]],
    ['--client-key', ['proxy', '--listen', '0', '--client-key', secret]],
    ['--script', ['proxy', '--listen', '0', '--relay-key', at('keys'), '--script', secret]],
    ['--upstream', ['proxy', '--listen', '0', '--upstream', secret]],
    ['--as', ['decode', '04', '--as', secret]],
    ['--from', ['decode', '04', '--from', secret]],
    ['--filter', ['decode', '04', '-Y', secret]],
    ['--format', ['decode', '04', '-T', secret]],
    ['--count', ['decode', '04', '-c', secret]],
    ['an unknown flag', ['decode', '04', `--${secret}`]],
    ['decode --file', ['decode', '--file', secret]],
    ['read', ['read', secret]],
    ['stats', ['stats', secret]],
    ['stream', ['stream', secret]],
    ['encode', ['encode', secret]],
    ['keys show', ['keys', 'show', secret]],
    ['keys convert', ['keys', 'convert', secret, '--reveal']],
    ['keys make', ['keys', 'make', secret]],
    ['keys', ['keys', secret]],
    ['explain', ['explain', secret]],
    ['a command', [secret]],
    ['no command', [secret, 'show']],
  ])('of %s are not repeated', async (_, args) => {
    const {status, stderr} = await toxtcpHere(args)
    expect(status).toBe(2)
    expect(stderr).not.toContain(secret.slice(0, 12))
  })
})
