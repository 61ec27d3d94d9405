import type {RuleCode} from '../../expert/rules.js'
import type {Datagram} from './udp-packets.js'

/** Why a relay ends a client's connection: the rule that its packet broke, or one of these. */
export type CloseCause =
  | RuleCode
  /** The same client key came again. */
  | 'replaced'
  /** The receiver of a full crypto data packet, at a tox-rs relay. */
  | 'unwritable_packet'
  | 'handshake_timeout'
  /** Too many clients without a good frame: the oldest of them makes room. */
  | 'unconfirmed_limit'
  | 'address_limit'
  /** It does not read, and too many bytes wait for it. */
  | 'slow_reader'
  /** Provoked with --drop-after. */
  | 'drop_after'

/** Keys of a session, as a key log has them. */
export interface RelaySession {
  readonly clientNonce: Uint8Array
  readonly relayNonce: Uint8Array
  readonly sharedKey: Uint8Array
  readonly clientBaseNonce: Uint8Array
  readonly relayBaseNonce: Uint8Array
}

/** What the driver of a relay has to do, in this order. */
export type RelayAction =
  /** Write to a client's connection. */
  | {readonly kind: 'send'; readonly connection: number; readonly bytes: Uint8Array}
  /** End a client's connection. Nothing more is sent on it, and what it still sends is not read. */
  | {readonly kind: 'close'; readonly connection: number; readonly cause: CloseCause}
  | ({readonly kind: 'udp'} & Datagram)
  /** The session keys of a connection, before the bytes that they open. */
  | {readonly kind: 'session'; readonly connection: number; readonly session: RelaySession}

/** Totals of a relay. */
export interface RelayCounts {
  /** Connections now open, and those of them with a good frame. */
  open: number
  confirmed: number
  /** Connections ended by the relay, by cause. */
  readonly closed: Map<CloseCause, number>
  /** Packets passed on from client to client. */
  relayed: number
  /** Packets dropped because their receivers read too slowly. */
  dropped: number
}
