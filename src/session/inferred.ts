import type {Side} from '../wire/side.js'
import type {CryptoSessionLog, SessionEnd} from './inner/tracking/session-log.js'
import type {arrivalStates, deliveryStates} from './record-kinds.js'

/** How a packet between peers relates to those that were seen before. */
export interface Delivery {
  /** arrived: the same packet was seen before on its way to the relay. again: its sender sent it before. */
  readonly state: (typeof deliveryStates)[number]
  /** Record that carried it first; null: this one. */
  readonly first: number | null
  /** Where it was sent, of a packet that arrives: the connection, and microseconds since then; null without times. */
  readonly sent?: {readonly connection: number | null; readonly micros: number | null}
}

/** What is worked out about a packet of a net_crypto session. */
export interface SessionFacts {
  /** The session, as far as it is known; it changes with later packets. */
  readonly log: CryptoSessionLog
  /** Which of the two peers sent it. */
  readonly side: Side
  readonly delivery: Delivery
  /** Packet numbers that its sender asks for. */
  readonly missing: readonly number[]
  /** Microseconds since the other peer sent the newest packet that this one confirms; null: it confirms none. */
  readonly roundTripMicros: number | null
  /** Lossless packets of its sender that the other peer has not confirmed; null: not known. */
  readonly unacknowledged: number | null
  /** The file that it offers, controls or holds a part of. */
  readonly file?: FilePart
  /** Set where this packet ends the session. */
  readonly end?: SessionEnd
}

/** The file that a packet is about. */
export interface FilePart {
  /** Counts the transfers of a run, from 1. */
  readonly transfer: number
  readonly name: string
  /** Bytes; null: a stream. */
  readonly size: number | null
  /** Offset of the packet's data in the file; null: the packet holds none, or one before it was not seen. */
  readonly offset: number | null
  /** Bytes of the packet's data. */
  readonly length: number
  /** Whether all of the file was sent with this packet and those before. */
  readonly isComplete: boolean
}

/** A session that was not over when a connection of one of its peers ended, and how it stood then. */
export interface SessionAtEnd {
  readonly log: CryptoSessionLog
  readonly end: SessionEnd
}

/** What is in a cookie, which only its maker can open. */
export interface CookieContents {
  /** Seconds from its making to this packet; null: the times do not fit each other. */
  readonly ageSeconds: number | null
  /** Keys in hex of the peer that it was made for. */
  readonly realPk: string
  readonly dhtPk: string
}

/** A packet of a group that came in fragments, put together. It has no place on the wire. */
export interface Assembled {
  /** As a packet that came whole: its id, the message id of the last fragment, its data. */
  readonly bytes: Uint8Array
  /** Records of the fragments, in order; those that were seen again are named where they were seen first. */
  readonly fragments: readonly number[]
  /** Whether the packet before the first fragment was seen. If not, that it is the first follows from its contents. */
  readonly isStartKnown: boolean
}

/** The request that a packet answers. */
export interface Answer {
  /** Its record. */
  readonly number: number
  /** Microseconds since then; null without times. */
  readonly micros: number | null
  /** Chat id in hex of the group in which its sender announced itself. */
  readonly chatId?: string | undefined
}

/** The same packet on the connection of the other client. */
export interface OtherHalf {
  readonly number: number
  readonly connection: number
  /** Microseconds on the way; null without times. */
  readonly micros: number | null
}

/** What becomes of a packet for a client whose connection to the same relay is captured, too. */
export interface Arrival {
  /** Set by a later packet; undefined: not known so far. */
  at: OtherHalf | 'never' | undefined
}

/** What is worked out, not read: shown in brackets. */
export interface Inferred {
  /** A pong: microseconds since its ping, and the frame index of that ping in the other direction. */
  readonly roundTrip?: {readonly micros: number | null; readonly index: number | null}
  /** A packet that names a connection id: the key of that peer, hex. */
  readonly peer?: string
  /** A packet of another client, which the relay passed on: where that client sent it. */
  readonly sentAs?: OtherHalf
  /** A packet for another client. */
  readonly arrival?: Arrival
  /** An answer of the onion, or a cookie response: what it answers. */
  readonly answers?: Answer
  /** The cookie of a cookie response or crypto handshake, where its key was given. */
  readonly cookie?: CookieContents
  /** A packet of a net_crypto session. */
  readonly session?: SessionFacts
  /** The last fragment of a packet of a group: the whole packet. */
  readonly assembled?: Assembled
  /** The end of a connection: the net_crypto sessions of its client that were not over. */
  readonly sessions?: readonly SessionAtEnd[]
}

/** What becomes of the packet of a record; undefined: it is not known, or it is not for another client. */
export function arrivalStateOf({
  inferred,
}: {
  readonly inferred: Inferred | null
}): (typeof arrivalStates)[number] | undefined {
  const at = inferred?.arrival?.at
  return at === undefined || at === 'never' ? at : 'seen'
}
