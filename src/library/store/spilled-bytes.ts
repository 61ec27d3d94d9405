import {randomBytes} from 'node:crypto'
import {closeSync, openSync, readSync, unlinkSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileError} from '../../files/errors/file-error.js'

/** Bytes that are written at a time. */
const blockBytes = 256 * 1024

/** Bytes before each piece: its length. */
const headBytes = 4

/** Where pieces are forgotten, a file is ended at this size, or at a quarter of all that is kept if that is more. */
const leastFileBytes = 16 * 1024 * 1024
const filesKept = 4

/**
 * Bytes that are kept outside of memory: temporary files without a name, which only this process can open, and which
 * are gone when the process ends. They are made when they are needed: one, or a few where old pieces are forgotten.
 */
export class SpilledBytes {
  /** Each has the bytes from its start to that of the next one. */
  readonly #files: {readonly start: number; readonly file: number}[] = []
  #isForgetting = false
  /** What is not written yet. */
  readonly #block = Buffer.alloc(blockBytes)
  #used = 0
  /** Bytes that were written to files, also to those that are closed. */
  #written = 0

  /** The place of the next piece. */
  get end(): number {
    return this.#written + this.#used
  }

  /** Bytes that the files have. */
  get fileBytes(): number {
    return this.#written - (this.#files[0]?.start ?? this.#written)
  }

  /** @returns where the bytes can be read again. @throws InputError if they cannot be written. */
  add(bytes: Uint8Array): number {
    const size = headBytes + bytes.length
    if (this.#used + size > blockBytes) this.#flush()
    const place = this.end
    if (size > blockBytes) {
      const head = Buffer.alloc(headBytes)
      head.writeUInt32LE(bytes.length)
      this.#write(head, bytes)
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

  /** Give back the space of pieces before a place, by whole files. They cannot be read any more. */
  forget(before: number): void {
    this.#isForgetting = true
    while (this.#files.length > 1 && this.#files[1]!.start <= before) closeSync(this.#files.shift()!.file)
  }

  close(): void {
    for (const {file} of this.#files.splice(0)) closeSync(file)
  }

  #read(place: number, count: number): Buffer {
    const inBlock = place - this.#written
    if (inBlock >= 0) return Buffer.from(this.#block.subarray(inBlock, inBlock + count))
    const bytes = Buffer.alloc(count)
    const at = this.#files.findLast(({start}) => start <= place)
    if (!at) throw new RangeError(`place ${place} was forgotten`)
    for (let done = 0; done < count; ) {
      const got = readSync(at.file, bytes, done, count - done, place + done - at.start)
      if (got === 0) throw new Error(`the temporary file ends before byte ${place + count}`)
      done += got
    }
    return bytes
  }

  #flush(): void {
    this.#write(this.#block.subarray(0, this.#used))
    this.#used = 0
  }

  /** Write a piece, or several whole ones, into one file. */
  #write(...parts: readonly Uint8Array[]): void {
    try {
      const {start, file} = this.#current()
      for (const bytes of parts) {
        for (let done = 0; done < bytes.length; )
          done += writeSync(file, bytes, done, bytes.length - done, this.#written + done - start)
        this.#written += bytes.length
      }
    } catch (error) {
      throw fileError(error, 'write', 'a temporary file')
    }
  }

  #current(): {readonly start: number; readonly file: number} {
    const last = this.#files.at(-1)
    const most = Math.max(leastFileBytes, this.fileBytes / filesKept)
    if (last && (!this.#isForgetting || this.#written - last.start < most)) return last
    const next = {start: this.#written, file: namelessFile()}
    this.#files.push(next)
    return next
  }
}

/** A file of mode 0600 whose name is removed at once. */
function namelessFile(): number {
  const path = join(tmpdir(), `toxtcp-${randomBytes(12).toString('hex')}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}
