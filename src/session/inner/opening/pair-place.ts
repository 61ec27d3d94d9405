import type {Side} from '../../../wire/side.js'

/** The id of two peers, and which of them is the side 0. @param sender in hex; null: not known. */
export function pairOf(sender: string | null, receiver: string | null, slot: string, isClient: boolean): PairPlace {
  if (sender === null || receiver === null) return {id: slot, side: isClient ? 0 : 1, isKnown: false}
  const isKnown = true
  return sender < receiver
    ? {id: `${sender} ${receiver}`, side: 0, isKnown}
    : {id: `${receiver} ${sender}`, side: 1, isKnown}
}

/** Keys in hex of who sends and who receives what is at a place. undefined: they are not known. */
export function endsAt({
  id,
  side,
  isKnown,
}: PairPlace): {readonly sender: string; readonly receiver: string} | undefined {
  const [first = '', second = ''] = id.split(' ')
  if (!isKnown) return undefined
  return side === 0 ? {sender: first, receiver: second} : {sender: second, receiver: first}
}

/** Two peers, and which of them sends. */
export interface PairPlace {
  readonly id: string
  readonly side: Side
  /** Whether both peers are known: the id has their keys. */
  readonly isKnown: boolean
}
