import {InputError} from '../input-error.js'
import * as limits from '../limits.js'

/** Collects bytes that are read from text, up to limits.hexBytes. */
export class HexSink {
  length = 0
  #buffer: Buffer

  /** @param expected bytes that will probably come; the sink grows past it. */
  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(16, Math.min(expected, limits.hexBytes)))
  }

  /** Append hex digits; the caller knows that they are hex and even in number. */
  digits(hex: string): void {
    const count = hex.length >> 1
    this.#room(count)
    this.#buffer.write(hex, this.length, 'hex')
    this.length += count
  }

  byte(value: number): void {
    this.#room(1)
    this.#buffer[this.length++] = value
  }

  /** Append bytes. @throws InputError over limits.hexBytes. */
  bytes(values: Uint8Array): void {
    this.#room(values.length)
    this.#buffer.set(values, this.length)
    this.length += values.length
  }

  /** Append the last `count` bytes again, `times` times over. */
  repeat(count: number, times: number): void {
    this.#room(count * times)
    for (let i = 0; i < times; i++) this.#buffer.copyWithin(this.length + i * count, this.length - count, this.length)
    this.length += count * times
  }

  /** Take bytes off the end. */
  drop(count: number): void {
    this.length -= count
  }

  /** A copy of exactly the bytes so far. */
  finish(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.length))
  }

  #room(count: number): void {
    const needed = this.length + count
    if (needed > limits.hexBytes)
      throw new InputError(`the hex stands for over ${limits.hexBytes} bytes`, 'give a smaller piece of it')
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.min(limits.hexBytes, Math.max(needed, this.#buffer.length * 2)))
    this.#buffer.copy(larger, 0, 0, this.length)
    this.#buffer = larger
  }
}
