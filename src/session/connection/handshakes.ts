import {isLowOrder} from '../../crypto/low-order.js'
import {at, type Finding, finding, noFindings} from '../../expert/finding.js'
import {clientHandshake, relayHandshake} from '../../protocol/handshake.js'
import {noneOpened} from '../../protocol/levels.js'
import {limits} from '../../protocol/limits.js'
import {copyOf} from '../../wire/bytes.js'
import type {Time} from '../../wire/chunk.js'
import type {Side} from '../../wire/side.js'
import {fieldOf, Window} from '../../wire/window.js'
import type {State} from '../record.js'
import type {ConnectionParts} from './connection-parts.js'
import type {Opener} from './opening/opener.js'
import {zeroKeyFinding} from './opening/zero-keys.js'
import type {CutOffPiece, Damage, HandshakePiece} from './piece.js'
import {damaged, sealedHandshake, searchFindings} from './piece-findings.js'

const types = [clientHandshake, relayHandshake] as const
const patienceMicros = (limits.handshakeTimeout + 1) * 1_000_000
/** Real peers count whole seconds, and so close a little before the limit. */
const patienceSeconds = limits.handshakeTimeout - 0.6

/** A handshake, and what came of the keys. */
export interface TriedHandshake {
  readonly piece: HandshakePiece
  readonly window: Window
  readonly opening: ReturnType<Opener['openHandshake']>
}

/** Both handshakes of one connection, and what becomes of them. */
export class Handshakes {
  readonly #parts: ConnectionParts
  readonly #isDisputed: boolean
  #clientTime: Time | null = null
  /** Keys were tried on the client's handshake, and none opens it. */
  #isRefused = false

  /** @param isDisputed whether other bytes were captured for the first ones: who wrote a handshake is not known. */
  constructor(parts: ConnectionParts, isDisputed: boolean) {
    this.#parts = parts
    this.#isDisputed = isDisputed
  }

  /** Tries the keys on a side's handshake, whole. */
  open(side: Side, piece: HandshakePiece): TriedHandshake {
    // A copy: the record may wait for the other side, and its keys are needed to the end.
    const wire = copyOf(piece.bytes, piece.start, piece.end)
    const window = new Window(types[side], wire, 0, wire.length, 0)
    return {piece, window, opening: this.#parts.opener.openHandshake(window)}
  }

  /**
   * Whether the relay's handshake does not open with the key that opened the client's, or a client's that was damaged
   * with none of the keys that were given.
   */
  isWrong(side: Side, {opening}: TriedHandshake, stream: Damage): boolean {
    if (side === 0) return opening === 'refused' && stream.damage > 0
    return this.#parts.opener.handshakeKey !== undefined && opening === 'failed'
  }

  /**
   * A side's handshake is what was tried.
   * @param behind number of bytes that followed it in its segment.
   * @param stream says whether a piece that is wrong was damaged on the way.
   * @param isDoubtful whether other bytes were captured for its place: who wrote it is not known.
   */
  take(
    side: Side,
    {piece, window, opening}: TriedHandshake,
    {
      behind,
      stream,
      isDoubtful = false,
    }: {readonly behind: number; readonly stream: Damage; readonly isDoubtful?: boolean},
  ): void {
    const {opener, emitter} = this.#parts
    const {packets, time} = piece
    const wire = window.bytes
    const opened = typeof opening === 'string' ? null : opening
    if (side === 0 && opener.isClientKnown) emitter.prove()
    const damage = opening === 'failed' || opening === 'refused' ? stream.damage : 0
    const state: State = opened ? 'open' : opening === 'failed' ? 'failed' : 'sealed'
    const findings = side === 0 ? [] : this.#checkLate(time)
    if (side === 0) {
      this.#clientTime = time
      this.#isRefused = opening === 'refused' && damage === 0
    }
    if (damage > 0) findings.push(damaged(damage))
    else if (state === 'failed' && !isDoubtful && !this.#isDisputed)
      findings.push(finding('relay-handshake-box', {}, at(relayHandshake, 'payload')))
    if (opening === 'sealed' || opening === 'refused') findings.push(sealedHandshake(window))
    if (!opened) findings.push(...searchFindings(opener))
    findings.push(...this.#checkLowOrder(window, opened))
    if (behind > 0)
      findings.push(finding(side === 0 ? 'frame-with-client-handshake' : 'frame-with-relay-handshake', {bytes: behind}))
    const fields = {
      kind: 'handshake',
      state,
      length: wire.length,
      wire,
      window,
      opened: opened ? [opened] : noneOpened,
      packets,
      time,
      findings,
    } as const
    emitter.put(side, fields)
  }

  /** The first bytes of one, of which no more come. */
  takeCutOff(side: Side, {bytes, packets, time, size}: CutOffPiece): void {
    const {length} = bytes
    this.#parts.emitter.put(side, {
      kind: 'handshake',
      state: 'sealed',
      length,
      wire: bytes,
      window: new Window(types[side], bytes, 0, length, 0),
      packets,
      time,
      findings: [finding('handshake-cut-off', {bytes: length, size})],
    })
  }

  /**
   * The relay has closed instead of answering. A box that opens with none of the keys given here is only a fault of the
   * client where these keys are certain to be the right ones.
   */
  checkRefused(): readonly Finding[] {
    if (!this.#isRefused || this.#isDisputed) return noFindings
    const {emitter, opener} = this.#parts
    if (!opener.knowsClient) return [finding('client-handshake-refused', {})]
    emitter.prove()
    return [finding('client-handshake-box', {})]
  }

  /** The client has left at this time, without an answer. */
  checkUnanswered(time: Time | null): readonly Finding[] {
    if (!time || !this.#clientTime) return noFindings
    const seconds = (time.micros - this.#clientTime.micros) / 1_000_000
    return seconds < patienceSeconds ? noFindings : [finding('handshake-unanswered', {seconds: seconds.toFixed(1)})]
  }

  #checkLate(time: Time | null): Finding[] {
    const {isInPlace, hasFrames} = this.#parts.visibility
    // Frames of the client before it show that it came earlier than it was captured, as where clocks differ.
    if (!time || !this.#clientTime || !isInPlace || hasFrames) return []
    const micros = time.micros - this.#clientTime.micros
    return micros > patienceMicros ? [finding('relay-handshake-late', {seconds: (micros / 1_000_000).toFixed(1)})] : []
  }

  #checkLowOrder(window: Window, opened: Window | null): Finding[] {
    const findings: Finding[] = []
    const pk = fieldOf(window, 'pk') as Uint8Array | undefined
    if (pk && isLowOrder(pk)) findings.push(finding('low-order-key', {which: 'client'}, at(clientHandshake, 'pk')))
    const sessionPk = opened && (fieldOf(opened, 'session_pk') as Uint8Array)
    if (sessionPk && isLowOrder(sessionPk)) findings.push(finding('low-order-key', {which: 'session'}))
    const {handshakeKey} = this.#parts.opener
    const sealedWith = opened && handshakeKey && zeroKeyFinding(handshakeKey)
    if (sealedWith) findings.push(sealedWith)
    return findings
  }
}
