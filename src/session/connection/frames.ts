import type {TcpSessionItem} from '../../crypto/key-item.js'
import {checkPacket} from '../../expert/check.js'
import {type Finding, finding, joined, needsOrder, noFindings} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {packetWindow} from '../../protocol/table.js'
import type {Time} from '../../wire/chunk.js'
import {u16be} from '../../wire/integers.js'
import {otherSide, type Side, senders} from '../../wire/side.js'
import type {FrameContents, State} from '../record.js'
import type {ConnectionParts} from './connection-parts.js'
import type {Opening} from './opening/opening.js'
import {zeroKeyFinding} from './opening/zero-keys.js'
import type {Damage, FramePiece, OversizePiece} from './piece.js'
import {
  atLength,
  damaged,
  failedFrame,
  frameShift,
  otherNonce,
  sealedFrame,
  searchFindings,
  tooShort,
} from './piece-findings.js'
import type {SideStream} from './side-stream.js'
import {nothingFollows} from './tables/table-result.js'
import type {Visibility} from './visibility.js'

type Unopened = Exclude<Opening, {state: 'open'}>
type Failed = Opening & {state: 'failed'}
/** What became of a frame. */
type Taken = 'opened' | 'unopened' | 'counts_length' | 'waits' | 'damaged'

/** The shortest frame on the wire: what a gap may have swallowed is counted in these. */
export const frameMin = limits.frameLengthPrefix + limits.sealedFrameMin

/** Opens one connection's frames, checks what is in them, and makes their records. */
export class Frames {
  readonly #parts: ConnectionParts
  readonly #onKey: ((item: TcpSessionItem) => void) | undefined
  /** By side: whether a frame of it has opened. */
  readonly #opens: [boolean, boolean] = [false, false]
  /** By side: what opening a frame gave that may have been injected. */
  readonly #waiting: [Failed | undefined, Failed | undefined] = [undefined, undefined]

  /** @param onKey called once, when the first frame has opened, with the key that opens the connection's frames. */
  constructor(parts: ConnectionParts, onKey: ((item: TcpSessionItem) => void) | undefined) {
    this.#parts = parts
    this.#onKey = onKey
  }

  /** Whether a frame of the side has opened. */
  hasOpened(side: Side): boolean {
    return this.#opens[side]
  }

  /**
   * The next frame of a side.
   * @param stream says whether a piece that is wrong was damaged on the way.
   * @param mayWait whether its bytes may turn out to be injected: if it is wrong, it is left for `takeWaiting`.
   * @returns 'counts_length' if it shows that the lengths of the side's frames count themselves: its last 2 bytes begin
   *   the next. 'waits': it is wrong, and no record was made. 'damaged': it is wrong, and may end elsewhere.
   */
  take(side: Side, piece: FramePiece, stream: Damage, mayWait = false): Taken {
    const {emitter, opener, visibility} = this.#parts
    const sealed = piece.end - piece.start - limits.frameLengthPrefix
    // The order of records does not depend on keys that open neither a handshake nor a frame: no frame waits.
    const canWait = mayWait && this.#opens[side]
    const isShort = sealed < limits.sealedFrameMin
    if (isShort && (canWait || stream.damage > 0) && !this.#opensBehind(side, piece)) {
      if (mayWait) return 'waits'
      this.#putDamaged(side, piece, {state: 'sealed', index: null}, stream.damage)
      return 'damaged'
    }
    if (side === 0) visibility.hasFrames = true
    if (sealed < limits.mac) {
      if (sealed > 0) visibility.miss()
      const found = sealed === 0 ? finding('frame-empty', {}, atLength) : tooShort(sealed)
      emitter.putFrame(side, piece, this.#unread(null, sealed === 0 ? 'plain' : 'sealed', [found]))
      return 'unopened'
    }
    const opening = opener.open(side, piece.bytes, piece.start + limits.frameLengthPrefix, piece.end)
    if (opening.state === 'open') {
      const countsLength = opening.sealing?.countsLength === true
      this.#opened(side, countsLength ? {...piece, end: piece.end - limits.frameLengthPrefix} : piece, opening)
      return countsLength ? 'counts_length' : 'opened'
    }
    if (mayWait && opening.state === 'failed' && (canWait ? opening.first : opening.first === 'certain')) {
      this.#waiting[side] = opening
      opener.takeBack(side)
      return 'waits'
    }
    if (opening.state === 'failed' && opening.first && stream.damage > 0) {
      opener.takeBack(side)
      this.#putDamaged(side, piece, opening, stream.damage)
      return 'damaged'
    }
    this.#putUnopened(side, piece, opening)
    return 'unopened'
  }

  /** Whether what follows in the same bytes opens: then nothing was injected before it. */
  #opensBehind(side: Side, {bytes, end}: FramePiece): boolean {
    const start = end + limits.frameLengthPrefix
    if (start > bytes.length) return false
    const next = start + u16be(bytes, end)
    return (
      next - start >= limits.sealedFrameMin &&
      next <= bytes.length &&
      this.#parts.opener.probes(side, bytes, start, next)
    )
  }

  /** The frame that was left because it may have been injected, or damaged, is the side's after all. */
  takeWaiting(side: Side, piece: FramePiece, waiting: Damage): void {
    const opening = this.#waiting[side]
    this.#waiting[side] = undefined
    if (!opening) this.take(side, piece, waiting)
    else if (waiting.damage > 0) this.#putDamaged(side, piece, opening, waiting.damage)
    else {
      this.#parts.opener.takeAgain(side, opening)
      this.#putUnopened(side, piece, opening)
    }
  }

  /** The frame that was left was injected. */
  dropWaiting(side: Side): void {
    this.#waiting[side] = undefined
  }

  /** A frame whose segment was damaged: what it was is not known, nor whether its length is right. */
  #putDamaged(side: Side, piece: FramePiece, {index, state}: Pick<Unopened, 'index' | 'state'>, packet: number): void {
    const {emitter, opener, visibility} = this.#parts
    visibility.miss()
    emitter.putFrame(side, piece, this.#unread(index, state, [damaged(packet)]))
    opener.countMissedFrames(side, 1 + Math.floor((piece.end - piece.start) / frameMin))
  }

  #putUnopened(side: Side, piece: FramePiece, opening: Unopened): void {
    const {emitter, opener, visibility} = this.#parts
    const sealed = piece.end - piece.start - limits.frameLengthPrefix
    visibility.miss()
    const {state, index} = opening
    const unopened = opening.state === 'sealed' ? sealedFrame(opener.facts) : failedFrame(opening)
    const findings = sealed < limits.sealedFrameMin ? [tooShort(sealed)] : [unopened, ...searchFindings(opener)]
    emitter.putFrame(side, piece, this.#unread(index, state, findings))
  }

  #unread(index: number | null, state: State, findings: readonly Finding[]): FrameContents {
    return {index, state, window: null, findings, peers: this.#parts.emitter.peers, inferred: null}
  }

  /** All but the last bytes of a frame. @returns whether it is a whole one, whose length counts itself. */
  takeWithLengthCounted(side: Side, piece: FramePiece): boolean {
    const start = piece.start + limits.frameLengthPrefix
    const opening = this.#parts.opener.openWithLengthCounted(side, piece.bytes, start, piece.end)
    if (opening?.state !== 'open') return false
    this.#opened(side, piece, opening)
    return true
  }

  /** A frame that announces more bytes than any may have, or, after damage, seems to. */
  takeOversize(side: Side, piece: OversizePiece, {damage}: Damage): void {
    const {bytes, start, end, length, packets, time} = piece
    const {emitter, visibility} = this.#parts
    visibility.miss()
    emitter.put(side, {
      kind: 'frame',
      state: 'sealed',
      length: limits.frameLengthPrefix + length,
      wire: bytes.subarray(start, end),
      packets,
      time,
      findings: [damage > 0 ? damaged(damage) : finding('frame-too-long', {length}, atLength)],
    })
    if (damage > 0) this.#parts.opener.countMissedFrames(side, 1)
  }

  #opened(side: Side, piece: FramePiece, opening: Opening & {state: 'open'}): void {
    const {emitter, tables, visibility} = this.#parts
    const {index, offset, sealing} = opening
    if (!this.#opens.includes(true)) this.#announceKey()
    this.#opens[side] = true
    if (offset !== 0) visibility.miss()
    if (visibility.takeMissed()) tables.forget()
    // What would show which implementation the other end is was not captured.
    if (!visibility.wasHeard(otherSide(side))) tables.evidence.miss()
    const ofSealing = sealing?.found ? [sealing.found] : noFindings
    const ofFrame = joined(
      joined(ofSealing, offset === 0 ? noFindings : [otherNonce(index, offset)]),
      visibility.opened(side) ? this.#checkKey() : noFindings,
    )
    const window = packetWindow(opening.bytes, opening.start, opening.end, frameShift) ?? null
    const ofPacket = window
      ? checkPacket(window, senders[side])
      : [tooShort(piece.end - piece.start - limits.frameLengthPrefix)]
    const seesAll = visibility.seesAll(side)
    const follows = window ? tables.packet(window, side, piece.time, index, seesAll) : nothingFollows
    let findings = joined(ofFrame, joined(ofPacket, follows.findings))
    if (findings.length > 0 && !seesAll) findings = findings.filter(found => !needsOrder(found))
    // A frame with an earlier nonce is not where its nonce says.
    if (window && offset === 0) tables.evidence.packet(window, side, index, findings)
    emitter.peers = tables.evidence.peers
    emitter.putFrame(side, piece, {
      index,
      state: 'open',
      window,
      findings,
      peers: emitter.peers,
      inferred: follows.inferred,
    })
  }

  /** What the key that opened the first frame of a side means. */
  #checkKey(): readonly Finding[] {
    const {session} = this.#parts.opener
    const found = session && zeroKeyFinding(session.key)
    return found ? [found] : noFindings
  }

  #announceKey(): void {
    const {session, facts} = this.#parts.opener
    if (!session) return
    const [clientBaseNonce, relayBaseNonce] = session.bases
    const {clientNonce, relayNonce} = facts
    const sharedKey = session.key
    this.#onKey?.({kind: 'tcp_session', clientNonce, relayNonce, sharedKey, clientBaseNonce, relayBaseNonce})
  }
}

/**
 * The first frame of each side, if it is not cut because its length is wrong: one that counts itself seems to lack its
 * last bytes.
 */
export class FirstFrames {
  readonly #streams: readonly [SideStream, SideStream]
  readonly #frames: Frames
  readonly #visibility: Visibility
  readonly #mayConflict: boolean
  /** By side: time of its last bytes, if what they left was not looked at yet. */
  readonly #left: [Time | null | undefined, Time | null | undefined] = [undefined, undefined]

  /** @param mayConflict whether other bytes may come in the place of a frame: it is looked at when more has come. */
  constructor(
    streams: readonly [SideStream, SideStream],
    frames: Frames,
    visibility: Visibility,
    mayConflict: boolean,
  ) {
    this.#streams = streams
    this.#frames = frames
    this.#visibility = visibility
    this.#mayConflict = mayConflict
  }

  /** Bytes of a side were cut, and may have left a part of its first frame. */
  leave(side: Side, time: Time | null): void {
    this.#left[side] = time
    if (this.#mayConflict) this.#noteUnread(side)
    else this.take(side)
  }

  /** Look at what was left of a side, before anything else comes. */
  take(side: Side): void {
    const time = this.#left[side]
    if (time === undefined) return
    this.#left[side] = undefined
    const stream = this.#streams[side]
    const piece = this.#frames.hasOpened(side) ? undefined : stream.takeShortFrame(time)
    if (piece && this.#frames.takeWithLengthCounted(side, piece)) stream.countLengthsFromHere()
    this.#noteUnread(side)
  }

  #noteUnread(side: Side): void {
    const isUnread = !this.#frames.hasOpened(side) && this.#streams[side].unreadBytes >= frameMin
    this.#visibility.setUnread(side, isUnread)
  }
}
