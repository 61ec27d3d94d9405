import {InputError} from '../wire/input-error.js'

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
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error)) throw error
  return new InputError(
    `cannot ${doing} ${path}: ${reasons[error.code] ?? error.code}`,
    undefined,
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
