import {limits} from '../protocol/limits.js'

/**
 * Frames in a row with plausible lengths that are taken for frames where no key can tell: three random prefixes are
 * plausible once in 34,000 times.
 */
export const chainFrames = 3

/** Whether a length prefix may have this value, in bytes. */
export const isPlausibleLength = (length: number): boolean =>
  length >= limits.sealedFrameMin && length <= limits.sealedFrame
