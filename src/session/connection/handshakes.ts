import {isLowOrder} from '../../crypto/low-order.js'
import {at, type Finding, finding, noFindings} from '../../expert/finding.js'
import {clientHandshake, relayHandshake} from '../../protocol/handshake.js'
import {noneOpened} from '../../protocol/levels.js'
import {limits} from '../../protocol/limits.js'
import type {Time} from '../../wire/chunk.js'
import type {Side} from '../../wire/side.js'
import {fieldOf, Window} from '../../wire/window.js'
import type {State} from '../record.js'
import type {Opener} from './opener.js'
import {sealedHandshake, searchFindings} from './piece-findings.js'
import type {RecordEmitter, RecordFields} from './record-emitter.js'
import type {Visibility} from './visibility.js'
import {zeroKeyFinding} from './zero-keys.js'

const types = [clientHandshake, relayHandshake] as const
const patienceMicros = (limits.handshakeTimeout + 1) * 1_000_000
/** Real peers count whole seconds, and so close a little before the limit. */
const patienceSeconds = limits.handshakeTimeout - 0.6

/** Both handshakes of one connection, and what becomes of them. */
export class Handshakes {
  readonly #outbox: RecordEmitter
  readonly #opener: Opener
  readonly #certainty: Visibility
  #clientTime: Time | null = null

  constructor(outbox: RecordEmitter, opener: Opener, certainty: Visibility) {
    this.#outbox = outbox
    this.#opener = opener
    this.#certainty = certainty
  }

  /**
   * A side's handshake, whole.
   * @param wire its own copy: the record may wait for the other side, and its keys are needed to the end.
   * @param behind number of bytes that followed it in its segment.
   */
  take(side: Side, wire: Uint8Array, packets: readonly number[], behind: number): Window {
    const window = new Window(types[side], wire, 0, wire.length, 0)
    const opening = this.#opener.openHandshake(window)
    const opened = typeof opening === 'string' ? null : opening
    const findings: Finding[] = []
    if (side === 0) this.#clientTime = this.#outbox.time
    else this.#checkLate(findings)
    const state: State = opened ? 'open' : opening === 'failed' ? 'failed' : 'sealed'
    if (state === 'failed') findings.push(finding('relay-handshake-box', {}, at(relayHandshake, 'payload')))
    // Only a client's handshake can be refused: the relay's answer shows that the keys given here are not the right
    // ones.
    const mayBeWrong = side === 0 && opening === 'refused'
    if (opening === 'sealed' || (opening === 'refused' && !mayBeWrong)) findings.push(sealedHandshake(window))
    if (!opened) findings.push(...searchFindings(this.#opener))
    this.#checkLowOrder(window, opened, findings)
    if (behind > 0)
      findings.push(finding(side === 0 ? 'frame-with-client-handshake' : 'frame-with-relay-handshake', {bytes: behind}))
    const parts: RecordFields = {
      kind: 'handshake',
      state,
      length: wire.length,
      wire,
      window,
      opened: opened ? [opened] : noneOpened,
      packets,
      findings,
    }
    this.#outbox.put(parts, side, mayBeWrong)
    return window
  }

  /** The first bytes of one, of which no more come. @param size that it should have. */
  addTruncated(side: Side, wire: Uint8Array, packets: readonly number[], size: number): void {
    const window = new Window(types[side], wire, 0, wire.length, 0)
    const found = finding('handshake-cut-off', {bytes: wire.length, size})
    this.#outbox.put(
      {kind: 'handshake', state: 'sealed', length: wire.length, wire, window, packets, findings: [found]},
      side,
    )
  }

  /** The relay answers a client's handshake only if it opened: then it is the keys given here that do not fit. */
  relaySpoke(): void {
    this.#outbox.release(first => ({...first, findings: [...first.findings, sealedHandshake(first.window!)]}))
  }

  /** The relay never answered: a client's handshake that did not open here did not open there. */
  refused(): void {
    this.#outbox.release(first => ({
      ...first,
      state: 'failed',
      findings: [...first.findings, finding('client-handshake-box', {}, at(clientHandshake, 'payload'))],
    }))
  }

  /** The client has left at this time, without an answer. */
  checkUnanswered(time: Time | null): readonly Finding[] {
    if (!time || !this.#clientTime) return noFindings
    const seconds = (time.micros - this.#clientTime.micros) / 1_000_000
    return seconds < patienceSeconds ? noFindings : [finding('handshake-unanswered', {seconds: seconds.toFixed(1)})]
  }

  #checkLate(findings: Finding[]): void {
    const {time} = this.#outbox
    if (!time || !this.#clientTime || !this.#certainty.isInPlace) return
    const micros = time.micros - this.#clientTime.micros
    if (micros > patienceMicros)
      findings.push(finding('relay-handshake-late', {seconds: (micros / 1_000_000).toFixed(1)}))
  }

  #checkLowOrder(window: Window, opened: Window | null, findings: Finding[]): void {
    const pk = fieldOf(window, 'pk') as Uint8Array | undefined
    if (pk && isLowOrder(pk)) findings.push(finding('low-order-key', {which: 'client'}, at(clientHandshake, 'pk')))
    const sessionPk = opened && (fieldOf(opened, 'session_pk') as Uint8Array)
    if (sessionPk && isLowOrder(sessionPk)) findings.push(finding('low-order-key', {which: 'session'}))
    const sealedWith = opened && this.#opener.handshakeKey && zeroKeyFinding(this.#opener.handshakeKey)
    if (sealedWith) findings.push(sealedWith)
  }
}
