import {copyOf} from '../bytes.js'
import {InputError} from '../input-error.js'
import * as limits from '../limits.js'
import {withRoom} from '../memory/growing.js'
import {writeHex} from './hex-bytes.js'

/** Collects bytes that are read from text, up to limits.hexBytes. */
export class HexSink {
  length = 0
  #bytes: Uint8Array

  /** @param expected bytes that will probably come; the sink grows past it. */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(16, Math.min(expected, limits.hexBytes)))
  }

  /** Append hex digits that the caller has checked, an even number. */
  digits(hex: string): void {
    const count = hex.length >> 1
    this.#reserve(count)
    writeHex(hex, this.#bytes, this.length)
    this.length += count
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.length++] = value
  }

  /** Append bytes. @throws InputError over limits.hexBytes. */
  bytes(values: Uint8Array): void {
    this.#reserve(values.length)
    this.#bytes.set(values, this.length)
    this.length += values.length
  }

  /** Append the last `count` bytes `times` more times. */
  repeat(count: number, times: number): void {
    this.#reserve(count * times)
    for (let i = 0; i < times; i++) this.#bytes.copyWithin(this.length + i * count, this.length - count, this.length)
    this.length += count * times
  }

  /** Remove the last `count` bytes. */
  drop(count: number): void {
    this.length -= count
  }

  /** A copy of exactly the bytes so far. */
  finish(): Uint8Array {
    return copyOf(this.#bytes, 0, this.length)
  }

  #reserve(count: number): void {
    const needed = this.length + count
    if (needed > limits.hexBytes)
      throw new InputError(`the hex has over ${limits.hexBytes} bytes`, 'give a smaller piece of it', 'bad-hex')
    this.#bytes = withRoom(this.#bytes, needed, limits.hexBytes)
  }
}
