import type {Box} from '../../crypto/box.js'
import type {TcpSessionItem} from '../../crypto/key-item.js'
import {offsetNonce} from '../../crypto/nonce.js'
import {limits} from '../../protocol/limits.js'
import {packetWindow} from '../../protocol/table.js'
import {frameShift} from '../../session/connection/piece-findings.js'
import type {SessionRecord} from '../../session/record.js'
import {isEqualBytes} from '../../wire/bytes.js'
import {type Sender, senders} from '../../wire/side.js'
import type {Window} from '../../wire/window.js'

/** What a frame is opened again from. */
type SealedFrame = Pick<SessionRecord, 'connection' | 'from' | 'index' | 'wire'>

const sideOf = (connection: number, from: Sender): number => connection * senders.length + senders.indexOf(from)

const bytesOf = ({bytes, start, end}: Window): Uint8Array => bytes.subarray(start, end)

/** Opens frames again from their bytes on the wire, with the key of their connection and the usual nonces. */
export class FrameReopener {
  readonly #box: () => Box | undefined
  readonly #keys = new Map<number, TcpSessionItem>()
  /** Whether the frames of a side, named by `sideOf`, open with the connection's key and nonces as usual. */
  readonly #isUsual = new Map<number, boolean>()

  /** @param box asked when a frame is opened. */
  constructor(box: () => Box | undefined) {
    this.#box = box
  }

  /** What opens a connection's frames. */
  key(connection: number, item: TcpSessionItem): void {
    this.#keys.set(connection, item)
    for (const from of senders) this.#isUsual.delete(sideOf(connection, from))
  }

  /** What opens the frames of a connection; undefined: nothing is known to. */
  keyOf(connection: number): TcpSessionItem | undefined {
    return this.#keys.get(connection)
  }

  /** Nothing of a connection is opened any more. */
  forget(connection: number): void {
    this.#keys.delete(connection)
    for (const from of senders) this.#isUsual.delete(sideOf(connection, from))
  }

  /** Open a frame with the usual nonce of its side. @returns null: it does not open. */
  window({connection, from, index, wire}: SealedFrame): Window | null {
    const key = this.#keyOf({connection, from})
    const box = this.#box()
    if (!wire || !key || !box || index === null) return null
    const plain = new Uint8Array(wire.length - frameShift)
    const nonce = new Uint8Array(limits.nonce)
    offsetNonce(key.base, index, nonce)
    const sealed = {bytes: wire, start: limits.frameLengthPrefix, end: wire.length}
    const isOpen = box.open(sealed, nonce, key.key, {bytes: plain, at: 0}) >= 0
    return (isOpen && packetWindow(plain, 0, plain.length, frameShift)) || null
  }

  /**
   * Whether a frame will open again with the usual nonce of its side. It is tried with the first frame of a side, and
   * with frames that something is unusual about, such as the first one of those that are sealed in another way.
   */
  opensAgain(record: SessionRecord): boolean {
    const {connection, from, findings, window} = record
    if (connection === null || from === null || !window) return false
    const side = sideOf(connection, from)
    const known = this.#isUsual.get(side)
    if (known !== undefined && findings.length === 0) return known
    const again = this.window(record)
    const isSame = again !== null && isEqualBytes(bytesOf(again), bytesOf(window))
    this.#isUsual.set(side, isSame)
    return isSame
  }

  #keyOf({
    connection,
    from,
  }: Pick<SessionRecord, 'connection' | 'from'>): {key: Uint8Array; base: Uint8Array} | undefined {
    const item = connection === null ? undefined : this.#keys.get(connection)
    const base = from === 'client' ? item?.clientBaseNonce : item?.relayBaseNonce
    return item && base ? {key: item.sharedKey, base} : undefined
  }
}
