import {randomBytes} from 'node:crypto'
import {closeSync, openSync, readSync, unlinkSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileError} from '../../files/file-error.js'

/** Bytes that are written at a time. */
const blockBytes = 256 * 1024

/** Bytes before each piece: its length. */
const headBytes = 4

/**
 * Bytes that are kept outside of memory: a temporary file without a name, which only this process can open, and which
 * is gone when the process ends. It is made when it is needed.
 */
export class SpilledBytes {
  #file: number | undefined
  /** What is not written yet. */
  readonly #block = Buffer.alloc(blockBytes)
  #used = 0
  /** Bytes in the file. */
  #written = 0

  /** @returns where the bytes can be read again. @throws InputError if they cannot be written. */
  add(bytes: Uint8Array): number {
    const size = headBytes + bytes.length
    if (this.#used + size > blockBytes) this.#flush()
    const place = this.#written + this.#used
    if (size > blockBytes) {
      const head = Buffer.alloc(headBytes)
      head.writeUInt32LE(bytes.length)
      this.#write(head)
      this.#write(bytes)
      return place
    }
    this.#block.writeUInt32LE(bytes.length, this.#used)
    this.#block.set(bytes, this.#used + headBytes)
    this.#used += size
    return place
  }

  /** @param place as `add` returned it. */
  at(place: number): Uint8Array {
    const head = this.#read(place, headBytes)
    return this.#read(place + headBytes, head.readUInt32LE())
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #read(place: number, count: number): Buffer {
    const inBlock = place - this.#written
    if (inBlock >= 0) return Buffer.from(this.#block.subarray(inBlock, inBlock + count))
    const bytes = Buffer.alloc(count)
    for (let done = 0; done < count; ) {
      const got = readSync(this.#file!, bytes, done, count - done, place + done)
      if (got === 0) throw new Error(`the temporary file ends before byte ${place + count}`)
      done += got
    }
    return bytes
  }

  #flush(): void {
    this.#write(this.#block.subarray(0, this.#used))
    this.#used = 0
  }

  #write(bytes: Uint8Array): void {
    try {
      this.#file ??= namelessFile()
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#written + done)
      this.#written += bytes.length
    } catch (error) {
      throw fileError(error, 'write', 'a temporary file')
    }
  }
}

/** A file of mode 0600 whose name is removed at once. */
function namelessFile(): number {
  const path = join(tmpdir(), `toxtcp-${randomBytes(12).toString('hex')}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}
