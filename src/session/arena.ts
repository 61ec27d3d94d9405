const slabBytes = 256 * 1024

/** Room for plaintexts: large slabs instead of one allocation a frame. A slab lives as long as a window into it. */
export class Arena {
  bytes = new Uint8Array(0)
  /** Where the next plaintext goes. */
  at = 0

  /** Makes room for so many bytes at `at`. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return
    this.bytes = new Uint8Array(Math.max(slabBytes, count))
    this.at = 0
  }
}
