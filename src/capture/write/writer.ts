import type {Time} from '../../wire/chunk.js'
import {type OptionNames, refuseUnknownOptions} from '../../wire/text/option-names.js'
import {blockType} from '../formats/pcapng.js'
import type {BlockOption} from '../formats/pcapng-options.js'

type Option = BlockOption

const text = new TextEncoder()

export interface SectionOptions {
  /** Shown by Wireshark as the file's comment. */
  readonly comment?: string
  /** Name and version of what writes the file. */
  readonly application?: string
}

const sectionNames: OptionNames<SectionOptions> = {comment: true, application: true}

/** A Section Header Block, with which every pcapng file begins. */
export function sectionHeader(options: SectionOptions = {}): Uint8Array {
  refuseUnknownOptions(options, sectionNames)
  const body = new Uint8Array(16)
  const view = new DataView(body.buffer)
  view.setUint32(0, 0x1a2b3c4d, true)
  view.setUint16(4, 1, true)
  // Length of the section: not known.
  view.setBigInt64(8, -1n, true)
  return block(blockType.sectionHeader, body, [...comment(options.comment), ...string(4, options.application)])
}

export interface InterfaceOptions {
  /** LINKTYPE_ number, 0..65535. */
  readonly linkType: number
  /** Most bytes kept of a packet; 0, the default, for all. */
  readonly snaplen?: number
  /** Digits of a second that packet times have; default: 6. */
  readonly resolution?: 6 | 9
  readonly name?: string
  readonly comment?: string
  /** More options, as of an interface that is copied; none of times. */
  readonly options?: readonly BlockOption[]
}

const interfaceNames: OptionNames<InterfaceOptions> = {
  linkType: true,
  snaplen: true,
  resolution: true,
  name: true,
  comment: true,
  options: true,
}

/** An Interface Description Block. Packets refer to it by its index in the file, from 0. */
export function interfaceDescription(options: InterfaceOptions): Uint8Array {
  refuseUnknownOptions(options, interfaceNames)
  const body = new Uint8Array(8)
  const view = new DataView(body.buffer)
  view.setUint16(0, options.linkType, true)
  view.setUint32(4, options.snaplen ?? 0, true)
  const resolution: Option = [9, Uint8Array.of(options.resolution ?? 6)]
  return block(blockType.interfaceDescription, body, [
    ...comment(options.comment),
    ...string(2, options.name),
    ...(options.options ?? []),
    resolution,
  ])
}

export interface PacketOptions {
  /** Index in the file of the interface's block; default: 0. */
  readonly interfaceId?: number
  readonly time: Time
  /** As captured; copied. */
  readonly bytes: Uint8Array
  /** Length on the wire, if larger. */
  readonly originalLength?: number
  /** That of the interface; default: 6. */
  readonly resolution?: 6 | 9
  readonly comment?: string
  /** More options, as of a packet that is copied. */
  readonly options?: readonly BlockOption[]
}

const packetNames: OptionNames<PacketOptions> = {
  interfaceId: true,
  time: true,
  bytes: true,
  originalLength: true,
  resolution: true,
  comment: true,
  options: true,
}

/** An Enhanced Packet Block. */
export function enhancedPacket(options: PacketOptions): Uint8Array {
  refuseUnknownOptions(options, packetNames)
  const {bytes, time} = options
  const body = new Uint8Array(20 + bytes.length)
  const view = new DataView(body.buffer)
  view.setUint32(0, options.interfaceId ?? 0, true)
  const [high, low] =
    options.resolution === 9 ? nanoTicks(time) : [Math.floor(time.micros / 2 ** 32), time.micros % 2 ** 32]
  view.setUint32(4, high, true)
  view.setUint32(8, low, true)
  view.setUint32(12, bytes.length, true)
  view.setUint32(16, options.originalLength ?? bytes.length, true)
  body.set(bytes, 20)
  return block(blockType.enhancedPacket, body, [...comment(options.comment), ...(options.options ?? [])])
}

/**
 * A Decryption Secrets Block. It must come before the packets that it opens.
 * @param type secrets type, 32 bits.
 * @param data copied.
 */
export function decryptionSecrets(type: number, data: Uint8Array): Uint8Array {
  // The padding of the data belongs to the body, options or not.
  const body = new Uint8Array(8 + padded(data.length))
  const view = new DataView(body.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, data.length, true)
  body.set(data, 8)
  return block(blockType.decryptionSecrets, body, [])
}

function nanoTicks({micros, nanos}: Time): [high: number, low: number] {
  const ticks = BigInt(micros) * 1000n + BigInt(nanos)
  return [Number(ticks >> 32n), Number(ticks & 0xffffffffn)]
}

function comment(value: string | undefined): Option[] {
  return string(1, value)
}

/** An option's length has 16 bits, so longer text is cut. */
function string(code: number, value: string | undefined): Option[] {
  return value === undefined ? [] : [[code, text.encode(value).subarray(0, 0xffff)]]
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const optionBytes = options.reduce((sum, [, value]) => sum + 4 + padded(value.length), options.length > 0 ? 4 : 0)
  const length = 12 + padded(body.length) + optionBytes
  const out = new Uint8Array(length)
  const view = new DataView(out.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  out.set(body, 8)
  let at = 8 + padded(body.length)
  for (const [code, value] of options) {
    view.setUint16(at, code, true)
    view.setUint16(at + 2, value.length, true)
    out.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  view.setUint32(length - 4, length, true)
  return out
}

function padded(length: number): number {
  return (length + 3) & ~3
}
