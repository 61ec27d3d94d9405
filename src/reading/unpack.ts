import {type ChildProcess, spawn} from 'node:child_process'
import type {Writable} from 'node:stream'
import {createGunzip, type Gunzip} from 'node:zlib'
import {InputError} from '../wire/input-error.js'

/** Packed bytes from their start; each call reads them again. */
export type PackedSource = () => AsyncIterable<Uint8Array>

/** Packed bytes that are inflated at a time: up to 1,032 times as many come of them, and wait in memory together. */
const packedBytes = 16 * 1024

/** Compressions of captures: how their files begin, and the program that unpacks them, which is also their name. */
const programs: readonly (readonly [program: string, magic: readonly number[]])[] = [
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['bzip2', [0x42, 0x5a, 0x68]],
]

/** The program that unpacks what begins with these bytes; undefined: it is not packed, or with gzip. */
export function unpackingProgram(head: Uint8Array): string | undefined {
  return programs.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0]
}

/**
 * What `gzip -dc` makes of packed bytes: of damaged ones, all that comes before the damage.
 *
 * @param packed read once.
 * @param again reads the same bytes from their start, to find what comes before damage to the last byte; undefined: up
 *   to 16 KiB before it may be lost.
 * @throws InputError after all that can be unpacked, where the bytes are damaged or cut off.
 */
export async function* gunzipped(packed: AsyncIterable<Uint8Array>, again?: PackedSource): AsyncGenerator<Uint8Array> {
  const inflater = new Inflater()
  let given = 0
  /** Packed bytes of the pieces that were unpacked whole. */
  let good = 0
  try {
    for await (const block of packed) {
      for (const piece of piecesOf(block, packedBytes)) {
        for (const part of await inflater.push(piece)) {
          given += part.length
          yield part
        }
        good += piece.length
      }
    }
    for (const part of await inflater.end()) {
      given += part.length
      yield part
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    yield* restBefore(given, good, again)
    throw new InputError(
      `the gzip data is damaged or cut off: ${error.message}`,
      'what could be unpacked was read',
      'damaged-capture',
    )
  } finally {
    inflater.close()
  }
}

/** What comes before the damage, byte by byte after the last good piece. @param given bytes that are known. */
async function* restBefore(given: number, good: number, again?: PackedSource): AsyncGenerator<Uint8Array> {
  if (!again) return
  const inflater = new Inflater()
  let at = 0
  let known = given
  try {
    for await (const block of again()) {
      for (const piece of piecesOf(block, packedBytes)) {
        const isGood = at + piece.length <= good
        for (const part of piecesOf(piece, isGood ? packedBytes : 1)) {
          for (const bytes of await inflater.push(part)) {
            if (bytes.length > known) yield bytes.subarray(known)
            known = Math.max(0, known - bytes.length)
          }
        }
        at += piece.length
      }
    }
  } catch (error) {
    if (!isDamage(error)) throw error
  } finally {
    inflater.close()
  }
}

function* piecesOf(bytes: Uint8Array, most: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += most) yield bytes.subarray(at, at + most)
}

const isDamage = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')

/** zlib's inflation of gzip, piece by piece. */
class Inflater {
  readonly #gunzip: Gunzip = createGunzip()
  #parts: Uint8Array[] = []
  /** Set while a piece is unpacked. */
  #settle: ((error?: Error | null) => void) | undefined
  #failure: Error | undefined
  /** True after the last member: zlib then drops what follows, zeros, and calls nobody back. */
  #isOver = false

  constructor() {
    this.#gunzip.on('data', (part: Uint8Array) => this.#parts.push(part))
    this.#gunzip.on('error', error => {
      this.#failure = error
      this.#settle?.(error)
    })
    this.#gunzip.on('end', () => {
      this.#isOver = true
      this.#settle?.()
    })
  }

  /** @returns what the piece completes. @throws zlib's error for damaged bytes. */
  push(piece: Uint8Array): Promise<readonly Uint8Array[]> {
    return this.#run(() => this.#gunzip.write(piece, error => this.#settle?.(error)))
  }

  /** No more comes. @throws zlib's error if more should. */
  end(): Promise<readonly Uint8Array[]> {
    return this.#run(() => this.#gunzip.end())
  }

  close(): void {
    this.#gunzip.destroy()
  }

  async #run(start: () => void): Promise<readonly Uint8Array[]> {
    if (this.#failure) throw this.#failure
    if (!this.#isOver) {
      await new Promise<void>((resolve, reject) => {
        this.#settle = error => (error ? reject(error) : resolve())
        start()
      })
    }
    // Bytes that wait in the stream come as data events now.
    while (this.#gunzip.read() !== null);
    const parts = this.#parts
    this.#parts = []
    return parts
  }
}

/**
 * What a program of the path makes of packed bytes.
 * @param program as `unpackingProgram` names it.
 * @throws InputError where it is not installed, and after all that it unpacks, where it fails.
 */
export async function* unpackedBy(program: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['-dc'], {stdio: ['pipe', 'pipe', 'pipe']})
  const done = Promise.all([endOf(child, program), feed(child.stdin, packed)])
  // Awaited below, after what was unpacked.
  done.catch(() => {})
  try {
    for await (const part of child.stdout) yield part
    await done
  } finally {
    child.kill()
    child.stdin.destroy()
  }
}

/** @throws what `packed` throws; the program reads the end of its input then. */
async function feed(stdin: Writable, packed: AsyncIterable<Uint8Array>): Promise<void> {
  // The program may end before all is read: it says why.
  stdin.on('error', () => {})
  try {
    for await (const part of packed) {
      if (stdin.destroyed) return
      if (!stdin.write(part))
        await new Promise<void>(resolve => void stdin.once('drain', resolve).once('close', resolve))
    }
  } finally {
    stdin.end()
  }
}

function endOf(child: ChildProcess, program: string): Promise<void> {
  let said = ''
  child.stderr!.on('data', (text: Buffer) => {
    said = (said + text.toString('latin1')).slice(0, 500)
  })
  return new Promise((resolve, reject) => {
    child.once('error', () =>
      reject(
        new InputError(
          `the capture is packed with ${program}, which is not installed here`,
          `install it, or unpack the capture elsewhere: ${program} -dc FILE > capture.pcap`,
          'not-a-capture',
        ),
      ),
    )
    child.once('close', status => {
      const reason = said.split('\n')[0] || `${program} ends with status ${status}`
      return status === 0
        ? resolve()
        : reject(
            new InputError(
              `the ${program} data is damaged or cut off: ${reason}`,
              'what could be unpacked was read',
              'damaged-capture',
            ),
          )
    })
  })
}
