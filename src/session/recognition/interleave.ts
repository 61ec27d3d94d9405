import type {Keyring} from '../../crypto/keyring/keyring.js'
import {levelsOf} from '../../protocol/levels.js'
import {limits} from '../../protocol/limits.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import {addToList} from '../../wire/memory/lists.js'
import type {Side} from '../../wire/side.js'
import {fieldOf} from '../../wire/window.js'
import type {StreamStart} from '../connection/deframer.js'
import type {SessionRecord} from '../record.js'
import {Session} from '../session.js'
import type {Hole} from './holes.js'
import {PeerOrder} from './peer-order.js'
import {Tally, word} from './tally.js'

/** Bytes [start,end) of a side's stream that belong together: a handshake, a frame, what lies between. */
export interface Piece {
  readonly side: Side
  readonly start: number
  readonly end: number
  readonly isHole: boolean
}

/** One side's bytes. */
export interface Half {
  readonly bytes: Uint8Array
  /** What of them is missing, in order. */
  readonly holes: readonly Hole[]
  readonly begin: StreamStart
}

/** A piece with what decides when it may come: what it waits for, and what it is for the other side. */
interface Step extends Piece, Meaning {}

/** What a piece says. */
interface Meaning {
  readonly type: string
  /** Ping id, key, or sendback of an opened onion packet; '' where it does not matter. */
  readonly key: string
  /** Connection id, or 0. */
  readonly id: number
  /** Type of the packet for another client that it carries, or ''. */
  readonly payload: string
}

/**
 * Put two raw halves of one stream into an order that may have been: nothing before what caused it (an answer follows
 * its request, a client's frames follow the relay's handshake, data follows the notification), answers at once, and
 * both sides otherwise in step. A guess: findings that rest on it must not be raised.
 */
export function interleave(halves: readonly [Half, Half], keyring: Keyring): Piece[] {
  const steps = stepsOf(halves, keyring)
  const order = new Order(steps)
  const at: [number, number] = [0, 0]
  const ordered: Piece[] = []
  for (;;) {
    const [client, relay] = [steps[0][at[0]], steps[1][at[1]]]
    if (!client && !relay) return ordered
    const side = !client
      ? 1
      : !relay
        ? 0
        : order.next(client, relay, at[0] / steps[0].length <= at[1] / steps[1].length ? 0 : 1)
    const step = steps[side][at[side]++]!
    order.take(step)
    ordered.push(step)
  }
}

/** @throws InputError if a stream has too many pieces to be held at once. */
export function checkStreamPieces(pieces: number): void {
  if (pieces <= limits.streamPieces) return
  throw new InputError(
    `the stream has over ${limits.streamPieces} frames or segments`,
    'toxtcp read reads a capture of any length',
    'file-too-long',
  )
}

/** What each side says, each alone: its handshake first, since the other side's frames open only with it. */
function stepsOf(halves: readonly [Half, Half], keyring: Keyring): [Step[], Step[]] {
  const steps: [Step[], Step[]] = [[], []]
  const ends: [number, number] = [0, 0]
  /** By side: number of holes that the steps have passed. */
  const passed: [number, number] = [0, 0]
  const add = (side: Side, end: number, meaning: Meaning, isHole = false) => {
    const start = ends[side]
    if (end <= start) return
    ends[side] = end
    steps[side].push({side, start, end, isHole, ...meaning})
    checkStreamPieces(steps[0].length + steps[1].length)
  }
  const session = new Session(keyring, record => {
    const side = record.from === 'client' ? 0 : 1
    if (record.from === null || record.kind === 'end' || record.length === null) return
    const {bytes, holes} = halves[side]
    const hole = holes[passed[side]]
    if (record.kind === 'gap' && hole) {
      passed[side]++
      add(side, hole.start, noMeaning)
      add(side, hole.end, meaningOf(record), true)
      add(side, hole.start + record.length, noMeaning)
    } else add(side, Math.min(hole?.start ?? bytes.length, ends[side] + record.length), meaningOf(record))
  })
  const begin = [halves[0].begin, halves[1].begin] as const
  session.open(0, {clientEnd: 0, ends: {client: null, relay: null}, begin, hasSegments: false, hasOrder: false}, null)
  const heads = begin.map((each, side) =>
    typeof each === 'string' ? 0 : Math.min(each.handshake, halves[side]!.bytes.length),
  )
  const feed = (side: Side, start: number, end: number) =>
    session.feed({connection: 0, end: side, time: null, bytes: halves[side].bytes.subarray(start, end)})
  for (const side of [0, 1] as const) feed(side, 0, heads[side]!)
  for (const side of [0, 1] as const) {
    const {bytes, holes} = halves[side]
    let at = heads[side]!
    for (const {start, end} of holes) {
      feed(side, at, start)
      session.feed({connection: 0, end: side, time: null, gap: end - start})
      at = end
    }
    feed(side, at, bytes.length)
  }
  session.end()
  for (const side of [0, 1] as const) {
    const {bytes, holes} = halves[side]
    for (const {start, end} of holes.slice(passed[side])) {
      add(side, start, noMeaning)
      add(side, end, noMeaning, true)
    }
    add(side, bytes.length, noMeaning)
  }
  return steps
}

const noMeaning: Meaning = {type: '', key: '', id: 0, payload: ''}
/** Fields by which a packet is known to the other side. */
const keyFields = ['ping_id', 'pk', 'destination_pk', 'sender_pk'] as const

function meaningOf({window, kind, opened}: SessionRecord): Meaning {
  if (!window) return {...noMeaning, type: kind === 'frame' ? 'sealed' : kind}
  if (kind === 'handshake') return {...noMeaning, type: 'handshake'}
  const {name} = window.type
  const levels = levelsOf(window, opened)
  const payload = levels[1]?.window.type.name ?? ''
  const id = fieldOf(window, 'connection_id')
  const isOnion = name === 'onion_request' || name === 'onion_response'
  const key = isOnion
    ? levels.map(level => fieldOf(level.opened ?? level.window, 'sendback') ?? fieldOf(level.window, 'sendback'))
    : keyFields.map(field => fieldOf(window, field))
  const bytes = key.find(value => value instanceof Uint8Array)
  return {
    // What comes through the onion unasked answers nothing.
    type: payload === 'onion_data_response' ? payload : name,
    key: bytes instanceof Uint8Array ? toHex(bytes) : '',
    id: typeof id === 'number' ? id : 0,
    payload: isOnion ? '' : payload,
  }
}

/** Types that name a connection id. */
const aboutIds = new Set(['route_response', 'connect_notification', 'disconnect_notification', 'data'])
/** Types that are sent as soon as they can be. */
const answers = new Set(['handshake', 'pong_response', 'route_response', 'connect_notification'])

/** Says which of two steps may come next. */
class Order {
  readonly #tally = new Tally()
  readonly #peers: PeerOrder
  /** What the relay still says of each connection id, in order. */
  readonly #relayEvents = new Map<number, string[]>()
  /** Ids that the relay has given and the client not yet given up, with their key; and those that have been online. */
  readonly #given = new Map<number, string>()
  readonly #online = new Set<number>()

  constructor(steps: readonly [readonly Step[], readonly Step[]]) {
    for (const step of [...steps[0], ...steps[1]]) for (const each of wordsOf(step)) this.#tally.expect(each)
    this.#peers = new PeerOrder(steps)
    for (const {type, id} of steps[1]) {
      if (aboutIds.has(type)) addToList(this.#relayEvents, id, type)
    }
    for (const events of this.#relayEvents.values()) events.reverse()
  }

  /** @param behind the side that has said less of its own so far. */
  next(client: Step, relay: Step, behind: Side): Side {
    const clientMay = this.#mayClient(client) && this.#peers.may(client)
    const relayMay = this.#mayRelay(relay) && this.#peers.may(relay)
    if (clientMay !== relayMay) return clientMay ? 0 : 1
    if (!clientMay) return behind
    if (answers.has(relay.type)) return 1
    if (answers.has(client.type) || client.type === 'disconnect_notification') return 0
    return behind
  }

  take(step: Step): void {
    for (const each of wordsOf(step)) this.#tally.say(each)
    this.#peers.take(step)
    const {side, type, id, key} = step
    if (side === 1 && aboutIds.has(type)) this.#relayEvents.get(id)?.pop()
    if (side === 1 && type === 'route_response') this.#given.set(id, key)
    if (side === 1 && type === 'connect_notification') this.#online.add(id)
    if (side === 0 && type === 'disconnect_notification') {
      this.#given.delete(id)
      this.#online.delete(id)
    }
  }

  /** True if something is still to come before which this may not. */
  #waits(side: Side, type: string, key: string | number, already: number): boolean {
    return this.#tally.waits(word(side, type, key), already)
  }

  #mayClient({type, key, id}: Step): boolean {
    if (type === 'handshake') return true
    if (this.#waits(1, 'handshake', '', 0)) return false
    if (type === 'pong_response') return !this.#waits(1, 'ping_request', key, 0)
    const events = this.#relayEvents.get(id) ?? []
    if (type === 'data') return this.#online.has(id) || !events.includes('connect_notification')
    // Whatever the relay says of the id in this life of it comes before the client gives it up.
    if (type === 'disconnect_notification')
      return this.#given.has(id) ? events.length === 0 || events.at(-1) === 'route_response' : events.length === 0
    return true
  }

  /** A request that was opened is known by its sendback; of the others, the first answers the first. */
  #waitsForRequest(sendback: string): boolean {
    const asked = word(0, 'onion_request', sendback)
    return sendback !== '' && this.#tally.said(asked) + this.#tally.left(asked) > 0
      ? this.#waits(0, 'onion_request', sendback, 0)
      : this.#waits(0, 'onion_request', '', this.#tally.said(word(1, 'onion_response')))
  }

  #mayRelay({type, key, id}: Step): boolean {
    if (type === 'handshake') return !this.#waits(0, 'handshake', '', 0)
    if (this.#waits(0, 'frame', '', 0)) return false
    if (type === 'pong_response') return !this.#waits(0, 'ping_request', key, 0)
    if (type === 'onion_response') return !this.#waitsForRequest(key)
    if (type !== 'route_response') return true
    if (this.#waits(0, 'route_request', key, this.#tally.said(word(1, 'route_response', key)))) return false
    const holder = this.#given.get(id)
    return (
      id < limits.firstConnectionId ||
      holder === undefined ||
      holder === key ||
      this.#tally.left(word(0, 'disconnect_notification', id)) === 0
    )
  }
}

/** What a step is for the steps that may wait for it. */
function wordsOf({side, type, key, id}: Step): string[] {
  const words = [word(side, type, type === 'disconnect_notification' ? id : key)]
  if (side === 0 && type !== 'handshake') words.push(word(0, 'frame'))
  if (key !== '' && (type === 'onion_request' || type === 'onion_response')) words.push(word(side, type))
  return words
}
