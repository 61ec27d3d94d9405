import type {Side} from '../../../wire/side.js'
import * as limits from '../limits.js'
import type {Route} from './peer-facts.js'

/** What a connection names a peer by whose key is not known. @param id of the connection to that peer, if any. */
export const slotOf = (connection: number | null, id: number | undefined): string => `${connection} ${id ?? ''}`

/** The id of two peers, and which of them is the side 0. @param sender in hex; null: not known. */
export function pairOf(sender: string | null, receiver: string | null, slot: string, isClient: boolean): PairPlace {
  if (sender === null || receiver === null) return {id: slot, side: isClient ? 0 : 1, isKnown: false}
  const isKnown = true
  return sender < receiver
    ? {id: `${sender} ${receiver}`, side: 0, isKnown}
    : {id: `${receiver} ${sender}`, side: 1, isKnown}
}

/** Places of pairs of peers. Each is made once: its id has 129 characters, and every packet is looked up with it. */
export class PairPlaces {
  /** By the sender and the receiver, or by the slot and who sends. */
  readonly #places = new Map<string, Map<string, PairPlace>>()
  #count = 0

  of(route: Route, connection: number): PairPlace {
    const {sender, receiver, slot, isClient} = route
    if (sender !== null && receiver !== null) return this.#at(sender, receiver, route)
    const isPeerKnown = (isClient ? receiver : sender) !== null
    return this.#at(isPeerKnown ? `${connection} ${slot}` : slot, isClient ? 'client' : 'relay', route)
  }

  /** @param from the sender, or the slot. @param to the receiver, or who sends. */
  #at(from: string, to: string, {sender, receiver, isClient}: Route): PairPlace {
    const known = this.#places.get(from)?.get(to)
    if (known) return known
    if (this.#count++ >= limits.cryptoSessions) {
      this.#places.clear()
      this.#count = 1
    }
    const place = pairOf(sender, receiver, from, isClient)
    const bySender = this.#places.get(from) ?? new Map<string, PairPlace>()
    this.#places.set(from, bySender.set(to, place))
    return place
  }
}

/** Keys in hex of who sends and who receives what is at a place. undefined: they are not known. */
export function endsAt(place: PairPlace): {readonly sender: string; readonly receiver: string} | undefined {
  const {id, side, isKnown} = place
  if (!isKnown) return undefined
  const [first = '', second = ''] = id.split(' ')
  return side === 0 ? {sender: first, receiver: second} : {sender: second, receiver: first}
}

/** Two peers, and which of them sends. */
export interface PairPlace {
  readonly id: string
  readonly side: Side
  /** Whether both peers are known: the id has their keys. */
  readonly isKnown: boolean
}
