import {readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import * as nodeModule from 'node:module'
import {basename, dirname, join} from 'node:path'
import {Script} from 'node:vm'
import {ownFolder, userFolder} from '../src/files/own-folder.js'

/** Bytes before the compiled code: size and time of the source, as doubles. */
const headerBytes = 16

/** Commands that import() oclif's plugins or a script of the user: a module from compiled code cannot do that. */
const importingCommands = ['autocomplete', 'help', 'proxy']

/** First words of the commands that short.mts has: half of the program is read and compiled in half of the time. */
export const shortWords = ['decode', 'encode', 'explain', 'keys']

/** What Node.js 22.1 and later have, and the types of Node.js 20 do not. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown
}

/**
 * Load the program that has the command of a command line, with the code that an earlier run has compiled: compiling
 * takes about half of the time of a short run. Compiled code is executed without a look at the source, so it is kept
 * in a folder that only this user can write. Without such a folder nothing is kept.
 * @param programs absolute path of the folder of the programs.
 * @param argv words after the program's name.
 * @returns what the module exports.
 */
export function load(programs: string, [word = '']: readonly string[]): unknown {
  const file = join(programs, shortWords.includes(word) ? 'short.cjs' : 'toxtcp.cjs')
  const require = nodeModule.createRequire(file)
  const cache = userFolder('cache', process.env)
  const folder = cache === undefined ? undefined : ownFolder(join(cache, 'compiled'))
  if (folder === undefined) return require(file)
  const {enableCompileCache}: typeof nodeModule & CompileCache = nodeModule
  if (enableCompileCache === undefined && !importingCommands.includes(word)) return loadCompiled(file, folder, require)
  enableCompileCache?.(folder)
  return require(file)
}

/**
 * What enableCompileCache() does, for one module, where Node.js does not have it yet. The build writes modules in
 * ASCII, and reading them as Latin-1 is a millisecond faster than as UTF-8.
 */
function loadCompiled(file: string, folder: string, require: NodeJS.Require): unknown {
  const {size, mtimeMs} = statSync(file)
  const header = Buffer.from(new Float64Array([size, mtimeMs]).buffer)
  const compiled = join(folder, `${basename(file)}-${process.version}-${process.arch}.bin`)
  const cachedData = readCompiled(compiled, header)
  const script = new Script(nodeModule.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    ...(cachedData && {cachedData}),
  })
  const module = {exports: {}, id: file, filename: file, loaded: true}
  // oclif loads this file again, by its name in package.json.
  Object.assign(require.cache, {[file]: module})
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  if (cachedData === undefined || script.cachedDataRejected)
    process.once('exit', () => writeCompiled(compiled, Buffer.concat([header, script.createCachedData()])))
  return module.exports
}

function readCompiled(path: string, header: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    return bytes.subarray(0, headerBytes).equals(header) ? bytes.subarray(headerBytes) : undefined
  } catch {
    return undefined
  }
}

/** Write a temporary file and rename it: another run may read the file at the same time. */
function writeCompiled(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}`
  try {
    writeFileSync(temporary, bytes, {flag: 'wx', mode: 0o600})
    renameSync(temporary, path)
  } catch {
    rmSync(temporary, {force: true})
  }
}
