import type {Box} from '../crypto/box.js'
import {advance} from '../crypto/nonce.js'
import {limits} from '../protocol/limits.js'
import {noBytes} from '../wire/chunk.js'
import {ByteSpace} from '../wire/memory/byte-space.js'

const prefixBytes = limits.frameLengthPrefix

/** Longest plaintext for the 2-byte length prefix. Receivers close on more than `limits.packet`. */
export const longestPlain = 0xffff - limits.mac

/** @throws RangeError for a packet that is longer. */
export function checkFits({length}: Uint8Array): void {
  if (length > longestPlain) throw new RangeError(`a packet of ${length} bytes does not fit a frame`)
}

/** Held and new bytes in one piece; without a copy if nothing is held. */
export const joined = (held: Uint8Array, bytes: Uint8Array): Uint8Array => {
  if (held.length === 0) return bytes
  const all = new Uint8Array(held.length + bytes.length)
  all.set(held)
  all.set(bytes, held.length)
  return all
}

/** Seals the frames of one direction: holds the shared key and counts the nonce. */
export class FrameSealer {
  readonly #box: Box
  readonly #key: Uint8Array
  readonly #nonce: Uint8Array

  /** @param baseNonce nonce of the first frame, 24 bytes; copied. */
  constructor(box: Box, key: Uint8Array, baseNonce: Uint8Array) {
    this.#box = box
    this.#key = key
    this.#nonce = Uint8Array.from(baseNonce)
  }

  /**
   * @param plain 0..65519 bytes. Receivers accept 1..2032.
   * @returns a whole frame: length, MAC, body.
   * @throws RangeError over 65519 bytes.
   */
  seal(plain: Uint8Array): Uint8Array {
    const frame = new ByteSpace(prefixBytes + limits.mac + plain.length)
    this.sealInto(frame, plain)
    return frame.take()
  }

  /** Seal as seal() does, and add the frame to a space. */
  sealInto(space: ByteSpace, plain: Uint8Array): void {
    checkFits(plain)
    const length = limits.mac + plain.length
    const at = space.reserve(prefixBytes + length)
    const {bytes} = space
    bytes[at] = length >> 8
    bytes[at + 1] = length
    this.#box.sealInto({bytes, at: at + prefixBytes}, plain, this.#nonce, this.#key)
    advance(this.#nonce)
  }
}

/** Why a stream of frames cannot be read further; every real receiver closes then. */
export type FrameFault = 'length' | 'mac'

/**
 * A part of a stream of frames. `wire` is exactly its bytes, and may be a view of the received bytes. `plain` is a view
 * of memory that it shares with other plaintexts: a copy of it is smaller to keep.
 */
export type FrameEvent =
  | {readonly kind: 'frame'; readonly index: number; readonly plain: Uint8Array; readonly wire: Uint8Array}
  /** A length of zero: carries nothing and uses no nonce. */
  | {readonly kind: 'empty'; readonly wire: Uint8Array}
  /** A length outside 16..2048 (wire: the length alone), or a MAC that does not match (wire: the whole frame). */
  | {readonly kind: 'broken'; readonly fault: FrameFault; readonly length: number; readonly wire: Uint8Array}
  /** Bytes after `broken`. */
  | {readonly kind: 'raw'; readonly wire: Uint8Array}

/** Most bytes of memory that plaintexts share: making an array for each takes longer than copying its bytes. */
const sharedPlain = 16 * 1024

/**
 * Cuts one direction into frames and opens them. Holds at most one unfinished frame.
 * A length of 16, an empty plaintext, is read as a frame, since it can be sealed again unchanged.
 */
export class FrameOpener {
  readonly #box: Box
  #keys: readonly Uint8Array[]
  readonly #nonce: Uint8Array
  #held: Uint8Array = noBytes
  #index = 0
  #broken = false
  /** Where the next plaintexts go. */
  #room = {bytes: noBytes, at: 0}

  /**
   * @param keys shared keys that the sender may use, likeliest first; the first that opens a frame is kept.
   * @param baseNonce nonce of the first frame, 24 bytes; copied.
   */
  constructor(box: Box, keys: readonly Uint8Array[], baseNonce: Uint8Array) {
    this.#box = box
    this.#keys = keys
    this.#nonce = Uint8Array.from(baseNonce)
  }

  /** The key in use, or the likeliest one while no frame has been opened. */
  get key(): Uint8Array {
    return this.#keys[0]!
  }

  /** Bytes that wait for the rest of their frame. */
  get held(): Uint8Array {
    return this.#held
  }

  receive(bytes: Uint8Array): FrameEvent[] {
    if (this.#broken) return bytes.length > 0 ? [{kind: 'raw', wire: bytes}] : []
    const all = joined(this.#held, bytes)
    const events: FrameEvent[] = []
    let at = 0
    while (!this.#broken && all.length - at >= prefixBytes) {
      const event = this.#next(all, at)
      if (!event) break
      events.push(event)
      at += event.wire.length
      this.#broken = event.kind === 'broken'
    }
    this.#room = {bytes: noBytes, at: 0}
    if (!this.#broken) this.#held = at < all.length ? new Uint8Array(all.subarray(at)) : noBytes
    else {
      this.#held = noBytes
      if (at < all.length) events.push({kind: 'raw', wire: all.subarray(at)})
    }
    return events
  }

  #next(all: Uint8Array, at: number): FrameEvent | undefined {
    const length = (all[at]! << 8) | all[at + 1]!
    const start = at + prefixBytes
    if (length === 0) return {kind: 'empty', wire: all.subarray(at, start)}
    if (length < limits.mac || length > limits.sealedFrame)
      return {kind: 'broken', fault: 'length', length, wire: all.subarray(at, start)}
    const end = start + length
    if (end > all.length) return undefined
    const wire = all.subarray(at, end)
    const room = this.#roomFor(length - limits.mac, all.length - start)
    const key = this.#keys.find(
      candidate => this.#box.open({bytes: all, start, end}, this.#nonce, candidate, room) >= 0,
    )
    if (!key) return {kind: 'broken', fault: 'mac', length, wire}
    if (this.#keys.length > 1) this.#keys = [key]
    advance(this.#nonce)
    const plain = room.bytes.subarray(room.at, room.at + length - limits.mac)
    room.at += plain.length
    return {kind: 'frame', index: this.#index++, plain, wire}
  }

  /** @param received bytes from this frame's on. */
  #roomFor(length: number, received: number): {readonly bytes: Uint8Array; at: number} {
    const {bytes, at} = this.#room
    if (bytes.length - at < length)
      this.#room = {bytes: new Uint8Array(Math.max(length, Math.min(received, sharedPlain))), at: 0}
    return this.#room
  }
}
