import {InputError} from '../wire/input-error.js'

/** What errno names mean to somebody who typed a file name. */
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
  EPIPE: 'nobody reads it any more',
}

/**
 * The user's mistake behind a failed file operation.
 * @param doing as in "cannot read": a verb.
 * @throws what was caught, if it is no error of the system: then it is our bug.
 */
export function fileError(error: unknown, doing: string, path: string): InputError {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error)) throw error
  return new InputError(
    `cannot ${doing} ${path}: ${reasons[error.code] ?? error.code}`,
    undefined,
    error.code === 'ENOENT' ? 'no-such-file' : 'file-error',
  )
}

/** @throws InputError where the system refuses to open it for writing */
export function openedFile<T>(path: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw fileError(error, 'write', path)
  }
}
