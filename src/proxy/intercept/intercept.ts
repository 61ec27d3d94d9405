import type {Box} from '../../crypto/box.js'
import {isLowOrder} from '../../crypto/low-order.js'
import {ClientEnd} from '../../peer/client-end.js'
import type {PeerEvent} from '../../peer/end.js'
import {longestPlain} from '../../peer/framing.js'
import {RelayEnd} from '../../peer/relay-end.js'
import {limits} from '../../protocol/limits.js'
import {otherSender, type Sender} from '../../wire/side.js'
import {secrets as mostSecrets} from '../limits.js'
import type {InterceptEvent, NextIndexes, PassingPacket, Replacement, Rewrite, Secret} from './intercept-event.js'
import {thrownText} from './thrown.js'
import type {Outgoing, Transform} from './transform.js'

export interface InterceptOptions {
  readonly box: Box
  /** Tried in order on each client's handshake. */
  readonly secrets: readonly Secret[]
  /** Fresh random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly rewrite?: Rewrite
  readonly tell: (event: InterceptEvent) => void
}

type Pieces = Record<Sender, Uint8Array[]>

const one = (pieces: readonly Uint8Array[]): Uint8Array => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))

/**
 * Stands between a client and a relay: a relay towards the client, the client towards the relay, with session keys of
 * its own on both legs and both ends' identities unchanged. Long-term keys, base nonces and every packet are passed on
 * as announced and sent; the handshake nonces are new, since one key must not seal two texts with one nonce.
 *
 * What is wrong stays wrong, as far as can be:
 * - frames of length zero, and of an empty plaintext, are passed as such;
 * - a length that receivers refuse, and a frame whose MAC does not match, are passed byte for byte, and all after them
 *   in that direction: the receiver sees the same
 *   lengths, and a MAC that does not match under its key either;
 * - a relay's handshake that does not open is passed byte for byte;
 * - an unfinished frame is held until its end comes, and passed as it is when the sender ends its stream;
 * - bytes that came in one piece leave in one piece;
 * - a client whose handshake does not open, or announces a low-order session key (which shares no secret, and peers
 *   differ about it), or is not a handshake, is passed
 *   from its first byte: a tap. So is one on whose handshake this code fails; once both legs have their own keys a failure can only end the connection.
 */
export class Intercept implements Transform {
  readonly #options: InterceptOptions
  readonly #clientLeg: RelayEnd
  #relayLeg: ClientEnd | undefined
  #tap = false
  readonly #out: Pieces = {client: [], relay: []}
  #clientHandshake: Extract<PeerEvent, {kind: 'handshake'}> | undefined

  constructor(options: InterceptOptions) {
    this.#options = options
    const {box, random} = options
    this.#clientLeg = new RelayEnd(box, box.keyPair(random(limits.secretKey)), clientKey =>
      this.#handshakeKeys(clientKey),
    )
  }

  /** Whether the client's handshake has not been decided on: its bytes are held. */
  get undecided(): boolean {
    return !this.#tap && !this.#relayLeg
  }

  /** @throws what fails here once the client's handshake was answered for: the connection cannot go on then. */
  received(from: Sender, bytes: Uint8Array): Outgoing {
    const held = this.undecided ? this.#clientLeg.unfinished() : undefined
    try {
      this.#read(from, bytes)
    } catch (error) {
      if (!held || !this.undecided) throw error
      // Nothing has been sent yet: what came can pass as it is.
      for (const side of ['client', 'relay'] as const) this.#out[side].splice(0)
      this.#fallBack(`the interceptor failed: ${thrownText(error)}`, from === 'client' ? one([held, bytes]) : held)
      if (from === 'relay') this.#out.client.push(bytes)
    }
    return this.#taken()
  }

  #read(from: Sender, bytes: Uint8Array): void {
    if (this.#tap) this.#out[otherSender(from)].push(bytes)
    else if (from === 'client') {
      for (const event of this.#clientLeg.receive(bytes)) this.#fromClient(event)
      if (this.#tap) this.#out.relay.push(this.#clientLeg.unfinished())
    } else if (this.#relayLeg) for (const event of this.#relayLeg.receive(bytes)) this.#fromRelay(event)
    else {
      this.#fallBack('the relay spoke first')
      this.#out.client.push(bytes)
    }
  }

  ended(from: Sender): Outgoing {
    if (this.undecided) this.#fallBack(`the ${from} ended its stream before the client's handshake was whole`)
    else {
      const held = from === 'client' ? this.#clientLeg.unfinished() : this.#relayLeg?.unfinished()
      if (!this.#tap && held) this.#out[otherSender(from)].push(held)
    }
    return this.#taken()
  }

  /**
   * Stop waiting for the rest of a handshake: pass what came of it, and all else, as it is. Does nothing once a
   * handshake was decided on.
   */
  giveUp(reason: string): Outgoing {
    if (this.undecided) this.#fallBack(reason)
    return this.#taken()
  }

  /**
   * Send a packet that no end sent now.
   * @param isLate an end sent it before.
   * @returns nothing to write while there is no session with that side.
   * @throws RangeError over 65519 bytes.
   */
  inject(to: Sender, plain: Uint8Array, isLate = false): Outgoing {
    const leg = this.#legOf(to)
    if (!this.#tap && leg?.ready) {
      this.#options.tell({kind: 'injected', to, plain, index: leg.nextIndex, isLate})
      this.#out[to].push(leg.seal(plain))
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
    else if (this.#tap) this.#out.relay.push(event.wire)
    else this.#pass('client', event)
  }

  #meet(event: Extract<PeerEvent, {kind: 'handshake'}>): void {
    const {box, random} = this.#options
    const {publicKey, baseNonce, wire} = event
    if (!publicKey || isLowOrder(event.sessionKey)) {
      this.#fallBack('the client announces a session key of low order', wire)
      return
    }
    // Only a handshake that opened gets here, so the key is there.
    const relayLeg = new ClientEnd(box, publicKey, box.keyPair(random(limits.secretKey)), this.#clientLeg.handshakeKey!)
    this.#clientHandshake = event
    this.#out.relay.push(relayLeg.hello(baseNonce, random(limits.nonce)))
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
    this.#options.tell({
      kind: 'session',
      session: {clientNonce, relayNonce, sharedKey, clientBaseNonce, relayBaseNonce: event.baseNonce},
    })
    this.#out.client.push(answer)
  }

  #pass(from: Sender, event: Exclude<PeerEvent, {kind: 'handshake'}>): void {
    const onward = this.#out[otherSender(from)]
    // Frames that open before the other leg's handshake cannot come from a client that knows no key yet; they are no
    // reason to stop.
    if (event.kind === 'frame' && this.#legOf(otherSender(from))?.ready) this.#passPacket(from, event)
    else onward.push(event.wire)
    if (event.kind === 'broken') this.#options.tell({kind: 'broken', from, fault: event.fault, length: event.length})
  }

  #passPacket(from: Sender, {index, plain}: {readonly index: number; readonly plain: Uint8Array}): void {
    const packet: PassingPacket = {from, index, plain}
    const replacement = this.#replacement(packet)
    const to = otherSender(from)
    if (!replacement) {
      this.#out[to].push(this.#legOf(to)!.seal(plain))
      return
    }
    this.#options.tell({kind: 'rewritten', next: this.#next, ...packet, ...replacement})
    for (const each of replacement.onward) this.#out[to].push(this.#legOf(to)!.seal(each))
    for (const each of replacement.back) this.#out[from].push(this.#legOf(from)!.seal(each))
  }

  /**
   * What the rewriter wants, if it is something that can be sent. It gets a copy: what it does to its packet must not
   * show unless it says so.
   */
  #replacement({from, index, plain}: PassingPacket): Replacement | undefined {
    const {rewrite, tell} = this.#options
    if (!rewrite) return undefined
    try {
      const wanted = rewrite({from, index, plain: new Uint8Array(plain)})
      for (const each of wanted ? [...wanted.onward, ...wanted.back] : []) {
        if (!(each instanceof Uint8Array)) throw new TypeError('a packet is not a Uint8Array')
        if (each.length > longestPlain) throw new RangeError(`a packet of ${each.length} bytes does not fit a frame`)
      }
      return wanted
    } catch (error) {
      tell({kind: 'rewrite_failed', from, index, next: this.#next, message: thrownText(error)})
      return undefined
    }
  }

  #fallBack(reason: string, wire: Uint8Array = this.#clientLeg.unfinished()): void {
    this.#tap = true
    if (wire.length > 0) this.#out.relay.push(wire)
    this.#options.tell({kind: 'tap', reason})
  }

  get #next(): NextIndexes {
    return {client: this.#clientLeg.nextIndex, relay: this.#relayLeg?.nextIndex ?? 0}
  }

  #legOf(side: Sender): RelayEnd | ClientEnd | undefined {
    return side === 'client' ? this.#clientLeg : this.#relayLeg
  }

  #taken(): Outgoing {
    return {client: one(this.#out.client.splice(0)), relay: one(this.#out.relay.splice(0))}
  }
}
