import {type Finding, finding, noFindings} from '../../expert/finding.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldStart} from '../../wire/read.js'
import {fieldOf, type Window} from '../../wire/window.js'
import type {Arrival} from '../inferred.js'
import type {SessionRecord} from '../record.js'
import type {CapturedClient, CapturedClients} from './captured-clients.js'
import * as limits from './limits.js'
import {type Fingerprint, type PacketsOfPeer, type PendingPacket, PendingPackets} from './pending-packets.js'

/** Packets that a relay passes on, and the field with the key of the other peer; empty: it is worked out. */
const passed: Readonly<Record<string, {readonly peer: string; readonly from: 'client' | 'relay' | 'both'}>> = {
  data: {peer: '', from: 'both'},
  oob_send: {peer: 'destination_pk', from: 'client'},
  oob_receive: {peer: 'sender_pk', from: 'relay'},
}

/** Ties each packet that a relay passes on to the same packet on the other client's connection. */
export class PassedPackets {
  readonly #clients: CapturedClients
  readonly #comparedBytes: number
  readonly #looksAhead: boolean

  /**
   * @param options comparesAll: all bytes of each packet were decrypted. looksAhead: the record of a packet on its way
   *   gets an `arrival`, which a later record fills in.
   */
  constructor(clients: CapturedClients, options: {readonly comparesAll: boolean; readonly looksAhead: boolean}) {
    this.#clients = clients
    this.#comparedBytes = options.comparesAll ? Number.POSITIVE_INFINITY : limits.comparedBytes
    this.#looksAhead = options.looksAhead
  }

  /** Adds to a record where it comes from, or what will be known of its arrival. @returns what the relay did to it. */
  take(record: SessionRecord, client: CapturedClient): readonly Finding[] {
    const {window, from, inferred} = record
    const kind = window && passed[window.type.name]
    if (!kind || (kind.from !== 'both' && kind.from !== from)) return noFindings
    const key = kind.peer === '' ? inferred?.peer : fieldOf(window, kind.peer)
    const peer = key instanceof Uint8Array ? toHex(key) : key
    if (typeof peer !== 'string') {
      // A packet that the relay may pass on all the same, to a receiver that is not known here.
      if (from === 'client') client.isWhole = false
      return noFindings
    }
    if (from === 'client') {
      this.#sent(record, window, client, peer)
      return noFindings
    }
    return this.#received(record, window, client, peer)
  }

  #sent(record: SessionRecord, window: Window, client: CapturedClient, peer: string): void {
    const receivers = this.#clients.named(peer).filter(each => each.connection !== client.connection)
    if (receivers.length === 0) return
    const atRelay = receivers.filter(({relay}) => relay !== '' && relay === client.relay)
    const arrival: Arrival = {at: undefined}
    const fingerprint = this.#fingerprintOf(window)
    const packet: PendingPacket = {
      ...fingerprint,
      number: record.number,
      connection: client.connection,
      micros: record.time?.micros ?? null,
      isOob: window.type.name !== 'data',
      isSameRelay: atRelay.length === 1 && !this.#clients.isPart,
      arrival,
    }
    for (const receiver of atRelay.length > 0 ? atRelay : receivers) {
      receiver.pending ??= new PendingPackets()
      receiver.pending.from(client.pk).send(packet)
    }
    if (this.#looksAhead && atRelay.length === 1) record.inferred = {...record.inferred, arrival}
  }

  #received(record: SessionRecord, window: Window, client: CapturedClient, peer: string): readonly Finding[] {
    const packets = this.#packetsTo(client, peer)
    if (!packets) return noFindings
    const isOob = window.type.name !== 'data'
    const own = this.#fingerprintOf(window)
    const sent = packets.receive(own, isOob)
    if (!sent) return this.#changed(record, window, client, peer)
    const {number, connection, micros} = sent
    const since = record.time && micros !== null ? record.time.micros - micros : null
    record.inferred = {...record.inferred, sentAs: {number, connection, micros: since}}
    sent.arrival.at = {number: record.number, connection: client.connection, micros: since}
    return noFindings
  }

  /** What a peer sends to a client; where the peer was captured, also before any of it was seen to be sent. */
  #packetsTo(client: CapturedClient, peer: string): PacketsOfPeer | undefined {
    if (this.#clients.named(peer).length === 0) return client.pending?.of(peer)
    client.pending ??= new PendingPackets()
    return client.pending.from(peer)
  }

  #changed(record: SessionRecord, window: Window, client: CapturedClient, peer: string): readonly Finding[] {
    const sender = this.#clients.wholeAt(peer, client.relay)
    if (!sender || this.#clients.wholeAt(client.pk, client.relay) !== client) return noFindings
    const own = this.#fingerprintOf(window)
    const sent = client.pending?.of(peer)?.changed(own, window.type.name !== 'data')
    if (!sent) return noFindings
    const micros = record.time && sent.micros !== null ? record.time.micros - sent.micros : null
    sent.arrival.at = {number: record.number, connection: client.connection, micros}
    const {number, connection} = sent
    record.inferred = {...record.inferred, sentAs: {number, connection, micros}}
    const start = dataStart(window)
    return [finding('relayed-changed', {number}, {range: [start - window.start, window.end - window.start]})]
  }

  #fingerprintOf(window: Window): Fingerprint {
    const {bytes, end} = window
    const start = dataStart(window)
    return {length: end - start, hash: hashOf(bytes, start, Math.min(end, start + this.#comparedBytes))}
  }
}

const dataStart = ({type, bytes, start, end}: Window): number => fieldStart(type, type.tail, bytes, start, end)

/** FNV-1a, four bytes at a time: packets that are equal have the same. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = Math.imul(hash ^ word, 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  return hash
}
