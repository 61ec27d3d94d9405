import {closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync} from 'node:fs'

/** A file that only its owner may read, and that is appended to. */
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

  /** Write over bytes that are there. @throws the system's error */
  replace(at: number, bytes: Uint8Array): void {
    writeSync(this.#file, bytes, 0, bytes.length, at)
  }

  #cut(): void {
    try {
      const {size} = fstatSync(this.#file)
      if (size > this.bytes) ftruncateSync(this.#file, this.bytes)
    } catch {
      // A device cannot be cut; and a file with half a block at its end can still be read up to there.
    }
  }

  async close(): Promise<void> {
    closeSync(this.#file)
  }
}
