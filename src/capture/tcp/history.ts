import {hasWrongSum} from '../../wire/internet/checksum.js'
import {limits} from '../limits.js'

/** Size of a ring at first: most streams of a flood have no more than a handshake. */
const firstBytes = 256

/** The last bytes of a stream, in a ring buffer that grows up to `historyBytes`. Its size is a power of two. */
export class History {
  #ring = new Uint8Array(firstBytes)
  #at = 0
  #length = 0
  /** Number of bytes so far, and of segments that brought them; of the last ones, what is known of each. */
  #total = 0
  #count = 0
  readonly #starts = new Float64Array(limits.historySegments)
  readonly #packets = new Float64Array(limits.historySegments)
  readonly #sums = new Int32Array(limits.historySegments)

  /** @param sum as `Chunk.sum`. */
  add(bytes: Uint8Array, packet: number, sum: number): void {
    const row = this.#count++ & (limits.historySegments - 1)
    this.#starts[row] = this.#total
    this.#packets[row] = packet
    this.#sums[row] = sum
    this.#total += bytes.length
    this.#makeRoom(bytes.length)
    const size = this.#ring.length
    const tail = bytes.length > size ? bytes.subarray(bytes.length - size) : bytes
    const room = size - this.#at
    if (tail.length <= room) this.#ring.set(tail, this.#at)
    else {
      this.#ring.set(tail.subarray(0, room), this.#at)
      this.#ring.set(tail.subarray(room), 0)
    }
    this.#at = (this.#at + tail.length) & (size - 1)
    this.#length = Math.min(size, this.#length + tail.length)
  }

  #makeRoom(more: number): void {
    const old = this.#ring
    const wanted = Math.min(limits.historyBytes, this.#length + more)
    if (wanted <= old.length) return
    let size = old.length
    while (size < wanted) size *= 2
    this.#ring = new Uint8Array(size)
    const start = (this.#at - this.#length) & (old.length - 1)
    const first = old.subarray(start, start + this.#length)
    this.#ring.set(first)
    this.#ring.set(old.subarray(0, this.#length - first.length), first.length)
    this.#at = this.#length
  }

  /** Forget all bytes: the next ones do not continue them. */
  clear(): void {
    this.#length = 0
    this.#count = 0
  }

  /** The packet that brought the byte `back` bytes before the end, if its checksum is wrong, as far as is known. */
  damagedPacket(back: number): number | undefined {
    const place = this.#total - back
    let end = this.#total
    const oldest = Math.max(0, this.#count - limits.historySegments)
    for (let index = this.#count - 1; index >= oldest; index--) {
      const row = index & (limits.historySegments - 1)
      const start = this.#starts[row]!
      if (start <= place) return this.#isDamaged(row, start, end) ? this.#packets[row] : undefined
      end = start
    }
    return undefined
  }

  /** Whether the segment of a row, which brought these bytes, has a wrong checksum. */
  #isDamaged(row: number, start: number, end: number): boolean {
    if (this.#total - start > this.#length) return false
    const size = this.#ring.length
    const from = this.#at - (this.#total - start) + size
    const bytes = Uint8Array.from({length: end - start}, (_, i) => this.#ring[(from + i) & (size - 1)]!)
    return hasWrongSum(this.#sums[row]!, bytes)
  }

  /**
   * Compare with the stream from `back` bytes before its end on, as far as it is remembered.
   * @returns index from `start` of the first byte that differs, or -1.
   */
  difference(back: number, bytes: Uint8Array, start: number, count: number): number {
    const size = this.#ring.length
    for (let i = Math.max(0, back - this.#length); i < Math.min(back, count); i++) {
      if (this.#ring[(this.#at - back + i + size) & (size - 1)] !== bytes[start + i]) return i
    }
    return -1
  }
}

/** A limited number of histories, which are used again. */
export class Histories {
  readonly #free: History[] = []
  #made = 0

  /** @returns undefined if all are in use. */
  take(): History | undefined {
    const free = this.#free.pop()
    if (free) return free
    if (this.#made >= limits.histories) return undefined
    this.#made++
    return new History()
  }

  give(history: History): void {
    history.clear()
    this.#free.push(history)
  }
}
