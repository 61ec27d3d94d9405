import {createReadStream, statSync} from 'node:fs'
import type {KeyItem} from '../../crypto/key-item.js'
import type {KeyLogReader} from '../../crypto/keylog.js'
import {keyLogBytes, longKeyLogBytes} from '../../crypto/limits.js'
import {InputError} from '../../wire/input-error.js'
import {fileError} from '../errors/file-error.js'

/** Bytes of the file that are read at a time. */
const pieceBytes = 64 * 1024

/** Whether a path names a file that is read line by line if it is text. @throws InputError */
export function isLongFile(path: string): boolean {
  try {
    const stat = statSync(path, {throwIfNoEntry: false})
    return stat?.isFile() === true && stat.size > longKeyLogBytes
  } catch (error) {
    throw fileError(error, 'read', path)
  }
}

/**
 * The items of a key log, piece by piece, so that no more of it is held than what the taker keeps.
 * @param isText whether bytes are text; asked for the first lines.
 * @param isFull asked before each piece; once it is true, lines are counted only.
 * @returns by its generator, the number of lines that were not read; undefined if the file is not text.
 * @throws InputError
 */
export async function* longKeyLogItems(
  path: string,
  reader: KeyLogReader,
  isText: (bytes: Uint8Array) => boolean,
  isFull: () => boolean,
): AsyncGenerator<KeyItem[], number | undefined> {
  const decoder = new TextDecoder()
  let bytes = 0
  let unread = 0
  try {
    for await (const piece of createReadStream(path, {highWaterMark: pieceBytes})) {
      if (bytes === 0 && !isText(piece.subarray(0, piece.lastIndexOf(10) + 1))) return undefined
      bytes += piece.length
      if (bytes > keyLogBytes)
        throw new InputError(`${path} is over ${keyLogBytes} bytes long`, undefined, 'file-too-long')
      if (isFull()) unread += linesOf(piece)
      else yield reader.push(decoder.decode(piece, {stream: true}))
    }
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'read', path)
  }
  if (unread === 0) yield reader.end()
  return unread
}

function linesOf(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}
