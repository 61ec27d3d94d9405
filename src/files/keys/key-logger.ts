import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, lstatSync, mkdtempSync, renameSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {exactLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {ownFolder, userFolder} from '../own-folder.js'
import {belongsToUser, isWritableByOthers} from '../ownership.js'
import {keyLoggerSource} from './key-logger-source.js'

/** A compiled key logger. */
export interface KeyLogger {
  readonly path: string
  /** Removes it, unless it is kept for the next time. */
  remove(): void
}

/**
 * The key logger, compiled with the system's `cc`. It is kept in the user's cache folder, if nobody else can write
 * there, and LD_PRELOAD can name it; else in a new folder below the temporary one.
 * @throws InputError without a C compiler, or where it fails.
 */
export function keyLogger(env: Readonly<Record<string, string | undefined>>): KeyLogger {
  const cache = userFolder('cache', env)
  // In LD_PRELOAD, a blank or a colon ends the name of a library.
  const folder = cache === undefined || /[\s:]/.test(cache) ? undefined : ownFolder(cache)
  if (folder === undefined) {
    const own = mkdtempSync(join(tmpdir(), 'toxtcp-'))
    const path = join(own, 'key-logger.so')
    const remove = () => rmSync(own, {recursive: true, force: true})
    try {
      compile(path)
    } catch (error) {
      remove()
      throw error
    }
    return {path, remove}
  }
  const name = createHash('sha256').update(`${process.arch}\n${keyLoggerSource}`).digest('hex').slice(0, 24)
  const path = join(folder, `key-logger-${name}.so`)
  if (!isOwnFile(path)) {
    const made = `${path}.${process.pid}`
    try {
      compile(made)
      renameSync(made, path)
    } finally {
      rmSync(made, {force: true})
    }
  }
  return {path, remove: () => {}}
}

/** Whether the file exists and only this user can have made it. It is run: others must not. */
function isOwnFile(path: string): boolean {
  if (!existsSync(path)) return false
  const stat = lstatSync(path)
  return stat.isFile() && belongsToUser(stat) && !isWritableByOthers(stat)
}

function compile(path: string): void {
  const {error, status, stderr} = spawnSync(
    'cc',
    ['-shared', '-fPIC', '-O2', '-x', 'c', '-', '-o', path, '-ldl', '-lpthread'],
    {input: keyLoggerSource, encoding: 'utf8'},
  )
  if (error)
    throw new InputError(
      'the key logger is compiled on first use, but there is no C compiler: cc is not on the path',
      exactLines('Debian, Ubuntu: apt install gcc libc6-dev', 'Fedora: dnf install gcc', 'Alpine: apk add build-base'),
    )
  if (status !== 0)
    throw new InputError(
      `cc cannot compile the key logger: ${stderr.split('\n')[0]}`,
      'Debian, Ubuntu: apt install gcc libc6-dev',
    )
}
