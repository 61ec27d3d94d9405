import {exactLines, joinedAdvice} from '../wire/advice.js'
import {copyOf} from '../wire/bytes.js'
import {noBytes} from '../wire/chunk.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {InputError} from '../wire/input-error.js'
import {u32be} from '../wire/integers.js'
import {withRoom} from '../wire/memory/growing.js'
import {isText} from '../wire/text/utf16.js'
import {isPcap, PcapFormat} from './formats/pcap.js'
import {blockType, PcapngFormat} from './formats/pcapng.js'
import type {CaptureContent, CaptureEnd, CaptureFormat, CaptureItem} from './packet.js'

/** Whether a file is packed with gzip. @param head its first bytes, at least two. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** Whether a file is a capture, pcap or pcapng, not packed. @param head its first bytes, at least four. */
export function isCapture(head: Uint8Array): boolean {
  if (head.length < magicBytes) return false
  const magic = u32be(head, 0)
  return magic === blockType.sectionHeader || isPcap(magic)
}

/** Whether a capture has a form in which it may hold secrets: pcapng. @param head its first bytes, at least four. */
export function mayHoldSecrets(head: Uint8Array): boolean {
  return head.length >= magicBytes && u32be(head, 0) === blockType.sectionHeader
}

/**
 * Reads a capture file, pcap or pcapng, given in blocks of any size. Packets are ranges of the block that holds them
 * whole; one that lies across blocks is copied into memory of its own.
 */
export class CaptureReader {
  readonly #firstNumber: number
  readonly #wanted: CaptureContent
  #format: CaptureFormat | undefined
  #block: Uint8Array = noBytes
  /** Index in the block of the first byte that has not been read. */
  #at = 0
  /** The start of a record that continues in the next block. */
  #carry: Uint8Array = noBytes
  #carried = 0
  /** Offset in the file of the next record. */
  #offset = 0

  /** @param firstNumber number of the file's first packet. */
  constructor(firstNumber = 1, wanted: CaptureContent = 'all') {
    this.#firstNumber = firstNumber
    this.#wanted = wanted
  }

  /**
   * Give the packets and secrets that the next block completes. Take all of them before the next call.
   * @param block the next bytes of the file. Do not write to it while packets of it, or chunks made of them, are in
   *   use.
   * @throws InputError if this is not a capture file, or makes no sense from here on; everything before was given. Do
   *   not read on after that.
   */
  *read(block: Uint8Array): Generator<CaptureItem> {
    this.#block = block
    this.#at = 0
    for (let item = this.#next(); item; item = this.#next()) yield item
    this.#block = noBytes
  }

  /**
   * The file ends here.
   * @throws InputError if it was empty, or too short to recognise.
   */
  end(): CaptureEnd {
    const bytes = this.#offset + this.#carried
    if (!this.#format)
      throw bytes === 0
        ? new InputError('the capture is empty', undefined, 'not-a-capture')
        : notACapture(this.#carry.subarray(0, this.#carried))
    const whole = {packets: this.#format.lastNumber - this.#firstNumber + 1, bytes}
    const isCut = this.#carried > 0 || this.#format.skipping > 0
    return isCut ? {...whole, cut: {offset: this.#offset, present: this.#carried}} : whole
  }

  #next(): CaptureItem | undefined {
    for (;;) {
      if (this.#at === this.#block.length) return undefined
      const isRead = this.#carried > 0 ? this.#readCarry() : this.#readBlock()
      if (isRead && this.#format?.item) return this.#format.item
    }
  }

  /** @returns whether a record was read, or a part of one skipped. */
  #readBlock(): boolean {
    const {length} = this.#block
    const at = this.#at
    let next = at
    if (this.#format || length - at >= magicBytes) {
      this.#format ??= this.#formatOf(this.#block, at)
      next = this.#format.next(this.#block, at, length, this.#offset - at)
    }
    this.#offset += next - at
    this.#at = next
    if (next > at) return true
    this.#keep(length)
    return false
  }

  /** Add to the carried start of a record, and read it once it is whole. */
  #readCarry(): boolean {
    const needed = this.#format?.needed ?? magicBytes
    this.#keep(Math.min(this.#at + needed - this.#carried, this.#block.length))
    if (this.#carried < needed) return false
    this.#format ??= this.#formatOf(this.#carry, 0)
    const read = this.#format.next(this.#carry, 0, this.#carried, this.#offset)
    if (read === 0) return false
    this.#offset += read
    // A packet that was read keeps its memory.
    this.#carry = copyOf(this.#carry, read, this.#carried)
    this.#carried -= read
    return true
  }

  #formatOf(bytes: Uint8Array, at: number): CaptureFormat {
    const magic = u32be(bytes, at)
    if (magic === blockType.sectionHeader) return new PcapngFormat(this.#firstNumber, this.#wanted)
    if (isPcap(magic)) return new PcapFormat(this.#firstNumber)
    throw notACapture(bytes.subarray(at, at + magicBytes))
  }

  /** Carry the block's bytes up to `end`. */
  #keep(end: number): void {
    const count = end - this.#at
    this.#carry = withRoom(this.#carry, this.#carried + count)
    this.#carry.set(this.#block.subarray(this.#at, end), this.#carried)
    this.#carried += count
    this.#at = end
  }
}

const magicBytes = 4

const packers: readonly (readonly [name: string, magic: string])[] = [
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
  ['lz4', '04224d18'],
  ['xz', 'fd377a58'],
  ['bzip2', '425a68'],
  ['zip', '504b0304'],
]

function notACapture(head: Uint8Array): InputError {
  const hex = toHex(head)
  const packer = packers.find(([, magic]) => hex.startsWith(magic))
  if (packer)
    return new InputError(
      `the capture is packed with ${packer[0]}`,
      joinedAdvice('unpack it first:', exactLines(`${packer[0]} -dc FILE | toxtcp read -`)),
      'not-a-capture',
    )
  return new InputError(
    `this is not a capture file: it starts with ${hex} (pcap: a1b2c3d4 or similar, pcapng: 0a0d0d0a)`,
    head.every(isText)
      ? 'of texts, keys go with --keylog or --key, hex with toxtcp decode -f, saved streams with toxtcp stream'
      : 'editcap -F pcapng IN OUT converts many formats',
    'not-a-capture',
  )
}
