import type {Sender} from '../../wire/side.js'

/** A long-term secret key of either peer: enough to open and seal both handshakes. Keys are 32 bytes. */
export type Secret =
  | {readonly of: 'relay'; readonly secretKey: Uint8Array}
  | {readonly of: 'client'; readonly secretKey: Uint8Array; readonly relayKey: Uint8Array}

/** A packet on its way. `index` counts the sender's frames on its own leg, from 0. The reader may keep `plain`. */
export interface PassingPacket {
  readonly from: Sender
  readonly index: number
  readonly plain: Uint8Array
}

/**
 * Packets sent in place of one: any number onward to the other peer, and any number back to the sender. Each has
 * 0..65519 bytes; receivers accept 1..2032.
 */
export interface Replacement {
  readonly onward: readonly Uint8Array[]
  readonly back: readonly Uint8Array[]
  /** The packet is delayed, and injected after this time. */
  readonly delayMilliseconds?: number
  /** The packet is held until somebody decides about it by hand. */
  readonly isHeld?: true
}

/** What a packet that no peer sends now is: the proxy's own, a delayed one as it was, or one that was edited. */
export type InjectedAs = 'injected' | 'late' | 'edited'

/** Index of the next frame that the proxy seals on each peer's leg. */
export type NextIndexes = Readonly<Record<Sender, number>>

/**
 * @returns undefined to let the packet pass, 'mark' to let it pass with a finding. If it throws, the packet passes,
 *   too.
 */
export type Rewrite = (packet: PassingPacket) => Replacement | 'mark' | undefined

/** The session of the client's leg, with the fields of a key log entry. */
export interface LegSession {
  readonly clientNonce: Uint8Array
  readonly relayNonce: Uint8Array
  readonly sharedKey: Uint8Array
  readonly clientBaseNonce: Uint8Array
  readonly relayBaseNonce: Uint8Array
}

/** What the interceptor did. */
export type InterceptEvent =
  /** Reported before the bytes that the key opens. */
  | {readonly kind: 'session'; readonly session: LegSession}
  /** The connection is not intercepted: all bytes pass unchanged. */
  | {readonly kind: 'tap'; readonly reason: string}
  /** This side's bytes pass unchanged from here on; real peers close after such bytes. */
  | {
      readonly kind: 'broken'
      readonly from: Sender
      readonly fault: 'handshake' | 'length' | 'mac'
      readonly length: number
    }
  /** `next`: index of the first frame sent in its place, onward and back. Reported before the bytes. */
  | ({readonly kind: 'rewritten'; readonly next: NextIndexes} & PassingPacket & Replacement)
  /** The packet passed unchanged. */
  | {
      readonly kind: 'rewrite_failed'
      readonly from: Sender
      readonly index: number
      readonly next: NextIndexes
      readonly message: string
    }
  /** The packet passed unchanged, and is marked. */
  | {readonly kind: 'marked'; readonly from: Sender; readonly index: number; readonly next: NextIndexes}
  /** Sent by inject(), not by a peer. */
  | {
      readonly kind: 'injected'
      readonly to: Sender
      readonly plain: Uint8Array
      readonly index: number
      readonly as: InjectedAs
    }
