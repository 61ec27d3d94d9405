import {closeSync, createReadStream, fstatSync, readSync} from 'node:fs'
import {isGzip} from '../capture/reader.js'
import {fileError} from '../files/errors/file-error.js'
import {openAtOnce} from '../files/open-at-once.js'
import {type PipeWait, pipeBytes} from '../files/pipe.js'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {over} from '../wire/memory/lifetime.js'
import type {CaptureSource} from './capture-source.js'
import {gunzipped, type PackedSource, unpackedBy, unpackingProgram} from './unpack.js'

/**
 * Bytes that are read at a time where the engine does not want more: long enough that the work between two reads
 * outweighs them, short enough to keep little in memory.
 */
const blockBytes = 256 * 1024

/** Bytes that are read at a time where only few of them are looked at. */
const againBytes = 1024 * 1024

/** A capture's bytes as they come, perhaps packed. @param name for messages. */
export const capturedStream = (bytes: AsyncIterable<Uint8Array>, name: string): CaptureSource =>
  once(name, () => piped(bytes, name))

/** A capture in memory, perhaps packed. @param name for messages. */
export const captureBytes = (bytes: Uint8Array, name: string): CaptureSource => ({
  ...repeatable(name, () => piped(inBlocks(bytes), name, () => inBlocks(bytes))),
  size: isPacked(bytes) ? undefined : bytes.length,
})

/** In blocks, so that records can be taken between them. */
async function* inBlocks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes)
}

/**
 * @param waits called if it is a named pipe without a writer.
 * @throws InputError if the file cannot be opened.
 */
export function captureFile(path: string, waits?: PipeWait): CaptureSource {
  try {
    const file = openAtOnce(path)
    const stat = fstatSync(file)
    if (stat.isDirectory()) {
      closeSync(file)
      throw new InputError(`cannot read ${path}: it is a directory`, undefined, 'file-error')
    }
    // A pipe is opened once: who writes to it is gone after the first reader.
    if (stat.isFIFO()) return openPipe(file, path, waits)
    if (!stat.isFile()) {
      closeSync(file)
      return once(path, () => piped(createReadStream(path, {highWaterMark: blockBytes}), path))
    }
    const head = new Uint8Array(headBytes)
    if (isPacked(head.subarray(0, readSync(file, head, 0, headBytes, 0)))) {
      closeSync(file)
      const stream = () => createReadStream(path, {highWaterMark: blockBytes})
      return repeatable(path, () => piped(stream(), path, stream))
    }
    return {
      name: path,
      size: stat.size,
      isLive: false,
      file,
      blocks: room => regular(file, path, room),
      again: () => fromStart(file, path),
      close: () => closeSync(file),
    }
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'read', path)
  }
}

/** A named pipe that is open: who reads it closes it at its end. */
function openPipe(file: number, path: string, waits: PipeWait | undefined): CaptureSource {
  let isRead = false
  const blocks = () => {
    isRead = true
    return piped(pipeBytes(file, path, Number.POSITIVE_INFINITY, waits), path)
  }
  const close = () => {
    if (!isRead) closeSync(file)
    isRead = true
  }
  return {...once(path, blocks), close}
}

/** Bytes that tell how a capture is packed. */
const headBytes = 4

const isPacked = (head: Uint8Array): boolean => isGzip(head) || unpackingProgram(head) !== undefined

const once = (name: string, blocks: CaptureSource['blocks']): CaptureSource => ({
  name,
  size: undefined,
  isLive: true,
  file: undefined,
  blocks,
  again: undefined,
  close: () => {},
})

/** @param blocks starts anew with each call. */
const repeatable = (name: string, blocks: () => AsyncIterable<Uint8Array>): CaptureSource => ({
  ...once(name, blocks),
  isLive: false,
  again: blocks,
})

/** The same bytes again; each block is overwritten by the next one. */
async function* fromStart(file: number, path: string): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(againBytes)
  try {
    for (let at = 0; ; ) {
      const count = readSync(file, block, 0, block.length, at)
      if (count === 0) return
      yield block.subarray(0, count)
      over(block)
      at += count
    }
  } catch (error) {
    throw fileError(error, 'read', path)
  }
}

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

/**
 * What comes, as it comes; unpacked if it is packed.
 * @param again reads the same bytes from their start; undefined: they come once.
 */
async function* piped(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  again?: PackedSource,
): AsyncGenerator<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]()
  let head: Uint8Array = noBytes
  try {
    while (head.length < headBytes) {
      const next = await parts.next()
      if (next.done) break
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
    }
    const all = resumed(head, parts)
    const program = unpackingProgram(head)
    if (isGzip(head)) yield* gunzipped(all, again)
    else if (program === undefined) yield* all
    else yield* unpackedBy(program, all)
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
