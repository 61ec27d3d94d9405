import type {Time} from '../wire/chunk.js'

/**
 * One packet record of a capture file. Borrowed: the object and its bytes are used again for the next packet, so keep
 * neither (`time` may be kept). The captured bytes are `bytes[start..end)`, a range and no view, as a view costs more
 * than all other fields together.
 */
export interface Packet {
  /** From 1, packets only: other records of a pcapng take no number. */
  number: number
  /** null: a Simple Packet Block, which has none. */
  time: Time | null
  /** LINKTYPE_ number; -1 if the packet's interface was never described. */
  linkType: number
  bytes: Uint8Array
  start: number
  end: number
  /** Length of the packet on the wire; over `end - start` where the capture cut it. */
  originalLength: number
  /** Offset in the file (once inflated) of `bytes[start]`. */
  offset: number
  /** Number of its interface in its pcapng section; 0 in pcap. */
  interfaceId: number
}

/** Receives what a capture file holds, in file order, while its bytes are pushed. */
export interface CaptureSink {
  packet(packet: Packet): void
  /**
   * A pcapng Decryption Secrets Block.
   * @param type its 32-bit secrets type.
   * @param data borrowed.
   */
  secrets?(type: number, data: Uint8Array): void
}

/** How a capture file ended. */
export interface CaptureEnd {
  readonly packets: number
  /** Length of the file (once inflated). */
  readonly bytes: number
  /** Set if the file stops inside a record. What came before it was delivered. */
  readonly cut?: {
    /** Where in the file that record starts. */
    readonly offset: number
    /** How many of its bytes are there. */
    readonly present: number
  }
}

/** A packet to be filled in by the reader of a format. */
export function blankPacket(): Packet {
  return {
    number: 0,
    time: null,
    linkType: -1,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    originalLength: 0,
    offset: 0,
    interfaceId: 0,
  }
}

/** A file format, fed with bytes that start at the first one it has not consumed. */
export interface CaptureFormat {
  /** Bytes that the next record takes from its start on, as far as known. */
  readonly needed: number
  /** Bytes of a record still to come that nobody wants. */
  readonly skipping: number
  /** Number of the last packet that was delivered. */
  readonly lastNumber: number
  /**
   * Deliver every whole record in `bytes[start..end)`.
   * @param base offset in the file of `bytes[0]`.
   * @returns where the first record starts that is not whole, or `end`.
   * @throws InputError if what follows cannot be a record.
   */
  read(bytes: Uint8Array, start: number, end: number, base: number): number
}
