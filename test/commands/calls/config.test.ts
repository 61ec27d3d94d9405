import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {colorRoles} from '../../../src/view/theme.js'
import {toxtcpHere} from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-config-'))
afterAll(() => rmSync(folder, {recursive: true}))
const capture = resolve('fixtures/demo/capture.pcap')
const keylog = resolve('fixtures/demo/keys.log')
const anna = '8f01c1416f5ee16f2bcb6bfc10f4a271f9067edb64568a3c426bb976484dbb10'
let files = 0

/** A run with defaults. */
async function withDefaults(defaults: unknown, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const file = join(folder, `${files++}.json`)
  writeFileSync(file, typeof defaults === 'string' ? defaults : JSON.stringify(defaults))
  const run = await toxtcpHere(args, {env: {TOXTCP_CONFIG: file, ...env}})
  return {...run, stderr: run.stderr.replaceAll(file, 'FILE'), stdout: run.stdout.replaceAll(file, 'FILE')}
}

const plain = (...args: string[]) => toxtcpHere(args)

describe('a default', () => {
  const first = ['read', capture, '-c', '1']

  it('of every command is as if it were typed', async () => {
    const {stdout} = await withDefaults({flags: {time: 'ad'}}, first)
    expect(stdout).toBe((await plain(...first, '-t', 'ad')).stdout)
    expect(stdout).toContain('2026-11-23')
  })

  it('of one command is for that alone, and comes before one of every command', async () => {
    const defaults = {flags: {format: 'csv'}, commands: {read: {format: 'json'}}}
    expect((await withDefaults(defaults, first)).stdout).toBe((await plain(...first, '--json')).stdout)
    expect((await withDefaults(defaults, ['decode', '04'])).stdout).toBe(
      (await plain('decode', '04', '-T', 'csv')).stdout,
    )
  })

  it('comes after what is typed', async () => {
    const {stdout} = await withDefaults({flags: {time: 'ad', json: true}}, [...first, '-V', '-t', 'e'])
    expect(stdout).toBe((await plain(...first, '-V', '-t', 'e')).stdout)
  })

  it('is left out where it would have no effect or contradict what is typed', async () => {
    const defaults = {
      flags: {color: 'always', hex: true, ascii: true},
      commands: {read: {columns: 'number', 'fail-on': 'error'}},
    }
    for (const args of [
      [...first, '--json'],
      ['read', capture, '-w', join(folder, 'copy.pcapng')],
      ['stats', capture, '--json'],
    ])
      expect(await withDefaults(defaults, args)).toMatchObject({
        status: 0,
        stderr: expect.not.stringContaining('toxtcp:'),
      })
    expect((await withDefaults(defaults, [...first, '--json'])).stdout).toBe((await plain(...first, '--json')).stdout)
  })

  it('of times changes nothing for programs', async () => {
    const {stdout} = await withDefaults({flags: {time: 'ad'}}, [...first, '--json'])
    expect(stdout).toBe((await plain(...first, '--json')).stdout)
  })

  it('of colours comes after the environment', async () => {
    const colored = {flags: {color: 'always'}}
    expect((await withDefaults(colored, ['decode', '04'])).stdout).toContain('\u001b[')
    expect((await withDefaults(colored, ['decode', '04'], {NO_COLOR: '1'})).stdout).not.toContain('\u001b[')
    expect((await withDefaults({flags: {color: false}}, ['decode', '04'], {FORCE_COLOR: '1'})).stdout).toContain(
      '\u001b[',
    )
  })

  it('may be given several times, and begin with the home folder', async () => {
    const opened = ['read', capture, '-c', '5', '-Y', 'state == open', '-T', 'fields', '-e', 'state']
    const {stdout} = await withDefaults({flags: {keylog: ['~/keys.log']}}, opened, {HOME: resolve('fixtures/demo')})
    expect(stdout).toBe('open\n'.repeat(5))
  })

  it('of a key is not the key of a relay', async () => {
    const {stderr} = await withDefaults({flags: {key: '/nowhere'}}, ['relay', '--listen', 'x'])
    expect(stderr).not.toContain('/nowhere')
  })

  it('that needs another one waits for it', async () => {
    const args = ['read', capture, '--keylog', resolve('fixtures/demo/inner.keylog'), '--keylog', keylog]
    const names = {commands: {read: {labels: resolve('fixtures/demo/names.txt'), conversation: true}}}
    expect((await withDefaults(names, args)).stdout).toBe(
      (await plain(...args, '--conversation', '--labels', resolve('fixtures/demo/names.txt'))).stdout,
    )
  })
})

describe('names of peers', () => {
  it('are in conversations, and those that are typed come first', async () => {
    const args = ['read', capture, '--keylog', resolve('fixtures/demo/inner.keylog'), '--keylog', keylog]
    const labels = {labels: {[anna]: 'Anna of the file'}}
    expect((await withDefaults(labels, [...args, '--conversation'])).stdout).toContain('Anna of the file')
    const typed = await withDefaults(labels, [...args, '--conversation', '--label', `${anna}=Anna typed`])
    expect(typed.stdout).toContain('Anna typed')
    expect(typed.stdout).not.toContain('Anna of the file')
    expect((await withDefaults(labels, ['read', capture, '-c', '1'])).status).toBe(0)
  })
})

describe('colours', () => {
  it('are those of the file', async () => {
    const args = ['read', capture, '-c', '3', '--color']
    expect((await withDefaults({colors: {client: 'bold green'}}, args)).stdout).toContain(
      '\u001b[1m\u001b[32mclient > relay\u001b[39m\u001b[22m',
    )
  })
})

describe('a mistake in the file', () => {
  it.each([
    ['x', 'FILE is not JSON', ''],
    ['[]', 'FILE is not an object', ''],
    [{flag: {}}, 'FILE: there is no section "flag"', 'did you mean "flags"?'],
    [{flags: {colr: 'always'}}, 'FILE, flags: there is no flag "colr"', 'did you mean "color"?'],
    [{flags: {time: 'x'}}, 'FILE: --time "x" is not one of a, ad, r, d, dd, e', ''],
    [{flags: {tree: 1}}, 'FILE, flags.tree is 1, not true or false', ''],
    [{flags: {time: ['a', 'r']}}, 'FILE, flags.time is a list, and --time has one value', ''],
    [{flags: {time: {}}}, 'FILE, flags.time is {}, not a text', ''],
    [{commands: {raed: {}}}, 'FILE, commands: there is no command "raed"', 'did you mean "read"?'],
    [{commands: {read: {tmie: 'a'}}}, 'FILE, commands.read: there is no flag "tmie"', 'did you mean "time"?'],
    [{commands: {read: {count: 0}}}, 'FILE: --count 0 is not at least 1', ''],
    [{labels: {ab: 'Anna'}}, 'FILE, labels: --label: "ab=Anna" is not KEY=NAME', ''],
    [{colors: {clent: 'red'}}, 'FILE, colors: there is no colour "clent"', 'did you mean "client"?'],
    [{colors: {client: 'rde'}}, 'FILE, colors.client: "rde" is not a style', 'a style is one or more of'],
  ])('is one sentence: %j', async (defaults, sentence, hint) => {
    for (const args of [['config'], ['read', capture]]) {
      const {status, stdout, stderr} = await withDefaults(defaults, args)
      expect(stderr).toMatch(/^toxtcp: [^\n]*[^\n.]\n(?: {4}[^\n]*\n)*$/)
      expect(stderr).toContain(sentence)
      expect(stderr).toContain(hint)
      expect({status, stdout}).toEqual({status: 2, stdout: ''})
    }
  })

  it('is a file that the variable names and that does not exist', async () => {
    const {status, stderr} = await toxtcpHere(['decode', '04'], {env: {TOXTCP_CONFIG: join(folder, 'none')}})
    expect(status).toBe(2)
    expect(stderr).toContain('there is no such file')
  })

  it('is a file that cannot be read, and the hint is how to go without it', async () => {
    const {status, stderr} = await toxtcpHere(['decode', '04'], {env: {TOXTCP_CONFIG: folder}})
    expect({status, stderr}).toEqual({
      status: 2,
      stderr:
        `toxtcp: cannot read ${folder}: it is a directory\n` +
        '    with TOXTCP_CONFIG= in front of it, the command runs without defaults\n',
    })
  })

  it('is a pipe without a writer, or a device without an end, and is not waited for', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const file of [pipe, '/dev/zero']) {
      const {status, stderr} = await toxtcpHere(['decode', '04'], {env: {TOXTCP_CONFIG: file}})
      expect({status, stderr}).toEqual({
        status: 2,
        stderr:
          `toxtcp: cannot read ${file}: it is a pipe or a device\n` +
          '    with TOXTCP_CONFIG= in front of it, the command runs without defaults\n',
      })
    }
  })

  it('does not keep help and version from being printed', async () => {
    expect((await withDefaults('x', ['read', '--help'])).status).toBe(0)
    expect((await withDefaults('x', ['--version'])).status).toBe(0)
  })
})

describe('the README', () => {
  const readme = readFileSync('README.md', 'utf8')

  it('shows a file of defaults that is right', async () => {
    const example = /### Defaults[\s\S]*?```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const {status, stdout, stderr} = await withDefaults(example, ['config', '--json'])
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(JSON.parse(stdout).colors).toEqual(JSON.parse(example).colors)
  })

  it('names every colour', () => {
    expect(readme).toContain(`The names of \`colors\`: ${colorRoles.join(', ')}.`)
  })
})

describe('toxtcp config', () => {
  const defaults = {
    flags: {color: 'never'},
    commands: {read: {time: 'ad', pager: false}},
    labels: {[anna]: 'Anna'},
    colors: {error: 'bold magenta'},
  }

  it('shows what is in force and from where', async () => {
    const {stdout, status} = await withDefaults(defaults, ['config'], {TOXTCP_PASSPHRASE: 'secret', TZ: 'UTC'})
    expect(status).toBe(0)
    expect(stdout.replace(/^XDG_CACHE_HOME.*\n/m, '')).toMatchInlineSnapshot(`
      "file               FILE
      every command      --color never   from FILE
      toxtcp read        --time ad   from FILE
      toxtcp read        --no-pager   from FILE
      label              8f01c1416f5ee16f2bcb6bfc10f4a271f9067edb64568a3c426bb976484dbb10=Anna   from FILE
      colour             error bold magenta   from FILE
      TOXTCP_CONFIG      FILE   from the environment
      TOXTCP_PASSPHRASE  <not shown>   from the environment
      TZ                 UTC   from the environment
      "
    `)
  })

  it('prints the same as JSON', async () => {
    const {stdout} = await withDefaults(defaults, ['config', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'FILE',
      exists: true,
      flags: [
        {flag: '--color', value: 'never', command: null},
        {flag: '--time', value: 'ad', command: 'read'},
        {flag: '--no-pager', value: null, command: 'read'},
      ],
      labels: {[anna]: 'Anna'},
      colors: {error: 'bold magenta'},
    })
  })

  it('says where a file would be looked for', async () => {
    const {stdout} = await toxtcpHere(['config'], {env: {XDG_CONFIG_HOME: folder}})
    expect(stdout).toContain(join(folder, 'toxtcp', 'config.json'))
    mkdirSync(join(folder, 'toxtcp'))
    writeFileSync(join(folder, 'toxtcp', 'config.json'), '{"flags": {"time": "e"}}')
    const found = await toxtcpHere(['config', '--json'], {env: {XDG_CONFIG_HOME: folder}})
    expect(JSON.parse(found.stdout)).toMatchObject({flags: [{flag: '--time', value: 'e', command: null}]})
  })

  it('has none where the variable is empty', async () => {
    expect((await toxtcpHere(['config', '--json'], {env: {TOXTCP_CONFIG: ''}})).stdout).toContain('"file":null')
  })

  it('shows no secret key', async () => {
    const {stdout} = await withDefaults({flags: {'secret-key': '07'.repeat(32)}}, ['config'])
    expect(stdout).not.toContain('0707')
  })
})
