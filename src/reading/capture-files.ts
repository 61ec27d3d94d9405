import {closeSync, createReadStream, fstatSync, openSync, readSync} from 'node:fs'
import {createGunzip} from 'node:zlib'
import {isGzip} from '../capture/reader.js'
import {fileError} from '../files/file-error.js'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import type {CaptureSource} from './capture-source.js'

/**
 * Bytes that are read at a time where the engine does not want more: long enough that the work between two reads
 * outweighs them, short enough to keep little in memory.
 */
const blockBytes = 256 * 1024

/** A capture's bytes as they come, perhaps gzip'd. @param name for messages. */
export const capturedStream = (bytes: AsyncIterable<Uint8Array>, name: string): CaptureSource =>
  once(name, () => piped(bytes, name))

/** A capture in memory, perhaps gzip'd. @param name for messages. */
export const captureBytes = (bytes: Uint8Array, name: string): CaptureSource => ({
  ...capturedStream(inBlocks(bytes), name),
  size: isGzip(bytes) ? undefined : bytes.length,
})

/** In blocks, so that records can be taken between them. */
async function* inBlocks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes)
}

/** A capture by its path, `-` for standard input. @throws InputError if the file cannot be opened. */
export const captureSource = (path: string, io: {readonly stdin: AsyncIterable<Uint8Array>}): CaptureSource =>
  path === '-' ? once('standard input', () => piped(io.stdin, 'standard input')) : captureFile(path)

/** @throws InputError if the file cannot be opened. */
export function captureFile(path: string): CaptureSource {
  try {
    const file = openSync(path, 'r')
    const stat = fstatSync(file)
    if (stat.isDirectory()) {
      closeSync(file)
      throw new InputError(`cannot read ${path}: it is a directory`, undefined, 'file-error')
    }
    const head = new Uint8Array(2)
    const isRegular = stat.isFile()
    const isPacked = isRegular && readSync(file, head, 0, 2, 0) === 2 && isGzip(head)
    if (isRegular && !isPacked)
      return {
        name: path,
        size: stat.size,
        file,
        blocks: room => regular(file, path, room),
        close: () => closeSync(file),
      }
    closeSync(file)
    return once(path, () => piped(createReadStream(path, {highWaterMark: blockBytes}), path))
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'read', path)
  }
}

const once = (name: string, blocks: CaptureSource['blocks']): CaptureSource => ({
  name,
  size: undefined,
  file: undefined,
  blocks,
  close: () => {},
})

async function* regular(file: number, path: string, room: (size: number) => Uint8Array): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const block = room(blockBytes)
      const count = readSync(file, block, 0, block.length, null)
      if (count === 0) return
      yield block.subarray(0, count)
    }
  } catch (error) {
    throw fileError(error, 'read', path)
  }
}

/** What comes, as it comes; unpacked if it is gzip'd. */
async function* piped(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]()
  let head: Uint8Array = noBytes
  try {
    while (head.length < 2) {
      const next = await parts.next()
      if (next.done) break
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
    }
    const all = resumed(head, parts)
    yield* isGzip(head) ? unpacked(all) : all
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'read', name)
  } finally {
    await parts.return?.()
  }
}

async function* resumed(head: Uint8Array, parts: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  const pump = async () => {
    for await (const part of packed)
      if (!gunzip.write(part)) await new Promise(resolve => gunzip.once('drain', resolve))
    gunzip.end()
  }
  pump().catch(error => gunzip.destroy(error))
  try {
    for await (const part of gunzip) yield part
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new InputError(
        `the gzip data is damaged or cut off: ${error.message}`,
        'what could be unpacked was read',
        'damaged-capture',
      )
    }
    throw error
  }
}
