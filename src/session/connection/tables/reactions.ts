import type {Side} from '../../../wire/side.js'

/** In place of a frame's nonce offset: the handshake, which comes before all frames. */
export const ofHandshake = -1
/** Nothing is known to have been read. */
export const ofNothing = -2

/**
 * Which frames of each side the other side must have read, as its answers to them or to later ones show. A side that
 * has sealed a frame has read the other side's handshake.
 */
export class Reactions {
  readonly #latest: [number, number] = [ofNothing, ofNothing]

  /** The other side has answered a frame of this side. @param index nonce offset of that frame, or `ofHandshake`. */
  to(side: Side, index: number): void {
    this.#latest[side] = Math.max(this.#latest[side], index)
  }

  /** Nonce offset of the latest frame of this side that the other side must have read, or one of the above. */
  latest(side: Side): number {
    return this.#latest[side]
  }

  /** Whether the other side has read the frame: bytes of a connection are read in order. */
  hasReadTo(side: Side, index: number): boolean {
    return index <= this.#latest[side]
  }
}
