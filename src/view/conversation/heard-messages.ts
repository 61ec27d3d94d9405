import {groupSayings, heardClients, sameSayings} from '../../session/conversation/limits.js'
import {latest} from '../../session/conversation/same.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import type {Conference} from './conference.js'

/** One step of a message on its way through a conference. */
interface Hop {
  /** Keys in hex; null: unknown. */
  readonly sender: string | null
  readonly receiver: string | null
  /** The number that the conference has at the receiver. */
  readonly number: number
  readonly conference: Conference
}

/** A message that was heard, and where. */
interface Heard {
  readonly conference: Conference
  /** Clients that had it. */
  readonly clients: Set<string>
  /** The number that the conference has at each client that received it. */
  readonly numbers: Map<string, number>
}

/** Messages of conferences that were heard. Each goes from member to member, with other numbers at each of them. */
export class HeardMessages {
  readonly #heard = new BoundedMap<string, readonly Heard[]>(groupSayings)

  /**
   * Notes a message.
   * @param name what it has in common only with those that are the same in one conference.
   * @returns the conference in which it was heard before; undefined: it is new.
   */
  take(name: string, hop: Hop): Conference | undefined {
    const all = this.#heard.get(name) ?? []
    const before = all.find(heard => isSame(heard, hop))
    const heard = before ?? {conference: hop.conference, clients: new Set(), numbers: new Map()}
    note(heard, hop)
    if (before) return latest(before.conference)
    this.#heard.set(name, [heard, ...all].slice(0, sameSayings))
    return undefined
  }
}

/** Whether a hop takes a message further that was heard before, as far as the conferences of both are known. */
function isSame({conference, clients, numbers}: Heard, hop: Hop): boolean {
  const known = latest(conference)
  if (known === hop.conference) return true
  if (known.id !== undefined && hop.conference.id !== undefined) return false
  const {sender, receiver, number} = hop
  // A client numbers its conferences: another number is another one.
  if (receiver !== null && (numbers.get(receiver) ?? number) !== number) return false
  return [sender, receiver].some(client => client !== null && clients.has(client))
}

function note({clients, numbers}: Heard, {sender, receiver, number}: Hop): void {
  if (clients.size >= heardClients) return
  if (sender !== null) clients.add(sender)
  if (receiver === null) return
  clients.add(receiver)
  numbers.set(receiver, number)
}
