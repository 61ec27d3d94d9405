import {randomBytes} from 'node:crypto'
import type {Box, KeyPair} from '../crypto/box.js'
import {ClientEnd} from '../peer/client-end.js'
import type {PeerEvent} from '../peer/end.js'
import {limits} from '../protocol/limits.js'
import {pingRequest} from '../protocol/packets/ping-request.js'
import {pongResponse} from '../protocol/packets/pong-response.js'
import type {StreamEnd} from '../proxy/net/forward-options.js'
import {concatBytes} from '../wire/bytes.js'
import {noBytes} from '../wire/chunk.js'
import {encode} from '../wire/write.js'
import {bannerBytes, pingBytes, waitingPackets} from './limits.js'
import type {PeerSocket} from './net/peer-socket.js'
import type {Observation} from './observation.js'
import type {RelayTarget} from './target.js'

/** What a relay did about a client's handshake. */
export type HandshakeOutcome =
  /** Its handshake opened. */
  | 'open'
  /** It sent the bytes of a handshake, or more, and they do not open. */
  | 'broken'
  /** It closed the connection before that. */
  | 'closed'
  /** It sent fewer bytes than a handshake has, perhaps none, and then nothing. */
  | 'silent'

export interface RelayConnectionOptions {
  readonly box: Box
  readonly relay: RelayTarget
  readonly socket: PeerSocket
  /** The client's long-term pair. Default: a new one. */
  readonly keys?: KeyPair | undefined
  readonly observation?: Observation | undefined
  /** Answer the relay's pings. Default: yes. */
  readonly answersPings?: boolean | undefined
}

/** A new key pair of any use. */
const newKeys = (box: Box): KeyPair => box.keyPair(randomBytes(limits.secretKey))

/** The probe as a client of a relay, on one connection: sends packets and waits for those that it expects. */
export class RelayConnection {
  /** The client's long-term pair. */
  readonly keys: KeyPair
  readonly #socket: PeerSocket
  readonly #end: ClientEnd
  readonly #observation: Observation | undefined
  readonly #number: number
  readonly #answersPings: boolean
  readonly #packets: Uint8Array[] = []
  #received = 0
  #banner: Uint8Array = noBytes
  #handshake: 'open' | 'broken' | undefined
  #isBroken = false

  constructor({box, relay, socket, keys = newKeys(box), observation, answersPings = true}: RelayConnectionOptions) {
    this.keys = keys
    this.#socket = socket
    this.#observation = observation
    this.#answersPings = answersPings
    const session = newKeys(box)
    this.#end = new ClientEnd(box, keys.publicKey, session, box.sharedKey(relay.publicKey, keys.secretKey))
    const {local, remote} = socket.endpoints
    this.#number = observation?.open(keys, session, {client: local, relay: remote}) ?? 0
    socket.read(
      bytes => this.#receive(bytes),
      how => this.#observation?.closed(this.#number, 'relay', how),
    )
  }

  /** The client's handshake, 128 bytes, which must be written once. */
  hello(): Uint8Array {
    return this.#end.hello(randomBytes(limits.nonce), randomBytes(limits.nonce))
  }

  /** Exchange handshakes. */
  async handshake(milliseconds: number): Promise<HandshakeOutcome> {
    this.write(this.hello())
    return this.answered(milliseconds)
  }

  /** What the relay does about a handshake that was written. */
  async answered(milliseconds: number): Promise<HandshakeOutcome> {
    await this.#socket.until(() => this.#handshake !== undefined, milliseconds)
    return this.#handshake ?? (this.#socket.end ? 'closed' : 'silent')
  }

  /** The first bytes that the relay sent, up to `bannerBytes`, where its handshake does not open. */
  get banner(): Uint8Array {
    return this.#banner
  }

  /** Bytes that the relay has sent. */
  get received(): number {
    return this.#received
  }

  /** How the relay closed; undefined while the connection is open. */
  get closed(): StreamEnd | undefined {
    return this.#socket.end
  }

  /** Whether the relay sent a handshake or a frame that does not open, or a length that no receiver accepts. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Write bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#observation?.bytes(this.#number, 'client', bytes)
    this.#socket.write(bytes)
  }

  /** The frame of a packet, which uses one nonce. */
  seal(packet: Uint8Array): Uint8Array {
    return this.#end.seal(packet)
  }

  /** Send packets, in one piece. */
  send(...packets: readonly Uint8Array[]): void {
    this.write(concatBytes(packets.map(packet => this.seal(packet))))
  }

  /** Take the first packet for which this is so. @returns undefined if none comes in time, or the relay closes. */
  async receive(isWanted: (packet: Uint8Array) => boolean, milliseconds: number): Promise<Uint8Array | undefined> {
    let at = -1
    await this.#socket.until(() => {
      at = this.#packets.findIndex(isWanted)
      return at >= 0 || this.#isBroken
    }, milliseconds)
    return at >= 0 ? this.#packets.splice(at, 1)[0] : undefined
  }

  /** Packets that nobody has taken, oldest first. */
  takeAll(): Uint8Array[] {
    return this.#packets.splice(0)
  }

  /** Whether the relay closes within this time. */
  async closes(milliseconds: number): Promise<boolean> {
    await this.#socket.until(() => false, milliseconds)
    return this.#socket.end !== undefined
  }

  close(): void {
    this.#socket.close()
  }

  #receive(bytes: Uint8Array): void {
    this.#received += bytes.length
    if (this.#handshake !== 'open' && this.#banner.length < bannerBytes)
      this.#banner = concatBytes([this.#banner, bytes]).subarray(0, bannerBytes)
    this.#observation?.bytes(this.#number, 'relay', bytes)
    for (const event of this.#end.receive(bytes)) this.#take(event)
  }

  #take(event: PeerEvent): void {
    if (event.kind === 'handshake') this.#handshake = 'open'
    else if (event.kind === 'broken') {
      if (event.fault === 'handshake') this.#handshake = 'broken'
      this.#isBroken = true
    } else if (event.kind === 'frame') {
      const {plain} = event
      if (this.#answersPings && plain[0] === pingRequest.id && plain.length === pingBytes)
        this.send(encode(pongResponse, {ping_id: plain.subarray(1)}))
      else if (this.#packets.push(plain) > waitingPackets) this.close()
    }
  }
}
