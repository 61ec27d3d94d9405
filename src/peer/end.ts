import type {Box} from '../crypto/box.js'
import {copyOf} from '../wire/bytes.js'
import type {FrameEvent, FrameFault, FrameOpener} from './framing.js'
import {FrameSealer, joined} from './framing.js'
import type {OpenHandshake} from './handshake.js'

const nothing = new Uint8Array()

/**
 * What the other end said. `wire` is exactly the bytes it took; the wires of all events and unfinished() together are
 * all that was fed. After `broken`, which real ends answer by closing, everything is `raw`.
 */
export type PeerEvent =
  | (OpenHandshake & {
      readonly kind: 'handshake'
      readonly wire: Uint8Array /** Claimed by a client; absent from a relay. */
      readonly publicKey?: Uint8Array
    })
  | Exclude<FrameEvent, {readonly kind: 'broken'}>
  | {
      readonly kind: 'broken'
      readonly fault: FrameFault | 'handshake'
      readonly length: number
      readonly wire: Uint8Array
    }

/** The stages that both ends have in common: a handshake of fixed length comes first, then frames. */
export abstract class PeerEnd {
  protected readonly box: Box
  readonly #handshakeBytes: number
  #held: Uint8Array = nothing
  #opener: FrameOpener | undefined
  #sealer: FrameSealer | undefined
  #ownBaseNonce: Uint8Array | undefined
  #broken = false
  #sealed = 0

  constructor(box: Box, handshakeBytes: number) {
    this.box = box
    this.#handshakeBytes = handshakeBytes
  }

  /** Try to open the other end's handshake; undefined if it does not open. Calls talk() if it does. */
  protected abstract meet(handshake: Uint8Array): Extract<PeerEvent, {kind: 'handshake'}> | undefined

  /** The other end's frames can be opened from now on. */
  protected talk(opener: FrameOpener): void {
    this.#opener = opener
  }

  /** Our own handshake is on its way: this is the nonce of our first frame. */
  protected sealFrom(baseNonce: Uint8Array): void {
    this.#ownBaseNonce = baseNonce
  }

  /** @param bytes as they came from the other end, cut anywhere. Not kept. */
  receive(bytes: Uint8Array): PeerEvent[] {
    if (this.#opener) return this.#opener.receive(bytes)
    if (this.#broken) return bytes.length > 0 ? [{kind: 'raw', wire: bytes}] : []
    const all = joined(this.#held, bytes)
    if (all.length < this.#handshakeBytes) {
      this.#held = copyOf(all)
      return []
    }
    this.#held = nothing
    const wire = all.subarray(0, this.#handshakeBytes)
    const rest = all.subarray(this.#handshakeBytes)
    const met = this.meet(wire)
    this.#broken = met === undefined
    return [met ?? {kind: 'broken', fault: 'handshake', length: wire.length, wire}, ...this.receive(rest)]
  }

  /** Bytes that wait for more: part of a handshake or of a frame. */
  unfinished(): Uint8Array {
    return this.#opener?.held ?? this.#held
  }

  /** Index of the frame that seal() makes next, from 0. */
  get nextIndex(): number {
    return this.#sealed
  }

  /** Whether seal() may be called. */
  get ready(): boolean {
    return this.#opener !== undefined && this.#ownBaseNonce !== undefined
  }

  /**
   * Seal a packet for the other end. The key is chosen at the first call: by then the other end has usually sent a
   * frame, which settles it.
   * @param plain 0..65519 bytes; receivers accept 1..2032.
   * @throws RangeError over 65519 bytes. @throws Error before the handshakes are done.
   */
  seal(plain: Uint8Array): Uint8Array {
    if (!this.#opener || !this.#ownBaseNonce) throw new Error('a session needs both handshakes first')
    this.#sealer ??= new FrameSealer(this.box, this.#opener.key, this.#ownBaseNonce)
    const frame = this.#sealer.seal(plain)
    this.#sealed++
    return frame
  }

  /** Shared session key; undefined before the handshakes are done. */
  get sessionSharedKey(): Uint8Array | undefined {
    return this.#opener?.key
  }
}
