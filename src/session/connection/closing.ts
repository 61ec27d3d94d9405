import {joined, noFindings} from '../../expert/finding.js'
import type {Close, Time} from '../../wire/chunk.js'
import {otherSide, type Side} from '../../wire/side.js'
import type {ConnectionParts} from './connection-parts.js'
import type {Handshakes} from './handshakes.js'

/** How one connection ends: who closed first, and what had no answer by then. */
export class Closing {
  readonly #parts: ConnectionParts
  readonly #handshakes: Handshakes
  readonly #closed: [boolean, boolean] = [false, false]
  #first: {readonly side: Side; readonly close: Close; readonly time: Time | null} | undefined
  #isOver = false

  constructor(parts: ConnectionParts, handshakes: Handshakes) {
    this.#parts = parts
    this.#handshakes = handshakes
  }

  /** The record of the end has been made. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** A side closes. @returns whether the connection is over by that. */
  note(side: Side, close: Close, time: Time | null): boolean {
    this.#first ??= {side, close, time}
    this.#closed[side] = true
    return close === 'rst' || (this.#closed[0] && this.#closed[1])
  }

  /**
   * The connection is over: its last record.
   * @param awaitsHandshake whether the relay's handshake has not come.
   */
  finish(close: Close, now: Time | null, awaitsHandshake: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    const {emitter, tables, visibility} = this.#parts
    // Frames without a byte from the relay: its side was not captured, and what it made of the handshake is not known.
    if (!visibility.wasHeard(1) && !this.#closed[1]) this.#handshakes.relaySpoke()
    this.#handshakes.refused()
    const first = this.#first
    const side = first && first.close !== 'capture_end' ? first.side : null
    const time = first?.time ?? now
    if (visibility.takeMissed()) tables.forget()
    const isUnanswered = side === 0 && awaitsHandshake
    const silence = joined(tables.end(side, time), isUnanswered ? this.#handshakes.checkUnanswered(time) : noFindings)
    // Nothing is known of a side that was never captured, not even its silence.
    const isKnown = visibility.hasOrder && (side === null || visibility.wasHeard(otherSide(side)))
    const findings = isKnown ? silence : noFindings
    emitter.put(side, {kind: 'end', time: now, close: first?.close ?? close, closed: time, findings})
  }
}
