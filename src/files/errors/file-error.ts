import {InputError} from '../../wire/input-error.js'
import {hideKeys} from '../../wire/text/hidden-keys.js'
import {type FileUse, fileAdvice} from './file-advice.js'

/** Meanings of error codes for somebody who typed a file name. */
const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many files are open',
  EPIPE: 'its reader has gone',
}

/**
 * Turn an error of the file system into a mistake of the user.
 * @throws the error itself, if it does not come from the system: then it is a bug.
 */
export function fileError(error: unknown, doing: FileUse, path: string): InputError {
  if (path === '') return new InputError(`cannot ${doing} a file whose name is empty`, undefined, 'no-such-file')
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error)) throw error
  return new InputError(
    // What is given in the place of a path may be the text of a key log, which an error must not repeat.
    `cannot ${doing} ${hideKeys(path)}: ${reasons[error.code] ?? error.code}`,
    fileAdvice(error.code, doing, path),
    error.code === 'ENOENT' ? 'no-such-file' : 'file-error',
  )
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
