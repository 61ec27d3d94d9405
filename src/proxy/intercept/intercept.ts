import type {Box} from '../../crypto/box.js'
import {isLowOrder} from '../../crypto/low-order.js'
import {ClientEnd} from '../../peer/client-end.js'
import type {PeerEvent} from '../../peer/end.js'
import {checkFits} from '../../peer/framing.js'
import {RelayEnd} from '../../peer/relay-end.js'
import {limits} from '../../protocol/limits.js'
import {concatBytes, copyOf} from '../../wire/bytes.js'
import {ByteSpace} from '../../wire/memory/byte-space.js'
import {otherSender, type Sender} from '../../wire/side.js'
import {secrets as mostSecrets} from '../limits.js'
import type {InjectedAs, InterceptEvent, NextIndexes, PassingPacket, Rewrite, Secret} from './intercept-event.js'
import {thrownText} from './thrown.js'
import type {Outgoing, Transform} from './transform.js'

export interface InterceptOptions {
  readonly box: Box
  /** Tried in order on each client's handshake. */
  readonly secrets: readonly Secret[]
  /** Fresh random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly rewrite?: Rewrite
  readonly report: (event: InterceptEvent) => void
}

/**
 * Sits between a client and a relay: acts as the relay towards the client and as the client towards the relay, with
 * session keys of its own on both legs. Both peers' identities, their base nonces and every packet stay unchanged; the
 * handshake nonces are new, since one key must not seal two texts with one nonce.
 *
 * Wrong bytes stay wrong as far as possible:
 * - frames of length zero, and of an empty plaintext, are passed as such;
 * - a length that receivers refuse, and a frame whose MAC does not match, are passed byte for byte, as is everything
 *   after them in that direction: the receiver sees the same lengths, and the MAC does not match under its key either;
 * - a relay's handshake that does not open is passed byte for byte;
 * - an unfinished frame is held until the rest comes, and passed unchanged when the sender ends its stream;
 * - bytes that came in one piece leave in one piece;
 * - the connection becomes a tap, unchanged from its first byte, if the client's handshake does not open, is not a
 *   handshake, or announces a low-order session key (which shares no secret, and about which peers differ), or if this
 *   code fails on it. Once both legs have keys of their own, a failure can only end the connection.
 */
export class Intercept implements Transform {
  readonly #options: InterceptOptions
  readonly #clientLeg: RelayEnd
  #relayLeg: ClientEnd | undefined
  #tap = false
  readonly #out: Readonly<Record<Sender, ByteSpace>> = {client: new ByteSpace(), relay: new ByteSpace()}
  #clientHandshake: Extract<PeerEvent, {kind: 'handshake'}> | undefined

  constructor(options: InterceptOptions) {
    this.#options = options
    const {box, random} = options
    this.#clientLeg = new RelayEnd(box, box.keyPair(random(limits.secretKey)), clientKey =>
      this.#handshakeKeys(clientKey),
    )
  }

  /** Whether the client's handshake is incomplete, so that its bytes are held. */
  get undecided(): boolean {
    return !this.#tap && !this.#relayLeg
  }

  /** @throws what fails after the client's handshake was passed on: then the connection cannot continue. */
  received(from: Sender, bytes: Uint8Array): Outgoing {
    const held = this.undecided ? this.#clientLeg.unfinished() : undefined
    try {
      this.#read(from, bytes)
    } catch (error) {
      if (!held || !this.undecided) throw error
      // Nothing has been sent yet: the bytes can pass unchanged.
      this.#taken()
      const unsent = from === 'client' ? concatBytes([held, bytes]) : held
      this.#fallBack(`the interceptor failed: ${thrownText(error)}`, unsent)
      if (from === 'relay') this.#out.client.add(bytes)
    }
    return this.#taken()
  }

  #read(from: Sender, bytes: Uint8Array): void {
    if (this.#tap) this.#out[otherSender(from)].add(bytes)
    else if (from === 'client') {
      for (const event of this.#events(this.#clientLeg, 'relay', bytes)) this.#fromClient(event)
      if (this.#tap) this.#out.relay.add(this.#clientLeg.unfinished())
    } else if (this.#relayLeg) for (const event of this.#events(this.#relayLeg, 'client', bytes)) this.#fromRelay(event)
    else {
      this.#fallBack('the relay spoke first')
      this.#out.client.add(bytes)
    }
  }

  /** What a leg received. An unchanged packet is as long when it is passed on, so there is room for all of them. */
  #events(leg: RelayEnd | ClientEnd, to: Sender, bytes: Uint8Array): PeerEvent[] {
    const events = leg.receive(bytes)
    this.#out[to].expect(events.reduce((sum, {wire}) => sum + wire.length, 0))
    return events
  }

  ended(from: Sender): Outgoing {
    if (this.undecided) this.#fallBack(`the ${from} ended its stream before the client's handshake was whole`)
    else {
      const held = from === 'client' ? this.#clientLeg.unfinished() : this.#relayLeg?.unfinished()
      if (!this.#tap && held) this.#out[otherSender(from)].add(held)
    }
    return this.#taken()
  }

  /**
   * Stop waiting for the rest of a handshake: pass its bytes and all others unchanged. Does nothing once the handshake
   * is complete.
   */
  giveUp(reason: string): Outgoing {
    if (this.undecided) this.#fallBack(reason)
    return this.#taken()
  }

  /**
   * Send a packet that no peer sends now.
   * @param as what it is: see `InjectedAs`.
   * @returns no bytes while that side has no session yet.
   * @throws RangeError over 65519 bytes.
   */
  inject(to: Sender, plain: Uint8Array, as: InjectedAs = 'injected'): Outgoing {
    const leg = this.#legOf(to)
    if (!this.#tap && leg?.ready) {
      checkFits(plain)
      this.#options.report({kind: 'injected', to, plain, index: leg.nextIndex, as})
      leg.sealInto(this.#out[to], plain)
    }
    return this.#taken()
  }

  #handshakeKeys(clientKey: Uint8Array): Uint8Array[] {
    const {box, secrets} = this.#options
    return secrets
      .slice(0, mostSecrets)
      .flatMap(secret => box.sharedKeys(secret.of === 'relay' ? clientKey : secret.relayKey, secret.secretKey))
  }

  #fromClient(event: PeerEvent): void {
    if (event.kind === 'handshake') this.#meet(event)
    else if (event.kind === 'broken' && event.fault === 'handshake')
      this.#fallBack("the client's handshake does not open with any key that was given", event.wire)
    else if (this.#tap) this.#out.relay.add(event.wire)
    else this.#pass('client', event)
  }

  #meet(event: Extract<PeerEvent, {kind: 'handshake'}>): void {
    const {box, random} = this.#options
    const {publicKey, baseNonce, wire} = event
    if (!publicKey || isLowOrder(event.sessionKey)) {
      this.#fallBack('the client announces a session key of low order', wire)
      return
    }
    // The handshake opened, so its key is known.
    const relayLeg = new ClientEnd(box, publicKey, box.keyPair(random(limits.secretKey)), this.#clientLeg.handshakeKey!)
    this.#clientHandshake = event
    this.#out.relay.add(relayLeg.hello(baseNonce, random(limits.nonce)))
    this.#relayLeg = relayLeg
  }

  #fromRelay(event: PeerEvent): void {
    if (event.kind !== 'handshake') {
      this.#pass('relay', event)
      return
    }
    const relayNonce = this.#options.random(limits.nonce)
    const answer = this.#clientLeg.answer(event.baseNonce, relayNonce)
    const {nonce: clientNonce, baseNonce: clientBaseNonce} = this.#clientHandshake!
    const sharedKey = this.#clientLeg.sessionSharedKey!
    this.#options.report({
      kind: 'session',
      session: {clientNonce, relayNonce, sharedKey, clientBaseNonce, relayBaseNonce: event.baseNonce},
    })
    this.#out.client.add(answer)
  }

  #pass(from: Sender, event: Exclude<PeerEvent, {kind: 'handshake'}>): void {
    const onward = this.#out[otherSender(from)]
    // A client cannot seal frames before it has the relay's handshake. Such frames pass unchanged.
    if (event.kind === 'frame' && this.#legOf(otherSender(from))?.ready) this.#passPacket(from, event)
    else onward.add(event.wire)
    if (event.kind === 'broken') this.#options.report({kind: 'broken', from, fault: event.fault, length: event.length})
  }

  #passPacket(from: Sender, {index, plain}: {readonly index: number; readonly plain: Uint8Array}): void {
    const packet: PassingPacket = {from, index, plain}
    const replacement = this.#replacement(packet)
    const to = otherSender(from)
    if (replacement === 'mark') this.#options.report({kind: 'marked', from, index, next: this.#next})
    if (!replacement || replacement === 'mark') {
      this.#legOf(to)!.sealInto(this.#out[to], plain)
      return
    }
    this.#options.report({kind: 'rewritten', next: this.#next, ...packet, plain: copyOf(plain), ...replacement})
    for (const each of replacement.onward) this.#legOf(to)!.sealInto(this.#out[to], each)
    for (const each of replacement.back) this.#legOf(from)!.sealInto(this.#out[from], each)
  }

  /**
   * Packets that the rewriter wants to send, if they can be sent. It gets a copy of the packet: changing it has no
   * effect unless it is returned.
   */
  #replacement({from, index, plain}: PassingPacket): ReturnType<Rewrite> {
    const {rewrite, report} = this.#options
    if (!rewrite) return undefined
    try {
      const wanted = rewrite({from, index, plain: new Uint8Array(plain)})
      if (wanted === 'mark') return wanted
      for (const each of wanted ? [...wanted.onward, ...wanted.back] : []) {
        if (!(each instanceof Uint8Array)) throw new TypeError('a packet is not a Uint8Array')
        checkFits(each)
      }
      return wanted
    } catch (error) {
      report({kind: 'rewrite_failed', from, index, next: this.#next, message: thrownText(error)})
      return undefined
    }
  }

  #fallBack(reason: string, wire: Uint8Array = this.#clientLeg.unfinished()): void {
    this.#tap = true
    if (wire.length > 0) this.#out.relay.add(wire)
    this.#options.report({kind: 'tap', reason})
  }

  get #next(): NextIndexes {
    return {client: this.#clientLeg.nextIndex, relay: this.#relayLeg?.nextIndex ?? 0}
  }

  #legOf(side: Sender): RelayEnd | ClientEnd | undefined {
    return side === 'client' ? this.#clientLeg : this.#relayLeg
  }

  #taken(): Outgoing {
    return {client: this.#out.client.take(), relay: this.#out.relay.take()}
  }
}
