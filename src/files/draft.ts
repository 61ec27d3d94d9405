import {randomBytes} from 'node:crypto'
import {link, lstat, rename} from 'node:fs/promises'
import {codeOf} from './errors/file-error.js'
import {fileExistsError} from './output-file.js'

/** Where a file is written until it is whole: in the same directory, so that the last step is a rename, not a copy. */
export const draftOf = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.tmp`

/**
 * Give a finished draft its name. Without `force` the draft may stay under its first name as well.
 * @param force replace the file that has the name.
 * @throws InputError if the name is taken. @throws the system's error.
 */
export async function nameDraft(draft: string, path: string, force: boolean): Promise<void> {
  if (force) await rename(draft, path)
  else await place(draft, path)
}

/**
 * A link fails if the name is taken, while a rename would replace the other file. Some file systems have no links:
 * there the name is looked up first.
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
