import type {Socket} from 'node:net'
import type {Endpoint} from '../wire/chunk.js'
import type {ConnectionContext} from './connection-context.js'
import {type Address, plainAddress} from './explicit/address.js'
import type {Inspecting} from './inspection/inspection.js'
import type {ProxyEvent} from './inspection/proxy-event.js'
import {connections as defaultConnections, handshakeSeconds, idleSeconds, spareDescriptors} from './limits.js'
import {now as systemNow, systemScheduler} from './net/clock.js'
import {hasFreeDescriptors, isOutOfDescriptors} from './net/descriptors.js'
import {Listeners} from './net/listener.js'
import {reset} from './net/reset.js'
import {ProxiedConnection} from './proxied-connection.js'

export interface ProxyOptions extends Partial<Omit<ConnectionContext, 'inspection' | 'now' | 'scheduler'>> {
  /** One or more addresses, or listeners that are bound already. */
  readonly listen: readonly Address[] | Listeners
  readonly maxConnections?: number
  /** Receives every event, in order. It cannot affect the connections. */
  readonly inspection: Inspecting<ProxyEvent>
}

/** A running proxy: its listeners and their connections. */
export class LiveProxy {
  readonly #options: ProxyOptions
  readonly #context: ConnectionContext
  readonly #listeners: Listeners
  /** Connections that have one of the places. */
  readonly #connections = new Map<number, ProxiedConnection>()
  /** Ends of all connections, also of those that have lost their places. */
  readonly #running = new Set<Promise<void>>()
  #accepted = 0
  #turnedAway = 0

  private constructor(options: ProxyOptions, listeners: Listeners) {
    this.#options = options
    this.#listeners = listeners
    this.#context = {handshakeSeconds, idleSeconds, ...options, now: systemNow, scheduler: systemScheduler}
  }

  /** Resolves when all listeners are bound. @throws InputError if one cannot be bound; then none stays open. */
  static async start(options: ProxyOptions): Promise<LiveProxy> {
    const {listen} = options
    const listeners = listen instanceof Listeners ? listen : await Listeners.bind(listen)
    const proxy = new LiveProxy(options, listeners)
    listeners.serve(
      socket => proxy.#accept(socket),
      error => proxy.#acceptFailed(error),
    )
    return proxy
  }

  /** Addresses that are listened on, in the order given. */
  get bound(): Endpoint[] {
    return this.#listeners.bound
  }

  get warnings(): string[] {
    return this.#listeners.warnings
  }

  /** Connections now open, accepted so far, and turned away over the limit. */
  get counts(): {readonly open: number; readonly accepted: number; readonly turnedAway: number} {
    return {open: this.#connections.size, accepted: this.#accepted, turnedAway: this.#turnedAway}
  }

  /** Stop accepting, end all connections, and resolve when every event was inspected. */
  async stop(): Promise<void> {
    this.#listeners.close()
    const open = [...this.#connections.values()]
    for (const connection of open) connection.stop()
    await Promise.all(this.#running)
    await this.#options.inspection.idle()
  }

  #accept(socket: Socket): void {
    if (!hasFreeDescriptors(spareDescriptors)) {
      this.#dropExpendable()
      this.#turnAway(socket, 'descriptors')
      return
    }
    const isFull = this.#connections.size >= (this.#options.maxConnections ?? defaultConnections)
    if (isFull && !this.#dropExpendable()) {
      this.#turnAway(socket, 'connections')
      return
    }
    const number = this.#accepted++
    const connection = new ProxiedConnection(socket, number, this.#context)
    this.#connections.set(number, connection)
    this.#running.add(connection.done)
    void connection.done.finally(() => {
      this.#connections.delete(number)
      this.#running.delete(connection.done)
    })
  }

  /** End a connection whose client has left before its relay was reached. @returns whether there was one. */
  #dropExpendable(): boolean {
    for (const [number, connection] of this.#connections) {
      if (!connection.isExpendable) continue
      // Its place is free at once, before its sockets are closed.
      this.#connections.delete(number)
      connection.stop()
      return true
    }
    return false
  }

  #acceptFailed({message, code}: NodeJS.ErrnoException): void {
    const failure = {message, isOutOfDescriptors: isOutOfDescriptors(code)}
    this.#options.inspection.push({kind: 'accept_failed', time: systemNow(), ...failure}, 0)
  }

  #turnAway(socket: Socket, reason: Extract<ProxyEvent, {kind: 'turned_away'}>['reason']): void {
    this.#turnedAway++
    const client = {ip: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0}
    socket.on('error', () => {})
    reset(socket)
    this.#options.inspection.push({kind: 'turned_away', time: systemNow(), client, reason}, 0)
  }
}
