import {closeSync, constants, fstatSync, openSync, rmSync} from 'node:fs'
import {type FileHandle, open, rm} from 'node:fs/promises'
import {InputError} from '../wire/input-error.js'
import {readBounded} from './bounded-file.js'
import {draftOf, nameDraft} from './draft.js'
import {fileError} from './errors/file-error.js'
import {checkReplaceable} from './output-file.js'
import {belongsToUser} from './ownership.js'

/**
 * Read a file that only the user may read, as a password's.
 * @param most bytes.
 * @throws InputError also if it belongs to somebody else, or others may read it.
 */
export async function readSecretFile(path: string, most: number): Promise<Uint8Array> {
  return readBounded(path, most, {
    check(stats) {
      if (!stats.isFile() && !stats.isFIFO())
        throw new InputError(`${path} is not a regular file`, 'name the file that holds the password')
      if (!belongsToUser(stats)) throw new InputError(`${path} belongs to another user`)
      // On Windows the mode says nothing of others.
      if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
        throw new InputError(`other users can read or write ${path}`, `chmod 600 ${path}`)
    },
  })
}

/**
 * Write a file that only its owner may read (0600), all of it or nothing.
 * @param force replace a regular file of the user's own.
 * @throws InputError
 */
export async function writeSecretFile(path: string, content: Uint8Array | string, force: boolean): Promise<void> {
  await writeWhole(path, {mode: 0o600, force}, file => file.writeFile(content))
}

/**
 * Make a draft at once: one that another thread still makes when the program is ended would stay. Then open it for
 * writing, if it is still the same file.
 */
async function openDraft(draft: string, mode: number): Promise<FileHandle> {
  const made = openSync(draft, 'wx', mode)
  try {
    const file = await open(draft, constants.O_RDWR | constants.O_NOFOLLOW)
    const [own, first] = [await file.stat(), fstatSync(made)]
    if (own.ino === first.ino && own.dev === first.dev) return file
    await file.close()
    throw new InputError(`${draft} was replaced while it was written`)
  } finally {
    closeSync(made)
  }
}

/**
 * Write a file, all of it or nothing: under a temporary name first, which is removed if writing fails or the program
 * is ended.
 * @param force replace a regular file of the user's own.
 * @param write puts the content into the open file.
 * @throws InputError
 */
export async function writeWhole(
  path: string,
  {mode, force}: {mode: number; force: boolean},
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  checkReplaceable(path, force)
  const draft = draftOf(path)
  const removeDraft = () => rmSync(draft, {force: true})
  process.once('exit', removeDraft)
  try {
    const file = await openDraft(draft, mode)
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await nameDraft(draft, path, force)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw fileError(error, 'write', path)
  } finally {
    await rm(draft, {force: true})
    process.off('exit', removeDraft)
  }
}
