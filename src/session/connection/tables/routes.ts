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
import {Fifo} from '../../../wire/memory/fifo.js'
import type {Reactions} from './reactions.js'
import {isTaken, type Leaving, Slots} from './slots.js'
import {nothingFollows, type TableResult} from './table-result.js'

interface Request {
  /** Nonce offset of its frame. */
  readonly index: number
  /** Hex. */
  readonly key: string
  /** Whether the relay has a reason to refuse it, or may have one. */
  readonly isRefusable: boolean
  /** Whether it is for the client's own key. */
  readonly isOwn: boolean
  /** The id that the relay must have given it, as the client used or freed ids before the answer was seen. */
  given?: number
  isAnswered?: boolean
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

/** One client's connection ids at its relay, as its packets and the relay's show them. */
export class Routes {
  /** Made at the first packet about one: most connections of a flood of them have none. */
  #made: Slots | undefined
  /** The state of every slot before that. */
  #first: SlotState
  /** Keys asked for, in order, that have no answer yet. */
  #pending: Request[] = []
  /** Those of them, in order, for which it was not decided yet which id the relay gives them. */
  #unplaced = new Fifo<Request>()
  /** False once requests may have been missed. */
  #sawAllRequests: boolean

  readonly #reactions: Reactions

  /** @param fromStart false: the stream began in the middle, every slot is unknown. */
  constructor(fromStart: boolean, reactions: Reactions) {
    this.#reactions = reactions
    this.#first = fromStart ? 'free' : 'unknown'
    this.#sawAllRequests = fromStart
  }

  get #slots(): Slots {
    this.#made ??= new Slots(this.#first)
    return this.#made
  }

  /** Something was not seen: nothing is certain any more. */
  forget(): void {
    this.#first = 'unknown'
    this.#made?.setAll('unknown')
    this.#pending = []
    this.#unplaced = new Fifo()
    this.#sawAllRequests = false
  }

  /** Whether the peer of a connection id is online. */
  get areOnline(): boolean {
    return this.#made?.areOnline ?? false
  }

  get #used(): number {
    return this.#made?.used ?? 0
  }

  /** Route requests that have no answer yet. */
  get unanswered(): number {
    return this.#sawAllRequests ? this.#pending.length : 0
  }

  stateOf(id: number): SlotState {
    return this.#slots.stateOf(slotOf(id))
  }

  /** The id on which a key is online. */
  onlineId(pk: Uint8Array): number | undefined {
    const slot = this.#slots.findKey(toHex(pk), state => state === 'online')
    return slot < 0 ? undefined : connectionIdOf(slot)
  }

  /** Whether the client has a route to a key, or has asked for one. unknown: requests may have been missed. */
  routeTo(pk: Uint8Array): 'route' | 'none' | 'unknown' {
    const wanted = toHex(pk)
    if (this.#pending.some(({key}) => key === wanted)) return 'route'
    if (this.#slots.findKey(wanted, state => state !== 'free') >= 0) return 'route'
    return this.#sawAllRequests && !this.#slots.hideKeys ? 'none' : 'unknown'
  }

  /** @param index nonce offset of its frame. */
  request(pk: Uint8Array, ownPk: Uint8Array | null, index: number): readonly Finding[] {
    const key = toHex(pk)
    const isOwn = ownPk !== null && key === toHex(ownPk)
    const isRefusable = ownPk === null || isOwn || !this.#hasFreeId
    if (this.#pending.length < limits.pendingRoutes) this.#await({key, index, isRefusable, isOwn})
    else this.#sawAllRequests = false
    if (isOwn) return [finding('route-own-key', {}, at(routeRequest, 'pk'))]
    const isFull = this.#slots.firstNotTaken < 0 && this.#slots.findTaken(key) < 0
    return isFull ? [finding('route-table-full', {})] : noFindings
  }

  #await(request: Request): void {
    this.#pending.push(request)
    while (this.#unplaced.head?.isAnswered) this.#unplaced.shift()
    if (this.#unplaced.length >= limits.pendingRoutes) this.#placeRequests()
    this.#unplaced.push(request)
  }

  /** Whether the relay certainly has an id for one more key, whatever it gives to those that it was asked for. */
  get #hasFreeId(): boolean {
    if (!this.#sawAllRequests) return false
    return this.#used + this.#pending.length < limits.connectionIds
  }

  response(id: number, pk: Uint8Array): readonly Finding[] {
    const key = toHex(pk)
    const place = this.#pending.findIndex(request => request.key === key)
    const request = place < 0 ? undefined : this.#pending.splice(place, 1)[0]
    if (request) {
      request.isAnswered = true
      this.#reactions.to(0, request.index)
    }
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
    const slot = slotOf(id)
    const state = this.#slots.stateOf(slot)
    const taken = this.#slots.keyOf(slot)
    if (request?.given === id) {
      if (state === 'unknown') this.#slots.set(slot, 'registered')
      return noFindings
    }
    if (isTaken(state)) {
      if (taken === undefined) return noFindings
      const code = taken === key ? 'route-response-repeated' : 'route-response-id-in-use'
      return [finding(code, {id}, at(routeResponse, 'connection_id'))]
    }
    const found = state === 'free' ? this.#checkNewId(id, key) : noFindings
    this.#slots.set(slot, lifecycle[state]['response<'] ?? state, key)
    return found
  }

  #checkNewId(id: number, key: string): readonly Finding[] {
    const found: Finding[] = []
    const before = this.#slots.findTaken(key)
    if (before >= 0)
      found.push(
        finding('route-response-id-changed', {before: connectionIdOf(before), id}, at(routeResponse, 'connection_id')),
      )
    const firstOpen = this.#slots.firstNotTaken
    if (this.#slots.stateOf(firstOpen) === 'free' && connectionIdOf(firstOpen) < id)
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
   * The relay answers each request at once, so a client may use or free an id whose answer is still on its way: give
   * the requests without an answer the lowest free ids, as relays do.
   * @param until up to this id; default: all requests.
   */
  #placeRequests(until?: number): void {
    for (let request = this.#unplaced.head; request; request = this.#unplaced.head) {
      if (until !== undefined && this.#slots.stateOf(slotOf(until)) !== 'free') return
      this.#unplaced.shift()
      if (request.isAnswered || this.#slots.findKey(request.key, state => state !== 'free') >= 0) continue
      const lowest = this.#slots.firstFree
      if (lowest < 0) continue
      request.given = connectionIdOf(lowest)
      // Relays refuse the client's own key, or give it an id: it is not known whose id this is.
      this.#slots.set(lowest, 'unknown', this.#pending.some(({isOwn}) => isOwn) ? undefined : request.key)
      this.#slots.left.delete(lowest)
    }
  }

  /**
   * A packet about one connection id.
   * @param index nonce offset of its frame.
   */
  event(id: number, event: SlotEvent, index: number, time: Time | null): TableResult {
    // Ids that do not name a slot are checked with the layout.
    if (!isConnectionId(id)) return nothingFollows
    const slot = slotOf(id)
    const ordinary = this.#slots.ordinaryAt(slot)
    // An id that the client frees goes to none of the requests before.
    if (event === 'disconnect>') this.#placeRequests()
    else if (event === 'data>' && this.#slots.stateOf(slot) === 'free') this.#placeRequests(id)
    const state = this.#slots.stateOf(slot)
    const next = lifecycle[state][event]
    if (next === undefined) {
      const violation = violations[state]?.[event]
      if (!violation) return ordinary
      const left = this.#inFlight(slot, event, time)
      return left ? left.ordinary : {inferred: ordinary.inferred, findings: [violation(id)]}
    }
    if (event === 'disconnect>' || event === 'disconnect<')
      this.#slots.left.set(slot, {by: event === 'disconnect>' ? 0 : 1, index, micros: time?.micros ?? null, ordinary})
    if (next === 'free') this.#slots.empty(slot)
    else if (next !== state) this.#slots.set(slot, next)
    return ordinary
  }

  /** The other side's disconnect notification that the sender may not have read yet: both real relays send on. */
  #inFlight(slot: number, event: SlotEvent, time: Time | null): Leaving | undefined {
    const sender = event.endsWith('>') ? 0 : 1
    const left = this.#slots.left.get(slot)
    if (!left || left.by === sender || this.#reactions.hasReadTo(left.by, left.index)) return undefined
    const isLate =
      left.micros !== null && time !== null && time.micros - left.micros > limits.inFlightSeconds * 1_000_000
    return isLate ? undefined : left
  }
}
