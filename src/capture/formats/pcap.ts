import {InputError} from '../../wire/input-error.js'
import {u16be, u16le, u32be, u32le} from '../../wire/integers.js'
import {microsPerSecond} from '../../wire/time.js'
import {limits} from '../limits.js'
import {blankPacket, type CaptureFormat, type Packet} from '../packet.js'
import {oversize} from './damage.js'

const fileHeader = 24
/** Kuznetzov's modified pcap has interface, protocol and packet type after the usual 16 bytes. */
const modifiedRecordHeader = 24
const recordHeader = 16

/** What the first four bytes of a pcap file say; undefined for other files. @param magic read big-endian. */
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
  item: Packet | undefined
  readonly #packet = blankPacket()
  #u32 = u32be
  #nano = false
  #recordHeader = 0
  #minor = 4

  constructor(firstNumber: number) {
    this.#packet.number = firstNumber - 1
  }

  get lastNumber(): number {
    return this.#packet.number
  }

  next(bytes: Uint8Array, start: number, end: number, base: number): number {
    this.item = undefined
    const header = this.#recordHeader
    if (header === 0) return this.#readHeader(bytes, start, end)
    if (end - start < header) {
      this.needed = header
      return start
    }
    const u32 = this.#u32
    let captured = u32(bytes, start + 8)
    let original = u32(bytes, start + 12)
    if (this.#minor < 3 || (this.#minor === 3 && captured > original)) [captured, original] = [original, captured]
    if (captured > limits.packetBytes) throw oversize('record', base + start, captured)
    if (end - start < header + captured) {
      this.needed = header + captured
      return start
    }
    this.needed = header
    const fraction = u32(bytes, start + 4)
    const seconds = u32(bytes, start) * microsPerSecond
    const packet = this.#packet
    packet.time = this.#nano
      ? {micros: seconds + Math.floor(fraction / 1000), nanos: fraction % 1000}
      : {micros: seconds + fraction, nanos: 0}
    packet.number++
    packet.bytes = bytes
    packet.start = start + header
    packet.end = packet.start + captured
    packet.originalLength = original
    packet.offset = base + packet.start
    this.item = packet
    return packet.end
  }

  #readHeader(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < fileHeader) return at
    const kind = pcapKind(u32be(bytes, at))!
    const u16 = kind.little ? u16le : u16be
    this.#u32 = kind.little ? u32le : u32be
    const major = u16(bytes, at + 4)
    if (major !== 2)
      throw new InputError(
        `this is a pcap file of version ${major}, and only version 2 is known`,
        undefined,
        'not-a-capture',
      )
    this.#minor = u16(bytes, at + 6)
    this.#nano = kind.nano
    this.#recordHeader = kind.modified ? modifiedRecordHeader : recordHeader
    // The upper half gives the length of a checksum at the end of each frame. It is not needed: the IP header gives the
    // length of the packet.
    this.#packet.linkType = this.#u32(bytes, at + 20) & 0xffff
    this.needed = this.#recordHeader
    return at + fileHeader
  }
}
