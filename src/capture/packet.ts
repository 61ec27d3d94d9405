import type {Time} from '../wire/chunk.js'
import type {BlockOption} from './formats/pcapng-options.js'

/**
 * One packet record of a capture file. Borrowed: the reader fills in the same object for the next packet. `time` and
 * `bytes` may be kept: the reader never writes to either again. The captured bytes are `bytes[start..end)`: a range,
 * because a view costs more than all other fields together.
 */
export interface Packet {
  readonly kind: 'packet'
  /** Number of the packet, from 1. Other records of a pcapng have no number. */
  number: number
  /** null: a Simple Packet Block has no time. */
  time: Time | null
  /** LINKTYPE_ number; -1 if the packet's interface was never described. */
  linkType: number
  bytes: Uint8Array
  start: number
  end: number
  /** Length of the packet on the wire; more than `end - start` if the capture cut it off. */
  originalLength: number
  /** Offset in the file (once inflated) of `bytes[start]`. */
  offset: number
  /** Number of its interface in its pcapng section; 0 in pcap. */
  interfaceId: number
  /** Its interface; null: it has no description, as in pcap. */
  source: CaptureInterface | null
  /** Comments, flags and other options of its block. */
  options: readonly BlockOption[]
}

/** An interface of a pcapng file. */
export interface CaptureInterface {
  readonly linkType: number
  /** Most bytes kept of a packet; 0: all. */
  readonly snaplen: number
  /** Its name, description, filter and other options. */
  readonly options: readonly BlockOption[]
}

/** A pcapng Decryption Secrets Block. */
export interface Secrets {
  readonly kind: 'secrets'
  /** Its 32-bit secrets type. */
  readonly type: number
  readonly data: Uint8Array
}

/** What a capture file holds, in file order. */
export type CaptureItem = Packet | Secrets

/** What is read of a capture file: all of it, or its secrets alone. */
export type CaptureContent = 'all' | 'secrets'

/** How a capture file ended. */
export interface CaptureEnd {
  readonly packets: number
  /** Length of the file (once inflated). */
  readonly bytes: number
  /** Set if the file ends inside a record. Everything before it was given. */
  readonly cut?: {
    /** Where in the file that record starts. */
    readonly offset: number
    /** Number of its bytes that are there. */
    readonly present: number
  }
}

/** A packet to be filled in by the reader of a format. */
export function blankPacket(): Packet {
  return {
    kind: 'packet',
    number: 0,
    time: null,
    linkType: -1,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    originalLength: 0,
    offset: 0,
    interfaceId: 0,
    source: null,
    options: [],
  }
}

/** Reads the records of one file format, one after another. */
export interface CaptureFormat {
  /** Number of bytes of the next record, from its start, that must be there to read on, as far as known. */
  readonly needed: number
  /** Number of bytes to come of a record that is skipped. */
  readonly skipping: number
  /** Number of the last packet. */
  readonly lastNumber: number
  /** What the record that was read last holds; undefined for all but packets and secrets. */
  readonly item: CaptureItem | undefined
  /**
   * Read the record at `bytes[start]`, or skip as much of it as is there.
   * @param end where the bytes that are there end.
   * @param base offset in the file of `bytes[0]`.
   * @returns where the next record starts; `start` if this one is not whole yet.
   * @throws InputError if what follows cannot be a record.
   */
  next(bytes: Uint8Array, start: number, end: number, base: number): number
}
