import type {InputError} from '../../wire/input-error.js'
import {u16be, u16le, u32be, u32le} from '../../wire/integers.js'
import {limits} from '../limits.js'
import {
  blankPacket,
  type CaptureContent,
  type CaptureFormat,
  type CaptureInterface,
  type CaptureItem,
} from '../packet.js'
import {damaged, oversize} from './damage.js'
import {type BlockOption, interfaceIntegers, interfaceOption, packetIntegers, readOptions} from './pcapng-options.js'
import {type Clock, clockOf, microClock, timeOf} from './pcapng-time.js'

/**
 * Block types of draft-ietf-opsawg-pcapng that are read. All others are skipped: names, statistics, custom blocks.
 */
export const blockType = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
  decryptionSecrets: 10,
} as const

/** Bytes of a block besides its body: type and length before it, the length again after it. */
const frame = 12
/** Bytes of a section header up to its version, that included. */
const versionEnd = 16

interface Interface extends CaptureInterface {
  readonly clock: Clock
}

const unknownInterface: Interface = {linkType: -1, snaplen: 0, options: [], clock: microClock}
const noOptions: readonly BlockOption[] = []

/** The pcapng format, either byte order, with any number of sections and interfaces. */
export class PcapngFormat implements CaptureFormat {
  needed = frame
  skipping = 0
  item: CaptureItem | undefined
  readonly #packet = blankPacket()
  #u16 = u16be
  #u32 = u32be
  #interfaces: Interface[] = []
  readonly #wanted: CaptureContent

  constructor(firstNumber: number, wanted: CaptureContent) {
    this.#packet.number = firstNumber - 1
    this.#wanted = wanted
  }

  get lastNumber(): number {
    return this.#packet.number
  }

  next(bytes: Uint8Array, start: number, end: number, base: number): number {
    this.item = undefined
    if (this.skipping > 0) return start + this.#skip(end - start)
    this.needed = frame
    if (end - start < frame) return start
    const isSection = u32be(bytes, start) === blockType.sectionHeader
    if (isSection && end - start < versionEnd) {
      this.needed = versionEnd
      return start
    }
    if (isSection) this.#startSection(bytes, start, base)
    const type = this.#u32(bytes, start)
    const claimed = this.#u32(bytes, start + 4)
    if (claimed < frame) throw badBlock(base + start, `claims ${claimed} bytes, fewer than any block has`)
    // Some writers do not count the padding.
    const length = Math.ceil(claimed / 4) * 4
    if (isSection || !isWanted(type, this.#wanted)) {
      this.skipping = length
      return start + this.#skip(end - start)
    }
    if (length > limits.blockBytes)
      throw badBlock(base + start, `claims ${length} bytes, over the limit of ${limits.blockBytes}`)
    if (end - start < length) {
      this.needed = length
      return start
    }
    const again = this.#u32(bytes, start + length - 4)
    if (again !== claimed && again !== length)
      throw badBlock(base + start, `has length ${claimed} at its start but ${again} at its end`)
    this.#readBody(type, bytes, start + 8, start + length - 4, base)
    return start + length
  }

  #skip(available: number): number {
    const skipped = Math.min(this.skipping, available)
    this.skipping -= skipped
    return skipped
  }

  #startSection(bytes: Uint8Array, at: number, base: number): void {
    const order = u32be(bytes, at + 8)
    if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a)
      throw damaged(`the section at byte ${base + at} of the capture has no byte order: ${order.toString(16)}`)
    this.#u16 = order === 0x1a2b3c4d ? u16be : u16le
    this.#u32 = order === 0x1a2b3c4d ? u32be : u32le
    const major = this.#u16(bytes, at + 12)
    const minor = this.#u16(bytes, at + 14)
    if (major !== 1)
      throw damaged(`the section at byte ${base + at} of the capture has version ${major}.${minor}, and 1 is read`)
    this.#interfaces = []
  }

  /** @param at first byte of the block's body. @param end where the body ends. */
  #readBody(type: number, bytes: Uint8Array, at: number, end: number, base: number): void {
    const size = end - at
    switch (type) {
      case blockType.enhancedPacket:
        if (size >= 20) this.#readPacket(this.#u32(bytes, at), bytes, at + 4, end, base)
        break
      case blockType.packet:
        // The older form: 16 bits of interface, 16 bits of packets dropped.
        if (size >= 20) this.#readPacket(this.#u16(bytes, at), bytes, at + 4, end, base)
        break
      case blockType.simplePacket:
        if (size >= 4) this.#readSimple(bytes, at, end, base)
        break
      case blockType.interfaceDescription:
        if (size >= 8) this.#readInterface(bytes, at, end)
        break
      default: {
        if (size < 8) return
        const length = Math.min(this.#u32(bytes, at + 4), size - 8)
        this.item = {kind: 'secrets', type: this.#u32(bytes, at), data: bytes.subarray(at + 8, at + 8 + length)}
      }
    }
  }

  /** @param at where four words and then the packet are: time high, time low, captured length, original length. */
  #readPacket(interfaceId: number, bytes: Uint8Array, at: number, end: number, base: number): void {
    const u32 = this.#u32
    const source = this.#interfaces[interfaceId] ?? unknownInterface
    const packet = this.#packet
    packet.interfaceId = interfaceId
    packet.linkType = source.linkType
    packet.source = source === unknownInterface ? null : source
    packet.time = timeOf(source.clock, u32(bytes, at), u32(bytes, at + 4))
    packet.originalLength = u32(bytes, at + 12)
    const captured = u32(bytes, at + 8)
    const optionsAt = at + 16 + Math.ceil(captured / 4) * 4
    packet.options = optionsAt < end ? this.#readOptions(bytes, optionsAt, end, packetIntegers) : noOptions
    this.#finishPacket(captured, bytes, at + 16, end, base)
  }

  #readSimple(bytes: Uint8Array, at: number, end: number, base: number): void {
    const source = this.#interfaces[0] ?? unknownInterface
    const packet = this.#packet
    packet.interfaceId = 0
    packet.linkType = source.linkType
    packet.source = source === unknownInterface ? null : source
    packet.options = noOptions
    packet.time = null
    packet.originalLength = this.#u32(bytes, at)
    const captured = source.snaplen === 0 ? packet.originalLength : Math.min(packet.originalLength, source.snaplen)
    this.#finishPacket(captured, bytes, at + 4, end, base)
  }

  /** @param captured number of captured bytes that the block claims. @param at the packet's first byte. */
  #finishPacket(captured: number, bytes: Uint8Array, at: number, end: number, base: number): void {
    const packet = this.#packet
    const available = Math.min(captured, end - at)
    if (available > limits.packetBytes) throw oversize('packet', base + at, captured)
    packet.number++
    packet.bytes = bytes
    packet.start = at
    packet.end = at + available
    packet.offset = base + at
    this.item = packet
  }

  #readInterface(bytes: Uint8Array, at: number, end: number): void {
    if (this.#interfaces.length >= limits.interfaces) return
    const options = this.#readOptions(bytes, at + 8, end, interfaceIntegers)
    let resolution = 6
    let offsetSeconds = 0
    for (const [code, value] of options) {
      if (code === interfaceOption.resolution && value.length >= 1) resolution = value[0]!
      if (code === interfaceOption.offset && value.length >= 8)
        offsetSeconds = (u32le(value, 4) | 0) * 2 ** 32 + u32le(value, 0)
    }
    this.#interfaces.push({
      linkType: this.#u16(bytes, at),
      snaplen: this.#u32(bytes, at + 4),
      options,
      clock: clockOf(resolution, offsetSeconds),
    })
  }

  #readOptions(bytes: Uint8Array, at: number, end: number, integers: ReadonlyMap<number, number>): BlockOption[] {
    return readOptions(bytes, at, end, {u16: this.#u16, isBig: this.#u16 === u16be, integers})
  }
}

function badBlock(offset: number, problem: string): InputError {
  return damaged(`the block at byte ${offset} of the capture ${problem}`)
}

function isWanted(type: number, wanted: CaptureContent): boolean {
  if (wanted === 'secrets') return type === blockType.decryptionSecrets
  return type === 6 || (type >= 1 && type <= 3) || type === 10
}
