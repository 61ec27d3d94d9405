import type {PeerEnd, PeerEvent} from '../peer/end.js'
import {pingRequest} from '../protocol/packets/ping-request.js'
import {pongResponse} from '../protocol/packets/pong-response.js'
import type {StreamEnd} from '../proxy/net/forward-options.js'
import {concatBytes} from '../wire/bytes.js'
import {otherSender, type Sender} from '../wire/side.js'
import {encode} from '../wire/write.js'
import {pingBytes, waitingPackets} from './limits.js'
import type {PeerSocket} from './net/peer-socket.js'
import type {Observation} from './observation.js'

export interface ProbedConnectionOptions<End extends PeerEnd> {
  readonly socket: PeerSocket
  /** The probe's end. */
  readonly end: End
  /** Which end that is. */
  readonly self: Sender
  readonly observation: Observation | undefined
  /** Number of the connection in the observation. */
  readonly number: number
  /** Answer the pings of the other end from the start. */
  readonly answersPings: boolean
}

/** The other end's handshake, opened. */
export type OpenedHandshake = Extract<PeerEvent, {kind: 'handshake'}>

/** A connection of the probe to a relay or a client: sends packets and waits for those that it expects. */
export abstract class ProbedConnection<End extends PeerEnd> {
  protected readonly end: End
  protected readonly socket: PeerSocket
  readonly #self: Sender
  readonly #observation: Observation | undefined
  readonly #number: number
  /** Whether the pings of the other end are answered; else they can be received as other packets are. */
  answersPings: boolean
  readonly #packets: Uint8Array[] = []
  #isBroken = false

  constructor({socket, end, self, observation, number, answersPings}: ProbedConnectionOptions<End>) {
    this.socket = socket
    this.end = end
    this.#self = self
    this.#observation = observation
    this.#number = number
    this.answersPings = answersPings
    socket.read(
      bytes => this.received(bytes),
      how => observation?.closed(number, otherSender(self), how),
    )
  }

  /** What becomes of the other end's handshake. @param opened undefined: it did not open. */
  protected abstract shookHands(opened: OpenedHandshake | undefined): void

  /** How the other end closed; undefined while the connection is open. */
  get closed(): StreamEnd | undefined {
    return this.socket.end
  }

  /** Whether either end has closed. */
  get isOver(): boolean {
    return this.socket.isOver
  }

  /** Whether the other end sent a handshake or a frame that does not open, or a length that no receiver accepts. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Write bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#observation?.bytes(this.#number, this.#self, bytes)
    this.socket.write(bytes)
  }

  /** The frame of a packet, which uses one nonce. */
  seal(packet: Uint8Array): Uint8Array {
    return this.end.seal(packet)
  }

  /** Send packets, in one piece. */
  send(...packets: readonly Uint8Array[]): void {
    this.write(concatBytes(packets.map(packet => this.seal(packet))))
  }

  /** Take the first packet for which this is so. @returns undefined if none comes in time, or the other end closes. */
  async receive(isWanted: (packet: Uint8Array) => boolean, milliseconds: number): Promise<Uint8Array | undefined> {
    let at = -1
    await this.socket.until(() => {
      at = this.#packets.findIndex(isWanted)
      return at >= 0 || this.#isBroken
    }, milliseconds)
    return at >= 0 ? this.#packets.splice(at, 1)[0] : undefined
  }

  /** Packets that nobody has taken, oldest first. */
  takeAll(): Uint8Array[] {
    return this.#packets.splice(0)
  }

  /** Whether the other end closes within this time. */
  async closes(milliseconds: number): Promise<boolean> {
    await this.socket.until(() => false, milliseconds)
    return this.closed !== undefined
  }

  close(): void {
    this.socket.close()
  }

  /** Bytes of the other end have come. */
  protected received(bytes: Uint8Array): void {
    this.#observation?.bytes(this.#number, otherSender(this.#self), bytes)
    for (const event of this.end.receive(bytes)) this.#take(event)
  }

  #take(event: PeerEvent): void {
    if (event.kind === 'handshake') this.shookHands(event)
    else if (event.kind === 'broken') {
      if (event.fault === 'handshake') this.shookHands(undefined)
      this.#isBroken = true
    } else if (event.kind === 'frame') {
      const {plain} = event
      if (this.answersPings && plain[0] === pingRequest.id && plain.length === pingBytes)
        this.send(encode(pongResponse, {ping_id: plain.subarray(1)}))
      else if (this.#packets.push(plain) > waitingPackets) this.close()
    }
  }
}
