import type {Side} from '../../../wire/side.js'
import * as limits from '../limits.js'

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
  readonly #bySender = new Map<string, Map<string, PairPlace>>()
  #count = 0

  /** As `pairOf`. */
  of(sender: string | null, receiver: string | null, slot: string, isClient: boolean): PairPlace {
    if (sender === null || receiver === null) return pairOf(sender, receiver, slot, isClient)
    const known = this.#bySender.get(sender)?.get(receiver)
    if (known) return known
    if (this.#count++ >= limits.cryptoSessions) {
      this.#bySender.clear()
      this.#count = 1
    }
    const place = pairOf(sender, receiver, slot, isClient)
    const bySender = this.#bySender.get(sender) ?? new Map<string, PairPlace>()
    this.#bySender.set(sender, bySender.set(receiver, place))
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
