/** Bytes of a slab; no plaintext is longer. */
export const arenaBytes = 256 * 1024

/** Room for plaintexts: large slabs instead of one allocation a frame. A slab lives as long as a window into it. */
export class Arena {
  bytes = new Uint8Array(0)
  /** Where the next plaintext goes. */
  at = 0

  /** @param slab makes the slabs; where other threads read them, over shared memory. */
  constructor(readonly slab: (size: number) => Uint8Array<ArrayBufferLike> = size => new Uint8Array(size)) {}

  /** Makes room for so many bytes at `at`. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return
    this.bytes = this.slab(Math.max(arenaBytes, count)) as Uint8Array<ArrayBuffer>
    this.at = 0
  }

  /** Leaves the slab at hand: what comes next gets one of its own. */
  close(): void {
    this.bytes = new Uint8Array(0)
    this.at = 0
  }
}
