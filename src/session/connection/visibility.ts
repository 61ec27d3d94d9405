import {otherSide, type Side} from '../../wire/side.js'

/**
 * Tracks which bytes of a connection were seen, and whether in order. Findings that depend on earlier packets are
 * raised only if all of these were seen.
 */
export class Visibility {
  /** The client has sent frames, and so must have had an answer to its handshake. */
  hasFrames = false
  /** One side has closed: what the other says after that may never be read. */
  isClosing = false
  readonly #hasSpoken: [boolean, boolean] = [false, false]
  readonly #hasOpened: [boolean, boolean] = [false, false]
  readonly #isAligning: [boolean, boolean] = [false, false]
  /** Sides of which no frame has opened, but bytes came that may be one: with a wrong length none is cut. */
  readonly #isUnread: [boolean, boolean] = [false, false]
  /** Something was missed since `takeMissed` was last called. */
  #hasMissed = false
  /** The chunk at hand answers bytes of the other side that have not come yet. */
  #isAhead = false
  /** One side has spoken while the other waits for its frames to be found. */
  #hasOvertaken = false
  /** Frames are read that came before others that were read already. */
  #isReplaying = false
  /** Replays in each other: what is held back by one may end another. */
  #replays = 0
  /** The frames of a side could not be found any more: nothing that it says is seen. */
  #isLost = false

  /** @param hasOrder whether the order between both sides is known at all. */
  constructor(readonly hasOrder: boolean) {}

  /** Something passed that could not be read, or not in its place. */
  miss(): void {
    this.#hasMissed = true
  }

  /** Whether something was missed since the last call: then what earlier packets have shown is not certain any more. */
  takeMissed(): boolean {
    const hasMissed = this.#hasMissed
    this.#hasMissed = false
    return hasMissed
  }

  /**
   * False if nothing of this side was captured although the other side went on. A relay may well be silent after a
   * client's handshake.
   */
  wasHeard(side: Side): boolean {
    return this.#hasSpoken[side] || (side === 1 && !this.hasFrames)
  }

  /** Bytes come out of order, or in order again. Around a change the order between both sides is uncertain. */
  order(isAhead: boolean): void {
    if (isAhead !== this.#isAhead) this.miss()
    this.#isAhead = isAhead
  }

  /** A side has bytes. If they are its first, and the other side's frames opened before, earlier ones were missed. */
  noteBytes(side: Side): void {
    if (!this.#hasSpoken[side] && this.#hasOpened[otherSide(side)]) this.miss()
    this.#hasSpoken[side] = true
    if (this.#isAligning[otherSide(side)]) this.#hasOvertaken = true
  }

  /** A frame of the side has opened. @returns whether it is the first. */
  opened(side: Side): boolean {
    const isFirst = !this.#hasOpened[side]
    this.#hasOpened[side] = true
    return isFirst
  }

  /** Whether bytes of the side wait that may be its first frames, cut wrong: the other side may answer them already. */
  setUnread(side: Side, isUnread: boolean): void {
    this.#isUnread[side] = isUnread
  }

  /** The side's frames are being looked for, or have been found. */
  setAligning(side: Side, isAligning: boolean): void {
    this.#isAligning[side] = isAligning
  }

  /** The side's frames cannot be found any more. */
  markSideLost(): void {
    this.#isLost = true
  }

  /** What a side had to hold back is read now. */
  beginReplay(): void {
    this.#replays++
    this.#isReplaying ||= this.#hasOvertaken
  }

  /** What the side had to hold back is read. */
  endReplay(side: Side): void {
    if (--this.#replays > 0) return
    if (this.#isReplaying) this.miss()
    // What the side still has to hold back was overtaken, too.
    this.#hasOvertaken = this.#isAligning[otherSide(side)] || (this.#isReplaying && this.#isAligning[side])
    this.#isReplaying = false
  }

  /** False where the bytes at hand may belong elsewhere between those of the other side. */
  get isInPlace(): boolean {
    return this.hasOrder && !this.isClosing && !this.#isAhead && !this.#isReplaying
  }

  /** False where packets that matter to a packet of this side may not have been seen, or not in their place. */
  seesAll(side: Side): boolean {
    // A tox-rs relay may send frames before the client does, but not before the client's handshake.
    const wasAsked = this.#hasSpoken[otherSide(side)]
    const isUnread = this.#isAligning[otherSide(side)] || this.#isUnread[otherSide(side)]
    return this.isInPlace && wasAsked && !isUnread && !this.#isLost
  }
}
