import {rmSync} from 'node:fs'
import {join, parse} from 'node:path'
import {AppendedFile} from '../../files/appended-file.js'
import {createOutput} from '../../files/output-file.js'
import type {Time} from '../../wire/chunk.js'
import {PipedFile} from './piped-file.js'

/** When a recording continues in a new file, and how many files are kept. */
export interface Rotation {
  readonly bytes?: number
  readonly seconds?: number
  /** The oldest file is deleted when there are more. */
  readonly keep?: number
}

/**
 * The files of one recording, one at a time: FILE itself, or with a rotation FILE_00001_20261123015000 and so on.
 */
export class RecordingFiles {
  readonly #path: string
  readonly #force: boolean
  readonly #rotation: Rotation | undefined
  readonly #paths: string[] = []
  #file: AppendedFile | PipedFile | undefined
  #number = 0
  #until = Number.POSITIVE_INFINITY

  /** @param force replace existing regular files of the user. */
  constructor(path: string, force: boolean, rotation?: Rotation) {
    this.#path = path
    this.#force = force
    this.#rotation = rotation
  }

  /** Number of files begun so far. */
  get count(): number {
    return this.#number
  }

  /** Path of the current file. */
  get path(): string {
    return this.#file?.path ?? this.#path
  }

  /** Length of the current file. */
  get bytes(): number {
    return this.#file?.bytes ?? 0
  }

  /** Whether written bytes can be replaced. */
  get isReplaceable(): boolean {
    return this.#file instanceof AppendedFile
  }

  /** Whether the next packet belongs in a new file. */
  isDue({micros}: Time): boolean {
    return this.bytes >= (this.#rotation?.bytes ?? Number.POSITIVE_INFINITY) || micros >= this.#until
  }

  /** Continue in the next file. @throws the system's error. @throws InputError if its name is taken */
  next(time: Time): void {
    void this.close()
    this.#number++
    const path = this.#rotation ? numbered(this.#path, this.#number, time) : this.#path
    const {descriptor, isPipe} = createOutput(path, this.#force)
    this.#file = isPipe ? new PipedFile(path, descriptor) : new AppendedFile(path, descriptor)
    this.#until =
      this.#rotation?.seconds === undefined
        ? Number.POSITIVE_INFINITY
        : time.micros + this.#rotation.seconds * 1_000_000
    this.#paths.push(path)
    if (this.#paths.length > (this.#rotation?.keep ?? Number.POSITIVE_INFINITY))
      rmSync(this.#paths.shift()!, {force: true})
  }

  /** @throws the system's error */
  append(bytes: Uint8Array): void {
    this.#file?.append(bytes)
  }

  /** Replace bytes of the current file. @throws the system's error */
  replace(at: number, bytes: Uint8Array): void {
    if (this.#file instanceof AppendedFile) this.#file.replace(at, bytes)
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }
}

/**
 * A file name as dumpcap makes it: number, then the time of the first packet. Sorting by name sorts by time.
 */
function numbered(path: string, number: number, {micros}: Time): string {
  const {dir, name, ext} = parse(path)
  const stamp = new Date(micros / 1000).toISOString().replace(/\D/g, '').slice(0, 14)
  return join(dir, `${name}_${String(number).padStart(5, '0')}_${stamp}${ext}`)
}
