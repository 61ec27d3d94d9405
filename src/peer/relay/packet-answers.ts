import {forwarding} from '../../protocol/packets/forwarding.js'
import {onionResponse} from '../../protocol/packets/onion-response.js'
import {pingRequest} from '../../protocol/packets/ping-request.js'
import {pongResponse} from '../../protocol/packets/pong-response.js'
import {routeResponse} from '../../protocol/packets/route-response.js'
import {isPacket} from '../../protocol/table.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf, fieldsOf, type Window} from '../../wire/window.js'
import {encode} from '../../wire/write.js'
import type {RelayClient} from './client.js'
import type {Provocation} from './provocations.js'
import type {Delivery, Routing} from './routing.js'
import type {Datagram, UdpAnswer, UdpPackets} from './udp-packets.js'

/** What a relay sends because of a packet. */
interface Answer {
  readonly deliveries: readonly Delivery[]
  readonly datagram?: Datagram
}

const nothing: Answer = {deliveries: []}
const pingIdBytes = 8

/** What a relay does with the packets that it acts on. */
export class PacketAnswers {
  readonly #routing: Routing
  readonly #udp: UdpPackets
  readonly #provocations: ReadonlySet<Provocation>

  constructor(routing: Routing, udp: UdpPackets, provocations: ReadonlySet<Provocation>) {
    this.#routing = routing
    this.#udp = udp
    this.#provocations = provocations
  }

  /** @param packet of a client, which no rule forbids to act on. */
  to(client: RelayClient, packet: Window): Answer {
    if (packet.type.name === 'data') return {deliveries: this.#data(client, packet)}
    if (isPacket(packet, 'route_request')) return {deliveries: this.#route(client, fieldOf(packet, 'pk')!)}
    if (packet.type.name === 'disconnect_notification') {
      const link = client.links.at(packet.bytes[packet.start + 1]!)
      return link ? {deliveries: this.#routing.release(client, link)} : nothing
    }
    if (isPacket(packet, 'ping_request')) return {deliveries: this.#pong(client, fieldOf(packet, 'ping_id')!)}
    if (packet.type.name === 'pong_response') {
      client.isPingAnswered = true
      return nothing
    }
    if (isPacket(packet, 'oob_send')) {
      const fields = fieldsOf(packet)
      return fields ? {deliveries: this.#routing.oob(client, fields.destination_pk, fields.data)} : nothing
    }
    return this.#toUdp(client, packet)
  }

  /** The packet for a client that a datagram brought. */
  ofUdp(to: RelayClient, {kind, data}: UdpAnswer): Delivery {
    const packet = kind === 'onion_response' ? encode(onionResponse, {payload: data}) : encode(forwarding, {data})
    return {to, packet, isData: true}
  }

  /** A new ping for a client, which waits for its answer from `now` on. */
  newPing(client: RelayClient, random: (bytes: number) => Uint8Array, now: number): Uint8Array {
    const id = this.#provocations.has('zero-pings') ? new Uint8Array(pingIdBytes) : random(pingIdBytes)
    // A real relay never sends the id 0.
    if (!this.#provocations.has('zero-pings') && id.every(byte => byte === 0)) id[pingIdBytes - 1] = 1
    client.ping = toHex(id)
    client.pingedAt = now
    client.isPingAnswered = false
    return encode(pingRequest, {ping_id: id})
  }

  #route(client: RelayClient, pk: Uint8Array): Delivery[] {
    if (this.#provocations.has('own-key-routes') && toHex(pk) === client.key) {
      const link = client.links.to(client.key) ?? client.links.add(client.key)
      const packet = encode(routeResponse, {connection_id: link?.id ?? 0, pk})
      return [{to: client, packet, isData: false}]
    }
    return this.#routing.route(client, pk, this.#provocations.has('refuse-routes'))
  }

  #data({links}: RelayClient, {bytes, start, end}: Window): Delivery[] {
    const link = links.at(bytes[start]!)
    return link ? this.#routing.data(link, bytes.subarray(start, end)) : []
  }

  #pong(to: RelayClient, id: Uint8Array): Delivery[] {
    if (this.#provocations.has('silent-pings')) return []
    const wrong = this.#provocations.has('wrong-pongs')
    return [{to, packet: encode(pongResponse, {ping_id: wrong ? id.map(byte => byte ^ 0xff) : id}), isData: false}]
  }

  #toUdp({connection}: RelayClient, packet: Window): Answer {
    if (isPacket(packet, 'onion_request')) {
      const fields = fieldsOf(packet)
      return fields ? {deliveries: [], datagram: this.#udp.onion(connection, fields)} : nothing
    }
    if (isPacket(packet, 'forward_request')) {
      const fields = fieldsOf(packet)
      return fields ? {deliveries: [], datagram: this.#udp.forward(connection, fields.ip_port, fields.data)} : nothing
    }
    return nothing
  }
}
