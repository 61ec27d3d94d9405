import type {Chunk, Conflict, Endpoint, Time} from '../wire/chunk.js'

/** What is known of a connection before its first chunk. */
export interface Opened {
  /** By end: 0 is the sender of the SYN, or, where none was captured, of the first segment with data. */
  readonly ends: readonly [Endpoint, Endpoint]
  /** Ethernet addresses of the ends, 6 bytes each, by the first packet; undefined where it was no Ethernet. */
  readonly hardware: readonly [Uint8Array, Uint8Array] | undefined
  /** Whether its opening was captured; if not, earlier bytes may lack. */
  readonly synSeen: boolean
  /** Of the first packet. */
  readonly time: Time | null
  readonly packet: number
}

/**
 * Receives TCP streams. Connections are numbered from 0 in order of their first packet, but `open` waits until it is
 * known which end is which, so the calls need not come in that order. Every connection gets one `open`, then chunks,
 * then one close for each end. A chunk's time is the time at which its bytes became readable, so times do not go back;
 * its origin is the packet that they came in.
 */
export interface StreamSink {
  open(connection: number, opened: Opened): void
  chunk(chunk: Chunk): void
  conflict?(conflict: Conflict): void
}
