import type {Side} from '../../../wire/side.js'

/** Which frames of each side the other side must have read, as its answers to them or to later ones show. */
export class Reactions {
  readonly #latest: [number, number] = [-1, -1]

  /** The other side has answered a frame of this side. @param index nonce offset of that frame. */
  to(side: Side, index: number): void {
    this.#latest[side] = Math.max(this.#latest[side], index)
  }

  /** Nonce offset of the latest frame of this side that the other side must have read; -1: none is known. */
  latest(side: Side): number {
    return this.#latest[side]
  }

  /** Whether the other side has read the frame: bytes of a connection are read in order. */
  hasReadTo(side: Side, index: number): boolean {
    return index <= this.#latest[side]
  }
}
