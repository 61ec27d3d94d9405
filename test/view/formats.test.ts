import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {formatNamed, formatNames} from '../../src/view/formats.js'
import type {Addition} from '../../src/view/forms/format.js'

const flagsOf: Readonly<Record<Addition, readonly string[]>> = {
  hex: ['-x'],
  bytes: ['--bytes'],
  columns: ['--columns'],
  dialogue: ['--follow'],
  fields: ['-e', '-E'],
  time: ['-t'],
  labels: ['--label', '--labels'],
  color: ['--color'],
  ascii: ['--ascii'],
}

describe('the output formats', () => {
  it('are listed in the README, each with what it prints and the flags that it takes', () => {
    const rows = formatNames.map(name => {
      const {about, takes} = formatNamed(name)
      const flags = takes.flatMap(addition => flagsOf[addition]).map(flag => `\`${flag}\``)
      return `| \`${name}\` | ${about} | ${flags.join(', ')} |`
    })
    const [, listed = ''] = /\n\| `-T` \|.*\n\|[-|]+\n((?:\|.*\n)*)/.exec(readFileSync('README.md', 'utf8')) ?? []
    expect(listed.trimEnd().split('\n')).toEqual(rows)
  })
})
