import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'
import {describe, expect, it} from 'vitest'
import {plainEnv, runFile} from './program.js'

const hasScript = spawnSync('script', ['--version']).status === 0

/** What a terminal shows of a run whose pager marks every line. */
function shown(line: string, env: NodeJS.ProcessEnv = {}): string[] {
  const command = `'${process.execPath}' '${runFile}' ${line}`
  const {stdout} = spawnSync('script', ['-qec', command, '/dev/null'], {
    env: {...plainEnv, PAGER: "sed -u 's/^/paged: /'", TERM: 'dumb', ...env},
    input: '',
    encoding: 'utf8',
  })
  return stdout.trimEnd().split(/\r?\n/)
}

describe.skipIf(!hasScript && !process.env['CI'])('at a terminal, the pager', () => {
  it.each([
    'explain oob_send',
    `stats ${resolve('fixtures/demo/capture.pcap')}`,
    'read --help',
    '--help',
    'help keys make',
  ])('has the text of toxtcp %s', line => {
    const lines = shown(line)
    expect(lines.filter(text => text.startsWith('paged:')).length).toBeGreaterThan(5)
    expect(lines.filter(text => !text.startsWith('paged:'))).toEqual(
      line.startsWith('stats') ? [expect.stringContaining('stayed sealed')] : [],
    )
  })

  it.each([
    [undefined, /^LESS=.*R/],
    ['S', /^LESS=.*R/],
    ['-S -x4', /^LESS=.*-S.*R/],
    ['', /^LESS=.*R/],
  ])('lets colours pass if it is less and LESS is %j', (less, expected) => {
    const env = {PAGER: "sh -c 'cat > /dev/null; env | grep ^LESS='", ...(less !== undefined && {LESS: less})}
    expect(shown('explain oob_send', env)).toEqual([expect.stringMatching(expected)])
  })

  it('is left out with --no-pager, and for programs', () => {
    expect(shown('explain oob_send --no-pager').join('\n')).not.toContain('paged:')
    expect(shown('explain oob_send --json').join('\n')).not.toContain('paged:')
  })
})
