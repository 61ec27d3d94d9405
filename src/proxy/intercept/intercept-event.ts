import type {Sender} from '../../wire/side.js'

/** A long-term secret of either end: enough to open and seal both handshakes. Keys are 32 bytes. */
export type Secret =
  | {readonly of: 'relay'; readonly secretKey: Uint8Array}
  | {readonly of: 'client'; readonly secretKey: Uint8Array; readonly relayKey: Uint8Array}

/** A packet on its way. `index` counts this end's frames on its own leg, from 0. `plain` belongs to who reads it. */
export interface PassingPacket {
  readonly from: Sender
  readonly index: number
  readonly plain: Uint8Array
}

/**
 * What is sent in a packet's place: any number of packets on to the other end, and any number back to the sender. Each
 * 0..65519 bytes, of which receivers accept 1..2032.
 */
export interface Replacement {
  readonly onward: readonly Uint8Array[]
  readonly back: readonly Uint8Array[]
  /** The packet was kept back, to be injected after so long. */
  readonly delayMilliseconds?: number
}

/** Index of the next frame on each end's own leg, as the proxy seals it. */
export type NextIndexes = Readonly<Record<Sender, number>>

/** @returns undefined to let the packet pass. A throw lets it pass, too. */
export type Rewrite = (packet: PassingPacket) => Replacement | undefined

/** The session of the client's leg, as a key log has it. */
export interface LegSession {
  readonly clientNonce: Uint8Array
  readonly relayNonce: Uint8Array
  readonly sharedKey: Uint8Array
  readonly clientBaseNonce: Uint8Array
  readonly relayBaseNonce: Uint8Array
}

/** What happened between the legs. */
export type InterceptEvent =
  /** Told before the bytes that it opens. */
  | {readonly kind: 'session'; readonly session: LegSession}
  /** Nothing is opened on this connection: all bytes pass as they are. */
  | {readonly kind: 'tap'; readonly reason: string}
  /** From here on this side's bytes pass as they are; real ends close at what was seen. */
  | {
      readonly kind: 'broken'
      readonly from: Sender
      readonly fault: 'handshake' | 'length' | 'mac'
      readonly length: number
    }
  /** `next`: of the first frame that is sent in its place, onward and back. Told before the bytes. */
  | ({readonly kind: 'rewritten'; readonly next: NextIndexes} & PassingPacket & Replacement)
  /** The packet passed as it was. */
  | {
      readonly kind: 'rewrite_failed'
      readonly from: Sender
      readonly index: number
      readonly next: NextIndexes
      readonly message: string
    }
  /** Sent by inject(), not by an end; isLate: an end sent it, and it was kept back until now. */
  | {
      readonly kind: 'injected'
      readonly to: Sender
      readonly plain: Uint8Array
      readonly index: number
      readonly isLate: boolean
    }
