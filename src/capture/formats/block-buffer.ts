import {noBytes, type Time} from '../../wire/chunk.js'
import {withRoom} from '../../wire/memory/growing.js'
import {over} from '../../wire/memory/lifetime.js'
import type {FrameSpace} from '../write/tcp-frame.js'
import {blockType} from './pcapng.js'
import {blockOption} from './pcapng-options.js'

const text = new TextEncoder()

/** Bytes of an Enhanced Packet Block before its packet, and after it. */
const before = 28
const behind = 4
const initialBytes = 256 * 1024

/**
 * Collects pcapng blocks that are to be written to a file, in memory that is used again. Packets are made in place and
 * never copied. They are of interface 0, with times in microseconds.
 */
export class BlockBuffer implements FrameSpace {
  /** Time of the packets that are added from now on. */
  time: Time = {micros: 0, nanos: 0}
  /** Comment of the next packet; empty: none. */
  comment = ''
  /** Number of packets added since it was emptied. */
  packets = 0
  #bytes: Uint8Array = new Uint8Array(initialBytes)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get bytes(): Uint8Array {
    return this.#bytes
  }

  get length(): number {
    return this.#length
  }

  /** The blocks; valid until the next one is added. */
  get blocks(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  empty(): void {
    over(this.#bytes, 0, this.#length)
    this.#length = 0
    this.packets = 0
  }

  /** Add a block that was made elsewhere. */
  add(block: Uint8Array): void {
    this.#reserve(block.length)
    this.#bytes.set(block, this.#length)
    this.#length += block.length
  }

  take(length: number): number {
    const options = this.comment === '' ? noBytes : commentOptions(this.comment)
    this.comment = ''
    const padded = before + ((length + 3) & ~3)
    const size = padded + options.length + behind
    this.#reserve(size)
    const view = this.#view
    const at = this.#length
    const {micros} = this.time
    view.setUint32(at, blockType.enhancedPacket, true)
    view.setUint32(at + 4, size, true)
    view.setUint32(at + 8, 0, true)
    view.setUint32(at + 12, Math.floor(micros / 2 ** 32), true)
    view.setUint32(at + 16, micros % 2 ** 32, true)
    view.setUint32(at + 20, length, true)
    view.setUint32(at + 24, length, true)
    // Zero the padding: it is in the last word of the packet, which overwrites the rest of that word.
    view.setUint32(at + padded - 4, 0, true)
    this.#bytes.set(options, at + padded)
    view.setUint32(at + size - behind, size, true)
    this.#length += size
    this.packets++
    return at + before
  }

  #reserve(bytes: number): void {
    const bytesBefore = this.#bytes
    this.#bytes = withRoom(bytesBefore, this.#length + bytes)
    if (this.#bytes !== bytesBefore) this.#view = new DataView(this.#bytes.buffer)
  }
}

/** The options of a block that has a comment: its code, length, text and padding, and the end of the options. */
function commentOptions(comment: string): Uint8Array {
  const value = text.encode(comment)
  const options = new Uint8Array(4 + ((value.length + 3) & ~3) + 4)
  const view = new DataView(options.buffer)
  view.setUint16(0, blockOption.comment, true)
  view.setUint16(2, value.length, true)
  options.set(value, 4)
  return options
}
