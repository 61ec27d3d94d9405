import {limits} from '../../protocol/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import type {StreamStart} from '../connection/deframer.js'
import {frameChainFrom} from '../frame-lengths.js'
import {framesLookSealed} from './sealed-look.js'

/** Sizes of both handshakes, [client, relay]. */
export const handshakeSizes = [limits.clientHandshake, limits.relayHandshake] as const

/**
 * Frames in a row, from the start of a segment on, that show that bytes are Tox: random bytes have four plausible
 * lengths at one place in a million.
 */
const provingFrames = 4
/** The same from any other place, of which there are thousands. */
const provingFramesAnywhere = 6
/** A handshake begins with a random key, which never has this many printable bytes in a row. */
export const textBytes = 24

/** The first bytes of one side; missing bytes count, and are zero. */
export class StreamHead {
  bytes = new Uint8Array(0)
  /** Size of the first segment that carried bytes. */
  firstSegment: number | undefined
  /** Bytes that this side had sent when the other side first spoke. */
  firstFlight: number | undefined
  /** Bytes may have come before the first one. */
  isFirstUnknown = false
  readonly #segmentStarts = new Set<number>()
  readonly #missing: (readonly [start: number, end: number])[] = []

  add(bytes: Uint8Array): void {
    this.firstSegment ??= bytes.length
    if (this.bytes.length >= limits.recogniseBytes) return
    this.#segmentStarts.add(this.bytes.length)
    this.bytes = concatBytes([this.bytes, bytes.subarray(0, limits.recogniseBytes)])
  }

  /** Other bytes for those from a place on, as far as there are some. */
  replace(position: number, bytes: Uint8Array): void {
    if (position < this.bytes.length) this.bytes.set(bytes.subarray(0, this.bytes.length - position), position)
  }

  /** @param count bytes that were not captured. */
  addMissing(count: number): void {
    const start = this.bytes.length
    this.add(new Uint8Array(Math.min(count, limits.recogniseBytes)))
    this.#missing.push([start, this.bytes.length])
  }

  /** Whether any of bytes [start,end) was not captured. */
  isMissing(start: number, end: number): boolean {
    return this.#missing.some(([from, to]) => from < end && to > start)
  }

  get hasMissing(): boolean {
    return this.#missing.length > 0
  }

  /** The bytes before the first that was not captured. */
  get seen(): Uint8Array {
    return this.bytes.subarray(0, this.#missing[0]?.[0])
  }

  /** Whether the first segment is as long as the side's handshake and was captured, so that nothing comes before it. */
  isHandshakeAlone(side: 0 | 1): boolean {
    const size = handshakeSizes[side]
    return !this.isFirstUnknown && this.firstSegment === size && !this.isMissing(0, size) && !isText(this.bytes)
  }

  /** Whether frames may follow one another where a handshake at the start ends. */
  mayHaveFrames(side: 0 | 1): boolean {
    return this.bytes.length < handshakeSizes[side] || frameChainFrom(this.bytes, handshakeSizes[side]).isClean
  }

  /** Whether frames that look sealed follow one another from an offset to the end. */
  hasChain(offset: number, least: number): boolean {
    const chain = frameChainFrom(this.bytes, offset)
    return (
      chain.isClean &&
      chain.frames >= least &&
      framesLookSealed(this.bytes, offset, (start, end) => this.isMissing(start, end))
    )
  }

  /** Whether frames follow one another from the start of the side, or from near there. */
  hasFrames(start: StreamStart, least: number = provingFrames): boolean {
    if (typeof start !== 'string') return this.hasChain(start.handshake, least)
    for (let offset = 0; offset < limits.frame && offset < this.bytes.length; offset++)
      if (this.hasChain(offset, this.#segmentStarts.has(offset) ? provingFrames : provingFramesAnywhere)) return true
    return false
  }

  /** The same side without its first bytes: what follows a dialogue with a proxy. */
  after(skip: number): StreamHead {
    if (skip === 0) return this
    const rest = new StreamHead()
    if (this.bytes.length > skip) rest.add(this.bytes.subarray(skip))
    for (const [start, end] of this.#missing)
      if (end > skip) rest.#missing.push([Math.max(0, start - skip), end - skip])
    rest.firstSegment = undefined
    return rest
  }
}

/** Frames that make a side's stream Tox. One is enough after a handshake that was a segment of its own. */
export function framesNeeded({firstSegment}: StreamHead, side: 0 | 1): number {
  return firstSegment === handshakeSizes[side] ? 1 : provingFrames
}

/** Whether the first bytes are printable, as those of a text protocol. */
export function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, textBytes)
  return head.length > 0 && head.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13)
}
