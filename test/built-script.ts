import {mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {basename, join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {buildSync} from 'esbuild'

/** Below node_modules, where the packages are found that a script imports. */
const folder = resolve('node_modules/.cache/toxtcp-tests')
const built = new Map<string, string>()

/**
 * A script of the tests with all that it imports but packages, as JavaScript: Node.js starts it in a third of the time
 * that tsx needs. It is built once in each process of tests.
 * @param url of its TypeScript.
 * @returns the path of a module.
 */
export function builtScript({href}: URL): string {
  const known = built.get(href)
  if (known !== undefined) return known
  const entry = fileURLToPath(href)
  const options = {bundle: true, format: 'esm', platform: 'node', packages: 'external', write: false} as const
  const [module] = buildSync({...options, entryPoints: [entry]}).outputFiles
  const path = join(folder, `${basename(entry, '.ts')}.mjs`)
  mkdirSync(folder, {recursive: true})
  // Another process may be starting the same one.
  writeFileSync(`${path}.${process.pid}`, module!.contents)
  renameSync(`${path}.${process.pid}`, path)
  built.set(href, path)
  return path
}
