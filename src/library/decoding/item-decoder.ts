import {type Finding, finding} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {typeNamed} from '../../protocol/table.js'
import {InnerOpener} from '../../session/inner/opening/inner-opener.js'
import type {Candidates, Interpretation} from '../../session/recognition/interpretation.js'
import type {SessionRecord} from '../../session/record.js'
import type {Sender} from '../../wire/side.js'
import {noShift, Window} from '../../wire/window.js'
import type {Item} from './decode-items.js'
import {FrameDecoder, type FrameDecoderOptions} from './frame-decoder.js'
import {lonePacket} from './lone-packet.js'

/** Decodes the items of one connection. */
export class ItemDecoder {
  readonly #frames: FrameDecoder
  readonly #emit: (record: SessionRecord) => boolean
  readonly #from: Sender | null
  /** Opens the boxes of what comes without a frame. */
  readonly #inner: InnerOpener
  /** Findings on an item as a whole, for its first record. */
  #itemFindings: readonly Finding[] = []

  constructor(options: FrameDecoderOptions, from: Sender | null) {
    this.#emit = record => {
      const more = this.#itemFindings
      this.#itemFindings = []
      return options.emit(more.length === 0 ? record : {...record, findings: [...record.findings, ...more]})
    }
    this.#frames = new FrameDecoder({...options, emit: this.#emit})
    this.#inner = new InnerOpener(options.keyring)
    this.#from = from
  }

  item({bytes, guess}: Item): void {
    this.#itemFindings = guess.others.map(other => alsoReadable(guess, other))
    this.#read(bytes, guess.reading)
    this.#itemFindings = []
  }

  end(): void {
    this.#frames.end()
  }

  #read(bytes: Uint8Array, reading: Interpretation): void {
    if (reading.kind === 'frames') this.#frames.feed(bytes, this.#from)
    else if (reading.kind === 'type') this.#readType(bytes, reading.name)
    else if (reading.handshakes.length === 1) this.#frames.feed(bytes, senderOf(reading.handshakes[0]!))
    else {
      const heads = limits.clientHandshake + limits.relayHandshake
      this.#frames.feed(bytes.subarray(0, limits.clientHandshake), 'client')
      this.#frames.feed(bytes.subarray(limits.clientHandshake, heads), 'relay')
      if (bytes.length > heads) this.#frames.feed(bytes.subarray(heads), this.#from)
    }
  }

  #readType(bytes: Uint8Array, name: string): void {
    const type = typeNamed(name)!
    const isWholeHandshake = type.layer === 'handshake' && bytes.length === type.minLength
    if (isWholeHandshake) this.#frames.feed(bytes, senderOf(name))
    else this.#emit(this.#opened(lonePacket(new Window(type, bytes, 0, bytes.length, noShift), this.#from)))
  }

  #opened(record: SessionRecord): SessionRecord {
    this.#inner.take(record)
    return record.state === 'sealed' && record.opened.length > 0 ? {...record, state: 'open'} : record
  }
}

const alsoReadable = (guess: Candidates, other: string): Finding =>
  finding('also-readable-as', {
    read: guess.name,
    other: other === 'packet' ? 'a packet' : other === 'payload' ? 'a payload alone' : other,
    as: other,
  })

const senderOf = (handshake: string): Sender => (handshake === 'client_handshake' ? 'client' : 'relay')
