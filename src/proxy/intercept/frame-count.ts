/** Counts the frames of one side as they pass, by their lengths alone: so far its nonce has come. */
export class FrameCount {
  /** Frames that have begun, but for empty ones. */
  frames = 0
  /** Bytes to pass over, and the first byte of a length if it came alone. */
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
