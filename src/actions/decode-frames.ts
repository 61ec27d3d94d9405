import type {Box} from '../crypto/box.js'
import type {Keyring} from '../crypto/keyring.js'
import {limits} from '../protocol/limits.js'
import {typeOf} from '../protocol/table.js'
import type {StreamStart} from '../session/connection/deframer.js'
import type {SessionKey} from '../session/connection/session-keys.js'
import type {ToxConnection} from '../session/connection/tox-connection.js'
import {fromHandshakes} from '../session/connection-setup.js'
import type {SessionRecord} from '../session/record.js'
import {Session} from '../session/session.js'
import {u16} from '../wire/read.js'
import type {Sender, Side} from '../wire/side.js'

/** Which handshakes are among what is decoded: the other side's frames may stand alone. */
export interface Handshakes {
  readonly client: boolean
  readonly relay: boolean
}

/** Handshakes and frames given by hand: one connection of which nobody knows what came before. */
export class FrameDecoder {
  readonly #connection: ToxConnection
  readonly #session: Session
  #records: SessionRecord[] = []
  /** Sender of the frames that are being fed; null: unknown. */
  #from: Sender | null = null

  /** @param key seals the frames, where it was given with its nonce. */
  constructor(
    readonly keyring: Keyring,
    readonly key: SessionKey | undefined,
    has: Handshakes,
  ) {
    this.#session = new Session(keyring, record => {
      if (record.kind !== 'start' && record.kind !== 'end') this.#records.push(this.#lone(record))
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

  /** @param from null: whoever's key opens the first frame, or who alone may send what is in it. */
  feed(bytes: Uint8Array, from: Sender | null): SessionRecord[] {
    this.#from = from ?? this.#senderOf(bytes)
    this.#session.feed({connection: 0, end: this.#from === 'relay' ? 1 : 0, time: null, bytes})
    return this.#take()
  }

  /** What waited for bytes that did not come. */
  end(): SessionRecord[] {
    this.#session.end()
    return this.#take()
  }

  /** A record without the connection that it was read in. */
  #lone(record: SessionRecord): SessionRecord {
    const {length, wire, from} = record
    // What a frame's record works out when asked is no property of its own.
    return {...record, length, wire, connection: null, from: record.kind === 'frame' ? this.#from : from}
  }

  #take(): SessionRecord[] {
    const taken = this.#records
    this.#records = []
    return taken
  }

  #senderOf(bytes: Uint8Array): Sender | null {
    const end = bytes.length < limits.frameLengthPrefix ? 0 : limits.frameLengthPrefix + u16(bytes, 0)
    if (end < limits.frameLengthPrefix + limits.sealedFrameMin || end > bytes.length) return null
    const {box} = this.keyring
    if (this.key && box) return soleSender(box, this.key, bytes.subarray(limits.frameLengthPrefix, end))
    for (const side of [0, 1] as const)
      if (this.#connection.opens(side, bytes, limits.frameLengthPrefix, end)) return sideNames[side]
    return null
  }
}

const sideNames: Readonly<Record<Side, Sender>> = {0: 'client', 1: 'relay'}

/** Who alone may send the packet that is sealed here. */
function soleSender(box: Box, {key, bases}: SessionKey, sealed: Uint8Array): Sender | null {
  const plain = new Uint8Array(sealed.length)
  if (!bases[0] || box.open(sealed, 0, sealed.length, bases[0], key, plain, 0) < 1) return null
  const {sentBy} = typeOf('packet', plain[0]!)!
  return sentBy.length === 1 ? sentBy[0]! : null
}
