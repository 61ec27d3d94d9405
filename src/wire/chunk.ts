/**
 * A point in time. Whole microseconds since the Unix epoch, and 0..999 nanoseconds more; epoch nanoseconds do not fit a
 * double.
 */
export interface Time {
  readonly micros: number
  readonly nanos: number
}

/**
 * End of a TCP connection: 0 opened it (or, where nobody saw, sent the first segment that was seen), 1 is the other.
 */
export type End = 0 | 1

/** How one end's stream ended: its FIN, its RST, or the source of chunks ran out. */
export type Close = 'fin' | 'rst' | 'capture_end'

/**
 * Where a chunk's first byte was found: packet number in the capture (from 1) and offset in the file, where there is
 * one.
 */
export interface Origin {
  readonly packet: number
  readonly offset: number
}

/**
 * Bytes of one end of one connection, in stream order, or the news that bytes are missing or that the end closed.
 * Exactly one of bytes, gap and close is set.
 */
export interface Chunk {
  /** From 0, in order of appearance. */
  readonly connection: number
  readonly end: End
  /** null: the source has no times. */
  readonly time: Time | null
  /** Records keep views of it: it must stay as it is until they are done with. */
  readonly bytes?: Uint8Array
  /** Count of bytes that were never seen. */
  readonly gap?: number
  readonly close?: Close
  readonly origin?: Origin
  /**
   * True where the sender had received bytes of the other end that have not been delivered yet, and where such bytes
   * come at last: the order between both ends is uncertain here.
   */
  readonly isAhead?: boolean
}

/** A segment brought other bytes for a place of a stream that had some already. The first ones were kept. */
export interface Conflict {
  readonly connection: number
  readonly end: End
  readonly time: Time | null
  /** Packet that brought the other bytes. */
  readonly packet: number
  /** Offset in the end's stream, gaps counted, of the first byte that differs. */
  readonly position: number
}

/** A host and port as text sees them: IPv6 per RFC 5952, without brackets. */
export interface Endpoint {
  readonly ip: string
  readonly port: number
}

/** No bytes: one array for all that hold none. */
export const noBytes = new Uint8Array(0)
