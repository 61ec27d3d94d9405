import {limits} from '../../protocol/limits.js'
import {u16be} from '../../wire/integers.js'
import {noPackets} from '../record.js'

/** What one side's stream is cut into. bytes[start,end) is good for as long as the records made of it are looked at. */
export interface Pieces {
  handshake(bytes: Uint8Array, start: number, end: number, packets: readonly number[]): void
  /** A frame with its length prefix. */
  frame(bytes: Uint8Array, start: number, end: number, packets: readonly number[]): void
  /** A prefix over the limit; the bytes that it announces are skipped. */
  oversize(bytes: Uint8Array, start: number, length: number, packets: readonly number[]): void
}

/**
 * How a side's stream begins: with a handshake of that size, with the first byte of some frame, or somewhere in the
 * middle.
 */
export type StreamStart = {readonly handshake: number} | 'frames' | 'middle'

const prefix = limits.frameLengthPrefix

/**
 * Cuts one side's bytes into handshake and frames, the same pieces however the bytes are cut. A piece that lies whole
 * in a chunk is not copied.
 */
export class Deframer {
  /** Bytes of the handshake that is awaited; 0 once it has come. */
  #handshake: number
  #skip: number
  readonly #held = new Uint8Array(limits.frame)
  #heldBytes = 0
  #packets: number[] = []

  /** @param skip bytes to pass over before all else. */
  constructor(begin: StreamStart, skip = 0) {
    this.#skip = skip
    this.#handshake = typeof begin === 'string' ? 0 : begin.handshake
  }

  /** Bytes of an unfinished piece. */
  get pending(): number {
    return this.#heldBytes
  }

  /** Bytes that the unfinished piece will have; undefined while its prefix is incomplete. */
  get wanted(): number | undefined {
    if (this.#handshake > 0) return this.#handshake
    return this.#heldBytes < prefix ? undefined : prefix + u16be(this.#held, 0)
  }

  /** Bytes that are still passed over. */
  get skipping(): number {
    return this.#skip
  }

  /** Bytes are missing. @returns whether all of them would have been passed over, so that nothing else is amiss. */
  passOver(bytes: number): boolean {
    if (this.#skip < bytes || this.#skip === Number.POSITIVE_INFINITY) return false
    this.#skip -= bytes
    return true
  }

  get awaitsHandshake(): boolean {
    return this.#handshake > 0
  }

  /** Take the unfinished piece out, as at the end of the stream or at a gap. */
  takePending(): {bytes: Uint8Array; packets: readonly number[]} {
    const taken = {bytes: this.#held.slice(0, this.#heldBytes), packets: this.#packets}
    this.#heldBytes = 0
    this.#packets = []
    return taken
  }

  /** Continues after a gap: skips `bytes`, then expects frames. */
  resume(skip: number): void {
    this.#handshake = 0
    this.#skip = skip
  }

  /** @param packet capture packet number of these bytes, 0 for none. */
  push(bytes: Uint8Array, packet: number, pieces: Pieces): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#skip > 0) {
        const count = Math.min(this.#skip, bytes.length - at)
        this.#skip -= count
        at += count
      } else if (this.#heldBytes > 0) at = this.#fill(bytes, at, packet, pieces)
      else at = this.#inPlace(bytes, at, packet, pieces)
    }
  }

  /** The next piece of bytes, if it lies whole in them; else what there is of it is held. */
  #inPlace(bytes: Uint8Array, at: number, packet: number, pieces: Pieces): number {
    const left = bytes.length - at
    const need = this.#handshake > 0 ? this.#handshake : left < prefix ? prefix : prefix + u16be(bytes, at)
    if (left < prefix || (need > left && need <= limits.frame)) return this.#hold(bytes, at, bytes.length, packet)
    return at + this.#emit(bytes, at, need, packet === 0 ? noPackets : [packet], pieces)
  }

  #fill(bytes: Uint8Array, at: number, packet: number, pieces: Pieces): number {
    const need = this.wanted ?? prefix
    const next = this.#hold(bytes, at, Math.min(bytes.length, at + need - this.#heldBytes), packet)
    const wanted = this.wanted
    if (wanted === undefined || (this.#heldBytes < wanted && wanted <= limits.frame)) return next
    const {bytes: whole, packets} = this.takePending()
    this.#emit(whole, 0, wanted, packets, pieces)
    return next
  }

  #hold(bytes: Uint8Array, start: number, end: number, packet: number): number {
    this.#held.set(bytes.subarray(start, end), this.#heldBytes)
    this.#heldBytes += end - start
    if (packet !== 0 && this.#packets.at(-1) !== packet) this.#packets.push(packet)
    return end
  }

  /** @returns bytes consumed. */
  #emit(bytes: Uint8Array, start: number, need: number, packets: readonly number[], pieces: Pieces): number {
    if (this.#handshake > 0) {
      this.#handshake = 0
      pieces.handshake(bytes, start, start + need, packets)
      return need
    }
    if (need > limits.frame) {
      this.#skip = need - prefix
      pieces.oversize(bytes, start, need - prefix, packets)
      return prefix
    }
    pieces.frame(bytes, start, start + need, packets)
    return need
  }
}
