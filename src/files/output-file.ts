import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import {basename} from 'node:path'
import {addFlags} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import {AppendedFile} from './appended-file.js'
import {fileError} from './errors/file-error.js'
import {belongsToUser, isWritableByOthers} from './ownership.js'

// A file that is written here may hold session keys. So it is made anew, for its owner alone, and nothing is
// written through a link or into a file that somebody else made, could read or has open. Windows knows no O_NOFOLLOW.

const noFollow = constants.O_NOFOLLOW ?? 0
const ownerOnly = 0o600
const lineFeed = 0x0a

/** An open file or named pipe that only this user may read. */
export interface OutputFile {
  readonly descriptor: number
  readonly isPipe: boolean
}

/**
 * Create a file of mode 0600, or open a named pipe of the user's own without waiting for its reader.
 * @param force replace a regular file of the user's own.
 * @throws InputError if anything else has that name. @throws the system's error.
 */
export function createOutput(path: string, force: boolean): OutputFile {
  const there = statOf(path)
  if (there?.isFIFO()) return {descriptor: openPipe(path, there, constants.O_NONBLOCK), isPipe: true}
  if (there) {
    refuseUnlessReplaceable(path, there, force)
    // Who had the old file open must not see what comes: it gets a file of its own.
    unlinkSync(path)
  }
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow
    return {descriptor: openSync(path, flags, ownerOnly), isPipe: false}
  } catch (error) {
    throw isExisting(error) ? fileExistsError(path) : error
  }
}

/**
 * Open a file to append lines to: a new one of mode 0600, or a regular file of the user's own that nobody else may
 * read, whose last line is ended if it is not. Of a named pipe of the user's own, writing waits for the reader once the
 * pipe is full.
 * @returns its descriptor.
 * @throws InputError if anything else has that name. @throws the system's error.
 */
export function openForAppending(path: string): number {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | noFollow
  const there = statOf(path)
  if (there?.isFIFO()) return openPipe(path, there, 0)
  if (there) refuseUnlessAppendable(path, there)
  const descriptor = openSync(path, flags, ownerOnly)
  try {
    // Again: the name may have been given to another file since.
    const opened = fstatSync(descriptor)
    refuseUnlessAppendable(path, opened)
    if (!hasLineEnd(descriptor, opened.size)) new AppendedFile(path, descriptor).append(Uint8Array.of(lineFeed))
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Whether a file of that size is empty, or its last line has an end: one that somebody typed may have none. */
function hasLineEnd(descriptor: number, size: number): boolean {
  const last = Buffer.alloc(1)
  return size === 0 || readSync(descriptor, last, 0, 1, size - 1) === 0 || last[0] === lineFeed
}

/** Check that a file may be created or replaced under this name. @throws InputError */
export function checkReplaceable(path: string, force: boolean): void {
  const there = statOf(path)
  if (there) refuseUnlessReplaceable(path, there, force)
}

/** The mistake of naming a file that is there. */
export function fileExistsError(path: string): InputError {
  return new InputError(
    `${path} exists already`,
    addFlags(['--force'], 'to replace it, or name another file'),
    'file-exists',
  )
}

function openPipe(path: string, there: Stats, nonBlocking: number): number {
  if (!belongsToUser(there)) throw refusal(path, 'this named pipe belongs to another user')
  if (isWritableByOthers(there))
    throw refusal(path, 'other users can write to this named pipe', 'chmod 600 makes it yours alone')
  // Opened for writing alone, a pipe that nobody reads yet would have to be waited for.
  const descriptor = openSync(path, constants.O_RDWR | nonBlocking | noFollow)
  const opened = fstatSync(descriptor)
  if (opened.isFIFO() && opened.ino === there.ino && opened.dev === there.dev) {
    fchmodSync(descriptor, ownerOnly)
    return descriptor
  }
  closeSync(descriptor)
  throw refusal(path, 'it was replaced while it was opened')
}

function refuseUnlessReplaceable(path: string, there: Stats, force: boolean): void {
  refuseUnlessOwnFile(path, there)
  if (!force) throw fileExistsError(path)
}

function refuseUnlessAppendable(path: string, there: Stats): void {
  refuseUnlessOwnFile(path, there)
  // On Windows the mode says nothing of others.
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0)
    throw refusal(path, 'other users can read or write it', 'chmod 600 makes it yours alone; or name another file')
}

function refuseUnlessOwnFile(path: string, there: Stats): void {
  if (there.isSymbolicLink()) throw refusal(path, 'it is a symbolic link')
  if (there.isDirectory()) throw refusal(path, 'it is a directory')
  if (!there.isFile()) throw refusal(path, 'it is not a regular file')
  if (!belongsToUser(there)) throw refusal(path, 'it belongs to another user')
  if (there.nlink > 1) throw refusal(path, `it has ${there.nlink} names (hard links)`)
}

const refusal = (path: string, reason: string, hint = 'name another file'): InputError =>
  new InputError(`cannot write ${path}: ${reason}`, hint, 'file-error')

/** What a file would be called if a key was typed where its name belongs: 32 or 64 bytes of hex, 32 of base64. */
const keyAsName = /^(?:[0-9a-f]{64}|[0-9a-f]{128}|[\w+-]{43}=)$/i

/** @throws InputError also if there is no such file, and its name is a key: names of files are not secret. */
function statOf(path: string): Stats | undefined {
  try {
    const there = lstatSync(path, {throwIfNoEntry: false})
    if (!there && keyAsName.test(basename(path)))
      throw new InputError('the name of the new file is a key', 'name a file, as in relay.key', 'bad-option')
    return there
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'write', path)
  }
}

const isExisting = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ELOOP')
