import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {notReached} from './not-reached.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const filesOf = (folder: string): string[] =>
  readdirSync(`${root}${folder}`, {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name}`)

/** Modules that declare limits, and how tests import them. */
const modules = [...filesOf('src').filter(file => file.endsWith('/limits.ts')), 'src/protocol/limits/own-limits.ts']
  .filter(file => file !== 'src/protocol/limits.ts')
  .map(file => ({
    file,
    imported: (file === 'src/protocol/limits/own-limits.ts' ? 'src/protocol/limits' : file.slice(0, -3)).concat('.js'),
  }))

const tests = filesOf('test')
  .filter(file => file !== 'test/limits/limits.test.ts')
  .map(file => readFileSync(`${root}${file}`, 'utf8'))

/** Names of the limits of a module: its exported numbers, or those in the one table that it exports. */
async function namesIn(file: string): Promise<string[]> {
  const found: Record<string, unknown> = await import(`${root}${file}`)
  return Object.entries(found).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? Object.keys(value) : [name],
  )
}

/** Whether a test uses a limit: it imports it by its name, or reads it from the table of limits. */
function isNamed(text: string, imported: string, name: string): boolean {
  const imports = [...text.matchAll(/import (?:\* as )?([^;]*?) from '([^']*)'/g)].filter(([, , from]) =>
    from!.endsWith(`/${imported}`),
  )
  return (
    imports.some(([, names]) => new RegExp(`\\b${name}\\b`).test(names!)) ||
    (imports.length > 0 && new RegExp(`[lL]imits\\.${name}\\b`).test(text))
  )
}

describe.each(modules)('the limits of $file', ({file, imported}) => {
  test('are each used by a test that reaches them, or listed with a reason, and not both', async () => {
    const listed = Object.values(notReached[file] ?? {}).flat()
    const names = await namesIn(file)
    const unused = names.filter(name => !tests.some(text => isNamed(text, imported, name)))
    expect(unused.toSorted(), 'limits that no test uses').toEqual(listed.toSorted())
  })
})

test('what is listed as not reached belongs to a module of limits', () => {
  const files = modules.map(({file}) => file)
  expect(Object.keys(notReached).filter(file => !files.includes(file))).toEqual([])
})
