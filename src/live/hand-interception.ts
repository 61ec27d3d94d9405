import type {ConnectionPacket, Interception, InterceptionOrder} from '../browse/interception.js'
import {packetRecord} from '../browse/packet-text.js'
import {compileFilter, type Predicate} from '../filter/compile.js'
import {checkFits} from '../peer/framing.js'
import type {Rewriter, Rewritten} from '../proxy/connection-context.js'
import type {PassingPacket, Replacement} from '../proxy/intercept/intercept-event.js'
import {DelayedPackets} from '../proxy/intercept/script.js'
import {delayMilliseconds, handConnections, handOrders, heldByHand} from '../proxy/limits.js'
import {InputError} from '../wire/input-error.js'
import {otherSender} from '../wire/side.js'

interface Order extends InterceptionOrder {
  readonly id: number
  count: number
  readonly matches: Predicate | undefined
}

interface Held extends ConnectionPacket {
  readonly id: number
  readonly to: Rewritten
}

/** What one connection's rewriter needs. */
interface Connection {
  readonly on: Rewritten
  readonly later: DelayedPackets
  /** The number that its records have, once it is known. */
  recorded: number | undefined
}

/**
 * Holds, drops, delays or marks packets as somebody at the view orders it. A packet that is held is not waited for:
 * later ones overtake it. What no order is for is left to the script.
 */
export class HandInterception {
  readonly #changed: (interception: Interception) => void
  /** Connections by the proxy's number, the latest last. */
  readonly #connections = new Map<number, Connection>()
  #orders: Order[] = []
  #held: Held[] = []
  #ids = 0

  /** @param changed called when something was ordered, held or decided. */
  constructor(changed: (interception: Interception) => void) {
    this.#changed = changed
  }

  /** The records of a proxied connection have this number. */
  recordedAs(connection: number, recorded: number): void {
    const known = this.#connections.get(connection)
    if (known) known.recorded = recorded
  }

  /** The rewriter of all connections. @param script decides about packets that nothing was ordered for. */
  rewriter(script: Rewriter | undefined): Rewriter {
    return on => {
      const byScript = script?.(on)
      const connection: Connection = {on, later: new DelayedPackets(on), recorded: undefined}
      this.#connections.set(on.number, connection)
      const [oldest = 0] = this.#connections.keys()
      if (this.#connections.size > handConnections) this.#connections.delete(oldest)
      return packet => {
        const order = this.#orderFor(packet, connection)
        if (!order) return byScript?.(packet)
        if (order.action === 'mark') return byScript?.(packet) ?? 'mark'
        return this.#apart(packet, order, connection)
      }
    }
  }

  /** @throws InputError for a filter with a mistake, or over a bound. */
  order(order: InterceptionOrder): void {
    const {filter, milliseconds = 0} = order
    if (milliseconds > delayMilliseconds)
      throw new InputError(`a delay of ${milliseconds} ms is too long: at most ${delayMilliseconds} ms`)
    if (this.#orders.length >= handOrders)
      throw new InputError(`${handOrders} orders are waiting already; cancel one of them first`)
    const matches = filter === '' ? undefined : compileFilter(filter)
    this.#orders = [...this.#orders, {...order, id: this.#ids++, matches}]
    this.#tell()
  }

  cancel(id: number): void {
    this.#orders = this.#orders.filter(order => order.id !== id)
    this.#tell()
  }

  /** Send a held packet, or another one in its place. @returns what was done, as a sentence. @throws InputError */
  release(id: number, plain: Uint8Array | undefined): string {
    if (plain) refuseTooLong(plain)
    const held = this.#taken(id)
    const isSent = held.to.inject(otherSender(held.from), plain ?? held.plain, plain ? 'edited' : 'late')
    if (!isSent) throw new InputError('the connection is over: the packet was not sent')
    return plain ? 'the edited packet was sent' : 'the packet was sent'
  }

  /** @throws InputError */
  discard(id: number): string {
    this.#taken(id)
    return 'the packet was dropped'
  }

  /** Send a packet that no peer sends now. @throws InputError */
  inject({connection, from, plain}: ConnectionPacket): string {
    refuseTooLong(plain)
    const found = [...this.#connections.values()].find(each => numberOf(each) === connection)
    if (!found?.on.inject(otherSender(from), plain)) throw new InputError('the connection is over: nothing was sent')
    return `sent to the ${otherSender(from)}`
  }

  #taken(id: number): Held {
    const held = this.#held.find(each => each.id === id)
    if (!held) throw new InputError('this packet is not held any more')
    this.#held = this.#held.filter(each => each !== held)
    this.#tell()
    return held
  }

  #orderFor({from, plain}: PassingPacket, connection: Connection): Order | undefined {
    if (this.#orders.length === 0) return undefined
    const {client, relay} = connection.on
    const record = {
      ...packetRecord({connection: numberOf(connection), from, plain}),
      ...({kind: 'frame', state: 'open', ends: {client, relay}} as const),
    }
    const isFull = {hold: this.#held.length >= heldByHand, delay: connection.later.isFull, drop: false, mark: false}
    const order = this.#orders.find(({matches, action}) => (!matches || matches(record)) && !isFull[action])
    if (!order) return undefined
    order.count--
    if (order.count <= 0) this.#orders = this.#orders.filter(each => each !== order)
    this.#tell()
    return order
  }

  /** What is sent in place of a packet that does not pass. */
  #apart({from, plain}: PassingPacket, {action, milliseconds = 0}: Order, connection: Connection): Replacement {
    const nothing = {onward: [], back: []}
    if (action === 'drop') return nothing
    if (action === 'delay') {
      connection.later.send(otherSender(from), [plain], milliseconds)
      return {...nothing, delayMilliseconds: milliseconds}
    }
    this.#held = [...this.#held, {id: this.#ids++, connection: numberOf(connection), from, plain, to: connection.on}]
    this.#tell()
    return {...nothing, isHeld: true}
  }

  #tell(): void {
    const orders = this.#orders.map(({id, action, filter, count, milliseconds}) => ({
      ...{id, action, filter, count},
      ...(milliseconds !== undefined && {milliseconds}),
    }))
    const held = this.#held.map(({id, connection, from, plain}) => ({id, connection, from, plain}))
    this.#changed({orders, held})
  }
}

/** @throws InputError for a packet that no frame carries. */
function refuseTooLong(plain: Uint8Array): void {
  try {
    checkFits(plain)
  } catch (error) {
    throw error instanceof RangeError ? new InputError(error.message) : error
  }
}

const numberOf = ({on, recorded}: Connection): number => recorded ?? on.number
