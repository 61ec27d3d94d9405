import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {plainEnv, runFile} from '../program.js'

const hasScript = spawnSync('script', ['--version']).status === 0

/** A folder with a less that shows rows whole, as the real one does in parts. */
const folder = mkdtempSync(join(tmpdir(), 'toxtcp-pager-'))
writeFileSync(join(folder, 'less'), '#!/bin/sh\nexec cat\n', {mode: 0o755})
afterAll(() => rmSync(folder, {recursive: true}))

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

  it('has what is cut in a row as a whole behind the edge of the screen, where less scrolls sideways', () => {
    const demo = resolve('fixtures/demo')
    const line = `read ${demo}/dropped.pcap --keylog ${demo}/dropped.keylog -c 40`
    const env = {PAGER: 'less', PATH: `${folder}:${plainEnv['PATH']}`}
    const cut = shown(line, {...env, LESS: 'R'}).filter(row => row.includes('…') && row.includes(' > '))
    const rows = shown(line, env)
    expect(cut.length).toBeGreaterThan(0)
    for (const row of cut) {
      const [start = ''] = row.split(' > ')
      expect(rows.find(whole => whole.startsWith(start))).toMatch(/…[^…]* {3}127\.0\.0\.1:\d+ > 127\.0\.0\.1:\d+$/)
    }
    // Nothing else is longer than the screen.
    for (const row of rows) if (!row.includes('…') && !/ {3}\S+-\S+/.test(row)) expect(row.length).toBeLessThan(80)
  })

  it('is left out with --no-pager, and for programs', () => {
    expect(shown('explain oob_send --no-pager').join('\n')).not.toContain('paged:')
    expect(shown('explain oob_send --json').join('\n')).not.toContain('paged:')
  })
})
