import {u16be} from '../../../wire/integers.js'
import {expectedSum, hasWrongSum, sumOfFew, unknownSum, wrongSum} from '../../../wire/internet/checksum.js'
import {limits} from '../../limits.js'
import type {Segment} from '../tcp-segment.js'
import {sumOfEnds} from './segment-sum.js'

/**
 * What the checksums of one direction show. Until one was right, its host may not compute them, or something has
 * changed the packets since: then a wrong one means nothing. Bytes are only summed where somebody doubts them, but for
 * the first segments: to sum all would take a twentieth of all time.
 */
export class ChecksumEvidence {
  /** Segments that may still show the first right checksum; 0 once one has. */
  #left: number = limits.checkedSegments
  #hasRight = false
  /** `sumOfEnds` of its segments. */
  #ends = -1

  /** `Chunk.sum` of a segment's payload. */
  expected(segment: Segment): number {
    const {bytes, tcpStart, tcpEnd, start, end} = segment
    const isOver = !this.#hasRight && this.#left === 0
    if (isOver || tcpEnd < 0 || (this.#hasRight && start === end)) return unknownSum
    if (this.#ends < 0) this.#ends = sumOfEnds(segment)
    const header = tcpStart + (bytes[tcpStart + 12]! >> 4) * 4
    const ends = this.#ends + tcpEnd - tcpStart
    if (isUnfinished(u16be(bytes, tcpStart + 16), this.#ends, ends)) return unknownSum
    const expected = expectedSum(ends + sumOfFew(bytes, tcpStart, header))
    const isWhole = start === header && end === tcpEnd
    if (this.#hasRight && isWhole) return expected
    const isWrong = hasWrongSum(expected, bytes, header, tcpEnd)
    if (this.#hasRight) return isWrong ? wrongSum : unknownSum
    this.#hasRight = !isWrong
    this.#left--
    return unknownSum
  }
}

/**
 * Whether a host has left the sum to its network card. What it has put there so far is the sum of the ends, with the
 * length or without (TSO), or zero. Linux has the first also in what it joined of several received segments (GRO).
 */
const isUnfinished = (field: number, ends: number, withLength: number): boolean =>
  field === 0 || (withLength - field) % 0xffff === 0 || (ends - field) % 0xffff === 0
