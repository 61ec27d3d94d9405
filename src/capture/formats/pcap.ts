import {InputError} from '../../wire/input-error.js'
import {u16be, u16le, u32be, u32le} from '../integers.js'
import {limits} from '../limits.js'
import {blankPacket, type CaptureFormat, type CaptureSink} from '../packet.js'

const fileHeader = 24
/** Kuznetzov's modified pcap has interface, protocol and packet type after the usual 16 bytes. */
const modifiedRecordHeader = 24
const recordHeader = 16

/** What the first four bytes of a pcap file say; undefined if it is none. Read big-endian. */
function pcapKind(magic: number): {little: boolean; nano: boolean; modified: boolean} | undefined {
  switch (magic) {
    case 0xa1b2c3d4:
      return {little: false, nano: false, modified: false}
    case 0xd4c3b2a1:
      return {little: true, nano: false, modified: false}
    case 0xa1b23c4d:
      return {little: false, nano: true, modified: false}
    case 0x4d3cb2a1:
      return {little: true, nano: true, modified: false}
    case 0xa1b2cd34:
      return {little: false, nano: false, modified: true}
    case 0x34cdb2a1:
      return {little: true, nano: false, modified: true}
    default:
      return undefined
  }
}

export function isPcap(magic: number): boolean {
  return pcapKind(magic) !== undefined
}

/** The pcap format (draft-ietf-opsawg-pcap), either byte order, micro- or nanoseconds, also modified. */
export class PcapFormat implements CaptureFormat {
  needed = fileHeader
  readonly skipping = 0
  readonly #sink: CaptureSink
  readonly #packet = blankPacket()
  #u32 = u32be
  #nano = false
  #recordHeader = 0
  #minor = 4

  constructor(sink: CaptureSink, firstNumber: number) {
    this.#sink = sink
    this.#packet.number = firstNumber - 1
  }

  get lastNumber(): number {
    return this.#packet.number
  }

  read(bytes: Uint8Array, start: number, end: number, base: number): number {
    let at = start
    if (this.#recordHeader === 0) {
      if (end - at < fileHeader) return at
      this.#readHeader(bytes, at)
      at += fileHeader
    }
    const packet = this.#packet
    const u32 = this.#u32
    const header = this.#recordHeader
    packet.bytes = bytes
    while (end - at >= header) {
      let captured = u32(bytes, at + 8)
      let original = u32(bytes, at + 12)
      if (this.#minor < 3 || (this.#minor === 3 && captured > original)) [captured, original] = [original, captured]
      if (captured > limits.packetBytes) throw impossible(base + at, captured)
      if (end - at < header + captured) {
        this.needed = header + captured
        return at
      }
      const fraction = u32(bytes, at + 4)
      const seconds = u32(bytes, at) * 1_000_000
      packet.time = this.#nano
        ? {micros: seconds + Math.floor(fraction / 1000), nanos: fraction % 1000}
        : {micros: seconds + fraction, nanos: 0}
      packet.number++
      packet.start = at + header
      packet.end = at = packet.start + captured
      packet.originalLength = original
      packet.offset = base + packet.start
      this.#sink.packet(packet)
    }
    this.needed = header
    return at
  }

  #readHeader(bytes: Uint8Array, at: number): void {
    const kind = pcapKind(u32be(bytes, at))!
    const u16 = kind.little ? u16le : u16be
    this.#u32 = kind.little ? u32le : u32be
    const major = u16(bytes, at + 4)
    if (major !== 2) throw new InputError(`this is a pcap file of version ${major}, and only version 2 is known`)
    this.#minor = u16(bytes, at + 6)
    this.#nano = kind.nano
    this.#recordHeader = kind.modified ? modifiedRecordHeader : recordHeader
    // The upper half says whether frames end in a checksum, and how long it is; the length in the IP header does that
    // for us.
    this.#packet.linkType = this.#u32(bytes, at + 20) & 0xffff
  }
}

function impossible(offset: number, captured: number): InputError {
  return new InputError(
    `the record at byte ${offset} of the capture claims ${captured} bytes, and no packet has over ${limits.packetBytes}`,
    damaged,
  )
}

/** Hint for a file that makes no sense from some place on. */
export const damaged = 'The file is damaged from there on; everything before was read.'
