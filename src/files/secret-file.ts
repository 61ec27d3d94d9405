import {randomBytes} from 'node:crypto'
import {type FileHandle, link, lstat, open, rename, rm} from 'node:fs/promises'
import {InputError} from '../wire/input-error.js'
import {codeOf, fileError} from './file-error.js'
import {checkReplaceable, fileExistsError} from './output-file.js'

/**
 * Write a file that only its owner may read (0600), all of it or nothing.
 * @param force replace a regular file of the user's own.
 * @throws InputError
 */
export async function writeSecretFile(path: string, content: Uint8Array | string, force: boolean): Promise<void> {
  await writeWhole(path, {mode: 0o600, force}, file => file.writeFile(content))
}

/**
 * Write a file, all of it or nothing: under a temporary name first, which is removed if writing fails.
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
  // In the same directory, so that the last step is a rename and never a copy.
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    if (force) await rename(draft, path)
    else await place(draft, path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw fileError(error, 'write', path)
  } finally {
    await rm(draft, {force: true})
  }
}

/**
 * Give the finished file its name. A link fails if the name is taken, while a rename would replace the other file. Some
 * file systems have no links: there the name is looked up first.
 */
async function place(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
    return
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw fileExistsError(path)
  }
  const there = await lstat(path).catch(() => undefined)
  if (there) throw fileExistsError(path)
  await rename(draft, path)
}
