import {closeSync, fstatSync, ftruncateSync, writeSync} from 'node:fs'

/** An open file that is appended to. */
export class AppendedFile {
  readonly path: string
  /** Length of the file, as far as it was written here. */
  bytes: number
  readonly #file: number

  /** @param descriptor of a regular file, or of a pipe. @throws the system's error */
  constructor(path: string, descriptor: number) {
    this.path = path
    this.#file = descriptor
    this.bytes = fstatSync(descriptor).size
  }

  /**
   * Hand all bytes to the system: they stay whatever becomes of this process.
   * @throws the system's error; what was written of these bytes is cut off again if possible.
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

  /** Overwrite bytes at this offset. @throws the system's error */
  replace(at: number, bytes: Uint8Array): void {
    writeSync(this.#file, bytes, 0, bytes.length, at)
  }

  #cut(): void {
    try {
      const {size} = fstatSync(this.#file)
      if (size > this.bytes) ftruncateSync(this.#file, this.bytes)
    } catch {
      // A pipe cannot be cut; and a file with half a block at its end can still be read up to there.
    }
  }

  async close(): Promise<void> {
    closeSync(this.#file)
  }
}
