import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {idleFlagsOf} from '../../../src/commands/effects/idle-table.js'
import {commands} from '../../../src/commands/program/table.js'
import {formatNames, formatsTaking, textFormatNames} from '../../../src/view/formats.js'
import {toxtcpHere} from '../program.js'
import {needs} from './refused-additions.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-idle-'))
const capture = resolve('fixtures/demo/capture.pcap')
afterAll(() => rmSync(folder, {recursive: true}))

/** A command line, what is wrong with it, and the lines of the hint, all without `toxtcp`. */
const refused: readonly (readonly [line: string, sentence: string, ...hints: string[]])[] = [
  ['decode 04 -x --json', needs('-x', 'hex', 'json'), 'decode 04 --json'],
  ['decode 04 -V --bytes', needs('--bytes', 'bytes', 'tree'), 'decode 04 -V'],
  ['decode 04 --bytes', needs('--bytes', 'bytes', 'tree'), 'decode 04 --bytes --json', 'decode 04'],
  ['decode 04 --json --no-color', '--no-color needs -T list', 'decode 04 --json'],
  ['decode 04 --no-color --bytes', `--bytes needs ${formatsTaking('bytes', textFormatNames)}`, 'decode 04 --no-color'],
  ['decode 04 -T csv --color', '--color needs -T list', 'decode 04 -T csv'],
  ['decode 04 --json --ascii', '--ascii needs -T list', 'decode 04 --json'],
  ['decode 04 --json --ascii --color -x', '-x needs -T list', 'decode 04 --json'],
  ['decode 04 -x --bytes', `--bytes needs ${formatsTaking('bytes', textFormatNames)}`, 'decode 04 -x'],
  [
    'read CAPTURE --json -t r --columns type',
    `--columns needs ${formatsTaking('columns', formatNames)}`,
    'read CAPTURE --json -t r',
  ],
  ['read CAPTURE -V --follow 0', needs('--follow', 'dialogue', 'tree'), 'read CAPTURE -V'],
  ['read CAPTURE --follow 0 -x', '-x has no effect with --follow', 'read CAPTURE --follow 0'],
  ['read CAPTURE --follow 0 --columns type', '--columns has no effect with --follow', 'read CAPTURE --follow 0'],
  [
    'read CAPTURE -T csv --label 00=Ann',
    `--label needs ${formatsTaking('labels', formatNames)}, and the format is csv`,
    'read CAPTURE -T csv',
  ],
  [
    'read CAPTURE --labels names.txt --json',
    `--labels needs ${formatsTaking('labels', formatNames)}`,
    'read CAPTURE --json',
  ],
  ['read CAPTURE -T conversation --ascii', '--ascii needs -T list', 'read CAPTURE -T conversation'],
  [
    'read CAPTURE --columns number,type -t a',
    '-t has no effect where no time is shown',
    'read CAPTURE --columns number,type',
  ],
  [
    'read CAPTURE -T fields -e number -t a',
    '-t has no effect where no time is shown',
    'read CAPTURE -T fields -e number',
  ],
  ['decode 04 -T csv -e type -t a', '-t has no effect where no time is shown', 'decode 04 -T csv -e type'],
  [
    'read CAPTURE --columns number,type --labels NAMES',
    '--labels has no effect where no key is shown',
    'read CAPTURE --columns number,type',
  ],
  [
    'read CAPTURE --columns number,type --peers tox-rs',
    '--peers has no effect where no finding is shown',
    'read CAPTURE --columns number,type',
  ],
  [
    'stats CAPTURE --only types --peers tox-rs',
    '--peers has no effect where no finding is shown',
    'stats CAPTURE --only types',
  ],
  ['read CAPTURE -w OUT --fail-on error', '--fail-on has no effect with -w', 'read CAPTURE -w OUT'],
  ['read CAPTURE -w OUT --json', '--json has no effect with -w', 'read CAPTURE -w OUT'],
  ['read CAPTURE -w OUT -T list -x', '-T has no effect with -w', 'read CAPTURE -w OUT'],
  ['read CAPTURE -w OUT -V --columns type', '-V has no effect with -w', 'read CAPTURE -w OUT'],
  ['read CAPTURE -w OUT --no-pager', '--no-pager has no effect with -w', 'read CAPTURE -w OUT'],
  ['read CAPTURE -w OUT --threads 2', '--threads has no effect with -w', 'read CAPTURE -w OUT'],
  ['read CAPTURE -w OUT --peers tox-rs', '--peers has no effect with -w, without -Y', 'read CAPTURE -w OUT'],
  ['read CAPTURE --view -x', '-x has no effect with --view', 'read CAPTURE --view'],
  ['read CAPTURE --view -n 3', '-n has no effect with --view', 'read CAPTURE --view'],
  ['read CAPTURE --force', '--force needs -w', 'read CAPTURE'],
  [
    'read CAPTURE --follow 0 --connection 1',
    '--follow and --connection cannot both be given',
    'read CAPTURE --connection 1',
    'read CAPTURE --follow 0',
  ],
  ['stats CAPTURE --json --no-pager', '--no-pager has no effect with --json', 'stats CAPTURE --json'],
  ['stats CAPTURE --json --ascii', '--ascii has no effect with --json', 'stats CAPTURE --json'],
  ['why CAPTURE --json --color', '--color has no effect with --json', 'why CAPTURE --json'],
  ['diff CAPTURE CAPTURE --json --color', '--color has no effect with --json', 'diff CAPTURE CAPTURE --json'],
  ['explain oob_send --json --ascii', '--ascii has no effect with --json', 'explain oob_send --json'],
  ['explain --schema --color', '--color has no effect with --schema', 'explain --schema'],
  ['probe 127.0.0.1:1 00 -j 4', '-j has no effect with one relay', 'probe 127.0.0.1:1 00'],
  ['probe --client 0 --suite', '--suite has no effect with --client', 'probe --client 0'],
  ['probe --client 0 --socks 127.0.0.1:1', '--socks has no effect with --client', 'probe --client 0'],
  ['probe 127.0.0.1:1 00 --suite -c 9', '-c has no effect with --suite', 'probe 127.0.0.1:1 00 --suite'],
  [
    'probe 127.0.0.1:1 00 --allow-remote',
    '--allow-remote has no effect without --suite',
    'probe 127.0.0.1:1 00 --allow-remote --suite',
    'probe 127.0.0.1:1 00',
  ],
  ['proxy --seed 4', '--seed has no effect without --jitter', 'proxy --seed 4 --jitter 10ms', 'proxy'],
  [
    'proxy --no-embed-keys',
    '--no-embed-keys has no effect without -w',
    'proxy --no-embed-keys -w recording.pcapng',
    'proxy',
  ],
  ['relay --status -V', '-V has no effect with --status', 'relay --status'],
  ['relay --status -Y type', '-Y has no effect with --status', 'relay --status'],
  ['relay --status --peers auto', '--peers has no effect with --status, without --fail-on', 'relay --status'],
  [
    'keys make --reveal --force',
    '--force has no effect without --out',
    'keys make --reveal --force --out new.keys',
    'keys make --reveal',
  ],
  ['keys log --print-source -o x', '-o has no effect with --print-source', 'keys log --print-source'],
]

const wordsOf = (line: string): string[] =>
  line
    .split(' ')
    .map(
      word =>
        ({CAPTURE: capture, NAMES: resolve('fixtures/demo/names.txt'), OUT: join(folder, 'out.pcapng')})[word] ?? word,
    )

/** What would wait for a client or a key, and a name of a peer that is not one. */
const stays = /^(?:proxy|relay|probe)|--view|00=Ann/

describe('a flag that has no effect beside others', () => {
  it.each(refused)('is refused: %s', async (line, sentence, ...hints) => {
    const {status, stdout, stderr} = await toxtcpHere(wordsOf(line))
    const [first, ...rest] = stderr.split('\n')
    expect(first).toMatch(new RegExp(`^toxtcp: ${sentence}`))
    expect(rest).toEqual([...hints.map(hint => `    toxtcp ${wordsOf(hint).join(' ')}`), ''])
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
  })

  const runnable = refused.flatMap(([, , ...hints]) => hints).filter(hint => !stays.test(hint))
  it.each([...new Set(runnable)])('leaves a hint that works as it stands: %s', async hint => {
    rmSync(join(folder, 'out.pcapng'), {force: true})
    const words = wordsOf(hint).map(word => (word === 'new.keys' ? join(folder, word) : word))
    const {status, stderr} = await toxtcpHere(words)
    expect(stderr).not.toMatch(/^toxtcp:/)
    expect(status).toBeLessThan(2)
  })

  it('is left out in words where the command line holds what may be a key', async () => {
    const {stderr} = await toxtcpHere(['decode', '00'.repeat(32), '--json', '-x'])
    expect(stderr).toContain('\n    leave out -x\n')
  })

  it('is a flag of its command, in every row of the table', () => {
    for (const [id, {flags}] of Object.entries(commands) as [string, {flags?: object}][])
      for (const row of idleFlagsOf(id))
        for (const name of row.flags)
          if (!['label', 'labels', 'columns', 'follow', 'conversation', 'pager'].includes(name))
            expect(Object.keys(flags ?? {}), `${id} --${name}`).toContain(name)
  })
})
