import {otherSide, type Side} from '../../wire/side.js'

/**
 * Keeps in mind what of a connection was seen, and in its place: findings that rest on what came before are raised only
 * where all of it was.
 */
export class Visibility {
  /** The client has sent frames, and so must have had an answer to its handshake. */
  hasFrames = false
  readonly #hasSpoken: [boolean, boolean] = [false, false]
  readonly #hasOpened: [boolean, boolean] = [false, false]
  readonly #isAligning: [boolean, boolean] = [false, false]
  /** The chunk at hand answers bytes of the other side that have not come yet. */
  #isAhead = false
  /** One side has spoken while the other waits for its frames to be found. */
  #hasOvertaken = false
  /** Frames are read that came before others that were read already. */
  #isBehind = false
  /** A side's frames could not be found any more: whatever it says goes unseen. */
  #isLost = false

  /** @param hasOrder whether the order between both sides is known at all. */
  constructor(readonly hasOrder: boolean) {}

  /**
   * False of a side that was not captured at all. It must have spoken, for the other went on; but a relay may be silent
   * behind a lone handshake.
   */
  wasHeard(side: Side): boolean {
    return this.#hasSpoken[side] || (side === 1 && !this.hasFrames)
  }

  /**
   * Bytes come out of order, or in order again. @returns whether that has changed: then what was between the two sides
   * is uncertain.
   */
  order(isAhead: boolean): boolean {
    const hasChanged = isAhead !== this.#isAhead
    this.#isAhead = isAhead
    return hasChanged
  }

  /**
   * A side has bytes. @returns whether it must have said more before, unseen: the other side has had something to
   * answer.
   */
  noteBytes(side: Side): boolean {
    const wasUnseen = !this.#hasSpoken[side] && this.#hasOpened[otherSide(side)]
    this.#hasSpoken[side] = true
    if (this.#isAligning[otherSide(side)]) this.#hasOvertaken = true
    return wasUnseen
  }

  /** A frame of the side has opened. @returns whether it is the first. */
  opened(side: Side): boolean {
    const isFirst = !this.#hasOpened[side]
    this.#hasOpened[side] = true
    return isFirst
  }

  /** The side's frames are being looked for, or have been found. */
  setAligning(side: Side, isAligning: boolean): void {
    this.#isAligning[side] = isAligning
  }

  /** The side's frames are not to be found any more. */
  markSideLost(): void {
    this.#isLost = true
  }

  /** What a side had to hold back is read now. @returns whether the other side has said something meanwhile. */
  beginReplay(): boolean {
    this.#isBehind = this.#hasOvertaken
    return this.#isBehind
  }

  /** What the side had to hold back is read. */
  endReplay(side: Side): void {
    this.#isBehind = false
    this.#hasOvertaken = this.#isAligning[otherSide(side)]
  }

  /** False where the bytes at hand may belong elsewhere between those of the other side. */
  get isInPlace(): boolean {
    return this.hasOrder && !this.#isAhead && !this.#isBehind
  }

  /** False where packets that matter to a packet of this side may not have been seen, or not in their place. */
  seesAll(side: Side): boolean {
    // A tox-rs relay may send frames before the client does, but not before the client's handshake.
    const wasAsked = this.#hasSpoken[otherSide(side)]
    return this.isInPlace && wasAsked && !this.#isAligning[otherSide(side)] && !this.#isLost
  }
}
