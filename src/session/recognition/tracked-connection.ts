import type {End, Endpoint, Time} from '../../wire/chunk.js'
import type {PartStart} from '../connection-setup.js'
import type {ToxDetector, Verdict} from './tox-detector.js'

/** What is known of a TCP connection before its first chunk; as a capture's reassembly reports it. */
export interface TcpOpening {
  readonly ends: readonly [Endpoint, Endpoint]
  readonly hasSyn: boolean
  readonly time: Time | null
  /** The end that is a relay, where the source of the chunks says so. */
  readonly relayEnd?: End | undefined
  /** Where its sides begin, if this is a part of a connection of which more is known. */
  readonly part?: PartStart | undefined
}

/** A TCP connection that has not ended. */
export interface TrackedConnection {
  readonly connection: number
  readonly opening: TcpOpening
  recogniser: ToxDetector | undefined
  verdict: Verdict | undefined
  /** What a RST decided, while too little of the connection was seen: it may go on. */
  reset: ToxDetector | undefined
  /** What the chunks in it count against the limit. */
  resetBytes: number
  /** A segment has brought other bytes for its first ones. */
  isDisputed: boolean
  /** The sink may wait for other bytes of it: it keeps some for that. */
  mayConflict: boolean
  /** True once the sink knows it. */
  isBegun: boolean
  /** Its chunks no longer wait in the queue, but in the recogniser. */
  isAside: boolean
  /** What the queue has of it. */
  queued: number
  /** The first of these that the recogniser has, too: they are not passed on from the queue. */
  queuedTwice: number
  /** What the chunks in its recogniser count against the limit. */
  undecidedBytes: number
  /** Ends that have not closed. One that has may go on. */
  openEnds: number
}

/** A connection that has just been seen. */
export const newlyTracked = (connection: number, opening: TcpOpening, recogniser: ToxDetector): TrackedConnection => ({
  connection,
  opening,
  recogniser,
  verdict: undefined,
  reset: undefined,
  resetBytes: 0,
  isDisputed: false,
  mayConflict: false,
  isBegun: false,
  isAside: false,
  queued: 0,
  queuedTwice: 0,
  undecidedBytes: 0,
  openEnds: 2,
})

/** Chunks of the connection wait in its recogniser alone: also those that the queue has. */
export function setAside(tracked: TrackedConnection): void {
  tracked.isAside = true
  tracked.queuedTwice = tracked.queued
}
