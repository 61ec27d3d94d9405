import {over} from '../wire/memory/lifetime.js'

/** Bytes of a slab; no plaintext is longer. */
const arenaBytes = 256 * 1024

/** Room for plaintexts: large slabs instead of one allocation a frame. A slab lives as long as a window into it. */
export class Arena {
  bytes = new Uint8Array(0)
  /** Where the next plaintext goes. */
  at = 0
  /** Whether a record is over before the next one comes. */
  #isBrief = false

  /**
   * @param slab makes the slabs; where other threads read them, over shared memory.
   * @param wanted bytes of each plaintext that are looked at. Only these are kept: bytes after them in a window
   *   mean nothing.
   */
  constructor(
    readonly slab: (size: number) => Uint8Array<ArrayBufferLike> = size => new Uint8Array(size),
    public wanted = Number.POSITIVE_INFINITY,
  ) {}

  /** An arena for records that are over before the next one comes: it fills one slab again and again. */
  static ofOneSlab(wanted?: number): Arena {
    const slab = new Uint8Array(arenaBytes)
    const arena = new Arena(() => slab, wanted)
    arena.#isBrief = true
    return arena
  }

  /** Makes room for a plaintext of `count` bytes at `at`. */
  reserve(count: number): void {
    if (this.#isBrief) over(this.bytes, 0, this.at)
    if (this.at + Math.min(count, this.wanted) <= this.bytes.length) return
    this.bytes = this.slab(Math.max(arenaBytes, count)) as Uint8Array<ArrayBuffer>
    this.at = 0
  }

  /** A plaintext of `count` bytes was put there. @returns where it starts. */
  keep(count: number): number {
    const start = this.at
    this.at += Math.min(count, this.wanted)
    if (count > this.wanted) over(this.bytes, this.at, start + count)
    return start
  }

  /** Leaves the current slab: the next plaintext gets a new one. */
  close(): void {
    this.bytes = new Uint8Array(0)
    this.at = 0
  }
}
