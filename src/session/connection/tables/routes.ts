import {at, type Finding, finding, joined, noFindings} from '../../../expert/finding.js'
import {connectionIdOf, isConnectionId, slotOf} from '../../../protocol/connection-id.js'
import {lifecycle, type SlotEvent, type SlotState} from '../../../protocol/lifecycle.js'
import {limits} from '../../../protocol/limits.js'
import {connectNotification} from '../../../protocol/packets/connect-notification.js'
import {dataPacket} from '../../../protocol/packets/data.js'
import {disconnectNotification} from '../../../protocol/packets/disconnect-notification.js'
import {routeRequest} from '../../../protocol/packets/route-request.js'
import {routeResponse} from '../../../protocol/packets/route-response.js'
import type {Time} from '../../../wire/chunk.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import type {Side} from '../../../wire/side.js'
import type {Inferred} from '../../inferred.js'
import type {Reactions} from './reactions.js'
import {nothingFollows, type TableResult} from './table-result.js'

/** A disconnect notification that may still be on its way to the other side. */
interface Leaving {
  readonly by: Side
  /** Nonce offset of its frame. */
  readonly index: number
  readonly micros: number | null
}

interface Slot {
  /** The latest disconnect notification about the id. */
  left?: Leaving
  state: SlotState
  /** Key behind the id, hex; undefined where nobody saw it. */
  pk: string | undefined
  /** What follows from a packet about the id that breaks no rule: one object for the millions of them. */
  ordinary?: TableResult & {readonly inferred: Inferred}
}

interface Request {
  /** Nonce offset of its frame. */
  readonly index: number
  /** Hex. */
  readonly key: string
  /** Whether the relay has a reason to refuse it, or may have one. */
  readonly isRefusable: boolean
  /** Whether it is for the client's own key. */
  readonly isOwn: boolean
  /** The id that the relay must have given it, as the client used it before the answer was seen. */
  given?: number
}

const connectedId = at(connectNotification, 'connection_id')
const disconnectedId = at(disconnectNotification, 'connection_id')
const dataId = at(dataPacket, 'connection_id')

/** What a violation of the lifecycle means: state, then event. */
const violations: Readonly<Partial<Record<SlotState, Readonly<Partial<Record<SlotEvent, (id: number) => Finding>>>>>> =
  {
    free: {
      'connect<': id => finding('connect-on-free-id', {id}, connectedId),
      'disconnect<': id => finding('disconnect-on-free-id', {id}, disconnectedId),
      'disconnect>': id => finding('disconnect-of-free-id', {id}, disconnectedId),
      'data<': id => finding('data-from-relay-on-free-id', {id}, dataId),
      'data>': id => finding('data-on-free-id', {id}, dataId),
    },
    registered: {
      'disconnect<': id => finding('disconnect-on-offline-id', {id}, disconnectedId),
      'data>': id => finding('data-on-offline-id', {id}, dataId),
    },
    online: {'connect<': id => finding('connect-on-online-id', {id}, connectedId)},
  }

/** Relays refuse the client's own key, and any key where all ids are in use. */
function checkRefusal(id: number, request: Request | undefined): readonly Finding[] {
  if (!request) return noFindings
  if (id === 0 && !request.isRefusable && request.given === undefined)
    return [finding('route-refused-without-reason', {}, at(routeResponse, 'connection_id'))]
  if (isConnectionId(id) && request.isOwn)
    return [finding('route-own-key-given', {id}, at(routeResponse, 'connection_id'))]
  return noFindings
}

const isTaken = (state: SlotState): boolean => state === 'registered' || state === 'online'

/** One client's connection ids at its relay, as its packets and the relay's show them. */
export class Routes {
  /** Made at the first packet about one: most connections of a flood of them have none. */
  #made: Slot[] | undefined
  /** The state of every slot before that. */
  #first: SlotState
  /** Keys asked for, in order, that have no answer yet. */
  #pending: Request[] = []
  /** False once requests may have been missed. */
  #sawAllRequests: boolean

  readonly #reactions: Reactions

  /** @param fromStart false: the stream began in the middle, every slot is unknown. */
  constructor(fromStart: boolean, reactions: Reactions) {
    this.#reactions = reactions
    this.#first = fromStart ? 'free' : 'unknown'
    this.#sawAllRequests = fromStart
  }

  get #slots(): Slot[] {
    this.#made ??= Array.from({length: limits.connectionIds}, () => ({state: this.#first, pk: undefined}))
    return this.#made
  }

  /** Something was not seen: nothing is certain any more. */
  forget(): void {
    this.#first = 'unknown'
    for (const slot of this.#made ?? []) slot.state = 'unknown'
    this.#pending = []
    this.#sawAllRequests = false
  }

  /** Whether the peer of a connection id is online. */
  get areOnline(): boolean {
    return this.#made?.some(({state}) => state === 'online') ?? false
  }

  /** Route requests that have no answer yet. */
  get unanswered(): number {
    return this.#sawAllRequests ? this.#pending.length : 0
  }

  /** The key behind an id is what follows from a packet about the id, if that breaks no rule. */
  #ordinary(slot: Slot | undefined): TableResult {
    if (slot?.pk === undefined) return nothingFollows
    if (slot.ordinary?.inferred.peer !== slot.pk) slot.ordinary = {inferred: {peer: slot.pk}, findings: noFindings}
    return slot.ordinary
  }

  stateOf(id: number): SlotState {
    return this.#slots[slotOf(id)]?.state ?? 'unknown'
  }

  /** The id on which a key is online. */
  onlineId(pk: Uint8Array): number | undefined {
    const wanted = toHex(pk)
    const slots = this.#slots
    // A loop: with a function for each of 240 slots this alone was 2 % of a list's time.
    for (let slot = 0; slot < slots.length; slot++)
      if (slots[slot]!.state === 'online' && slots[slot]!.pk === wanted) return connectionIdOf(slot)
    return undefined
  }

  /** Whether the client has a route to a key, or has asked for one. unknown: requests may have been missed. */
  routeTo(pk: Uint8Array): 'route' | 'none' | 'unknown' {
    const wanted = toHex(pk)
    if (this.#pending.some(({key}) => key === wanted)) return 'route'
    let isCertain = this.#sawAllRequests
    for (const {state, pk: taken} of this.#slots) {
      if (state === 'free') continue
      if (taken === wanted) return 'route'
      if (state === 'unknown' && taken === undefined) isCertain = false
    }
    return isCertain ? 'none' : 'unknown'
  }

  /** @param index nonce offset of its frame. */
  request(pk: Uint8Array, ownPk: Uint8Array | null, index: number): readonly Finding[] {
    const key = toHex(pk)
    const isOwn = ownPk !== null && key === toHex(ownPk)
    const isRefusable = ownPk === null || isOwn || !this.#hasFreeId
    if (this.#pending.length < limits.pendingRoutes) this.#pending.push({key, index, isRefusable, isOwn})
    else this.#sawAllRequests = false
    if (isOwn) return [finding('route-own-key', {}, at(routeRequest, 'pk'))]
    const isFull = this.#slots.every(({state, pk: taken}) => isTaken(state) && taken !== key)
    return isFull ? [finding('route-table-full', {})] : noFindings
  }

  /** Whether the relay certainly has an id for one more key, whatever it gives to those that it was asked for. */
  get #hasFreeId(): boolean {
    if (!this.#sawAllRequests) return false
    const taken = this.#made?.filter(({state}) => state !== 'free').length ?? 0
    return taken + this.#pending.length < limits.connectionIds
  }

  response(id: number, pk: Uint8Array): readonly Finding[] {
    const key = toHex(pk)
    const place = this.#pending.findIndex(request => request.key === key)
    const request = place < 0 ? undefined : this.#pending.splice(place, 1)[0]
    if (request) this.#reactions.to(0, request.index)
    return joined(this.#checkAnswer(place), joined(checkRefusal(id, request), this.#register(id, key, request)))
  }

  /** @param place of the request among those without an answer; -1: no such request is known. */
  #checkAnswer(place: number): readonly Finding[] {
    if (place > 0) return [finding('route-response-out-of-order', {count: place}, at(routeResponse, 'pk'))]
    return place < 0 && this.#sawAllRequests
      ? [finding('route-response-unasked', {}, at(routeResponse, 'pk'))]
      : noFindings
  }

  #register(id: number, key: string, request: Request | undefined): readonly Finding[] {
    // 0 and the reserved ids are checked with the layout.
    if (!isConnectionId(id)) return noFindings
    const slot = this.#slots[slotOf(id)]!
    if (request?.given === id) {
      if (slot.state === 'unknown') slot.state = 'registered'
      return noFindings
    }
    if (isTaken(slot.state)) {
      if (slot.pk === undefined) return noFindings
      const code = slot.pk === key ? 'route-response-repeated' : 'route-response-id-in-use'
      return [finding(code, {id}, at(routeResponse, 'connection_id'))]
    }
    const found = slot.state === 'free' ? this.#checkNewId(id, key) : noFindings
    slot.state = lifecycle[slot.state]['response<'] ?? slot.state
    slot.pk = key
    return found
  }

  #checkNewId(id: number, key: string): readonly Finding[] {
    const found: Finding[] = []
    const before = this.#slots.findIndex(({state, pk}) => pk === key && isTaken(state))
    if (before >= 0)
      found.push(
        finding('route-response-id-changed', {before: connectionIdOf(before), id}, at(routeResponse, 'connection_id')),
      )
    const firstOpen = this.#slots.findIndex(({state}) => !isTaken(state))
    if (this.#slots[firstOpen]?.state === 'free' && connectionIdOf(firstOpen) < id)
      found.push(
        finding(
          'route-response-not-lowest',
          {id, lowest: connectionIdOf(firstOpen)},
          at(routeResponse, 'connection_id'),
        ),
      )
    return found
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

  /**
   * A packet about one connection id.
   * @param index nonce offset of its frame.
   */
  event(id: number, event: SlotEvent, index: number, time: Time | null): TableResult {
    const ordinary = this.#ordinary(this.#slots[slotOf(id)])
    const findings = this.#step(id, event, index, time)
    return findings.length === 0 ? ordinary : {inferred: ordinary.inferred, findings}
  }

  /** Ids that do not name a slot are checked with the layout. */
  #step(id: number, event: SlotEvent, index: number, time: Time | null): readonly Finding[] {
    if (!isConnectionId(id)) return noFindings
    const place = slotOf(id)
    if (this.#slots[place]!.state === 'free' && event.endsWith('>')) this.#assignIdsUpTo(id)
    const slot = this.#slots[place]!
    const next = lifecycle[slot.state][event]
    if (next === undefined) {
      const violation = violations[slot.state]?.[event]
      return violation && !this.#isInFlight(slot, event, time) ? [violation(id)] : noFindings
    }
    slot.state = next
    if (event === 'disconnect>' || event === 'disconnect<')
      slot.left = {by: event === 'disconnect>' ? 0 : 1, index, micros: time?.micros ?? null}
    if (next === 'free') slot.pk = undefined
    return noFindings
  }

  /** Whether the sender may not have read the other side's disconnect notification yet: both real relays send on. */
  #isInFlight({left}: Slot, event: SlotEvent, time: Time | null): boolean {
    const sender = event.endsWith('>') ? 0 : 1
    if (!left || left.by === sender || this.#reactions.hasReadTo(left.by, left.index)) return false
    if (left.micros === null || time === null) return true
    return time.micros - left.micros <= limits.inFlightSeconds * 1_000_000
  }
}
