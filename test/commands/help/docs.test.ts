import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'

it('docs/commands.md is what oclif writes of the commands; npm run readme brings it up to date', () => {
  const printed = execFileSync('npm', ['run', '--silent', 'readme', '--', '--dry-run'], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
  expect(printed).toContain(readFileSync('docs/commands.md', 'utf8').trimEnd())
})
