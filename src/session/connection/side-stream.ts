import {finding} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import type {Chunk, Time} from '../../wire/chunk.js'
import type {Side} from '../../wire/side.js'
import {Aligner, type Probe} from './aligner.js'
import {Deframer, type StreamStart} from './deframer.js'
import {type CutOffPiece, type FramePiece, type Piece, type Pieces, piecesOf} from './piece.js'
import type {Visibility} from './visibility.js'

/** How one side's stream begins. */
export interface SideStart {
  readonly begin: StreamStart
  /** Bytes before that, of a dialogue with a proxy. */
  readonly skip: number
}

/**
 * One side of a connection, cut into pieces. After a gap, and where the stream begins in the middle, the next frame is
 * looked for first. Pieces are made when they are asked for: ask for all of them before the next call.
 */
export class SideStream {
  readonly #side: Side
  readonly #deframer: Deframer
  readonly #visibility: Visibility
  readonly #probe: Probe
  /** Set while the side's frames are looked for. */
  #aligner: Aligner | undefined
  /** The side has closed, and its last piece was taken for cut off. */
  #hasEnded = false

  constructor(side: Side, {begin, skip}: SideStart, visibility: Visibility, probe: Probe) {
    this.#side = side
    this.#deframer = new Deframer(begin, skip)
    this.#visibility = visibility
    this.#probe = probe
    if (begin === 'middle') this.#lookForFrames()
  }

  get awaitsHandshake(): boolean {
    return this.#deframer.awaitsHandshake && !(this.#hasEnded && this.#deframer.pending > 0)
  }

  /** The lengths of this side's frames count themselves, as the last piece has shown: its end begins the next. */
  countLengths(piece: FramePiece): void {
    this.#deframer.countLengths(piece)
  }

  /** What a chunk of bytes completes. */
  pieces(chunk: Chunk): Pieces {
    // Nearly all chunks: a generator for each would cost as much as cutting it.
    if (!this.#aligner) return this.#deframer.cut(chunk)
    return piecesOf(this.#align(this.#aligner, chunk, chunk.time))
  }

  /** Bytes were never seen. */
  missing(length: number, time: Time | null): Pieces {
    return piecesOf(this.#missing(length, time))
  }

  /** No more bytes come, as far as is known: what is left. Nothing if that was asked before, and none came. */
  rest(time: Time | null): Pieces {
    if (this.#hasEnded) return piecesOf([][Symbol.iterator]())
    this.#hasEnded = true
    return piecesOf(this.#rest(time))
  }

  /** The side goes on although it has closed: with the piece that was taken for cut off. */
  resume(): void {
    this.#hasEnded = false
  }

  *#missing(length: number, time: Time | null): Generator<Piece, void, undefined> {
    const {pending, wanted, skipping, awaitsHandshake} = this.#deframer
    const wasAligning = this.#aligner !== undefined
    yield* this.#rest(time)
    this.#visibility.miss()
    yield {kind: 'missing', length, time}
    if (!wasAligning && this.#deframer.passOver(length)) return
    const isSized = !wasAligning && wanted !== undefined && (pending > 0 || awaitsHandshake)
    const left = isSized ? skipping + wanted - pending - length : -1
    // The gap lies inside one piece whose length is known: the rest of it is skipped, and all is in step again.
    if (left >= 0) this.#deframer.resume(left)
    else this.#lookForFrames()
  }

  *#rest(time: Time | null): Generator<Piece, void, undefined> {
    if (this.#aligner) yield* this.#align(this.#aligner, undefined, time)
    if (this.#deframer.pending > 0) yield this.#cutOff(time)
  }

  #cutOff(time: Time | null): CutOffPiece {
    const isHandshake = this.#deframer.awaitsHandshake
    const size = this.#deframer.wanted ?? limits.frameLengthPrefix
    const {bytes, packets} = this.#hasEnded ? this.#deframer.unfinished : this.#deframer.takePending()
    if (isHandshake && !this.#hasEnded) this.#deframer.resume(0)
    return {kind: 'cut_off', bytes, start: 0, end: bytes.length, packets, time, isHandshake, size}
  }

  #lookForFrames(): void {
    this.#visibility.setAligning(this.#side, true)
    this.#aligner = new Aligner(this.#probe)
  }

  /** @param chunk undefined: no more bytes come. */
  *#align(aligner: Aligner, chunk: Chunk | undefined, time: Time | null): Generator<Piece, void, undefined> {
    const offset = aligner.push(chunk, chunk === undefined)
    if (offset === 'more') return
    this.#aligner = undefined
    this.#visibility.setAligning(this.#side, false)
    const isLost = offset === 'lost'
    const length = isLost ? aligner.length : offset
    if (length > 0) {
      const found = isLost ? finding('not-aligned', {bytes: length}) : finding('resynchronised', {bytes: length})
      yield {kind: 'skipped', length, found, time}
    }
    this.#deframer.resume(isLost ? Number.POSITIVE_INFINITY : offset)
    if (isLost) this.#visibility.markSideLost()
    // What was held came before what the other side has said meanwhile.
    this.#visibility.beginReplay()
    for (const held of aligner.chunks) {
      this.#visibility.order(held.isAhead === true)
      const pieces = this.#deframer.cut(held)
      for (let piece = pieces.next(); piece; piece = pieces.next()) yield piece
    }
    this.#visibility.endReplay(this.#side)
  }
}
