import {limits} from '../protocol/limits.js'
import type {End} from '../wire/chunk.js'
import type {StreamStart} from './connection/deframer.js'
import type {SessionKey} from './connection/opening/session-keys.js'
import type {Prelude} from './prelude.js'
import type {Ends} from './record.js'

/** What is known of a connection that begins in the middle. Client first, then relay; null: not known. */
export interface PartStart {
  /** Indexes of the sides' first frames. */
  readonly frames: readonly [number | null, number | null]
  /** Nonces of their handshakes' boxes, which were not captured. */
  readonly nonces: readonly [Uint8Array | null, Uint8Array | null]
}

/** What is known of a connection when its first bytes come. */
export interface ConnectionSetup {
  /** Which end of the chunks is the client. */
  readonly clientEnd: End
  readonly ends: Ends
  /** How each side begins, [client, relay]; default: with its handshake. */
  readonly begin?: readonly [StreamStart, StreamStart] | undefined
  /** Where in the connection this is a part of the sides begin. Default: not known. */
  readonly part?: PartStart | undefined
  /** The key that seals its frames, where that is known beforehand. */
  readonly session?: SessionKey | undefined
  /** The dialogue with a proxy, whose bytes come before each side's own. */
  readonly prelude?: Prelude | undefined
  /** Sizes alone suggest Tox: until a box opens, no finding may accuse anybody. Default false. */
  readonly isGuess?: boolean | undefined
  /** Other bytes were captured for the first ones of a side: who wrote a handshake is not known. Default false. */
  readonly isDisputed?: boolean | undefined
  /** Place among the connections of the run, from 0: an earlier one may search longer. Default: in order of opening. */
  readonly place?: number | undefined
  /** False if chunks are not TCP segments: then it is unknown which bytes came together. Default true. */
  readonly hasSegments?: boolean | undefined
  /** Whether another segment may bring other bytes for a place that has some: then a bad frame waits for it. */
  readonly mayConflict?: boolean | undefined
  /** False if the order between both sides is inferred: then no finding may depend on it. Default true. */
  readonly hasOrder?: boolean | undefined
}

/** How each side begins where nothing was missed. */
export const fromHandshakes: readonly [StreamStart, StreamStart] = [
  {handshake: limits.clientHandshake},
  {handshake: limits.relayHandshake},
]
