import type {Box} from '../crypto/box.js'
import {advance} from '../crypto/nonce.js'
import {limits} from '../protocol/limits.js'
import type {OpenBox} from '../view/from-json/level.js'
import {emptyFrame, type ReadRecord} from '../view/from-json/record.js'
import {concatBytes, copyOf} from '../wire/bytes.js'
import {InputError} from '../wire/input-error.js'
import {countText} from '../wire/text/phrases.js'

/**
 * Bytes of a record as they are before sealing; of a frame that is not open, as they are on the wire. @returns
 * undefined for a record without any.
 */
export function plainBytes(record: ReadRecord, place: string): Uint8Array | undefined {
  switch (record.form) {
    case 'packet':
    case 'whole':
      return record.bytes
    case 'open_box':
      throw new InputError(
        `${place}: the box of ${record.title} is open`,
        'seal it with --seal --shared-key KEY, or print the record with --bytes',
        'bad-record',
      )
    case 'frame':
      if (record.wire === emptyFrame) return undefined
      if (record.wire) return record.wire
      throw new InputError(
        `${place} is a frame that is not open: its packet is not known`,
        'leave it out (-Y \'state == "open"\'), or print it with --bytes, which gives it back as it is',
        'bad-record',
      )
    case 'none':
      return undefined
  }
}

/**
 * Seals records. Each open box inside a packet takes a key, outermost first; one key more seals the frame, and comes
 * before them.
 */
export class Sealer {
  readonly box: Box
  readonly #keys: readonly Uint8Array[]
  readonly #nonces: readonly Uint8Array[]
  /** Where the key was first used, and for what: a session's key is not that of its handshakes. */
  #used: {readonly place: string; readonly what: 'frame' | 'handshake'} | undefined

  /** @param nonces the first frame's, which is advanced, and those of boxes whose packets do not name them. */
  constructor(box: Box, keys: readonly Uint8Array[], nonces: readonly Uint8Array[]) {
    this.box = box
    this.#keys = keys
    this.#nonces = nonces
  }

  get key(): Uint8Array {
    return this.#keys[0]!
  }

  get nonce(): Uint8Array | undefined {
    return this.#nonces[0]
  }

  /** Seals an open box inside a packet. @throws InputError */
  sealBox({index, count, plain, nonce, nonceLastBytes, title}: OpenBox, place: string): Uint8Array {
    const others = this.#keys.length - count
    const key = this.#keys[others + index]
    if (others < 0 || others > 1 || !key)
      throw new InputError(
        `${place}: ${countText(count, 'box is', 'boxes are')} open, and ${this.#keys.length} keys are given`,
        'give --shared-key once for each box, outermost first, and before them for the frame',
        'bad-option',
      )
    const given = nonce ?? this.#nonces[others]
    if (!given)
      throw new InputError(
        `${place}: ${title} does not name the nonce of its box`,
        'give it with --nonce: 48 hex digits',
        'bad-option',
      )
    const whole = copyOf(given)
    if (nonce === undefined && nonceLastBytes !== undefined)
      whole.set([nonceLastBytes >> 8, nonceLastBytes & 0xff], whole.length - 2)
    return this.box.seal(plain, whole, key)
  }

  /** @returns undefined for a record without bytes. */
  seal(record: ReadRecord, place: string): Uint8Array | undefined {
    switch (record.form) {
      case 'packet':
        return record.boxes > 0 && record.boxes === this.#keys.length ? record.bytes : this.#frame(record.bytes, place)
      case 'open_box':
        this.#use('handshake', place)
        return concatBytes([record.head, this.box.seal(record.plain, record.nonce, this.key)])
      case 'whole':
        if (record.type.layer === 'handshake' || record.boxes > 0) return record.bytes
        throw new InputError(
          `${place}: ${record.type.title} alone does not go into a frame`,
          'give the packet that carries it, or leave --seal out',
          'bad-record',
        )
      case 'frame':
        return this.#sealed(record.wire, place)
      case 'none':
        return undefined
    }
  }

  #frame(plain: Uint8Array, place: string): Uint8Array {
    this.#use('frame', place)
    const length = plain.length + limits.mac
    if (length > 0xffff)
      throw new InputError(
        `${place}: ${plain.length} bytes do not fit into a frame`,
        `a length of 2 bytes allows ${0xffff - limits.mac}, peers ${limits.packet}`,
        'bad-record',
      )
    const sealed = this.box.seal(plain, this.#nonceOf(place), this.key)
    advance(this.nonce!)
    return concatBytes([Uint8Array.of(length >> 8, length & 0xff), sealed])
  }

  /** A frame as it was: it has used up a nonce, if it holds anything. */
  #sealed(wire: Uint8Array | null, place: string): Uint8Array {
    if (!wire)
      throw new InputError(
        `${place} is a frame that is not open, and its bytes are not there`,
        'print the records with --bytes',
        'bad-record',
      )
    if (wire !== emptyFrame && this.nonce) advance(this.nonce)
    return wire
  }

  #nonceOf(place: string): Uint8Array {
    if (this.nonce) return this.nonce
    throw new InputError(
      `${place}: sealing a frame needs a nonce`,
      'give that of the first frame with --nonce: 48 hex digits',
      'bad-option',
    )
  }

  #use(what: 'frame' | 'handshake', place: string): void {
    this.#used ??= {place, what}
    if (this.#used.what === what) return
    throw new InputError(
      `${place} is a ${what}, but --shared-key sealed the ${this.#used.what} at ${this.#used.place}: ` +
        'they have different keys',
      'encode handshakes and frames one after the other, each with its key',
      'bad-record',
    )
  }
}
