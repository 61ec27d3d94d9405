import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'

const sources = ['bin', 'scripts', 'src', 'package.json']
const products = ['dist/program/toxtcp.cjs', 'dist/program/decode.cjs', 'dist/index.js', 'oclif.manifest.json']

/** Tests run the program as it is packed: build it, if a source is newer. */
export default function setup(): void {
  if (isUpToDate(products)) return
  execFileSync(process.execPath, ['scripts/build.mjs', '--quick'], {stdio: 'inherit'})
}

/** Whether files exist that were built from the sources as they are. */
export function isUpToDate(files: readonly string[]): boolean {
  if (!files.every(existsSync)) return false
  const built = Math.min(...files.map(changed))
  return sources.flatMap(filesIn).every(file => changed(file) <= built)
}

const changed = (file: string): number => statSync(file).mtimeMs

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, {recursive: true, encoding: 'utf8'}).map(name => join(path, name))
}
