import {randomBytes} from 'node:crypto'
import type {Box, KeyPair} from '../../crypto/box.js'
import type {PeerEvent} from '../../peer/end.js'
import {RelayEnd} from '../../peer/relay-end.js'
import {limits} from '../../protocol/limits.js'
import {pingRequest} from '../../protocol/packets/ping-request.js'
import {pongResponse} from '../../protocol/packets/pong-response.js'
import type {StreamEnd} from '../../proxy/net/forward-options.js'
import {concatBytes} from '../../wire/bytes.js'
import {encode} from '../../wire/write.js'
import {pingBytes, waitingPackets} from '../limits.js'
import type {PeerSocket} from '../net/peer-socket.js'
import type {Observation} from '../observation.js'

export interface ClientConnectionOptions {
  readonly box: Box
  /** The relay's long-term pair. */
  readonly keys: KeyPair
  readonly socket: PeerSocket
  readonly observation: Observation
}

/** The probe as the relay of one connection of a client: answers its handshake and its pings. */
export class ClientConnection {
  readonly #socket: PeerSocket
  readonly #end: RelayEnd
  readonly #observation: Observation
  readonly #number: number
  readonly #packets: Uint8Array[] = []
  #isBroken = false

  constructor({box, keys, socket, observation}: ClientConnectionOptions) {
    this.#socket = socket
    this.#observation = observation
    const session = box.keyPair(randomBytes(limits.secretKey))
    this.#end = RelayEnd.withSecret(box, keys.secretKey, session)
    const {local, remote} = socket.endpoints
    this.#number = observation.open(keys, session, {client: remote, relay: local})
    socket.read(
      bytes => this.#receive(bytes),
      how => observation.closed(this.#number, 'client', how),
    )
  }

  /** How the client closed; undefined while the connection is open. */
  get closed(): StreamEnd | undefined {
    return this.#socket.end
  }

  /** Whether the client sent a handshake or a frame that does not open, or a length that no receiver accepts. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Wait for the client's handshake, which is answered when it has come. @returns whether it came and opened. */
  handshake(milliseconds: number): Promise<boolean> {
    return this.#socket
      .until(() => this.#end.ready || this.#isBroken, milliseconds)
      .then(() => this.#end.ready && !this.#isBroken)
  }

  /** Write bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#observation.bytes(this.#number, 'relay', bytes)
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

  /** Take the first packet for which this is so. @returns undefined if none comes in time, or the client closes. */
  async receive(isWanted: (packet: Uint8Array) => boolean, milliseconds: number): Promise<Uint8Array | undefined> {
    let at = -1
    await this.#socket.until(() => {
      at = this.#packets.findIndex(isWanted)
      return at >= 0 || this.#isBroken
    }, milliseconds)
    return at >= 0 ? this.#packets.splice(at, 1)[0] : undefined
  }

  /** Whether the client closes within this time. */
  async closes(milliseconds: number): Promise<boolean> {
    await this.#socket.until(() => false, milliseconds)
    return this.closed !== undefined
  }

  close(): void {
    this.#socket.close()
  }

  #receive(bytes: Uint8Array): void {
    this.#observation.bytes(this.#number, 'client', bytes)
    for (const event of this.#end.receive(bytes)) this.#take(event)
  }

  #take(event: PeerEvent): void {
    if (event.kind === 'handshake') this.write(this.#end.answer(randomBytes(limits.nonce), randomBytes(limits.nonce)))
    else if (event.kind === 'broken') this.#isBroken = true
    else if (event.kind === 'frame') {
      const {plain} = event
      if (plain[0] === pingRequest.id && plain.length === pingBytes)
        this.send(encode(pongResponse, {ping_id: plain.subarray(1)}))
      else if (this.#packets.push(plain) > waitingPackets) this.close()
    }
  }
}
