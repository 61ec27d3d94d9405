import {limits} from '../../protocol/limits.js'
import {concatBytes, copyOf} from '../../wire/bytes.js'
import {type Chunk, noBytes} from '../../wire/chunk.js'
import {u16be} from '../../wire/integers.js'
import {chainFrames, isPlausibleLength} from '../frame-lengths.js'

/** Whether bytes[start,end), a MAC and a body, is a frame; undefined: no key is known. */
export type Probe = (bytes: Uint8Array, start: number, end: number) => boolean | undefined

const prefix = limits.frameLengthPrefix

/**
 * Finds the next frame of a side after a gap or in a stream that begins in the middle. Offsets are decided one after
 * the other, each with all the bytes that it takes, so that the result does not depend on how the bytes are cut.
 */
export class Aligner {
  readonly chunks: Chunk[] = []
  #bytes = noBytes
  #offset = 0

  constructor(readonly probe: Probe) {}

  get length(): number {
    return this.#bytes.length
  }

  /**
   * @returns bytes to skip up to the first frame; 'more' if the next bytes must decide; 'lost' if none was found within
   * the bound, or, isLast, at all.
   */
  push(chunk: Chunk | undefined, isLast: boolean): number | 'more' | 'lost' {
    if (chunk?.bytes) {
      // Copies: a chunk's bytes are good for as long as its records, and these may come much later.
      const bytes = copyOf(chunk.bytes)
      this.chunks.push({...chunk, bytes})
      this.#bytes = concatBytes([this.#bytes, bytes])
    }
    while (this.#offset < limits.alignmentSearch) {
      const verdict = this.#isFrame(this.#offset, isLast)
      if (verdict === undefined) return 'more'
      if (verdict) return this.#offset
      this.#offset++
      if (isLast && this.#offset >= this.#bytes.length) return 'lost'
    }
    return 'lost'
  }

  /** @returns undefined if that takes bytes that may still come. */
  #isFrame(at: number, isLast: boolean): boolean | undefined {
    const bytes = this.#bytes
    const size = bytes.length
    let next = at
    let first = at
    for (let count = 0; count < chainFrames; count++) {
      const isCut = next + prefix > size
      if (isCut && !isLast) return undefined
      const length = isCut ? 0 : u16be(bytes, next)
      if (!isCut && !isPlausibleLength(length)) return false
      const end = next + prefix + length
      if (end > size && !isLast) return undefined
      // One more plausible length before the costly look: a random place has it once in thirty.
      if (count === 1) {
        const opens = this.probe(bytes, at + prefix, first)
        if (opens !== undefined) return opens
      }
      // Nothing more will come to tell: whole frames up to the end will do, or one length more than two whole frames
      // have.
      if (end > size) return count > 0 && (next === size || (count === chainFrames - 1 && !isCut))
      if (count === 0) first = end
      next = end
    }
    return true
  }
}
