import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'

const {man} = JSON.parse(readFileSync('package.json', 'utf8')) as {man: string}
const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {
  commands: Record<string, {hidden: boolean; flags: Record<string, {allowNo?: boolean}>}>
}
/** What to type, as the help says it. */
const help = readFileSync('docs/commands.md', 'utf8').matchAll(/^ {2}\$ (toxtcp (.*))$/gm)
const oclifs = /^(?:autocomplete|help)\b/

const hasMan = spawnSync('man', ['--version']).status === 0

describe.skipIf(!hasMan && !process.env['CI'])('the manual page', () => {
  it('is read by man without a warning, and has every command and every flag', () => {
    const {stdout, stderr, status} = spawnSync('man', ['-l', '--warnings', man], {
      env: {...process.env, MANWIDTH: '100', MANPAGER: 'cat', LC_ALL: 'C.UTF-8', MAN_KEEP_FORMATTING: ''},
      encoding: 'utf8',
    })
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    const text = stdout.replaceAll(/.\u0008/g, '').replaceAll(/\u001b\[[\d;]*m/g, '')
    // A command in a sentence is copied.
    expect(text).not.toMatch(/\u2010$/m)
    for (const [id, {hidden, flags}] of Object.entries(commands)) {
      if (hidden) continue
      expect(text).toContain(`toxtcp ${id.replaceAll(':', ' ')}`)
      for (const [name, {allowNo}] of Object.entries(flags))
        expect(text).toContain(`--${allowNo ? '[no-]' : ''}${name}`)
    }
    for (const [, usage = '', words = ''] of help)
      if (!oclifs.test(words)) expect(text).toContain(`\n       ${usage}\n`)
  })
})
