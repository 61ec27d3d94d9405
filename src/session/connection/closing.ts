import {finding, joined, noFindings} from '../../expert/finding.js'
import type {Close, Time} from '../../wire/chunk.js'
import {otherSide, type Side, senders} from '../../wire/side.js'
import {noPackets, type SessionRecord} from '../record.js'
import type {ConnectionParts} from './connection-parts.js'
import type {Handshakes} from './handshakes.js'

/** A FIN or RST of a side, or the end of what was captured of it. */
export interface ClosePiece {
  readonly side: Side
  readonly close: Close
  readonly time: Time | null
  /** Capture packet that brought it; undefined: unknown. */
  readonly packet: number | undefined
}

/**
 * How one connection ends: the first close is its end, with what had no answer by then. A close of the other side, or
 * a reset after a FIN, is a record of its own.
 */
export class Closing {
  readonly #parts: ConnectionParts
  readonly #handshakes: Handshakes
  readonly #closes: [Close | undefined, Close | undefined] = [undefined, undefined]
  /** Sides that have closed or of which nothing more was captured. */
  readonly #isDone: [boolean, boolean] = [false, false]
  #isOver = false

  constructor(parts: ConnectionParts, handshakes: Handshakes) {
    this.#parts = parts
    this.#handshakes = handshakes
  }

  /** Nothing more comes of either side. */
  get isOver(): boolean {
    return this.#isOver
  }

  /**
   * A side closes.
   * @param awaitsHandshake whether the relay's handshake has not come.
   */
  close(piece: ClosePiece, awaitsHandshake: boolean): void {
    const {side, close} = piece
    this.#isDone[side] = true
    const isWhole = this.#isDone[0] && this.#isDone[1]
    if (close === 'capture_end') {
      if (isWhole) this.finish(piece.time)
      return
    }
    const isFirst = !this.#closes[0] && !this.#closes[1]
    this.#closes[side] = close
    this.#isOver = close === 'rst' || isWhole
    if (isFirst) this.#end(piece, awaitsHandshake)
    else this.#put(piece, {isSecond: true})
  }

  /** A side goes on after its close, which its receiver ignored. @returns that close. */
  resume(side: Side): Close | undefined {
    const close = this.#closes[side]
    if (!close) return undefined
    this.#closes[side] = undefined
    this.#isDone[side] = false
    this.#isOver = false
    if (!this.#closes[otherSide(side)]) this.#parts.visibility.isClosing = false
    return close
  }

  /** The source of the chunks ran out. */
  finish(time: Time | null): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#closes[0] || this.#closes[1]) return
    const {emitter, tables, visibility} = this.#parts
    this.#noteMissed()
    const findings = visibility.hasOrder ? tables.end(null, time) : noFindings
    emitter.put(null, {kind: 'end', time, close: 'capture_end', findings})
  }

  /** What was not seen since the last frame that opened may have shown more of the ends, and of what they wait for. */
  #noteMissed(): void {
    const {emitter, tables, visibility} = this.#parts
    if (!visibility.takeMissed()) return
    tables.forget()
    emitter.peers = tables.evidence.peers
  }

  #end(piece: ClosePiece, awaitsHandshake: boolean): void {
    const {side, time} = piece
    const {opener, tables, visibility} = this.#parts
    this.#noteMissed()
    const ofHandshake = side === 0 ? this.#handshakes.checkUnanswered(time) : this.#handshakes.checkRefused()
    const sender = otherSide(side)
    const index = opener.doubtedFrame(sender)
    const ofFrame = index === undefined ? noFindings : [finding('frame-or-key-wrong', {own: senders[sender], index})]
    const silence = joined(joined(tables.end(side, time), ofFrame), awaitsHandshake ? ofHandshake : noFindings)
    // Nothing is known of a side that was never captured, not even its silence.
    const isKnown = visibility.isInPlace && visibility.wasHeard(otherSide(side))
    this.#put(piece, {findings: isKnown ? silence : noFindings, readTo: tables.readTo(otherSide(side))})
    visibility.isClosing = true
  }

  #put(
    {side, close, time, packet}: ClosePiece,
    fields: Partial<Pick<SessionRecord, 'isSecond' | 'findings' | 'readTo'>>,
  ): void {
    const packets = packet === undefined ? noPackets : [packet]
    this.#parts.emitter.put(side, {kind: 'end', time, close, packets, ...fields})
  }
}
