import {closeSync, constants, fstatSync, openSync, promises, readSync} from 'node:fs'
import {InputError} from '../wire/input-error.js'
import {fileError} from './file-error.js'

/**
 * Read a whole file, or a pipe to its end.
 * @param most maximum number of bytes. A longer file is refused once they are read, whatever size it claims.
 * @throws InputError
 */
export async function readBounded(path: string, most: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  try {
    const file = await promises.open(path)
    try {
      for await (const part of file.createReadStream({autoClose: false})) {
        parts.push(part)
        length += part.length
        if (length > most) break
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileError(error, 'read', path)
  }
  if (length > most) throw new InputError(`${path} is over ${most} bytes long`, undefined, 'file-too-long')
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/**
 * Read a whole file at once. Nothing can interrupt that, so a pipe, which may stay silent, and a device are refused.
 * @param most maximum number of bytes, whatever size the file claims.
 * @throws InputError if it is refused, otherwise the error of the file system.
 */
export function readRegularFile(path: string, most: number): Buffer {
  // Without O_NONBLOCK, a named pipe is opened only once it has a writer. Windows does not have the flag.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() && !stats.isDirectory())
      throw new InputError(`cannot read ${path}: it is a pipe or a device`, undefined, 'file-error')
    const content = Buffer.alloc(most + 1)
    let length = 0
    for (let count = -1; count !== 0 && length <= most; length += count)
      count = readSync(file, content, length, content.length - length, null)
    if (length > most) throw new InputError(`${path} is over ${most} bytes long`, undefined, 'file-too-long')
    return content.subarray(0, length)
  } finally {
    closeSync(file)
  }
}
