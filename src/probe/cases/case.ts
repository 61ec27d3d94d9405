import {concatBytes} from '../../wire/bytes.js'

/** What a connection has seen when the packets of a case are sent. */
export type Before =
  /** Both handshakes, and a ping. */
  | 'free'
  /** The client asked for a route to the peer, which is not at this relay. */
  | 'asked'
  /** The same, and the relay answered with id 16. */
  | 'registered'
  /** The same, and the peer is online. */
  | 'online'
  /** The relay has sent a ping. */
  | 'relayPinged'
  /** The same, and the client answered. */
  | 'relayPingAnswered'

/** Packets of one peer to another, and what came before them. */
export type Case = readonly [name: string, before: Before, packets: readonly Uint8Array[]]

/** Public keys that the packets of cases name, 32 bytes each. */
export interface CaseKeys {
  /** The client's own. */
  readonly own: Uint8Array
  readonly relay: Uint8Array
  /** The peer to which the client has a route, or asks for one. */
  readonly peer: Uint8Array
  /** A key that no client of this relay has. */
  readonly nobody: Uint8Array
  /** The ping that the relay has sent, if it has: a whole packet. */
  readonly relayPing?: Uint8Array | undefined
}

/** Ids from first to last. */
export const ids = (first: number, last: number): number[] =>
  Array.from({length: last - first + 1}, (_, i) => first + i)

export const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all)
/** A packet with zeros after it. */
export const padded = (packet: Uint8Array, more: number): Uint8Array => concatBytes([packet, new Uint8Array(more)])
/** The first bytes of a packet. */
export const cut = (packet: Uint8Array, length: number): Uint8Array => packet.subarray(0, length)
