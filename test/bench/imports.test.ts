import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'
import {expect, test} from 'vitest'
import {plainEnv} from '../commands/program.js'

const packet = ['decode', '04', '0000000000000001']

/** Says every module that is imported by name or file. */
const hooks = `import {writeSync} from 'node:fs'
export async function resolve(name, context, next) {
  const resolved = await next(name, context)
  writeSync(2, 'import ' + resolved.url + '\\n')
  return resolved
}`
const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`
const tracing = ['--import', url(`import {register} from 'node:module'; register(${JSON.stringify(url(hooks))})`)]

const importsOf = (args: readonly string[]): string[] =>
  spawnSync(process.execPath, [...tracing, resolve('bin/run.js'), ...args], {
    env: plainEnv,
    encoding: 'utf8',
  }).stderr.split('\n')

test('libsodium is loaded only where something may be sealed', () => {
  const isSodium = (line: string): boolean => line.includes('libsodium')
  expect(importsOf(packet).some(line => line.includes('bin/run.js'))).toBe(true)
  for (const args of [packet, ['explain'], ['decode', '--help']])
    expect(importsOf(args).filter(isSodium), args.join(' ')).toEqual([])
  expect(importsOf([...packet, '--secret-key', '11'.repeat(32)]).filter(isSodium)).not.toEqual([])
})
