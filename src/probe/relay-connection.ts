import {randomBytes} from 'node:crypto'
import type {Box, KeyPair} from '../crypto/box.js'
import {ClientEnd} from '../peer/client-end.js'
import {limits} from '../protocol/limits.js'
import {concatBytes} from '../wire/bytes.js'
import {noBytes} from '../wire/chunk.js'
import {bannerBytes} from './limits.js'
import type {PeerSocket} from './net/peer-socket.js'
import type {Observation} from './observation.js'
import {type OpenedHandshake, ProbedConnection} from './probed-connection.js'
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

/** The probe as a client of a relay, on one connection. */
export class RelayConnection extends ProbedConnection<ClientEnd> {
  /** The client's long-term pair. */
  readonly keys: KeyPair
  #banner: Uint8Array = noBytes
  #handshake: 'open' | 'broken' | undefined

  constructor({box, relay, socket, keys = newKeys(box), observation, answersPings = true}: RelayConnectionOptions) {
    const session = newKeys(box)
    const {local, remote} = socket.endpoints
    super({
      socket,
      end: new ClientEnd(box, keys.publicKey, session, box.sharedKey(relay.publicKey, keys.secretKey)),
      self: 'client',
      observation,
      number: observation?.open(keys, session, {client: local, relay: remote}) ?? 0,
      answersPings,
    })
    this.keys = keys
  }

  /** The client's handshake, 128 bytes, which must be written once. */
  hello(): Uint8Array {
    return this.end.hello(randomBytes(limits.nonce), randomBytes(limits.nonce))
  }

  /** Exchange handshakes. */
  async handshake(milliseconds: number): Promise<HandshakeOutcome> {
    this.write(this.hello())
    return this.answered(milliseconds)
  }

  /** What the relay does about a handshake that was written. */
  async answered(milliseconds: number): Promise<HandshakeOutcome> {
    await this.socket.until(() => this.#handshake !== undefined, milliseconds)
    return this.#handshake ?? (this.closed ? 'closed' : 'silent')
  }

  /** The first bytes that the relay sent, up to `bannerBytes`, where its handshake does not open. */
  get banner(): Uint8Array {
    return this.#banner
  }

  protected override shookHands(opened: OpenedHandshake | undefined): void {
    this.#handshake = opened ? 'open' : 'broken'
  }

  protected override received(bytes: Uint8Array): void {
    if (this.#handshake !== 'open' && this.#banner.length < bannerBytes)
      this.#banner = concatBytes([this.#banner, bytes]).subarray(0, bannerBytes)
    super.received(bytes)
  }
}
