import type {Arrival} from '../inferred.js'
import {BoundedMap} from '../inner/bounded-map.js'
import * as limits from './limits.js'

/** What is compared of a packet's data: the number of its bytes, and a hash of them. */
export interface Fingerprint {
  readonly length: number
  readonly hash: number
}

/** A packet that was seen on its way to the relay. */
export interface PendingPacket extends Fingerprint {
  /** Its record, and the connection of its sender. */
  readonly number: number
  readonly connection: number
  /** Microseconds since the epoch; null: not known. */
  readonly micros: number | null
  readonly isOob: boolean
  /** Whether sender and receiver have the same relay, as far as its address says. */
  readonly isSameRelay: boolean
  /** Shared with the sender's record. */
  readonly arrival: Arrival
}

const isEqual = (a: Fingerprint, b: Fingerprint): boolean => a.hash === b.hash && a.length === b.length

/** What one peer sends to another. A relay passes it on in order, and drops what the receiver reads too slowly. */
export class PacketsOfPeer {
  #waiting: PendingPacket[] = []
  readonly #early: Fingerprint[] = []
  /** Whether packets were forgotten, or arrived before they were sent: then a missing one proves nothing. */
  #isUncertain = false

  /** A packet is on its way. */
  send(packet: PendingPacket): void {
    const early = this.#early.findIndex(each => isEqual(each, packet))
    if (early >= 0) {
      // Its arrival was seen first: the times of the two connections do not fit each other.
      this.#early.splice(early, 1)
      this.#isUncertain = true
      return
    }
    this.#waiting.push(packet)
    if (this.#waiting.length <= limits.waitingPackets) return
    this.#waiting.shift()
    this.#isUncertain = true
  }

  /**
   * A packet arrives.
   * @returns the same packet on its way; undefined: it was not seen. Those sent before it never arrive.
   */
  receive(own: Fingerprint, isOob: boolean): PendingPacket | undefined {
    const isSame = (packet: PendingPacket) => packet.isOob === isOob && isEqual(packet, own)
    const [first] = this.#waiting
    let at = first?.isSameRelay && isSame(first) ? 0 : this.#waiting.findIndex(each => each.isSameRelay && isSame(each))
    if (at < 0) at = this.#waiting.findIndex(isSame)
    const found = this.#waiting[at]
    if (!found) {
      this.#early.push(own)
      if (this.#early.length <= limits.earlyArrivals) return undefined
      this.#early.shift()
      this.#isUncertain = true
      return undefined
    }
    if (found.isSameRelay && !this.#isUncertain)
      for (const lost of this.#waiting.slice(0, at)) if (lost.isSameRelay) lost.arrival.at = 'never'
    const isOver = (packet: PendingPacket, place: number) => place < at && packet.isSameRelay
    if (at === 0) this.#waiting.shift()
    else this.#waiting = this.#waiting.filter((packet, place) => place !== at && !isOver(packet, place))
    return found
  }

  /** The packet that an arriving one must be, changed: the next that was sent, if it is as long. */
  changed({length}: Fingerprint, isOob: boolean): PendingPacket | undefined {
    // Others arrived that were not sent either, as where the clocks of two captures differ.
    if (this.#isUncertain || this.#early.length > 1) return undefined
    const next = this.#waiting.find(packet => packet.isSameRelay && packet.isOob === isOob)
    if (!next || next.length !== length) return undefined
    this.#waiting = this.#waiting.filter(packet => packet !== next)
    this.#early.pop()
    return next
  }

  /** The receiver's connection is over: what was on its way never arrives. */
  end(): void {
    if (!this.#isUncertain) for (const {isSameRelay, arrival} of this.#waiting) if (isSameRelay) arrival.at = 'never'
  }
}

/** What is on its way to one client, by the key of its sender in hex. */
export class PendingPackets {
  readonly #peers = new BoundedMap<string, PacketsOfPeer>(limits.waitingPeers)

  /** @returns the packets of a peer; none were seen: undefined. */
  of(pk: string): PacketsOfPeer | undefined {
    return this.#peers.get(pk)
  }

  from(pk: string): PacketsOfPeer {
    let packets = this.#peers.get(pk)
    if (!packets) {
      packets = new PacketsOfPeer()
      this.#peers.set(pk, packets)
    }
    return packets
  }

  end(): void {
    for (const packets of this.#peers.values()) packets.end()
  }
}
