import {existsSync, lstatSync, opendirSync, readlinkSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {type Advice, exactLines} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import {hideKeys} from '../wire/text/hidden-keys.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'
import {shellWord} from '../wire/text/shell-word.js'

/** Most names of a folder that are compared with a name that is not there. */
const mostNames = 1000

/** Meanings of error codes for somebody who typed a file name. */
const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many files are open',
  EPIPE: 'its reader has gone',
}

/**
 * Turn an error of the file system into a mistake of the user.
 * @param doing a verb, as in "cannot read".
 * @throws the error itself, if it does not come from the system: then it is a bug.
 */
export function fileError(error: unknown, doing: string, path: string): InputError {
  if (path === '') return new InputError(`cannot ${doing} a file whose name is empty`, undefined, 'no-such-file')
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error)) throw error
  return new InputError(
    // What is given in the place of a path may be the text of a key log, which an error must not repeat.
    `cannot ${doing} ${hideKeys(path)}: ${reasons[error.code] ?? error.code}`,
    adviceOn(error.code, doing, path),
    error.code === 'ENOENT' ? 'no-such-file' : 'file-error',
  )
}

/** What to do about it; undefined: nothing that is always right. */
function adviceOn(code: string, doing: string, path: string): string | Advice | undefined {
  const folder = dirname(path)
  if (code === 'EISDIR' && doing === 'read') return `ls ${shellWord(path)} lists its files`
  if (code !== 'ENOENT') return undefined
  if (doing === 'write') return existsSync(folder) ? undefined : exactLines(`mkdir -p ${shellWord(folder)}`)
  if (doing !== 'read') return undefined
  const target = targetOf(path)
  if (target !== undefined) return `it is a symbolic link to ${shellWord(target)}, which is missing`
  const near = nearest(basename(path), namesIn(folder)).map(name => (folder === '.' ? name : join(folder, name)))
  return didYouMean(path, near)
}

/** What a symbolic link names; undefined: the path is not one. */
const targetOf = (path: string): string | undefined =>
  lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() ? readlinkSync(path) : undefined

/** The first names in a folder; none if it cannot be read. */
function namesIn(folder: string): string[] {
  const names: string[] = []
  try {
    const open = opendirSync(folder)
    for (let entry = open.readSync(); entry && names.length < mostNames; entry = open.readSync()) names.push(entry.name)
    open.closeSync()
  } catch {
    return names
  }
  return names
}

/** The code of an error of the system, as `EPIPE`. */
export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Open a file for writing. @throws InputError if the system refuses */
export function openedFile<T>(path: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw fileError(error, 'write', path)
  }
}
