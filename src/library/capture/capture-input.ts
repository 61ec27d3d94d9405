import type {PipeWait} from '../../files/pipe.js'
import {captureBytes, capturedStream, captureFile} from '../../reading/capture-files.js'
import type {CaptureSource} from '../../reading/capture-source.js'
import type {Io} from '../../terminal/io.js'
import {standardInput} from '../../terminal/read-input.js'
import {InputError} from '../../wire/input-error.js'

/** A capture file, pcap or pcapng, perhaps gzip'd: its path, its bytes, or its bytes as they come. */
export type CaptureInput = string | Uint8Array | AsyncIterable<Uint8Array>

/** Streams that were read: they have nothing more to give. */
const read = new WeakSet<object>()

/** Open what a caller gave. @throws InputError if the file cannot be opened, or a stream was given before. */
export function sourceOf(input: CaptureInput): CaptureSource {
  if (typeof input === 'string') return captureFile(input)
  if (input instanceof Uint8Array) return captureBytes(input, 'the capture')
  checkStream(input)
  if (read.has(input)) throw new InputError('the stream of the capture was read before', undefined, 'already-read')
  read.add(input)
  return capturedStream(input, 'the capture')
}

/** @throws InputError for what a program without types may give in place of a capture. */
function checkStream(input: unknown): void {
  if (typeof input === 'object' && input !== null && Symbol.asyncIterator in input) return
  const isUrl = input instanceof URL
  throw new InputError(
    `a capture is ${isUrl ? 'a URL' : String(input)}, not a path, bytes or a stream`,
    isUrl ? 'fileURLToPath() of node:url gives its path' : undefined,
    'bad-option',
  )
}

/**
 * A capture by its path, `-` for standard input.
 * @param waits called if it is a named pipe without a writer.
 * @throws InputError if the file cannot be opened, or standard input is read already.
 */
export const captureSource = (path: string, io: Pick<Io, 'stdin'>, waits?: PipeWait): CaptureSource =>
  path === '-' ? capturedStream(standardInput(io), 'standard input') : captureFile(path, waits)
