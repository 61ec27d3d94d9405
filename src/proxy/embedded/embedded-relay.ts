import {randomBytes} from 'node:crypto'
import {type RuleCode, ruleTable} from '../../expert/rules.js'
import type {CloseCause, RelayAction, RelayCounts, RelaySession} from '../../peer/relay/events.js'
import {Relay, type RelayOptions} from '../../peer/relay/relay.js'
import {concatBytes} from '../../wire/bytes.js'
import {addToList} from '../../wire/memory/lists.js'
import {RelaySocket, type RelaySocketOwner} from './relay-socket.js'
import type {UdpPort} from './udp-port.js'

/** Longest and shortest time between two looks at what is due, in milliseconds. */
const slowestTick = 1000
const fastestTick = 10

/** Ticks in the shortest time that a relay waits for anything. */
const ticksPerWait = 10

/** Reasons of the relay to end a connection that no packet shows. */
export type EmbeddedCause = Exclude<CloseCause, RuleCode>

export type EmbeddedOptions = Omit<RelayOptions, 'random'>

/** What the proxy does about one connection to the relay. */
export interface ConnectionObserver {
  /** Called with its session keys, before the bytes that they open. */
  session(session: RelaySession): void
  /** The relay is about to end it, for a reason that no packet shows. */
  ending(cause: EmbeddedCause): void
}

interface Connection {
  readonly socket: RelaySocket
  readonly observer: ConnectionObserver
}

/** Drives a relay: gives it time, randomness and datagrams, and an end of each connection that is like a socket. */
export class EmbeddedRelay {
  readonly #relay: Relay
  readonly #udp: UdpPort | undefined
  readonly #connections = new Map<number, Connection>()
  readonly #timer: NodeJS.Timeout
  readonly #queue: RelayAction[] = []
  #isRunning = false
  #hasServed = false
  readonly #owner: RelaySocketOwner = {
    received: (connection, bytes) => this.#run(this.#relay.receive(connection, bytes, performance.now())),
    closed: connection => {
      this.#connections.delete(connection)
      this.#run(this.#relay.closed(connection))
    },
    congested: (connection, isCongested) => this.#relay.congested(connection, isCongested),
    overflowed: connection => this.#run(this.#relay.overflowed(connection)),
  }

  constructor(options: EmbeddedOptions, udp?: UdpPort) {
    this.#relay = new Relay({...options, random: bytes => new Uint8Array(randomBytes(bytes))})
    this.#udp = udp
    udp?.receive(bytes => this.#run(this.#relay.datagram(bytes)))
    const {pingInterval, pingTimeout, handshakeTimeout, dropAfter} = options
    const waits = [
      pingInterval,
      pingTimeout,
      handshakeTimeout,
      dropAfter && 'milliseconds' in dropAfter && dropAfter.milliseconds,
    ]
    const shortest = Math.min(...waits.filter(wait => typeof wait === 'number' && wait > 0).map(Number))
    const tick = Math.min(slowestTick, Math.max(fastestTick, shortest / ticksPerWait))
    this.#timer = setInterval(() => this.#run(this.#relay.tick(performance.now())), tick)
  }

  get counts(): RelayCounts {
    return this.#relay.counts
  }

  /** Whether any client has come. */
  get hasServed(): boolean {
    return this.#hasServed
  }

  get udp(): UdpPort | undefined {
    return this.#udp
  }

  /** The relay's end of a new connection. @param connection a number that was not used before. */
  connect(connection: number, ip: string, observer: ConnectionObserver): RelaySocket {
    const socket = new RelaySocket(connection, this.#owner)
    this.#connections.set(connection, {socket, observer})
    this.#hasServed = true
    this.#run(this.#relay.open(connection, ip, performance.now()))
    return socket
  }

  /** All connections have ended. */
  stop(): void {
    clearInterval(this.#timer)
    this.#udp?.close()
  }

  /**
   * Do what the relay wants done. What follows from doing it (a client that reads too slowly is closed) is done
   * afterwards, so that frames leave in the order in which they were sealed.
   */
  #run(actions: readonly RelayAction[]): void {
    for (const action of actions) this.#queue.push(action)
    if (this.#isRunning) return
    this.#isRunning = true
    while (this.#queue.length > 0) this.#doAll(this.#queue.splice(0))
    this.#isRunning = false
  }

  /** Bytes for one connection leave in one piece. */
  #doAll(actions: readonly RelayAction[]): void {
    const pieces = new Map<number, Uint8Array[]>()
    for (const action of actions) {
      if (action.kind === 'udp') {
        this.#udp?.send(action.to, action.bytes)
        continue
      }
      const {connection} = action
      const open = this.#connections.get(connection)
      if (!open) continue
      if (action.kind === 'session') open.observer.session(action.session)
      else if (action.kind === 'send') addToList(pieces, connection, action.bytes)
      else {
        const waiting = pieces.get(connection)
        pieces.delete(connection)
        this.#connections.delete(connection)
        if (waiting) open.socket.deliver(concatBytes(waiting))
        if (!isRuleCode(action.cause)) open.observer.ending(action.cause)
        open.socket.finish()
      }
    }
    for (const [connection, waiting] of pieces)
      this.#connections.get(connection)?.socket.deliver(waiting.length === 1 ? waiting[0]! : concatBytes(waiting))
  }
}

const isRuleCode = (cause: CloseCause): cause is RuleCode => ruleTable.has(cause)
