import {type Finding, finding} from '../../expert/finding.js'
import {connectionIdOf, isConnectionId, slotOf} from '../../protocol/connection-id.js'
import {lifecycle, type SlotEvent, type SlotState} from '../../protocol/lifecycle.js'
import {limits} from '../../protocol/limits.js'
import {toHex} from '../../wire/hex/hex-bytes.js'

interface Slot {
  state: SlotState
  /** Key behind the id, hex; undefined where nobody saw it. */
  pk: string | undefined
}

interface Request {
  /** Hex. */
  readonly key: string
  /** The id that the relay must have given it, as the client used it before the answer was seen. */
  given?: number
}

/** What a violation of the lifecycle means: state, then event. */
const violations: Readonly<Partial<Record<SlotState, Readonly<Partial<Record<SlotEvent, (id: number) => Finding>>>>>> =
  {
    free: {
      'connect<': id => finding('connect-on-free-id', {id}, {range: [1, 2]}),
      'disconnect<': id => finding('disconnect-on-free-id', {id}, {range: [1, 2]}),
      'disconnect>': id => finding('disconnect-of-free-id', {id}, {range: [1, 2]}),
      'data<': id => finding('data-from-relay-on-free-id', {id}, {range: [0, 1]}),
      'data>': id => finding('data-on-free-id', {id}, {range: [0, 1]}),
    },
    registered: {
      'disconnect<': id => finding('disconnect-on-offline-id', {id}, {range: [1, 2]}),
      'data>': id => finding('data-on-offline-id', {id}, {range: [0, 1]}),
    },
    online: {'connect<': id => finding('connect-on-online-id', {id}, {range: [1, 2]})},
  }

type Raise = (found: Finding) => void

/** One client's connection ids at its relay, as its packets and the relay's tell them. */
export class Routes {
  readonly #slots: Slot[]
  /** Keys asked for, in order, that have no answer yet. */
  #pending: Request[] = []
  /** False once requests may have been missed. */
  #sawAllRequests: boolean

  /** @param fromStart false: the stream began in the middle, every slot is unknown. */
  constructor(fromStart: boolean) {
    const state = fromStart ? 'free' : 'unknown'
    this.#slots = Array.from({length: limits.connectionIds}, () => ({state, pk: undefined}))
    this.#sawAllRequests = fromStart
  }

  /** Something was not seen: nothing is certain any more. */
  forget(): void {
    for (const slot of this.#slots) slot.state = 'unknown'
    this.#pending = []
    this.#sawAllRequests = false
  }

  /** Route requests that have no answer yet. */
  get unanswered(): number {
    return this.#sawAllRequests ? this.#pending.length : 0
  }

  /** The key behind an id, hex. */
  peerOf(id: number): string | undefined {
    return this.#slots[slotOf(id)]?.pk
  }

  stateOf(id: number): SlotState {
    return this.#slots[slotOf(id)]?.state ?? 'unknown'
  }

  /** The id on which a key is online. */
  onlineId(pk: Uint8Array): number | undefined {
    const wanted = toHex(pk)
    const slot = this.#slots.findIndex(s => s.state === 'online' && s.pk === wanted)
    return slot < 0 ? undefined : connectionIdOf(slot)
  }

  request(pk: Uint8Array, ownPk: Uint8Array | null, raise: Raise): void {
    const key = toHex(pk)
    if (ownPk && key === toHex(ownPk)) raise(finding('route-own-key', {}, {range: [1, 33]}))
    else if (this.#slots.every(({state, pk: taken}) => (state === 'registered' || state === 'online') && taken !== key))
      raise(finding('route-table-full', {}))
    if (this.#pending.length < limits.pendingRoutes) this.#pending.push({key})
    else this.#sawAllRequests = false
  }

  response(id: number, pk: Uint8Array, raise: Raise): void {
    const key = toHex(pk)
    const request = this.#answer(key, raise)
    // 0 and the reserved ids are the layout's to find.
    if (!isConnectionId(id)) return
    const slot = this.#slots[slotOf(id)]!
    if (request?.given === id) {
      if (slot.state === 'unknown') slot.state = 'registered'
      return
    }
    if (slot.state === 'registered' || slot.state === 'online') {
      if (slot.pk !== undefined)
        raise(finding(slot.pk === key ? 'route-response-repeated' : 'route-response-id-in-use', {id}, {range: [1, 2]}))
      return
    }
    if (slot.state === 'free') this.#checkNewId(id, key, raise)
    slot.state = lifecycle[slot.state]['response<'] ?? slot.state
    slot.pk = key
  }

  #answer(key: string, raise: Raise): Request | undefined {
    const at = this.#pending.findIndex(request => request.key === key)
    if (at < 0) {
      if (this.#sawAllRequests) raise(finding('route-response-unasked', {}, {range: [2, 34]}))
      return undefined
    }
    if (at > 0) raise(finding('route-response-out-of-order', {count: at}, {range: [2, 34]}))
    return this.#pending.splice(at, 1)[0]
  }

  #checkNewId(id: number, key: string, raise: Raise): void {
    const before = this.#slots.findIndex(({state, pk}) => pk === key && (state === 'registered' || state === 'online'))
    if (before >= 0) raise(finding('route-response-id-changed', {before: connectionIdOf(before), id}, {range: [1, 2]}))
    const firstOpen = this.#slots.findIndex(({state}) => state === 'free' || state === 'unknown')
    if (this.#slots[firstOpen]?.state === 'free' && connectionIdOf(firstOpen) < id) {
      raise(finding('route-response-not-lowest', {id, lowest: connectionIdOf(firstOpen)}, {range: [1, 2]}))
    }
  }

  /**
   * The relay answers each request at once, so a client may use an id whose answer is still on its way: give the
   * requests without an answer the lowest free ids, as relays do, up to this one.
   */
  #assignIdsUpTo(id: number): void {
    for (const request of this.#pending) {
      if (this.#slots[slotOf(id)]!.state !== 'free') return
      if (request.given !== undefined || this.#slots.some(({state, pk}) => pk === request.key && state !== 'free'))
        continue
      const lowest = this.#slots.findIndex(({state}) => state === 'free')
      request.given = connectionIdOf(lowest)
      this.#slots[lowest] = {state: 'unknown', pk: request.key}
    }
  }

  /** A packet about one connection id. Ids that name no slot are the layout's to find. */
  event(id: number, event: SlotEvent, raise: Raise): void {
    if (!isConnectionId(id)) return
    if (this.stateOf(id) === 'free' && event.endsWith('>')) this.#assignIdsUpTo(id)
    const slot = this.#slots[slotOf(id)]!
    const next = lifecycle[slot.state][event]
    if (next === undefined) {
      const violation = violations[slot.state]?.[event]
      if (violation) raise(violation(id))
      return
    }
    slot.state = next
    if (next === 'free') slot.pk = undefined
  }
}
