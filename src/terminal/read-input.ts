import {readBounded} from '../files/bounded-file.js'
import type {PipeWait} from '../files/pipe.js'
import {InputError} from '../wire/input-error.js'
import type {Io} from './io.js'

/** Bytes of an input above which memory without use is collected early: it is made into a great number of objects. */
const largeBytes = 1024 * 1024

/** Standard inputs that are read: each gives its bytes once. */
const read = new WeakSet<object>()

/** Standard input, to be read. @throws InputError if it is read already. */
export function standardInput({stdin}: Pick<Io, 'stdin'>): Io['stdin'] {
  if (read.has(stdin))
    throw new InputError('standard input is named twice, and gives its bytes once', 'leave one - out', 'bad-option')
  read.add(stdin)
  return stdin
}

/**
 * All bytes of standard input (`-`) or a file.
 * A named pipe is waited for: who starts its writer may take a while.
 * @throws InputError if there are more than `most`, or the file cannot be read.
 */
export async function readInput(path: string, most: number, io: Io): Promise<Uint8Array> {
  const bytes = await bytesOf(path, most, io)
  // A short run loads nothing for its heap.
  if (bytes.length > largeBytes) (await import('./heap/grow-slowly.js')).growHeapSlowly()
  return bytes
}

/** On a terminal, says which named pipe is waited for. */
export const noteOfWait = (io: Io): PipeWait | undefined =>
  io.isErrorTerminal ? path => io.note(`waiting for a program that writes to ${path}`) : undefined

async function bytesOf(path: string, most: number, io: Io): Promise<Uint8Array> {
  if (path !== '-') return readBounded(path, most, {pipeMilliseconds: Number.POSITIVE_INFINITY, waits: noteOfWait(io)})
  const parts: Buffer[] = []
  let size = 0
  for await (const part of standardInput(io)) {
    size += part.length
    if (size > most)
      throw new InputError(`standard input is over ${most} bytes long`, 'give the part of interest', 'file-too-long')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
