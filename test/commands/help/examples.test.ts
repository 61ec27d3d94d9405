import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {shell, toxtcp, toxtcpHere} from '../program.js'

/** A copy of fixtures/demo, which has the files that examples name: some examples write files. */
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-examples-'))
beforeAll(() => {
  cpSync(resolve('fixtures/demo'), folder, {recursive: true, dereference: true})
})
afterAll(() => rmSync(folder, {recursive: true}))

type Example = string | {readonly command: string}

interface Manifest {
  readonly commands: Readonly<Record<string, {readonly examples?: readonly Example[]}>>
}

const {commands}: Manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))

/** Runs until it is stopped, or needs a relay, a terminal or a program: has tests of its own. */
const needsMore = (line: string): boolean => /\btoxtcp (?:(?:proxy|probe|relay|view)\b|keys log .*-- )/.test(line)

const ofHelp = Object.values(commands)
  .flatMap(({examples}) => examples ?? [])
  .map(example => (typeof example === 'string' ? example : example.command).replaceAll('<%= config.bin %>', 'toxtcp'))

/** A call that a shell does nothing with but take off quotes: it needs neither a shell nor a process of its own. */
const lone = /^toxtcp(?! complete\b)(?: +(?:'[^']*'|[\w.,:/=+-]+))* *$/
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)

/** Command lines in the README: in its shell blocks, what calls toxtcp. A backslash joins lines. */
const ofReadme = existsSync('README.md')
  ? [...readFileSync('README.md', 'utf8').matchAll(/^```(?:sh|console)\n([\s\S]*?)^```$/gm)]
      .flatMap(([, block]) => block!.replaceAll('\\\n', ' ').split('\n'))
      .map(line => line.replace(/^\$ /, ''))
      .filter(line => /(^|\| *)toxtcp /.test(line))
  : []

describe.each([
  ['help', ofHelp],
  ['the README', ofReadme],
])('an example of %s', (_, lines) => {
  it.each([...new Set(lines)].filter(line => !needsMore(line)))('%s', async line => {
    const {status, stdout, stderr} = lone.test(line)
      ? await toxtcpHere(wordsOf(line).slice(1), {cwd: folder})
      : await shell(`set -o pipefail; ${line}`, {cwd: folder})
    // decode says what it has understood, read what it wrote, both what stayed sealed.
    expect(stderr).toMatch(/^((\d+ .* from .*|file \d+ .*: wrote .*|wrote \d+ .*|\d+ .* stayed sealed: .*)\n)*$/)
    expect(stdout).not.toBe('')
    expect(status).toBe(0)
  })
})

it('the picture in the README is what the program prints', async () => {
  const [, picture] = /^```text\n\$ toxtcp read [^\n]* --connection 11\n([\s\S]*?)^```$/m.exec(
    readFileSync('README.md', 'utf8'),
  )!
  const folderOf = resolve('fixtures/captures/synthetic_clients')
  const args = [
    'read',
    join(folderOf, 'capture.pcap'),
    '--keylog',
    join(folderOf, 'sessions.keylog'),
    '--connection',
    '11',
  ]
  expect((await toxtcp(args, {env: {COLUMNS: '100'}})).stdout).toBe(picture)
})
