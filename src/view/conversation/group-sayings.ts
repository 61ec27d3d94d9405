import {groupSayings, heardClients} from '../../session/conversation/limits.js'
import type {Spoken} from '../../session/conversation/spoken.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {latin1Text} from '../../wire/bytes.js'
import {microsPerSecond} from '../../wire/time.js'

/** The same bytes of one member to all others, said once or several times. */
interface Saying {
  /** How often it was said. */
  times: number
  /** When it was said last, in microseconds; null: not known. */
  last: number | null
  /** How many of these times each receiver has seen. */
  readonly seen: Map<string | null, number>
}

/** What members of groups say to all others: it is sent to each of them. */
export class GroupSayings {
  readonly #sayings = new BoundedMap<string, Saying>(groupSayings)

  /** Whether a packet is the first one of a saying, and not a copy for one more member. */
  isNew({sender, receiver, packet, carried, time}: Spoken): boolean {
    const {type, bytes, start, end} = carried ?? packet
    // The message id of a packet without a broadcast around it differs with the receiver.
    const from = carried || type.layer === 'group_lossy' ? start : start + 1 + messageIdBytes
    const key = `${sender} ${type.name} ${latin1Text(bytes.subarray(from, end))}`
    const saying: Saying = this.#sayings.get(key) ?? {times: 0, last: null, seen: new Map()}
    const micros = time?.micros ?? null
    const isLate = micros !== null && saying.last !== null && micros - saying.last > copySeconds * microsPerSecond
    const seen = (saying.seen.get(receiver) ?? 0) + 1
    // A member that came later, or that missed some, sees it less often than it was said.
    const isNew = seen > saying.times || isLate
    if (isNew) Object.assign(saying, {times: saying.times + 1, last: micros})
    if (saying.seen.has(receiver) || saying.seen.size < heardClients)
      saying.seen.set(receiver, isNew ? saying.times : seen)
    this.#sayings.set(key, saying)
    return isNew
  }
}

/** Copies for all members leave their sender at once; some take longer. */
const copySeconds = 30

const messageIdBytes = 8
