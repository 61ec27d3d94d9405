/** Takes values from the bytes of an input, so that each change of the input changes what is done with it. */
export class InputBytes {
  #at = 0

  constructor(readonly bytes: Uint8Array) {}

  get isOver(): boolean {
    return this.#at >= this.bytes.length
  }

  /** The next byte; 0 after the end. */
  byte(): number {
    return this.bytes[this.#at++] ?? 0
  }

  uint16(): number {
    return this.byte() * 256 + this.byte()
  }

  /** The next bytes, fewer at the end. */
  take(length: number): Uint8Array {
    const taken = this.bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  rest(): Uint8Array {
    return this.take(this.bytes.length)
  }
}
