import {checkPacket} from '../../expert/check.js'
import {type Finding, finding, joined, needsOrder, noFindings} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {packetWindow} from '../../protocol/table.js'
import type {Chunk, Close, End, Time} from '../../wire/chunk.js'
import {otherSide, type Sender, type Side, senders} from '../../wire/side.js'
import {fieldOf} from '../../wire/window.js'
import {type ConnectionSetup, fromHandshakes} from '../connection-setup.js'
import {FrameRecord} from '../record.js'
import {Aligner} from './aligner.js'
import type {ConnectionResources} from './connection-resources.js'
import {Deframer, type Pieces} from './deframer.js'
import {Handshakes} from './handshakes.js'
import {Opener, type Opening} from './opener.js'
import {PacketTables} from './packet-tables.js'
import {atLength, failedFrame, otherNonce, sealedFrame, searchFindings, tooShort} from './piece-findings.js'
import {RecordEmitter, type RecordFields} from './record-emitter.js'
import {nothingFollows} from './table-result.js'
import {Visibility} from './visibility.js'
import {zeroKeyFinding} from './zero-keys.js'

/** Offset of a frame's plaintext from the frame's first wire byte. */
const frameShift = limits.frameLengthPrefix + limits.mac
/** The shortest frame on the wire: what a gap may have swallowed is counted in these. */
const frameMin = limits.frameLengthPrefix + limits.sealedFrameMin

/**
 * One TCP connection: cuts both sides into handshakes and frames, opens them, checks them against its own tables. Knows
 * no other connection.
 */
export class ToxConnection {
  readonly #clientEnd: End
  readonly #hasSegments: boolean
  readonly #onKey: ConnectionResources['onKey']
  readonly #emitter: RecordEmitter
  readonly #opener: Opener
  readonly #tables: PacketTables
  readonly #visibility: Visibility
  readonly #handshakes: Handshakes
  readonly #deframers: readonly [Deframer, Deframer]
  readonly #aligners: [Aligner | undefined, Aligner | undefined] = [undefined, undefined]
  readonly #pieces: readonly [Pieces, Pieces]
  readonly #closed: [boolean, boolean] = [false, false]
  #firstClose: {readonly from: Sender; readonly close: Close; readonly time: Time | null} | undefined
  #isEnded = false
  /** Bytes that follow the handshake in its own segment. */
  #coalesced = 0
  #isBlind = false
  #isKeyTold = false

  constructor(
    readonly id: number,
    setup: ConnectionSetup,
    resources: ConnectionResources,
    startTime: Time | null,
  ) {
    const {begin = fromHandshakes, hasSegments = true, hasOrder = true, prelude, session, isGuess = false} = setup
    const {keyring, search, arena, emit, onKey} = resources
    this.#clientEnd = setup.clientEnd
    this.#hasSegments = hasSegments
    this.#onKey = onKey
    this.#emitter = new RecordEmitter(id, setup.ends, emit, startTime, !isGuess)
    const fromStart = begin.every(each => typeof each !== 'string')
    this.#opener = new Opener(keyring, search, arena)
    this.#tables = new PacketTables(fromStart)
    this.#visibility = new Visibility(hasOrder)
    this.#handshakes = new Handshakes(this.#emitter, this.#opener, this.#visibility)
    this.#deframers = [new Deframer(begin[0], prelude?.bytes[0]), new Deframer(begin[1], prelude?.bytes[1])]
    this.#pieces = [this.#piecesOf(0), this.#piecesOf(1)]
    this.#isBlind = !fromStart
    const guesses = [
      ...(hasOrder ? noFindings : [finding('order-inferred', {})]),
      ...(isGuess ? [finding('guessed-by-sizes', {})] : noFindings),
    ]
    this.#emitter.put({kind: 'start', findings: guesses}, null)
    if (prelude) {
      const length = prelude.bytes[0] + prelude.bytes[1]
      this.#emitter.put({kind: 'prelude', prelude, length, state: 'plain'}, null)
    }
    if (session) this.#opener.use(session)
    for (const side of [0, 1] as const) {
      if (typeof begin[side] !== 'string') continue
      if (!session) this.#opener.countMissedFrames(side, limits.middleNonceSearch)
      if (begin[side] === 'middle') this.#beginInMiddle(side)
    }
  }

  /** The key and nonces that open its frames, once known. */
  get sessionKey() {
    return this.#opener.session
  }

  /** Whether bytes[start,end), a MAC and a body, would open as the side's next frame. */
  opens(side: Side, bytes: Uint8Array, start: number, end: number): boolean {
    return this.#opener.probes(side, bytes, start, end)
  }

  /** The next chunk of either end. */
  feed(chunk: Chunk): void {
    const side: Side = chunk.end === this.#clientEnd ? 0 : 1
    this.#emitter.time = chunk.time
    this.#order(chunk)
    if (chunk.bytes) this.#bytes(side, chunk)
    else if (chunk.gap !== undefined) this.#gap(side, chunk.gap)
    else if (chunk.close) this.#close(side, chunk.close)
  }

  /** Around bytes that came out of order nothing is certain of what was between the two sides. */
  #order(chunk: Chunk): void {
    if (this.#visibility.order(chunk.isAhead === true)) this.#tables.forget()
  }

  /** A finding about a side's bytes: it goes with the side's next record. */
  remark(end: End, found: Finding): void {
    this.#emitter.remark(end === this.#clientEnd ? 0 : 1, found)
  }

  /** The source ran out: whatever waits is said now. */
  end(time: Time | null = this.#emitter.time): void {
    this.#emitter.time = time
    for (const side of [0, 1] as const) this.#flush(side)
    this.#finish('capture_end')
  }

  #bytes(side: Side, chunk: Chunk): void {
    if (this.#visibility.noteBytes(side)) this.#tables.forget()
    if (side === 1) this.#handshakes.relaySpoke()
    const aligner = this.#aligners[side]
    if (aligner) {
      this.#align(side, aligner, chunk, false)
      return
    }
    const deframer = this.#deframers[side]
    const wanted = deframer.awaitsHandshake ? deframer.wanted! - deframer.pending + deframer.skipping : 0
    this.#coalesced = this.#hasSegments && wanted > 0 ? Math.max(0, chunk.bytes!.length - wanted) : 0
    deframer.push(chunk.bytes!, chunk.origin?.packet ?? 0, this.#pieces[side])
  }

  #piecesOf(side: Side): Pieces {
    return {
      handshake: (bytes, start, end, packets) => {
        const window = this.#handshakes.take(side, bytes.slice(start, end), packets, this.#coalesced)
        if (side === 0) this.#tables.ownPk = fieldOf(window, 'pk') as Uint8Array
      },
      frame: (bytes, start, end, packets) => this.#frame(side, bytes, start, end, packets),
      oversize: (bytes, start, length, packets) => {
        const found = finding('frame-too-long', {length}, atLength)
        const wire = bytes.subarray(start, start + limits.frameLengthPrefix)
        this.#markUncertain()
        this.#emitter.put(
          {kind: 'frame', state: 'sealed', length: limits.frameLengthPrefix + length, wire, packets, findings: [found]},
          side,
        )
      },
    }
  }

  // Frames

  #frame(side: Side, bytes: Uint8Array, start: number, end: number, packets: readonly number[]): void {
    if (side === 0) this.#visibility.hasFrames = true
    const sealed = end - start - limits.frameLengthPrefix
    const opening =
      sealed < limits.mac ? undefined : this.#opener.open(side, bytes, start + limits.frameLengthPrefix, end)
    if (opening?.state === 'open') {
      this.#opened(side, bytes, start, end, packets, opening)
      return
    }
    const parts: RecordFields = {kind: 'frame', length: end - start, wire: bytes.subarray(start, end), packets}
    if (sealed === 0) {
      this.#emitter.put({...parts, state: 'plain', findings: [finding('frame-empty', {}, atLength)]}, side)
      return
    }
    if (!opening) {
      this.#emitter.put({...parts, state: 'sealed', findings: [tooShort(sealed)]}, side)
      return
    }
    this.#markUncertain()
    const findings =
      sealed < limits.sealedFrameMin
        ? [tooShort(sealed)]
        : [
            opening.state === 'sealed' ? sealedFrame(this.#opener.facts) : failedFrame(opening),
            ...searchFindings(this.#opener),
          ]
    this.#emitter.put({...parts, index: opening.index, state: opening.state, findings}, side)
  }

  #tellKey(): void {
    const {session, facts} = this.#opener
    this.#isKeyTold = true
    if (!session) return
    const [clientBaseNonce, relayBaseNonce] = session.bases
    const {clientNonce, relayNonce} = facts
    this.#onKey?.(this.id, {
      kind: 'tcp_session',
      clientNonce,
      relayNonce,
      sharedKey: session.key,
      clientBaseNonce,
      relayBaseNonce,
    })
  }

  #opened(
    side: Side,
    bytes: Uint8Array,
    start: number,
    end: number,
    packets: readonly number[],
    opening: Opening & {state: 'open'},
  ): void {
    const window = packetWindow(opening.bytes, opening.start, opening.end, frameShift) ?? null
    this.#emitter.isProven = true
    if (!this.#isKeyTold) this.#tellKey()
    let found: readonly Finding[] = noFindings
    if (opening.offset !== 0) {
      found = [otherNonce(opening.index, opening.offset)]
      this.#markUncertain()
    }
    if (this.#visibility.opened(side)) found = joined(found, this.#checkKey())
    this.#isBlind = false
    const inPacket = window ? checkPacket(window, senders[side]) : [tooShort(end - start - limits.frameLengthPrefix)]
    const follows = window ? this.#tables.packet(window, side, this.#emitter.time, opening.index) : nothingFollows
    found = joined(found, joined(inPacket, follows.findings))
    if (found.length > 0 && !this.#visibility.seesAll(side)) found = found.filter(each => !needsOrder(each))
    const {ends, time} = this.#emitter
    this.#emitter.send(
      new FrameRecord(
        this.id,
        ends,
        senders[side],
        time,
        opening.index,
        packets,
        window,
        bytes,
        start,
        end,
        this.#emitter.withRemarks(side, found),
        follows.inferred,
      ),
    )
  }

  /** What the key that opened the first frame of a side means. */
  #checkKey(): readonly Finding[] {
    const sealedWith = this.#opener.session && zeroKeyFinding(this.#opener.session.key)
    return sealedWith ? [sealedWith] : noFindings
  }

  /** Something passed that could not be read: the tables are no longer certain. */
  #markUncertain(): void {
    if (this.#isBlind) return
    this.#isBlind = true
    this.#tables.forget()
  }

  // Gaps and the middle of streams

  #gap(side: Side, bytes: number): void {
    const deframer = this.#deframers[side]
    const {pending, wanted, skipping, awaitsHandshake} = deframer
    const wasAligning = this.#aligners[side]
    if (wasAligning) this.#flush(side)
    else if (pending > 0) this.#cutOff(side)
    this.#markUncertain()
    this.#emitter.put({kind: 'gap', length: bytes, findings: [finding('bytes-missing', {bytes})]}, side)
    this.#opener.countMissedFrames(side, Math.floor(bytes / frameMin) + 1)
    if (!wasAligning && deframer.passOver(bytes)) return
    const isSized = !wasAligning && wanted !== undefined && (pending > 0 || awaitsHandshake)
    const left = isSized ? skipping + wanted - pending - bytes : -1
    // The gap lies inside one piece whose length is known: the rest of it is skipped, and all is in step again.
    if (left >= 0) deframer.resume(left)
    else this.#lookForFrames(side)
  }

  #lookForFrames(side: Side): void {
    this.#visibility.setAligning(side, true)
    this.#aligners[side] = new Aligner((bytes, start, end) =>
      this.#opener.isOpen ? this.#opener.probes(side, bytes, start, end) : undefined,
    )
  }

  #align(side: Side, aligner: Aligner, chunk: Chunk | undefined, isLast: boolean): void {
    const skip = aligner.push(chunk, isLast)
    if (skip === 'more') return
    this.#aligners[side] = undefined
    this.#visibility.setAligning(side, false)
    const skipped = skip === 'lost' ? aligner.length : skip
    if (skipped > 0) {
      const found =
        skip === 'lost' ? finding('not-aligned', {bytes: skipped}) : finding('resynchronised', {bytes: skipped})
      this.#emitter.put({kind: 'gap', length: skipped, findings: [found]}, side)
    }
    const deframer = this.#deframers[side]
    deframer.resume(skip === 'lost' ? Number.POSITIVE_INFINITY : skip)
    if (skip === 'lost') this.#visibility.markSideLost()
    const time = this.#emitter.time
    // What was held came before what the other side has said meanwhile.
    const wasOvertaken = this.#visibility.beginReplay()
    for (const held of aligner.chunks) {
      this.#emitter.time = held.time
      this.#order(held)
      deframer.push(held.bytes!, held.origin?.packet ?? 0, this.#pieces[side])
      this.#order(held)
    }
    if (wasOvertaken) this.#tables.forget()
    this.#visibility.endReplay(side)
    this.#emitter.time = time
  }

  /** The side's stream begins somewhere in its frames: look for the first. */
  #beginInMiddle(side: Side): void {
    this.#lookForFrames(side)
    this.#emitter.put({kind: 'gap', length: null, findings: [finding('begins-in-the-middle', {})]}, side)
  }

  // Ends

  /** Reports what is left of a side: bytes of an unfinished piece. */
  #flush(side: Side): void {
    const aligner = this.#aligners[side]
    if (aligner) this.#align(side, aligner, undefined, true)
    if (this.#deframers[side].pending > 0) this.#cutOff(side)
  }

  #cutOff(side: Side): void {
    const deframer = this.#deframers[side]
    const isHandshake = deframer.awaitsHandshake
    const size = deframer.wanted ?? limits.frameLengthPrefix
    const {bytes, packets} = deframer.takePending()
    if (isHandshake) {
      deframer.resume(0)
      this.#handshakes.addTruncated(side, bytes, packets, size)
      return
    }
    const found = finding('frame-cut-off', {bytes: bytes.length, size})
    this.#emitter.put(
      {kind: 'frame', state: 'sealed', length: bytes.length, wire: bytes, packets, findings: [found]},
      side,
    )
  }

  #close(side: Side, close: Close): void {
    if (this.#isEnded) return
    this.#firstClose ??= {from: senders[side], close, time: this.#emitter.time}
    this.#flush(side)
    this.#closed[side] = true
    if (close === 'rst') this.#flush(otherSide(side))
    if (close === 'rst' || (this.#closed[0] && this.#closed[1])) this.#finish(close)
  }

  #finish(close: Close): void {
    if (this.#isEnded) return
    this.#isEnded = true
    // Frames without a byte from the relay: its side was not captured, and what it made of the handshake is not known.
    if (!this.#visibility.wasHeard(1) && !this.#closed[1]) this.#handshakes.relaySpoke()
    this.#handshakes.refused()
    const by = this.#firstClose
    const side = by && by.close !== 'capture_end' ? (senders.indexOf(by.from) as Side) : null
    const time = by?.time ?? this.#emitter.time
    // Nothing is known of a side that was never captured, not even its silence.
    const isKnown = this.#visibility.hasOrder && (side === null || this.#visibility.wasHeard(otherSide(side)))
    const isUnanswered = side === 0 && this.#deframers[1].awaitsHandshake
    const silence = joined(
      this.#tables.end(side, time),
      isUnanswered ? this.#handshakes.checkUnanswered(time) : noFindings,
    )
    const findings = isKnown ? silence : noFindings
    this.#emitter.put({kind: 'end', close: by?.close ?? close, closed: time, findings}, side)
  }
}
