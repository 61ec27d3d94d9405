import {type Finding, finding, noFindings} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import type {Chunk, Conflict, End, Time} from '../../wire/chunk.js'
import {otherSide, type Side} from '../../wire/side.js'
import {type ConnectionSetup, fromHandshakes} from '../connection-setup.js'
import {type ClosePiece, Closing} from './closing.js'
import {ConnectionParts} from './connection-parts.js'
import type {ConnectionResources} from './connection-resources.js'
import {FirstFrames, Frames, frameMin} from './frames.js'
import {Handshakes, type TriedHandshake} from './handshakes.js'
import {Opener} from './opening/opener.js'
import type {CutOffPiece, Damage, OversizePiece, Pieces, WholePiece} from './piece.js'
import {RecordEmitter} from './record-emitter.js'
import {SideStream} from './side-stream.js'
import {Visibility} from './visibility.js'
import type {ChunksInstead} from './waiting/rival-bytes.js'

const undamaged: Damage = {damage: 0}

/**
 * One TCP connection: both sides are cut into handshakes and frames, which are opened and checked against the
 * connection's own tables. Knows no other connection.
 */
export class ToxConnection {
  readonly #clientEnd: End
  readonly #hasSegments: boolean
  readonly #mayConflict: boolean
  readonly #parts: ConnectionParts
  readonly #streams: readonly [SideStream, SideStream]
  readonly #handshakes: Handshakes
  readonly #frames: Frames
  readonly #firstFrames: FirstFrames
  readonly #closing: Closing
  /** Time of the last chunk. */
  #latest: Time | null

  constructor(id: number, setup: ConnectionSetup, resources: ConnectionResources, startTime: Time | null) {
    const {clientEnd, ends, begin = fromHandshakes, hasSegments = true, hasOrder = true, prelude, session} = setup
    const {keyring, search, arena, emit, onKey} = resources
    const fromStart = begin.every(each => typeof each !== 'string')
    const emitter = new RecordEmitter(id, ends, emit, setup.isGuess === true)
    const opener = new Opener(keyring, search, arena)
    const visibility = new Visibility(hasOrder)
    this.#parts = new ConnectionParts(emitter, opener, visibility, fromStart)
    this.#clientEnd = clientEnd
    this.#hasSegments = hasSegments
    this.#mayConflict = setup.mayConflict === true
    this.#latest = startTime
    const streamOf = (side: Side) =>
      new SideStream(side, {begin: begin[side], skip: prelude?.bytes[side] ?? 0}, visibility, (bytes, start, end) =>
        opener.isOpen ? opener.probes(side, bytes, start, end) : undefined,
      )
    this.#streams = [streamOf(0), streamOf(1)]
    this.#handshakes = new Handshakes(this.#parts, setup.isDisputed === true)
    this.#frames = new Frames(this.#parts, onKey && (item => onKey(id, item)))
    this.#firstFrames = new FirstFrames(this.#streams, this.#frames, visibility, this.#mayConflict)
    this.#closing = new Closing(this.#parts, this.#handshakes)
    if (session) opener.use(session)
    this.#begin(setup, startTime)
  }

  /** The first records. */
  #begin(setup: ConnectionSetup, time: Time | null): void {
    const {begin = fromHandshakes, hasOrder = true, isGuess = false, prelude, session, part} = setup
    const {emitter, opener} = this.#parts
    const findings = [
      ...(hasOrder ? noFindings : [finding('order-inferred', {})]),
      ...(isGuess ? [finding('guessed-by-sizes', {})] : noFindings),
    ]
    emitter.put(null, {kind: 'start', time, findings})
    if (prelude) {
      const length = prelude.bytes[0] + prelude.bytes[1]
      const {refusal: reply} = prelude
      const refused = reply === undefined ? noFindings : [finding('proxy-refused', {reply})]
      emitter.put(null, {kind: 'prelude', time, prelude, length, state: 'plain', findings: refused})
    }
    for (const side of [0, 1] as const) {
      if (typeof begin[side] !== 'string') continue
      if (!session) opener.beginInTheMiddle(side, part)
      if (begin[side] === 'middle') this.#putGap(side, null, finding('begins-in-the-middle', {}), time)
    }
  }

  /** Bytes of a side come for the first time, and it has said others before that were not captured. */
  #beginInTheMiddle(side: Side, time: Time | null): void {
    const {opener, visibility} = this.#parts
    visibility.miss()
    opener.beginInTheMiddle(side, undefined)
    this.#putGap(side, null, finding('begins-in-the-middle', {}), time)
  }

  /** The key and nonces that open its frames, once known. */
  get sessionKey() {
    return this.#parts.opener.session
  }

  /** Whether bytes[start,end), a MAC and a body, would open as the side's next frame. */
  opens(side: Side, bytes: Uint8Array, start: number, end: number): boolean {
    return this.#parts.opener.probes(side, bytes, start, end)
  }

  /** The next chunk of either end. */
  feed(chunk: Chunk): void {
    const {visibility} = this.#parts
    const {bytes, gap, close, time} = chunk
    const side = this.#sideOf(chunk.end)
    const stream = this.#streams[side]
    this.#latest = time
    const other = otherSide(side)
    if (stream.hasWaitedLong(time)) this.#takeWaiting(side)
    if (this.#streams[other].hasWaitedLong(time) || this.#streams[other].wasReceived(chunk)) this.#takeWaiting(other)
    if (chunk.resumes) this.#resume(side)
    this.#firstFrames.take(other)
    visibility.order(chunk.isAhead === true)
    if (stream.beginsLate(chunk)) this.#beginInTheMiddle(side, time)
    if (bytes) {
      visibility.noteBytes(side)
      const chosen = stream.instead(chunk)
      if (chosen) this.#takeInstead(side, chosen)
      else if (!stream.waits(chunk)) {
        this.#firstFrames.take(side)
        this.#takeWaiting(side)
        const isPlain = this.#mayConflict && !stream.isSearching
        this.#take(side, stream.pieces(chunk), isPlain ? chunk : undefined)
        this.#replaceHandshake(side)
        this.#firstFrames.leave(side, time)
      }
      for (const rival of stream.lostRivals()) this.#remark(side, rival, 'first')
    } else if (gap !== undefined) {
      this.#firstFrames.take(side)
      this.#takeWaiting(side)
      this.#take(side, stream.missing(gap, time))
    } else if (close) this.#close({side, close, time, packet: chunk.origin?.packet})
  }

  /** A segment has other bytes for a place of a side's stream. */
  conflict(conflict: Conflict): void {
    const side = this.#sideOf(conflict.end)
    const stream = this.#streams[side]
    if (!this.#mayConflict || !stream.addRival(conflict)) {
      this.#remark(side, conflict, 'first')
      if (!this.#parts.opener.isOpen) this.#parts.emitter.doubt()
      return
    }
    this.#replaceHandshake(side)
    const chosen = stream.instead()
    if (chosen) this.#takeInstead(side, chosen)
  }

  /** Read a handshake that waits as other segments have it, if it opens only so. */
  #replaceHandshake(side: Side): void {
    for (const {piece, rival} of this.#streams[side].handshakesInstead()) {
      if (this.#handshakes.isWrong(side, this.#handshakes.open(side, piece), undamaged)) continue
      this.#remark(side, rival, 'later')
      this.#takeWaiting(side, piece)
      return
    }
  }

  /** It goes with the side's next record. @param used which bytes are taken for the side's. */
  #remark(side: Side, {position, packet, damaged}: Conflict, used: 'first' | 'later'): void {
    const found =
      damaged === undefined
        ? finding('bytes-conflict', {position, packet, used})
        : finding('segment-damaged', {packet: damaged, instead: used === 'later' && damaged !== packet ? packet : 0})
    this.#parts.emitter.remark(side, found)
  }

  /** What a side said, where the first bytes of that place were injected, or damaged. */
  #takeInstead(side: Side, {chunks, rival}: ChunksInstead): void {
    const stream = this.#streams[side]
    this.#frames.dropWaiting(side)
    this.#parts.visibility.miss()
    this.#remark(side, rival, 'later')
    for (const chunk of chunks) {
      const pieces = stream.piecesInstead(chunk)
      if (pieces) this.#take(side, pieces, chunk)
    }
    stream.endInstead()
  }

  /** A piece that was wrong and waited is the side's, or another one in its place. */
  #takeWaiting(side: Side, instead?: WholePiece): void {
    const stream = this.#streams[side]
    const waiting = stream.takeWaiting(instead !== undefined)
    if (!waiting) return
    const piece = instead ?? waiting.piece
    const damage = instead ? undamaged : waiting
    if (piece.kind === 'frame') this.#frames.takeWaiting(side, piece, damage)
    else if (piece.kind === 'oversize') this.#frames.takeOversize(side, piece, damage)
    else this.#takeHandshake(side, this.#handshakes.open(side, piece), damage, stream.hasRivals)
    const isLost = damage.damage > 0 && piece.kind !== 'handshake'
    for (const pieces of stream.afterWaiting(waiting, isLost)) this.#take(side, pieces)
  }

  /** The source of the chunks ran out. */
  end(): void {
    const [client, relay] = this.#streams
    this.#settle()
    this.#take(0, client.rest(this.#latest))
    this.#take(1, relay.rest(this.#latest))
    this.#closing.finish(this.#latest)
  }

  #sideOf(end: End): Side {
    return end === this.#clientEnd ? 0 : 1
  }

  /** No more bytes come in the place of others. */
  #settle(): void {
    for (const side of [0, 1] as const) {
      this.#takeWaiting(side)
      for (const rival of this.#streams[side].lostRivals(true)) this.#remark(side, rival, 'first')
    }
  }

  /** @param chunk what the pieces are of, if the first wrong one is left until more of the side comes. */
  #take(side: Side, pieces: Pieces, chunk?: Chunk): void {
    const stream = this.#streams[side]
    for (let piece = pieces.next(); piece; piece = pieces.next()) {
      switch (piece.kind) {
        case 'frame':
          switch (this.#frames.take(side, piece, stream, chunk !== undefined)) {
            case 'opened':
              stream.confirm()
              break
            case 'counts_length':
              stream.countLengths(piece)
              break
            case 'waits':
              stream.leave(piece)
              break
            case 'damaged':
              this.#take(side, stream.piecesAfterDamage())
          }
          break
        case 'handshake': {
          const tried = this.#handshakes.open(side, piece)
          if (chunk && this.#handshakes.isWrong(side, tried, stream)) stream.leave(piece)
          else this.#takeHandshake(side, tried, stream)
          break
        }
        case 'oversize':
          if (chunk) stream.leave(piece)
          else this.#takeOversize(side, piece)
          break
        case 'cut_off':
          this.#cutOff(side, piece)
          break
        case 'missing':
          this.#putGap(side, piece.length, finding('bytes-missing', {bytes: piece.length}), piece.time)
          this.#parts.opener.countMissedFrames(side, Math.floor(piece.length / frameMin) + 1)
          break
        case 'skipped':
          this.#putGap(side, piece.length, piece.found, piece.time)
      }
    }
  }

  #takeOversize(side: Side, piece: OversizePiece): void {
    const stream = this.#streams[side]
    const {damage} = stream
    this.#frames.takeOversize(side, piece, {damage})
    if (damage > 0) this.#take(side, stream.piecesAfterDamage())
  }

  /** @param isDoubtful whether other bytes were captured in its place. */
  #takeHandshake(side: Side, tried: TriedHandshake, stream: Damage, isDoubtful = false): void {
    this.#handshakes.take(side, tried, {behind: this.#hasSegments ? tried.piece.behind : 0, stream, isDoubtful})
  }

  #cutOff(side: Side, piece: CutOffPiece): void {
    if (piece.isHandshake) {
      this.#handshakes.takeCutOff(side, piece)
      return
    }
    const {bytes, packets, time, size} = piece
    if (bytes.length === size - limits.frameLengthPrefix && bytes.length >= frameMin) {
      if (this.#frames.takeWithLengthCounted(side, {...piece, kind: 'frame'})) return
    }
    const found = finding('frame-cut-off', {bytes: bytes.length, size})
    this.#parts.emitter.put(side, {
      kind: 'frame',
      state: 'sealed',
      length: bytes.length,
      wire: bytes,
      packets,
      time,
      findings: [found],
    })
  }

  /** @param length bytes that are missing or skipped; null: unknown. */
  #putGap(side: Side, length: number | null, found: Finding, time: Time | null): void {
    this.#parts.emitter.put(side, {kind: 'gap', length, time, findings: [found]})
  }

  /** The side goes on after a FIN or RST that its receiver ignored. */
  #resume(side: Side): void {
    const close = this.#closing.resume(side)
    if (!close || close === 'capture_end') return
    for (const stream of this.#streams) stream.resume()
    this.#parts.visibility.miss()
    this.#parts.emitter.remark(side, finding('close-ignored', {close}))
  }

  #close(piece: ClosePiece): void {
    if (this.#closing.isOver) return
    const {side, close, time} = piece
    this.#settle()
    this.#take(side, this.#streams[side].rest(time))
    if (close === 'rst') this.#take(otherSide(side), this.#streams[otherSide(side)].rest(time))
    this.#closing.close(piece, this.#streams[1].awaitsHandshake)
  }
}
