import type {Box} from '../../crypto/box.js'
import type {RuleCode} from '../../expert/rules.js'
import {limits} from '../../protocol/limits.js'
import {connectNotification} from '../../protocol/packets/connect-notification.js'
import {disconnectNotification} from '../../protocol/packets/disconnect-notification.js'
import {packetWindow} from '../../protocol/table.js'
import {concatBytes, copyOf} from '../../wire/bytes.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {noShift, type Window} from '../../wire/window.js'
import type {PeerEvent} from '../end.js'
import {RelayEnd} from '../relay-end.js'
import {brokenRules} from './broken-rules.js'
import {RelayClient} from './client.js'
import type {CloseCause, RelayAction, RelayCounts} from './events.js'
import {ModelReactions} from './model.js'
import type {RelayModel} from './models.js'
import {PacketAnswers} from './packet-answers.js'
import type {Provocation} from './provocations.js'
import {type Delivery, Routing} from './routing.js'
import {UdpPackets} from './udp-packets.js'

/** How a relay behaves. Times are milliseconds. */
export interface RelayOptions {
  readonly box: Box
  /** Long-term secret key. */
  readonly secretKey: Uint8Array
  /** Fresh random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly model: RelayModel
  readonly pingInterval: number
  readonly pingTimeout: number
  /** Time for a client's handshake; 0: no limit. */
  readonly handshakeTimeout: number
  /** Clients that have not sent a good frame. */
  readonly maxUnconfirmed: number
  /** Limit for the clients of one IP address. */
  readonly maxPerAddress: (ip: string) => number
  readonly provocations: ReadonlySet<Provocation>
  /** Close each connection after this many good frames, or after this time since its handshake. */
  readonly dropAfter?: {readonly frames: number} | {readonly milliseconds: number}
}

type Handshake = Extract<PeerEvent, {kind: 'handshake'}>

/**
 * A Tox TCP relay, sans-io: bytes of its clients and datagrams go in, actions come out. It reads no clock: `now` is
 * milliseconds from any start, and never goes back. Where implementations differ about a violation it does what the
 * rule table says of its model.
 */
export class Relay {
  readonly counts: RelayCounts = {open: 0, confirmed: 0, closed: new Map(), relayed: 0, dropped: 0}
  readonly #options: RelayOptions
  readonly #box: Box
  readonly #reactions: ModelReactions
  readonly #clients = new Map<number, RelayClient>()
  /** Connections without a good frame, oldest first. */
  readonly #unconfirmed = new Set<RelayClient>()
  readonly #perAddress = new Map<string, number>()
  readonly #routing = new Routing()
  readonly #udp: UdpPackets
  readonly #answers: PacketAnswers
  #actions: RelayAction[] = []

  constructor(options: RelayOptions) {
    this.#options = options
    this.#reactions = new ModelReactions(options.model)
    this.#box = this.#reactions.box(options.box)
    this.#udp = new UdpPackets(options.box, options.random, options.model)
    this.#answers = new PacketAnswers(this.#routing, this.#udp, options.provocations)
  }

  /** A client connected. @param connection a number that was not used before. */
  open(connection: number, ip: string, now: number): RelayAction[] {
    const {maxPerAddress, maxUnconfirmed, secretKey, random} = this.#options
    const ofAddress = this.#perAddress.get(ip) ?? 0
    const sessionKeys = this.#box.keyPair(random(limits.secretKey))
    const client = new RelayClient(connection, ip, RelayEnd.withSecret(this.#box, secretKey, sessionKeys), now)
    this.#clients.set(connection, client)
    this.#unconfirmed.add(client)
    this.#perAddress.set(ip, ofAddress + 1)
    this.counts.open++
    if (ofAddress >= maxPerAddress(ip)) this.#close(client, 'address_limit')
    else if (this.#unconfirmed.size > maxUnconfirmed) this.#close(first(this.#unconfirmed), 'unconfirmed_limit')
    return this.#taken()
  }

  /** @param bytes received from a client, cut anywhere. */
  receive(connection: number, bytes: Uint8Array, now: number): RelayAction[] {
    const client = this.#clients.get(connection)
    if (!client) return []
    const events = client.end.receive(bytes)
    const isLonger = events.length > 1 || client.end.unfinished().length > 0
    for (const event of events) {
      this.#take(client, event, now)
      if (event.kind === 'handshake' && isLonger) this.#react(client, 'frame-with-client-handshake')
      if (!this.#clients.has(connection)) break
    }
    return this.#taken()
  }

  /** A client's connection is over: it ended, or was closed. */
  closed(connection: number): RelayAction[] {
    const client = this.#clients.get(connection)
    if (client) this.#forget(client)
    return this.#taken()
  }

  /** Whether too many bytes wait for a client, so that data for it is dropped. */
  congested(connection: number, isCongested: boolean): void {
    const client = this.#clients.get(connection)
    if (client) client.isCongested = isCongested
  }

  /** The bytes that wait for a client are over the limit. */
  overflowed(connection: number): RelayAction[] {
    const client = this.#clients.get(connection)
    if (client) this.#close(client, 'slow_reader')
    return this.#taken()
  }

  /** A datagram came. */
  datagram(bytes: Uint8Array): RelayAction[] {
    const answer = this.#udp.answer(bytes)
    const client = answer && this.#clients.get(answer.connection)
    if (client?.isRegistered) this.#deliver([this.#answers.ofUdp(client, answer!)])
    return this.#taken()
  }

  /** Send the pings that are due, and close what has timed out. */
  tick(now: number): RelayAction[] {
    const {handshakeTimeout, dropAfter} = this.#options
    for (const client of this.#unconfirmed) {
      if (client.key === undefined && handshakeTimeout > 0 && now - client.openedAt >= handshakeTimeout)
        this.#close(client, 'handshake_timeout')
    }
    for (const client of [...this.#routing.clients]) this.#ping(client, now)
    if (dropAfter && 'milliseconds' in dropAfter)
      for (const client of this.#clients.values())
        if (client.key !== undefined && now - client.handshakeAt >= dropAfter.milliseconds)
          this.#close(client, 'drop_after')
    return this.#taken()
  }

  #take(client: RelayClient, event: PeerEvent, now: number): void {
    switch (event.kind) {
      case 'handshake':
        this.#handshake(client, event, now)
        return
      case 'frame':
        this.#frame(client, event.plain, now)
        return
      case 'empty':
        this.#react(client, 'frame-empty')
        return
      case 'broken':
        this.#close(client, codeOfBreak(event))
    }
  }

  #handshake(client: RelayClient, {publicKey, nonce, baseNonce}: Handshake, now: number): void {
    const {random, provocations} = this.#options
    const [relayNonce, own] = [random(limits.nonce), random(limits.nonce)]
    client.publicKey = publicKey!
    client.key = toHex(publicKey!)
    client.handshakeAt = now
    const answer = client.end.answer(own, relayNonce, provocations.has('swap-nonces') ? baseNonce : own)
    const {connection, end} = client
    const session = {clientNonce: nonce, relayNonce, clientBaseNonce: baseNonce, relayBaseNonce: own}
    this.#actions.push({kind: 'session', connection, session: {...session, sharedKey: end.sessionSharedKey!}})
    const early = provocations.has('early-frame') ? [end.seal(this.#answers.newPing(client, random, now))] : []
    this.#actions.push({kind: 'send', connection, bytes: concatBytes([answer, ...early])})
    if (this.#reactions.registersAtHandshake) this.#register(client, now)
  }

  #frame(client: RelayClient, plain: Uint8Array, now: number): void {
    const window = packetWindow(plain, 0, plain.length, noShift)
    if (!window) {
      this.#close(client, 'frame-too-short')
      return
    }
    client.frames++
    if (!client.isConfirmed) this.#confirm(client, now)
    const {effect, code} = this.#reactions.toAll(brokenRules(window, client))
    if (effect === 'closes') this.#close(client, code!)
    else if (effect !== 'discards') this.#act(client, window, code)
    const {dropAfter} = this.#options
    if (dropAfter && 'frames' in dropAfter && client.frames >= dropAfter.frames) this.#close(client, 'drop_after')
  }

  #act(client: RelayClient, window: Window, code: RuleCode | undefined): void {
    // A tox-rs relay fails to write such a packet to its receiver.
    if (code === 'crypto-data-full') {
      const peer = client.links.at(window.bytes[0]!)?.online?.peer
      if (peer) this.#close(peer, 'unwritable_packet')
      return
    }
    const {deliveries, datagram} = this.#answers.to(client, window)
    if (datagram) this.#actions.push({kind: 'udp', ...datagram})
    this.#deliver(deliveries)
  }

  #confirm(client: RelayClient, now: number): void {
    client.isConfirmed = true
    this.#unconfirmed.delete(client)
    this.counts.confirmed++
    if (!client.isRegistered) this.#register(client, now)
  }

  #register(client: RelayClient, now: number): void {
    const old = this.#routing.find(client.key!)
    if (old) this.#close(old, 'replaced')
    client.pingedAt = now
    this.#routing.add(client)
  }

  #ping(client: RelayClient, now: number): void {
    const {pingInterval, pingTimeout, random} = this.#options
    const isLate = !client.isPingAnswered && now - client.pingedAt >= pingTimeout
    if (isLate) this.#close(client, 'ping-unanswered')
    else if (now - client.pingedAt >= pingInterval)
      this.#deliver([{to: client, packet: this.#answers.newPing(client, random, now), isData: false}])
  }

  #deliver(deliveries: readonly Delivery[]): void {
    for (const {to, packet: own, isData} of deliveries) {
      const packet = provoked(own, isData, this.#options.provocations)
      if (!packet) continue
      if (isData && to.isCongested) {
        this.counts.dropped++
        continue
      }
      if (isData) this.counts.relayed++
      const frame = to.end.seal(packet)
      const bytes = this.#options.provocations.has('empty-frames') ? concatBytes([emptyFrame, frame]) : frame
      this.#actions.push({kind: 'send', connection: to.connection, bytes})
    }
  }

  #react(client: RelayClient, code: RuleCode): void {
    if (this.#reactions.to(code) === 'closes') this.#close(client, code)
  }

  #close(client: RelayClient, cause: CloseCause): void {
    if (!this.#clients.has(client.connection)) return
    this.counts.closed.set(cause, (this.counts.closed.get(cause) ?? 0) + 1)
    this.#actions.push({kind: 'close', connection: client.connection, cause})
    this.#forget(client)
  }

  #forget(client: RelayClient): void {
    const ofAddress = this.#perAddress.get(client.ip)! - 1
    if (ofAddress > 0) this.#perAddress.set(client.ip, ofAddress)
    else this.#perAddress.delete(client.ip)
    this.#clients.delete(client.connection)
    this.#unconfirmed.delete(client)
    this.counts.open--
    if (client.isConfirmed) this.counts.confirmed--
    this.#deliver(this.#routing.remove(client))
  }

  #taken(): RelayAction[] {
    const taken = this.#actions
    this.#actions = []
    return taken
  }
}

/** What a relay that provokes sends in place of a packet; undefined: nothing. */
function provoked(packet: Uint8Array, isData: boolean, by: ReadonlySet<Provocation>): Uint8Array | undefined {
  const isNotification = packet[0] === connectNotification.id || packet[0] === disconnectNotification.id
  if (isNotification && by.has('no-notifications')) return undefined
  if (!isData || !by.has('changed-data')) return packet
  const changed = copyOf(packet)
  changed[changed.length - 1]! ^= 1
  return changed
}

const emptyFrame = new Uint8Array(limits.frameLengthPrefix)

const first = <T>(items: Iterable<T>): T => {
  for (const item of items) return item
  throw new Error('nothing is first of no items')
}

/** The rule that a break of the stream breaks. */
const codeOfBreak = ({fault, length}: Extract<PeerEvent, {kind: 'broken'}>): RuleCode => {
  if (fault === 'handshake') return 'client-handshake-box'
  if (fault === 'mac') return 'frame-mac'
  return length > limits.sealedFrame ? 'frame-too-long' : 'frame-too-short'
}
