import type {Box} from '../../crypto/box.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {limits} from '../../protocol/limits.js'
import {typeOf} from '../../protocol/table.js'
import type {StreamStart} from '../../session/connection/deframer.js'
import type {SessionKey} from '../../session/connection/opening/session-keys.js'
import type {ToxConnection} from '../../session/connection/tox-connection.js'
import {fromHandshakes} from '../../session/connection-setup.js'
import type {SessionRecord} from '../../session/record.js'
import {Session} from '../../session/session.js'
import {u16be} from '../../wire/integers.js'
import type {Sender, Side} from '../../wire/side.js'

/** Which handshakes are among the items of a connection: the other side may have frames alone. */
export interface Handshakes {
  readonly client: boolean
  readonly relay: boolean
}

export interface FrameDecoderOptions {
  readonly keyring: Keyring
  /** Seals the frames, where it was given with its nonce. */
  readonly key: SessionKey | undefined
  readonly has: Handshakes
  /** Receives each record. @returns false once no more are wanted. */
  readonly emit: (record: SessionRecord) => boolean
}

/** Bytes that are decoded before `emit`'s last answer is looked at. */
const pieceBytes = 65_536

/** Decodes handshakes and frames given by hand: one connection of which nobody knows what came before. */
export class FrameDecoder {
  readonly #keyring: Keyring
  readonly #key: SessionKey | undefined
  readonly #connection: ToxConnection
  readonly #session: Session
  /** Sender of the frames that are being fed; null: unknown. */
  #from: Sender | null = null
  #wantsMore = true

  constructor({keyring, key, has, emit}: FrameDecoderOptions) {
    this.#keyring = keyring
    this.#key = key
    this.#session = new Session(keyring, record => {
      if (record.kind === 'start' || record.kind === 'end') return
      this.#wantsMore &&= emit(this.#lone(record))
    })
    const begin: readonly [StreamStart, StreamStart] = [
      has.client ? fromHandshakes[0] : 'frames',
      has.relay ? fromHandshakes[1] : 'frames',
    ]
    this.#connection = this.#session.open(
      0,
      {clientEnd: 0, ends: {client: null, relay: null}, begin, session: key, hasSegments: false, hasOrder: false},
      null,
    )
  }

  /** @param from null: the side whose key opens the first frame, or the only side that may send what is in it. */
  feed(bytes: Uint8Array, from: Sender | null): void {
    this.#from = from ?? this.#senderOf(bytes)
    const end = this.#from === 'relay' ? 1 : 0
    for (let at = 0; at < bytes.length && this.#wantsMore; at += pieceBytes)
      this.#session.feed({connection: 0, end, time: null, bytes: bytes.subarray(at, at + pieceBytes)})
  }

  /** Emit what waited for bytes that did not come. */
  end(): void {
    if (this.#wantsMore) this.#session.end()
  }

  /** A record without the connection that it was read in. */
  #lone(record: SessionRecord): SessionRecord {
    const {length, wire, from} = record
    // A frame's record has these as getters, which a spread leaves out.
    return {...record, length, wire, connection: null, from: record.kind === 'frame' ? this.#from : from}
  }

  #senderOf(bytes: Uint8Array): Sender | null {
    const end = bytes.length < limits.frameLengthPrefix ? 0 : limits.frameLengthPrefix + u16be(bytes, 0)
    if (end < limits.frameLengthPrefix + limits.sealedFrameMin || end > bytes.length) return null
    const {box} = this.#keyring
    if (this.#key && box) return soleSender(box, this.#key, bytes.subarray(limits.frameLengthPrefix, end))
    for (const side of [0, 1] as const)
      if (this.#connection.opens(side, bytes, limits.frameLengthPrefix, end)) return sideNames[side]
    return null
  }
}

const sideNames: Readonly<Record<Side, Sender>> = {0: 'client', 1: 'relay'}

/** The sender of a sealed packet, if only one side may send its type. */
function soleSender(box: Box, {key, bases}: SessionKey, sealed: Uint8Array): Sender | null {
  const plain = new Uint8Array(sealed.length)
  if (!bases[0] || box.open({bytes: sealed, start: 0, end: sealed.length}, bases[0], key, {bytes: plain, at: 0}) < 1)
    return null
  const {sentBy} = typeOf('packet', plain[0]!)!
  return sentBy.length === 1 ? sentBy[0]! : null
}
