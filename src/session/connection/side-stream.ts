import {finding} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import {type Chunk, type Conflict, noBytes, type Time} from '../../wire/chunk.js'
import type {Side} from '../../wire/side.js'
import {beginsWithHandshake} from '../frame-lengths.js'
import {Aligner, type Probe} from './aligner.js'
import {Deframer, type HandshakeStart, type StreamStart} from './deframer.js'
import type {CutOffPiece, FramePiece, HandshakeInstead, Piece, Pieces, WholePiece} from './piece.js'
import {hasWaitedFor, piecesOf} from './piece.js'
import type {Visibility} from './visibility.js'
import {type ChunksInstead, chunksInstead, RivalBytes} from './waiting/rival-bytes.js'
import {WaitingPiece} from './waiting/waiting-piece.js'

/** How one side's stream begins. */
export interface SideStart {
  readonly begin: StreamStart
  /** Bytes before that, of a dialogue with a proxy. */
  readonly skip: number
}

const noRivals: readonly Conflict[] = []
const noHandshakes: readonly HandshakeInstead[] = []
const noPieces: Iterator<Piece, void, undefined> = [][Symbol.iterator]()

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
  /** Place in the stream after all chunks so far. */
  #position = 0
  /** The handshake that it is assumed to begin with, until its first bytes come. */
  #assumed: HandshakeStart | undefined
  /** Set while a piece waits. */
  #waiting: WaitingPiece | undefined
  /** A frame that lacks only its last bytes was looked at. */
  #hasLookedAtShort = false
  /** Made when there are some. */
  #rivals: RivalBytes | undefined

  constructor(side: Side, {begin, skip}: SideStart, visibility: Visibility, probe: Probe) {
    this.#side = side
    this.#deframer = new Deframer(begin, skip)
    this.#visibility = visibility
    this.#probe = probe
    if (begin === 'middle') this.#lookForFrames()
    else if (begin !== 'frames' && begin.isAssumed) this.#assumed = begin
  }

  /**
   * The side's first bytes have come, or were missed.
   * @returns whether it was assumed to begin with its handshake, and these are the middle of its stream instead.
   */
  beginsLate({bytes = noBytes, gap, isFirstUnknown}: Chunk): boolean {
    const assumed = this.#assumed
    if (!assumed) return false
    this.#assumed = undefined
    const {handshake, isDoubtful} = assumed
    // A handshake is one segment: of a part that is missing, it is not known where in it the rest is.
    const isPart = gap !== undefined && gap < handshake
    if (!isFirstUnknown && !isDoubtful && !isPart) return false
    if (beginsWithHandshake(bytes, gap ?? bytes.length, handshake)) return false
    this.#deframer.resume(0)
    this.#lookForFrames()
    return true
  }

  get awaitsHandshake(): boolean {
    return this.#deframer.awaitsHandshake && !(this.#hasEnded && this.#deframer.pending > 0)
  }

  /** The lengths of this side's frames count themselves, as the last piece has shown: its end begins the next. */
  countLengths(piece: FramePiece): void {
    this.#deframer.countLengths(piece)
  }

  /**
   * The frame at hand, if it lacks as many bytes as its prefix has: it is whole if its length counts itself. Asked once
   * for each side, as the answer may cost an opening with each key.
   */
  takeShortFrame(time: Time | null): FramePiece | undefined {
    if (this.#hasLookedAtShort || this.#aligner || this.#waiting || this.#deframer.awaitsHandshake) return undefined
    const {pending, wanted = 0} = this.#deframer
    if (pending < limits.frameLengthPrefix + limits.sealedFrameMin) return undefined
    if (wanted - pending !== limits.frameLengthPrefix) return undefined
    this.#hasLookedAtShort = true
    const {bytes, packets} = this.#deframer.unfinished
    return {kind: 'frame', bytes, start: 0, end: bytes.length, packets, time}
  }

  /** The frame that `takeShortFrame` gave is whole: the lengths of this side's frames count themselves. */
  countLengthsFromHere(): void {
    this.#deframer.countLengthsFromHere()
  }

  /** `Deframer.damage` of the piece that came last. */
  get damage(): number {
    return this.#deframer.damage
  }

  /** The last piece has opened. */
  confirm(): void {
    this.#deframer.confirm()
  }

  /** Bytes of a frame that is not whole yet. */
  get unreadBytes(): number {
    const {awaitsHandshake, pending} = this.#deframer
    return awaitsHandshake ? 0 : pending
  }

  /** Whether its frames are looked for: then what a chunk brings comes of earlier ones, too. */
  get isSearching(): boolean {
    return this.#aligner !== undefined
  }

  /**
   * The next bytes of a side whose wrong piece has rivals, which may replace it only with bytes that are still to come;
   * or which were captured before the piece was whole, so that there can be no rivals yet.
   * @returns false if they do not wait: nothing does, or too much.
   */
  waits(chunk: Chunk): boolean {
    const waiting = this.#waiting
    if (!waiting || waiting.piece.kind === 'handshake') return false
    if (!this.hasRivals && waiting.damage === 0 && !hasWaitedFor(waiting.piece, chunk)) return false
    if (!waiting.hasRoomFor(chunk)) return false
    this.#position += chunk.bytes?.length ?? 0
    waiting.add(chunk)
    return true
  }

  /**
   * A piece of a chunk is wrong: it and what follows wait for the side's next chunk, or for other bytes in its place.
   */
  leave(piece: WholePiece): void {
    const {damage} = this
    this.#waiting = new WaitingPiece(piece, this.#deframer.restart(), damage)
    // The other side may answer what comes only once the segment is sent again, or what had come after it.
    if (damage > 0) this.#visibility.setAligning(this.#side, true)
  }

  /** Whether the segment of the piece that waits, which was damaged, is not sent again any more. */
  hasWaitedLong(time: Time | null): boolean {
    return this.#waiting?.hasWaitedLong(time) === true
  }

  /** Whether the other side has received the piece that waits: it is not sent again. */
  wasReceived({acknowledged = 0}: Chunk): boolean {
    const waiting = this.#waiting
    return waiting !== undefined && waiting.damage > 0 && acknowledged >= this.#position - waiting.behind
  }

  /** The piece that waits is the side's after all, or rivals have replaced it. Its rest is next. */
  takeWaiting(isReplaced = false): WaitingPiece | undefined {
    const waiting = this.#waiting
    this.#stopWaiting()
    if (isReplaced) this.#rivals = undefined
    return waiting
  }

  #stopWaiting(): void {
    if (this.#waiting && this.#waiting.damage > 0) this.#visibility.setAligning(this.#side, false)
    this.#waiting = undefined
  }

  /** Whether a segment has other bytes for a place that was not read. */
  get hasRivals(): boolean {
    return this.#rivals !== undefined && !this.#rivals.isEmpty
  }

  /** What the handshake that waits may be, with rivals in the place of its bytes. Asked for after each chunk. */
  handshakesInstead(): readonly HandshakeInstead[] {
    const piece = this.#waiting?.piece
    if (!this.#rivals || piece?.kind !== 'handshake') return noHandshakes
    return Array.from(this.#rivals.choices(this.#position - this.#unread.length, piece.bytes), ({bytes, rival}) => ({
      piece: {...piece, bytes, time: rival.time, packets: [rival.packet]},
      rival,
    }))
  }

  /**
   * What follows a piece that has waited.
   * @param isLost whether the piece is damaged, so that it may end elsewhere than its length says.
   */
  *afterWaiting({piece, rest, damage}: WaitingPiece, isLost: boolean): Generator<Pieces, void, undefined> {
    if (damage > 0) this.#visibility.beginReplay()
    if (isLost) this.#lookForFrames()
    else if (piece.kind === 'oversize') this.#deframer.resume(piece.length)
    for (const chunk of rest) yield this.#cut(chunk)
    if (damage > 0) this.#visibility.endReplay(this.#side)
  }

  /** The last piece was damaged, and may end elsewhere than its length says: the next frame is looked for. */
  piecesAfterDamage(): Pieces {
    const rest = this.#deframer.restart()
    this.#lookForFrames()
    return rest?.bytes?.length ? this.#cut(rest) : piecesOf(noPieces)
  }

  #cut(chunk: Chunk): Pieces {
    // Nearly all chunks: a generator for each would cost as much as cutting it.
    return this.#aligner ? piecesOf(this.#align(this.#aligner, chunk, chunk.time)) : this.#deframer.cut(chunk)
  }

  /**
   * A segment has other bytes for a place of the stream.
   * @returns false if that place was read already.
   */
  addRival(conflict: Conflict): boolean {
    if (conflict.position + conflict.bytes.length <= this.#position - this.#unread.length) return false
    this.#rivals ??= new RivalBytes()
    this.#rivals.add(conflict)
    return true
  }

  /**
   * The bytes that were not read so far, as rivals have them, if only so they are a frame.
   * @param chunk the next bytes of the side, where there are some: taken with the others if there is a result.
   */
  instead(chunk?: Chunk): ChunksInstead | undefined {
    if (!this.#rivals || !this.hasRivals || this.#aligner || this.#deframer.awaitsHandshake) return undefined
    if (this.#waiting?.piece.kind === 'handshake') return undefined
    const unread = this.#unread
    const bytes = chunk?.bytes ? concatBytes([unread, chunk.bytes]) : unread
    const chosen = this.#rivals.bytesInstead(this.#position - unread.length, bytes, this.#probe)
    if (!chosen) return undefined
    this.#position += chunk?.bytes?.length ?? 0
    const {damage, rest = []} = this.#waiting ?? {damage: 0}
    this.#rivals = undefined
    this.#stopWaiting()
    this.#visibility.beginReplay()
    this.#deframer.restart()
    // What only waited keeps its packets.
    const later = damage > 0 ? [...rest, ...(chunk ? [chunk] : [])] : []
    return chunksInstead(chosen, later)
  }

  /**
   * Bytes that rivals have put in the place of others.
   * @returns undefined if they wait, after a piece among them that is wrong, too.
   */
  piecesInstead(chunk: Chunk): Pieces | undefined {
    if (!this.#waiting) return this.#cut(chunk)
    this.#waiting.add(chunk)
    return undefined
  }

  /** What rivals have replaced is read. It came before what the other side has said meanwhile. */
  endInstead(): void {
    this.#visibility.endReplay(this.#side)
  }

  /** Rivals of bytes that were read: those are used. @param isLast whether no rival can be used any more. */
  lostRivals(isLast = false): readonly Conflict[] {
    if (!this.#rivals) return noRivals
    return this.#rivals.takeBefore(isLast ? Number.POSITIVE_INFINITY : this.#position - this.#unread.length)
  }

  /** Bytes of the piece that waits, and of all after it; or of the piece that is not whole. */
  get #unread(): Uint8Array {
    return this.#waiting?.bytes ?? this.#deframer.unfinished.bytes
  }

  /** What a chunk of bytes completes. */
  pieces(chunk: Chunk): Pieces {
    this.#position += chunk.bytes?.length ?? 0
    return this.#cut(chunk)
  }

  /** Bytes were never seen. */
  missing(length: number, time: Time | null): Pieces {
    this.#position += length
    return piecesOf(this.#missing(length, time))
  }

  /** No more bytes come, as far as is known: what is left. Nothing if that was asked before, and none came. */
  rest(time: Time | null): Pieces {
    if (this.#hasEnded) return piecesOf(noPieces)
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
    while (this.#aligner) yield* this.#align(this.#aligner, undefined, time)
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
      const pieces = this.#cut(held)
      for (let piece = pieces.next(); piece; piece = pieces.next()) yield piece
    }
    this.#visibility.endReplay(this.#side)
  }
}
