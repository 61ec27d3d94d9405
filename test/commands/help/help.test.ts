import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import {plainEnv, runFile, toxtcpHere} from '../program.js'

interface Manifest {
  readonly commands: Readonly<Record<string, {readonly examples?: readonly {readonly command: string}[]}>>
}

const {commands}: Manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
const helps = ['', 'keys', ...Object.keys(commands)].map(id => `${id.replace(':', ' ')} --help`.trim())

async function helpOf(command: string, columns: number, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const {status, stdout} = await toxtcpHere(command.split(' '), {env: {COLUMNS: String(columns), ...env}})
  expect(status).toBe(0)
  return stdout
}

describe('toxtcp', () => {
  it.each(helps)('%s fits into 40 to 200 columns, but for words of examples', async command => {
    for (const columns of [40, 60, 80, 100, 120, 160, 200]) {
      const text = await helpOf(command, columns)
      const wide = text.split('\n').filter(line => line.length > columns)
      expect(wide.filter(line => !/^ {6}('[^']*'|\S+)( \\)?$/.test(line))).toEqual([])
    }
  })

  it.each(Object.entries(commands))(
    '%s --help has examples that can be pasted at any width',
    async (id, {examples}) => {
      const lines = (examples ?? []).map(({command}) => command.replaceAll('<%= config.bin %>', 'toxtcp'))
      for (const columns of [40, 60, 80, 200]) {
        const text = await helpOf(`${id.replace(':', ' ')} --help`, columns)
        const printed = [...text.matchAll(/^ {4}\$ (.*(?:(?<=\\)\n.*)*)$/gm)].map(([, line]) =>
          line!.replace(/\\\n +/g, ''),
        )
        expect(printed).toEqual(lines)
      }
    },
  )

  it('read --help is the same in colours, with headings as those of a list', async () => {
    const plain = await helpOf('read --help', 80)
    const colored = await helpOf('read --help', 80, {FORCE_COLOR: '1'})
    expect(stripVTControlCharacters(colored)).toBe(plain)
    expect(colored).toContain('\u001b[1mUSAGE\u001b[22m\n')
  })
})

const hasScript = spawnSync('script', ['--version']).status === 0

describe.skipIf(!hasScript && !process.env['CI'])('at a terminal with colours, help', () => {
  const shown = (env: NodeJS.ProcessEnv): string =>
    spawnSync('script', ['-qec', `'${process.execPath}' '${runFile}' keys make --help`, '/dev/null'], {
      env: {...plainEnv, PAGER: 'cat', TERM: 'xterm-256color', ...env},
      input: '',
      encoding: 'utf8',
    }).stdout

  it('has headings in colours, and nothing else that a terminal obeys', () => {
    expect(shown({})).toContain('\u001b[1mFLAGS\u001b[22m')
    expect(shown({}).replace(/\u001b\[(?:1|22)m/g, '')).toBe(shown({NO_COLOR: '1'}))
    expect(shown({NO_COLOR: '1'})).toMatch(/^[\r\n\x20-\x7e]+$/)
  })
})
