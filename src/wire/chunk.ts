/**
 * A point in time: whole microseconds since 1970, and 0..999 nanoseconds more. Nanoseconds since 1970 do not fit into a
 * number.
 */
export interface Time {
  readonly micros: number
  readonly nanos: number
}

/**
 * An end of a TCP connection: 0 opened it or, if the opening was not captured, sent the first segment with data.
 */
export type End = 0 | 1

/** How the stream of one end ended: by its FIN, by its RST, or because the source of chunks ended. */
export type Close = 'fin' | 'rst' | 'capture_end'

/**
 * Where the first byte of a chunk was found: the number of its packet in the capture, from 1, and its offset in the
 * file.
 */
export interface Origin {
  readonly packet: number
  readonly offset: number
}

/**
 * Bytes of one end of one connection, in stream order; or a gap, where bytes are missing; or the end of the stream.
 * Exactly one of bytes, gap and close is set.
 */
export interface Chunk {
  /** Number of the connection, from 0, in order of appearance. */
  readonly connection: number
  readonly end: End
  /** null: the source has no times. */
  readonly time: Time | null
  /** Must not be written to while records made of it are in use: they are views of it. */
  readonly bytes?: Uint8Array
  /** Number of bytes that were not captured. */
  readonly gap?: number
  readonly close?: Close
  readonly origin?: Origin
  /**
   * True if the sender had received bytes of the other end that have not been delivered yet, and for those bytes when
   * they come: the order between both ends is uncertain here. The same for a close.
   */
  readonly isAhead?: boolean
  /**
   * True of bytes or a gap after a close of the same end. Its receiver ignored that FIN or RST: it has acknowledged
   * what came after it.
   */
  readonly resumes?: boolean
  /**
   * What the TCP checksum of its segment says of the bytes, for `hasWrongSum`: the sum that they must have, `wrongSum`
   * or `unknownSum`. It is only known where others of this end have the right checksum. A wrong one shows that they
   * were damaged on the way, so that the receiver dropped them; or that a network card joined several segments.
   * Default: unknown.
   */
  readonly sum?: number
  /**
   * Place up to which the sender of the bytes had received the other end's stream, gaps counted; undefined: not known.
   */
  readonly acknowledged?: number | undefined
  /** True of an end's first chunk if bytes may have come before it: the end's SYN was not captured. */
  readonly isFirstUnknown?: boolean
}

/** A segment brought other bytes for a place of a stream that had some already. The first ones were delivered. */
export interface Conflict {
  readonly connection: number
  readonly end: End
  readonly time: Time | null
  /** Packet that brought the other bytes. */
  readonly packet: number
  /** Offset in the end's stream, gaps counted, of the first byte that differs. */
  readonly position: number
  /** The other bytes from there on, as far as the stream had some: its own copy. */
  readonly bytes: Uint8Array
  /** Packet of one of both whose TCP checksum is wrong, the earlier one if both are; undefined: neither is. */
  readonly damaged?: number | undefined
}

/** A host and port; IPv6 as in RFC 5952, without brackets. */
export interface Endpoint {
  readonly ip: string
  readonly port: number
}

/** An empty array, shared by everything that has no bytes. */
export const noBytes = new Uint8Array(0)
