import {closeSync, createReadStream, fstatSync, readSync} from 'node:fs'
import {Socket} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {codeOf, fileError} from './errors/file-error.js'
import {openAtOnce} from './open-at-once.js'

/** The bytes of a file or pipe as they come. @throws InputError */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    const file = openAtOnce(path)
    if (fstatSync(file).isFIFO()) yield* pipeBytes(file, path)
    else {
      closeSync(file)
      yield* createReadStream(path) as AsyncIterable<Uint8Array>
    }
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'read', path)
  }
}

/** Pipes that shells make for `<(command)` have a writer from the start, which may be gone already. */
const isOfShell = (path: string): boolean => /^\/(?:dev|proc)\//.test(path)

/** Called with the path of a named pipe once, when nothing writes to it yet. */
export type PipeWait = (path: string) => void

/** Milliseconds between two looks at a pipe without a writer. */
const lookMilliseconds = 20

/**
 * What comes through a pipe, to its end. No thread is blocked by one that stays silent: the process could not end.
 * @param file as `openAtOnce` gives it. It is closed at the end.
 * @param mostMilliseconds how long a writer is waited for.
 * @param waits called once with the path if there is no writer yet.
 * @throws InputError if no writer comes.
 */
export async function* pipeBytes(
  file: number,
  path: string,
  mostMilliseconds = Number.POSITIVE_INFINITY,
  waits?: PipeWait,
): AsyncGenerator<Uint8Array> {
  let rest: Socket | undefined
  try {
    const first = await firstBytes(file, path, mostMilliseconds, waits)
    rest = new Socket({fd: file, readable: true, writable: false})
    if (first.length > 0) yield first
    yield* rest as AsyncIterable<Uint8Array>
  } finally {
    if (rest) rest.destroy()
    else closeSync(file)
  }
}

/** The first bytes of a pipe, or none: it has a writer, or is over. @throws InputError */
async function firstBytes(
  file: number,
  path: string,
  mostMilliseconds: number,
  waits: PipeWait | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(65_536)
  for (let waited = 0; ; waited += lookMilliseconds) {
    try {
      const count = readSync(file, bytes)
      if (count > 0 || isOfShell(path)) return bytes.subarray(0, count)
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return noBytes
      throw error
    }
    if (waited >= mostMilliseconds)
      throw new InputError(
        `cannot read ${path}: it is a named pipe, and no program writes to it`,
        'start the program that writes to it first',
        'file-error',
      )
    if (waited === 0) waits?.(path)
    await delay(lookMilliseconds)
  }
}
