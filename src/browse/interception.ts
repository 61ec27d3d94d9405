import type {Sender} from '../wire/side.js'

/** What is done with the next packets that match. Marked packets pass; the others do not. */
export type InterceptionAction = 'hold' | 'drop' | 'delay' | 'mark'

/** An order to a proxy about the next packets that match a filter. */
export interface InterceptionOrder {
  readonly action: InterceptionAction
  /** A display filter. */
  readonly filter: string
  /** Number of packets that it is still for. */
  readonly count: number
  /** How long packets are delayed. */
  readonly milliseconds?: number
}

/** A decrypted packet of a connection. */
export interface ConnectionPacket {
  /** The connection's number in records; null: not known. */
  readonly connection: number | null
  readonly from: Sender
  readonly plain: Uint8Array
}

/** What a proxy was ordered and what it holds, each with a number to name it by. */
export interface Interception {
  readonly orders: readonly (InterceptionOrder & {readonly id: number})[]
  readonly held: readonly (ConnectionPacket & {readonly id: number})[]
}

/** What the view asks of a proxy that intercepts. */
export type InterceptionEffect =
  | {readonly kind: 'order'; readonly order: InterceptionOrder}
  | {readonly kind: 'cancel'; readonly id: number}
  /** Send a held packet on. @param plain in its place; undefined: the packet as it was. */
  | {readonly kind: 'release'; readonly id: number; readonly plain: Uint8Array | undefined}
  | {readonly kind: 'discard'; readonly id: number}
  /** Send a packet that no peer sends now. */
  | ({readonly kind: 'inject'} & ConnectionPacket)

export const noInterception: Interception = {orders: [], held: []}
