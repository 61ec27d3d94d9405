import {closeSync, createReadStream, fstatSync, readSync, type Stats} from 'node:fs'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {fileError} from './errors/file-error.js'
import {pipeWriterMilliseconds} from './limits.js'
import {openAtOnce} from './open-at-once.js'
import type {PipeWait} from './pipe.js'

export interface BoundedOptions {
  /** Throws InputError if the open file must not be read. */
  readonly check?: (stats: Stats) => void
  /** How long the writer of a named pipe is waited for. */
  readonly pipeMilliseconds?: number
  readonly waits?: PipeWait | undefined
}

/**
 * Read a whole file, or a pipe to its end.
 * @param most maximum number of bytes. A longer file is refused once they are read, whatever size it claims.
 * @throws InputError also for a named pipe that nobody writes to.
 */
export async function readBounded(
  path: string,
  most: number,
  {check, pipeMilliseconds = pipeWriterMilliseconds, waits}: BoundedOptions = {},
): Promise<Uint8Array> {
  try {
    const file = openAtOnce(path)
    let isOurs = true
    try {
      const stats = fstatSync(file)
      check?.(stats)
      if (stats.isFile()) return wholeFile(file, path, most, Math.min(stats.size, most))
      if (!stats.isFIFO()) return await joined(createReadStream(path), path, most)
      const {pipeBytes} = await import('./pipe.js')
      isOurs = false
      return await joined(pipeBytes(file, path, pipeMilliseconds, waits), path, most)
    } finally {
      if (isOurs) closeSync(file)
    }
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'read', path)
  }
}

/** @param expected bytes that will probably come. */
function wholeFile(file: number, path: string, most: number, expected: number): Uint8Array {
  let content = new Uint8Array(expected + 1)
  let length = 0
  for (let count = -1; count !== 0; length += count) {
    if (length === content.length) {
      const longer = new Uint8Array(Math.min(2 * length, most + 1))
      longer.set(content)
      content = longer
    }
    count = readSync(file, content, length, content.length - length, null)
    if (length + count > most) throw tooLong(path, most)
  }
  return content.subarray(0, length)
}

async function joined(parts: AsyncIterable<Uint8Array>, path: string, most: number): Promise<Uint8Array> {
  const held: Uint8Array[] = []
  let length = 0
  for await (const part of parts) {
    held.push(part)
    length += part.length
    if (length > most) throw tooLong(path, most)
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const part of held) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const tooLong = (path: string, most: number): InputError =>
  new InputError(`${path} is over ${most} bytes long`, undefined, 'file-too-long')

/**
 * Read a whole file at once. Nothing can interrupt that, so a pipe, which may stay silent, and a device are refused.
 * @param most maximum number of bytes, whatever size the file claims.
 * @throws InputError if it is refused, otherwise the error of the file system.
 */
export function readRegularFile(path: string, most: number): Uint8Array {
  const file = openAtOnce(path)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() && !stats.isDirectory())
      throw new InputError(`cannot read ${path}: it is a pipe or a device`, undefined, 'file-error')
    return wholeFile(file, path, most, Math.min(stats.size, most))
  } finally {
    closeSync(file)
  }
}

/** The first bytes of a regular file; none of a pipe or device; undefined of what cannot be read, as a directory. */
export function headOf(path: string, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length)
  try {
    const file = openAtOnce(path)
    try {
      const stats = fstatSync(file)
      if (!stats.isFile() && !stats.isDirectory()) return noBytes
      return bytes.subarray(0, readSync(file, bytes, 0, length, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
