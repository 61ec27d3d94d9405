import {connectNotification} from '../../protocol/packets/connect-notification.js'
import {disconnectNotification} from '../../protocol/packets/disconnect-notification.js'
import {oobReceive} from '../../protocol/packets/oob-receive.js'
import {routeResponse} from '../../protocol/packets/route-response.js'
import {copyOf} from '../../wire/bytes.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {encode} from '../../wire/write.js'
import type {RelayClient} from './client.js'
import type {Link} from './links.js'

/** A packet for a client. Data is dropped where too much waits for that client, control packets never. */
export interface Delivery {
  readonly to: RelayClient
  readonly packet: Uint8Array
  readonly isData: boolean
}

const control = (to: RelayClient, packet: Uint8Array): Delivery => ({to, packet, isData: false})
const connected = (to: RelayClient, id: number) => control(to, encode(connectNotification, {connection_id: id}))
const disconnected = (to: RelayClient, id: number) => control(to, encode(disconnectNotification, {connection_id: id}))

/** Who is at the relay, and which clients are linked. Methods return what is sent because of them, in order. */
export class Routing {
  readonly #registered = new Map<string, RelayClient>()

  /** Number of registered clients. */
  get size(): number {
    return this.#registered.size
  }

  get clients(): Iterable<RelayClient> {
    return this.#registered.values()
  }

  /** The client of a key, hex. */
  find(key: string): RelayClient | undefined {
    return this.#registered.get(key)
  }

  /** Let others reach a client. An older client with its key must have been removed. */
  add(client: RelayClient): void {
    client.isRegistered = true
    this.#registered.set(client.key!, client)
  }

  /** A client is gone: its peers keep their ids, offline. */
  remove(client: RelayClient): Delivery[] {
    if (client.isRegistered) this.#registered.delete(client.key!)
    client.isRegistered = false
    return [...client.links.all()].flatMap(link => this.#offline(link))
  }

  /**
   * Answer a route request: the id that the key has already, else the lowest free one, or 0. Both clients are notified
   * once each has asked for the other.
   * @param isRefused answer 0 whatever was asked.
   */
  route(client: RelayClient, pk: Uint8Array, isRefused: boolean): Delivery[] {
    const answer = (id: number) => control(client, encode(routeResponse, {connection_id: id, pk}))
    const key = toHex(pk)
    if (isRefused || key === client.key) return [answer(0)]
    const old = client.links.to(key)
    if (old) return [answer(old.id)]
    const link = client.links.add(key)
    if (!link) return [answer(0)]
    const peer = this.#registered.get(key)
    const back = client.key === undefined ? undefined : peer?.links.to(client.key)
    if (!peer || !back) return [answer(link.id)]
    link.online = {peer, id: back.id}
    back.online = {peer: client, id: link.id}
    return [answer(link.id), connected(client, link.id), connected(peer, back.id)]
  }

  /** A client gives up an id. */
  release(client: RelayClient, link: Link<RelayClient>): Delivery[] {
    client.links.remove(link)
    return this.#offline(link)
  }

  /** Data on an id whose peer is online. @param plain the packet as the sender has it. */
  data({online}: Link<RelayClient>, plain: Uint8Array): Delivery[] {
    if (!online) return []
    const packet = copyOf(plain)
    packet[0] = online.id
    return [{to: online.peer, packet, isData: true}]
  }

  /** Out-of-band data; nothing if the receiver is not here. */
  oob(client: RelayClient, destination: Uint8Array, data: Uint8Array): Delivery[] {
    const to = this.#registered.get(toHex(destination))
    if (!to) return []
    return [{to, packet: encode(oobReceive, {sender_pk: client.publicKey!, data}), isData: true}]
  }

  #offline(link: Link<RelayClient>): Delivery[] {
    if (!link.online) return []
    const {peer, id} = link.online
    link.online = undefined
    const back = peer.links.at(id)
    if (back) back.online = undefined
    return [disconnected(peer, id)]
  }
}
