import {limits} from '../../protocol/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import type {StreamStart} from '../connection/deframer.js'
import {frameChainFrom} from './stream-shape.js'

/** Sizes of both handshakes, [client, relay]. */
export const handshakeSizes = [limits.clientHandshake, limits.relayHandshake] as const

/**
 * Frames in a row that show that bytes are Tox: random bytes have four plausible lengths at one place in a million.
 */
const provingFrames = 4
/** A handshake begins with a random key, which never has this many printable bytes in a row. */
export const textBytes = 24

/** The first bytes of one side; missing bytes count, and are zero. */
export class StreamHead {
  bytes = new Uint8Array(0)
  /** Size of the first segment that carried bytes. */
  firstSegment: number | undefined
  /** Bytes that this side had sent when the other side first spoke. */
  firstFlight: number | undefined

  add(bytes: Uint8Array): void {
    this.firstSegment ??= bytes.length
    if (this.bytes.length < limits.recogniseBytes)
      this.bytes = concatBytes([this.bytes, bytes.subarray(0, limits.recogniseBytes)])
  }
}

/** Frames that make a side's stream Tox. One is enough after a handshake that was a segment of its own. */
export function framesNeeded({firstSegment}: StreamHead, side: 0 | 1): number {
  return firstSegment === handshakeSizes[side] ? 1 : provingFrames
}

/** Whether frames follow one another from where the side begins, or from near there. */
export function hasFrames(bytes: Uint8Array, start: StreamStart, least: number = provingFrames): boolean {
  if (typeof start !== 'string') {
    const chain = frameChainFrom(bytes, start.handshake)
    return chain.isClean && chain.frames >= least
  }
  for (let offset = 0; offset < limits.frame && offset < bytes.length; offset++) {
    const chain = frameChainFrom(bytes, offset)
    if (chain.isClean && chain.frames >= provingFrames) return true
  }
  return false
}

/** Whether the first bytes are printable, as those of a text protocol. */
export function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, textBytes)
  return head.length > 0 && head.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13)
}
