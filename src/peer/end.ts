import type {Box} from '../crypto/box.js'
import {copyOf} from '../wire/bytes.js'
import {noBytes} from '../wire/chunk.js'
import type {ByteSpace} from '../wire/memory/byte-space.js'
import type {FrameEvent, FrameFault, FrameOpener} from './framing.js'
import {FrameSealer, joined} from './framing.js'
import type {OpenHandshake} from './handshake.js'

/**
 * What was received from the other peer. `wire` is exactly the bytes of the event; the wires of all events and
 * unfinished() together are all received bytes. After `broken`, on which real peers close, everything is `raw`.
 */
export type PeerEvent =
  | (OpenHandshake & {
      readonly kind: 'handshake'
      readonly wire: Uint8Array
      /** The client's long-term key, as it claims; absent in a relay's handshake. */
      readonly publicKey?: Uint8Array
    })
  | Exclude<FrameEvent, {readonly kind: 'broken'}>
  | {
      readonly kind: 'broken'
      readonly fault: FrameFault | 'handshake'
      readonly length: number
      readonly wire: Uint8Array
    }

/** One end of a connection: receives a handshake of fixed length, then frames. */
export abstract class PeerEnd {
  protected readonly box: Box
  readonly #handshakeBytes: number
  #held: Uint8Array = noBytes
  #opener: FrameOpener | undefined
  #sealer: FrameSealer | undefined
  #ownBaseNonce: Uint8Array | undefined
  #broken = false
  #sealed = 0

  constructor(box: Box, handshakeBytes: number) {
    this.box = box
    this.#handshakeBytes = handshakeBytes
  }

  /** Open the other peer's handshake and call openFramesWith(); undefined if it does not open. */
  protected abstract openHandshake(handshake: Uint8Array): Extract<PeerEvent, {kind: 'handshake'}> | undefined

  /** Open the other peer's frames with this from now on. */
  protected openFramesWith(opener: FrameOpener): void {
    this.#opener = opener
  }

  /** Seal frames from now on, the first with this nonce: our own handshake was made. */
  protected sealFrom(baseNonce: Uint8Array): void {
    this.#ownBaseNonce = baseNonce
  }

  /** @param bytes received from the other peer, cut anywhere. Not kept. */
  receive(bytes: Uint8Array): PeerEvent[] {
    if (this.#opener) return this.#opener.receive(bytes)
    if (this.#broken) return bytes.length > 0 ? [{kind: 'raw', wire: bytes}] : []
    const all = joined(this.#held, bytes)
    if (all.length < this.#handshakeBytes) {
      this.#held = copyOf(all)
      return []
    }
    this.#held = noBytes
    const wire = all.subarray(0, this.#handshakeBytes)
    const rest = all.subarray(this.#handshakeBytes)
    const opened = this.openHandshake(wire)
    this.#broken = opened === undefined
    return [opened ?? {kind: 'broken', fault: 'handshake', length: wire.length, wire}, ...this.receive(rest)]
  }

  /** Received bytes of an incomplete handshake or frame. */
  unfinished(): Uint8Array {
    return this.#opener?.held ?? this.#held
  }

  /** Index of the next frame that seal() makes, from 0. */
  get nextIndex(): number {
    return this.#sealed
  }

  /** Whether seal() may be called. */
  get ready(): boolean {
    return this.#opener !== undefined && this.#ownBaseNonce !== undefined
  }

  /**
   * Seal a packet for the other peer. The key is chosen at the first call: by then the other peer has usually sent a
   * frame, which shows the right key.
   * @param plain 0..65519 bytes; receivers accept 1..2032.
   * @throws RangeError over 65519 bytes. @throws Error before the handshakes are done.
   */
  seal(plain: Uint8Array): Uint8Array {
    const frame = this.#readySealer().seal(plain)
    this.#sealed++
    return frame
  }

  /** Seal a packet as seal() does, and add its frame to a space. */
  sealInto(space: ByteSpace, plain: Uint8Array): void {
    this.#readySealer().sealInto(space, plain)
    this.#sealed++
  }

  #readySealer(): FrameSealer {
    if (!this.#opener || !this.#ownBaseNonce) throw new Error('a session needs both handshakes first')
    this.#sealer ??= new FrameSealer(this.box, this.#opener.key, this.#ownBaseNonce)
    return this.#sealer
  }

  /** Shared session key; undefined before the handshakes are done. */
  get sessionSharedKey(): Uint8Array | undefined {
    return this.#opener?.key
  }
}
