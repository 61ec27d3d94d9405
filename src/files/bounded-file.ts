import {promises} from 'node:fs'
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
