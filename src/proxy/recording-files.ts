import {closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, rmSync, writeSync} from 'node:fs'
import {join, parse} from 'node:path'
import type {Time} from '../wire/chunk.js'

/** When a recording goes on in a new file, and how many files stay. */
export interface Rotation {
  readonly bytes?: number
  readonly seconds?: number
  /** The oldest goes when there are more. */
  readonly keep?: number
}

/** A file that only its owner may read, and that is only ever appended to. */
export class AppendedFile {
  readonly path: string
  bytes = 0
  readonly #file: number

  /** @param flags w: what is there goes; a: it stays. @throws the system's error */
  constructor(path: string, flags: 'w' | 'a') {
    this.path = path
    this.#file = openSync(path, flags, 0o600)
    // One that was there has the rights that it had; a device or a pipe keeps them.
    if (fstatSync(this.#file).isFile()) fchmodSync(this.#file, 0o600)
  }

  /**
   * Hand all bytes to the system: they stay whatever becomes of this process.
   * @throws the system's error; then as much as can be of what did not fit was taken away again.
   */
  append(bytes: Uint8Array): void {
    let at = 0
    try {
      while (at < bytes.length) at += writeSync(this.#file, bytes, at)
    } catch (error) {
      if (at > 0) this.#cut()
      throw error
    }
    this.bytes += bytes.length
  }

  #cut(): void {
    try {
      const {size} = fstatSync(this.#file)
      if (size > this.bytes) ftruncateSync(this.#file, this.bytes)
    } catch {
      // A pipe cannot be cut; and a file with half a block at its end can still be read up to there.
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** The files of one recording, one after the other: FILE itself, or with a rotation FILE_00001_20261123015000 and so on. */
export class RecordingFiles {
  readonly #path: string
  readonly #rotation: Rotation | undefined
  readonly #paths: string[] = []
  #file: AppendedFile | undefined
  #number = 0
  #until = Number.POSITIVE_INFINITY

  constructor(path: string, rotation?: Rotation) {
    this.#path = path
    this.#rotation = rotation
  }

  /** Files begun so far. */
  get count(): number {
    return this.#number
  }

  /** Where the recording is written now. */
  get path(): string {
    return this.#file?.path ?? this.#path
  }

  /** Whether the next packet belongs into a new file. */
  isDue({micros}: Time): boolean {
    const {bytes = Number.POSITIVE_INFINITY} = this.#rotation ?? {}
    return this.#file === undefined || this.#file.bytes >= bytes || micros >= this.#until
  }

  /** Go on in the next file. @throws the system's error */
  next(time: Time): void {
    this.close()
    this.#number++
    const path = this.#rotation ? numbered(this.#path, this.#number, time) : this.#path
    this.#file = new AppendedFile(path, 'w')
    this.#until = this.#rotation?.seconds === undefined ? Number.POSITIVE_INFINITY : time.micros + this.#rotation.seconds * 1_000_000
    this.#paths.push(path)
    if (this.#paths.length > (this.#rotation?.keep ?? Number.POSITIVE_INFINITY)) rmSync(this.#paths.shift()!, {force: true})
  }

  /** @throws the system's error */
  append(bytes: Uint8Array): void {
    this.#file!.append(bytes)
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
  }
}

/** As dumpcap names the files of a ring: number, then the time of the first packet, so that any order of names is the order of time. */
function numbered(path: string, number: number, {micros}: Time): string {
  const {dir, name, ext} = parse(path)
  const stamp = new Date(micros / 1000).toISOString().replace(/\D/g, '').slice(0, 14)
  return join(dir, `${name}_${String(number).padStart(5, '0')}_${stamp}${ext}`)
}
