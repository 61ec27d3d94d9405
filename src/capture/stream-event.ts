import type {Chunk, Conflict, Endpoint, Time} from '../wire/chunk.js'

/** What is known of a connection before its first chunk. */
export interface Opened {
  /** Addresses by end. End 0 sent the SYN or, if none was captured, the first segment with data. */
  readonly ends: readonly [Endpoint, Endpoint]
  /** Ethernet addresses of the ends, 6 bytes each, from the first packet; undefined for other link types. */
  readonly hardware: readonly [Uint8Array, Uint8Array] | undefined
  /** Whether a SYN was captured. If not, earlier bytes may be missing. */
  readonly hasSyn: boolean
  /** Time and number of the first packet. */
  readonly time: Time | null
  readonly packet: number
}

/**
 * What happened to the TCP streams of a capture. Every connection has one `open`, then chunks and conflicts, among
 * them one chunk with `close` for each end, then one `over`. Between the two, an end goes on if its receiver ignored
 * the FIN or RST. Connections are numbered from 0 in order of their first packet, but are opened only once it is known
 * which end is which, so not always in that order. A chunk's time is when its bytes became readable: when they
 * were captured, or, of those that waited for bytes that came later, when those were. Those that waited for bytes that
 * were given up come after newer ones of other streams. Its origin is the packet that brought the bytes.
 */
export type StreamEvent =
  | {readonly kind: 'open'; readonly connection: number; readonly opened: Opened}
  | {readonly kind: 'chunk'; readonly chunk: Chunk}
  | {readonly kind: 'conflict'; readonly conflict: Conflict}
  | {readonly kind: 'over'; readonly connection: number}
