import {limits} from '../protocol/limits.js'
import {u16be} from '../wire/integers.js'

const prefix = limits.frameLengthPrefix

/**
 * Frames in a row with plausible lengths that are taken for frames where no key can tell: three random prefixes are
 * plausible once in 34,000 times.
 */
export const chainFrames = 3

/** Whether a length prefix may have this value, in bytes. */
export const isPlausibleLength = (length: number): boolean =>
  length >= limits.sealedFrameMin && length <= limits.sealedFrame

/** A walk from frame to frame by their lengths. */
export interface Chain {
  /** Whole frames passed. */
  readonly frames: number
  /** True if nothing implausible came before the end of the bytes. */
  readonly isClean: boolean
}

/** Walk the frames from an offset on. */
export function frameChainFrom(bytes: Uint8Array, offset: number): Chain {
  let at = offset
  let frames = 0
  while (at + prefix <= bytes.length) {
    const length = u16be(bytes, at)
    if (!isPlausibleLength(length)) return {frames, isClean: false}
    at += prefix + length
    if (at <= bytes.length) frames++
  }
  return {frames, isClean: at >= offset && offset <= bytes.length}
}

/**
 * Whether a side's first bytes are plainly a handshake: a segment of that size alone, or frames follow it. In the
 * middle of a stream other bytes would be taken for one, and all that follows be out of step.
 * @param firstSegment size of the first segment that brought some of them.
 * @param handshake size of the handshake.
 */
export function beginsWithHandshake(bytes: Uint8Array, firstSegment: number | undefined, handshake: number): boolean {
  const isFrame = bytes.length >= prefix && u16be(bytes, 0) === handshake - prefix
  if (firstSegment === handshake && !isFrame) return true
  const after = frameChainFrom(bytes, handshake)
  return after.isClean && after.frames > 0 && !frameChainFrom(bytes, 0).isClean
}
