/** Counts the frames of one side by their length prefixes: its nonce has advanced by as much. */
export class FrameCount {
  /** Frames that have begun, without empty ones. */
  frames = 0
  /** Bytes to skip, and the first byte of a length prefix if it came alone. */
  #skip: number
  #high = -1

  /** @param skip bytes before the first frame. */
  constructor(skip: number) {
    this.#skip = skip
  }

  add(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, bytes.length - at)
        this.#skip -= passed
        at += passed
      } else if (this.#high < 0) this.#high = bytes[at++]!
      else {
        this.#skip = (this.#high << 8) | bytes[at++]!
        this.#high = -1
        if (this.#skip > 0) this.frames++
      }
    }
  }
}
