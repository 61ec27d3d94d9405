import {type Finding, finding, noFindings} from '../../expert/finding.js'
import {isConnectionId} from '../../protocol/connection-id.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {microsPerSecond} from '../../wire/time.js'
import {fieldOf} from '../../wire/window.js'
import type {SessionRecord} from '../record.js'
import type {CapturedClient, CapturedClients} from './captured-clients.js'
import * as limits from './limits.js'
import {type Owed, type Route, RouteTable} from './route-table.js'

/** Packets that show how the routes of two clients stand, and those that prove that the relay has sent what it owed. */
export const routePackets: ReadonlySet<string> = new Set([
  'route_response',
  'connect_notification',
  'disconnect_notification',
  'ping_request',
  'pong_response',
])

/**
 * Checks that a relay notifies both clients once each has asked for the other, and a client whose peer has gone. Both
 * connections must have been seen whole.
 */
export class Notifications {
  readonly #clients: CapturedClients

  constructor(clients: CapturedClients) {
    this.#clients = clients
  }

  /** @returns what the relay owed to this client, and did not send. */
  take(record: SessionRecord, client: CapturedClient): readonly Finding[] {
    const {window, from} = record
    const name = window?.type.name
    if (!window || name === undefined || !routePackets.has(name)) return noFindings
    const id = fieldOf(window, 'connection_id')
    if (name === 'disconnect_notification' && from === 'client') this.#released(record, client, Number(id))
    if (from !== 'relay') return noFindings
    const missing = this.#missing(record, client)
    const route = typeof id === 'number' ? client.routes?.at(id) : undefined
    if (name === 'route_response') this.#routed(record, client)
    else if (route && name.endsWith('_notification')) {
      route.isOnline = name === 'connect_notification'
      route.owed = undefined
    }
    return missing
  }

  /** The connection of a client was closed: its peers have to know. */
  left(record: SessionRecord, client: CapturedClient): void {
    if (record.close === 'capture_end') return
    const patience = record.from === 'relay' ? limits.notificationSeconds : limits.closedClientSeconds
    for (const route of client.routes?.all() ?? []) this.#gone(record, client, route, patience)
  }

  #routed(record: SessionRecord, client: CapturedClient): void {
    const {window} = record
    const [id, pk] = [fieldOf(window!, 'connection_id'), fieldOf(window!, 'pk')]
    if (typeof id !== 'number' || !isConnectionId(id) || !(pk instanceof Uint8Array)) return
    client.routes ??= new RouteTable()
    const route = client.routes.give(id, toHex(pk))
    const peer = this.#clients.wholeAt(route.pk, client.relay)
    const back = peer?.routes?.to(client.pk)
    if (!back || this.#clients.wholeAt(client.pk, client.relay) !== client) return
    for (const each of [route, back]) if (!each.isOnline) owe(each, 'connect', record, limits.notificationSeconds)
  }

  #released(record: SessionRecord, client: CapturedClient, id: number): void {
    const route = client.routes?.at(id)
    if (route) this.#gone(record, client, route, limits.notificationSeconds)
    client.routes?.remove(id)
  }

  #gone(record: SessionRecord, client: CapturedClient, {pk, isOnline}: Route, patience: number): void {
    const peer = this.#clients.wholeAt(pk, client.relay)
    const back = peer?.routes?.to(client.pk)
    if (!back) return
    const isOnly = this.#clients.wholeAt(client.pk, client.relay) === client
    if (back.isOnline && isOnline && isOnly) owe(back, 'disconnect', record, patience)
    else back.owed = undefined
  }

  /** What the relay owes since longer than it takes: it has sent this packet, and so whatever came before. */
  #missing({time}: SessionRecord, client: CapturedClient): readonly Finding[] {
    if (!client.isWhole || !time) return noFindings
    const found: Finding[] = []
    for (const route of client.routes?.all() ?? []) {
      const {owed, id} = route
      if (!owed || time.micros - owed.since < owed.patience * microsPerSecond) continue
      route.owed = undefined
      const code = owed.what === 'connect' ? 'connect-missing' : 'disconnect-missing'
      found.push(finding(code, {id, number: owed.number}))
    }
    return found
  }
}

function owe(route: Route, what: Owed['what'], {time, number}: SessionRecord, patience: number): void {
  route.owed = time ? {what, since: time.micros, number, patience} : undefined
}
