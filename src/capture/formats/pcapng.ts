import {InputError} from '../../wire/input-error.js'
import {u16be, u16le, u32be, u32le} from '../integers.js'
import {limits} from '../limits.js'
import {blankPacket, type CaptureFormat, type CaptureSink} from '../packet.js'
import {damaged} from './pcap.js'
import {type Clock, clockOf, microClock, timeOf} from './pcapng-time.js'

/**
 * Block types of draft-ietf-opsawg-pcapng. All others are skipped by their length: names, statistics, custom blocks.
 */
export const blockType = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
  decryptionSecrets: 10,
} as const

/** A block's type and length before its body, and the length again after it. */
const frame = 12

interface Interface {
  readonly linkType: number
  readonly snaplen: number
  readonly clock: Clock
}

const unknownInterface: Interface = {linkType: -1, snaplen: 0, clock: microClock}

/** The pcapng format, either byte order, with any number of sections and interfaces. */
export class PcapngFormat implements CaptureFormat {
  needed = frame
  skipping = 0
  readonly #sink: CaptureSink
  readonly #packet = blankPacket()
  #u16 = u16be
  #u32 = u32be
  #interfaces: Interface[] = []

  constructor(sink: CaptureSink, firstNumber: number) {
    this.#sink = sink
    this.#packet.number = firstNumber - 1
  }

  get lastNumber(): number {
    return this.#packet.number
  }

  read(bytes: Uint8Array, start: number, end: number, base: number): number {
    let at = start + this.#skip(end - start)
    this.needed = frame
    while (end - at >= frame) {
      const isSection = u32be(bytes, at) === blockType.sectionHeader
      if (isSection) this.#startSection(bytes, at, base)
      const type = this.#u32(bytes, at)
      const length = this.#u32(bytes, at + 4)
      if (length < frame || length % 4 !== 0)
        throw new InputError(
          `the block at byte ${base + at} of the capture claims ${length} bytes, which no block has`,
          damaged,
        )
      if (isSection || !isWanted(type)) {
        this.skipping = length
        at += this.#skip(end - at)
        continue
      }
      if (length > limits.blockBytes)
        throw new InputError(
          `the block at byte ${base + at} of the capture claims ${length} bytes, over the limit of ${limits.blockBytes}`,
          damaged,
        )
      if (end - at < length) {
        this.needed = length
        return at
      }
      const again = this.#u32(bytes, at + length - 4)
      if (again !== length)
        throw new InputError(
          `the block at byte ${base + at} of the capture has ${length} as its length in front and ${again} behind`,
          damaged,
        )
      this.#deliver(type, bytes, at + 8, at + length - 4, base)
      at += length
    }
    return at
  }

  #skip(available: number): number {
    const skipped = Math.min(this.skipping, available)
    this.skipping -= skipped
    return skipped
  }

  #startSection(bytes: Uint8Array, at: number, base: number): void {
    const order = u32be(bytes, at + 8)
    if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a)
      throw new InputError(
        `the section at byte ${base + at} of the capture has no byte order: ${order.toString(16)}`,
        damaged,
      )
    this.#u16 = order === 0x1a2b3c4d ? u16be : u16le
    this.#u32 = order === 0x1a2b3c4d ? u32be : u32le
    this.#interfaces = []
  }

  /** @param at first byte of the body. @param end behind its last one. */
  #deliver(type: number, bytes: Uint8Array, at: number, end: number, base: number): void {
    const u32 = this.#u32
    switch (type) {
      case blockType.enhancedPacket:
        if (end - at >= 20) this.#deliverPacket(u32(bytes, at), bytes, at + 4, at + 20, end, base)
        break
      case blockType.packet:
        // The older form: 16 bits of interface, 16 bits of packets dropped.
        if (end - at >= 20) this.#deliverPacket(this.#u16(bytes, at), bytes, at + 4, at + 20, end, base)
        break
      case blockType.simplePacket:
        if (end - at >= 4) this.#deliverSimple(bytes, at, end, base)
        break
      case blockType.interfaceDescription:
        if (end - at >= 8) this.#describe(bytes, at, end)
        break
      default: {
        if (end - at < 8) return
        const length = Math.min(u32(bytes, at + 4), end - at - 8)
        this.#sink.secrets?.(u32(bytes, at), bytes.subarray(at + 8, at + 8 + length))
      }
    }
  }

  /**
   * @param at the four words: time high, time low, captured length, original length. @param data the packet's first
   * byte.
   */
  #deliverPacket(interfaceId: number, bytes: Uint8Array, at: number, data: number, end: number, base: number): void {
    const u32 = this.#u32
    const source = this.#interfaces[interfaceId] ?? unknownInterface
    const packet = this.#packet
    packet.interfaceId = interfaceId
    packet.linkType = source.linkType
    packet.time = timeOf(source.clock, u32(bytes, at), u32(bytes, at + 4))
    packet.originalLength = u32(bytes, at + 12)
    this.#emit(bytes, data, u32(bytes, at + 8), end, base)
  }

  #deliverSimple(bytes: Uint8Array, at: number, end: number, base: number): void {
    const source = this.#interfaces[0] ?? unknownInterface
    const packet = this.#packet
    packet.interfaceId = 0
    packet.linkType = source.linkType
    packet.time = null
    packet.originalLength = this.#u32(bytes, at)
    const captured = source.snaplen === 0 ? packet.originalLength : Math.min(packet.originalLength, source.snaplen)
    this.#emit(bytes, at + 4, captured, end, base)
  }

  #emit(bytes: Uint8Array, data: number, captured: number, end: number, base: number): void {
    const packet = this.#packet
    const available = Math.min(captured, end - data)
    if (available > limits.packetBytes)
      throw new InputError(
        `the packet at byte ${base + data} of the capture claims ${captured} bytes, and no packet has over ${limits.packetBytes}`,
        damaged,
      )
    packet.number++
    packet.bytes = bytes
    packet.start = data
    packet.end = data + available
    packet.offset = base + data
    this.#sink.packet(packet)
  }

  #describe(bytes: Uint8Array, at: number, end: number): void {
    if (this.#interfaces.length >= limits.interfaces) return
    let resolution = 6
    let offsetSeconds = 0
    let option = at + 8
    while (end - option >= 4) {
      const code = this.#u16(bytes, option)
      const length = this.#u16(bytes, option + 2)
      const value = option + 4
      if (code === 0 || end - value < length) break
      if (code === 9 && length >= 1) resolution = bytes[value]!
      if (code === 14 && length >= 8) offsetSeconds = this.#i64(bytes, value)
      option = value + ((length + 3) & ~3)
    }
    this.#interfaces.push({
      linkType: this.#u16(bytes, at),
      snaplen: this.#u32(bytes, at + 4),
      clock: clockOf(resolution, offsetSeconds),
    })
  }

  #i64(bytes: Uint8Array, at: number): number {
    const [high, low] =
      this.#u32 === u32be ? [u32be(bytes, at), u32be(bytes, at + 4)] : [u32le(bytes, at + 4), u32le(bytes, at)]
    return (high | 0) * 2 ** 32 + low
  }
}

function isWanted(type: number): boolean {
  return type === 6 || (type >= 1 && type <= 3) || type === 10
}
