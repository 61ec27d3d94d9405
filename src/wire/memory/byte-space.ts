import {noBytes} from '../chunk.js'
import {withRoom} from './growing.js'

/** Bytes that are put together part by part, and taken as one piece. */
export class ByteSpace {
  #bytes: Uint8Array
  #length = 0

  /** @param expected number of bytes; with more it grows. */
  constructor(expected = 0) {
    this.#bytes = expected > 0 ? new Uint8Array(expected) : noBytes
  }

  /** The memory: other memory after each reserve(). */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Make room for as many more bytes at once, if nothing has been put there yet. */
  expect(bytes: number): void {
    if (this.#length === 0 && this.#bytes.length < bytes) this.#bytes = new Uint8Array(bytes)
  }

  /** Reserve memory for a part. @returns offset in `bytes` at which it begins. */
  reserve(length: number): number {
    const at = this.#length
    this.#length += length
    this.#bytes = withRoom(this.#bytes, this.#length)
    return at
  }

  /** Add a copy. @returns offset at which it begins. */
  add(bytes: Uint8Array): number {
    const at = this.reserve(bytes.length)
    this.#bytes.set(bytes, at)
    return at
  }

  /** All parts, which leave the space: it is empty then. */
  take(): Uint8Array {
    const all = this.#bytes.subarray(0, this.#length)
    this.#bytes = noBytes
    this.#length = 0
    return all
  }
}
