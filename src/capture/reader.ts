import {InputError} from '../wire/input-error.js'
import {isPcap, PcapFormat} from './formats/pcap.js'
import {blockType, PcapngFormat} from './formats/pcapng.js'
import {u32be} from './integers.js'
import type {CaptureEnd, CaptureFormat, CaptureSink} from './packet.js'

/** Whether a file that starts so is gzip'd. Two bytes are enough. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * Reads a capture file, pcap or pcapng, pushed in pieces of any size. A record reaches the sink within the push that
 * completes it, as a range of the pushed bytes where they hold it whole, else of memory that is not written to again.
 */
export class CaptureReader {
  readonly #sink: CaptureSink
  readonly #firstNumber: number
  #format: CaptureFormat | undefined
  /** The start of a record whose end is yet to come. */
  #carry = new Uint8Array(64)
  #carried = 0
  #consumed = 0

  /** @param firstNumber number of the file's first packet. */
  constructor(sink: CaptureSink, firstNumber = 1) {
    this.#firstNumber = firstNumber
    this.#sink = sink
  }

  /**
   * @param bytes what follows in the file. Not changed, and not kept after the records in it are done with.
   * @throws InputError if this is no capture file, or makes no sense from here on; all before was delivered. Push no
   *   more then.
   */
  push(bytes: Uint8Array): void {
    let at = 0
    while (this.#carried > 0 && at < bytes.length) at += this.#fill(bytes, at)
    if (this.#carried > 0 || at === bytes.length) return
    if (!this.#format && bytes.length - at < 4) {
      this.#keep(bytes, at)
      return
    }
    this.#format ??= detect(bytes, at, this.#sink, this.#firstNumber)
    const stopped = this.#format.read(bytes, at, bytes.length, this.#consumed - at)
    this.#consumed += stopped - at
    this.#keep(bytes, stopped)
  }

  /**
   * The file ends here.
   * @throws InputError if it was empty, or too short to be told.
   */
  end(): CaptureEnd {
    const bytes = this.#consumed + this.#carried
    if (!this.#format)
      throw bytes === 0
        ? new InputError('the capture is empty', undefined, 'not-a-capture')
        : notACapture(this.#carry.subarray(0, this.#carried))
    const whole = {packets: this.#format.lastNumber - this.#firstNumber + 1, bytes}
    const cut = this.#carried > 0 || this.#format.skipping > 0
    return cut ? {...whole, cut: {offset: this.#consumed, present: this.#carried}} : whole
  }

  /** Add to the carried start of a record until it is whole, and deliver it. @returns how many bytes were taken. */
  #fill(bytes: Uint8Array, at: number): number {
    const needed = this.#format?.needed ?? 4
    const taken = Math.min(needed - this.#carried, bytes.length - at)
    this.#reserve(needed)
    this.#carry.set(bytes.subarray(at, at + taken), this.#carried)
    this.#carried += taken
    if (this.#carried < needed) return taken
    this.#format ??= detect(this.#carry, 0, this.#sink, this.#firstNumber)
    const read = this.#format.read(this.#carry, 0, this.#carried, this.#consumed)
    this.#consumed += read
    // What was delivered keeps its memory.
    if (read > 0) this.#carry = this.#carry.slice(read, this.#carried)
    this.#carried -= read
    return taken
  }

  #keep(bytes: Uint8Array, from: number): void {
    const rest = bytes.length - from
    this.#reserve(rest)
    this.#carry.set(bytes.subarray(from), 0)
    this.#carried = rest
  }

  #reserve(size: number): void {
    if (size <= this.#carry.length) return
    const larger = new Uint8Array(Math.max(size, this.#carry.length * 2))
    larger.set(this.#carry.subarray(0, this.#carried))
    this.#carry = larger
  }
}

function detect(bytes: Uint8Array, at: number, sink: CaptureSink, firstNumber: number): CaptureFormat {
  const magic = u32be(bytes, at)
  if (magic === blockType.sectionHeader) return new PcapngFormat(sink, firstNumber)
  if (isPcap(magic)) return new PcapFormat(sink, firstNumber)
  throw notACapture(bytes.subarray(at, at + 4))
}

const packers: readonly (readonly [name: string, magic: string])[] = [
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
  ['lz4', '04224d18'],
  ['xz', 'fd377a58'],
  ['bzip2', '425a68'],
  ['zip', '504b0304'],
]

function notACapture(head: Uint8Array): InputError {
  const hex = Array.from(head, byte => byte.toString(16).padStart(2, '0')).join('')
  const packer = packers.find(([, magic]) => hex.startsWith(magic))
  if (packer)
    return new InputError(
      `the capture is packed with ${packer[0]}`,
      `Unpack it first: ${packer[0]} -dc FILE | toxtcp read -`,
      'not-a-capture',
    )
  return new InputError(
    `this is no capture file: it starts with ${hex}, and pcap with a1b2c3d4 or its like, pcapng with 0a0d0d0a`,
    'editcap -F pcapng IN OUT converts many formats.',
    'not-a-capture',
  )
}
