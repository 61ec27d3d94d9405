import {randomBytes} from 'node:crypto'
import type {Box, KeyPair} from '../../crypto/box.js'
import {RelayEnd} from '../../peer/relay-end.js'
import {limits} from '../../protocol/limits.js'
import type {PeerSocket} from '../net/peer-socket.js'
import {Observation} from '../observation.js'
import {type OpenedHandshake, ProbedConnection} from '../probed-connection.js'

export interface ClientConnectionOptions {
  readonly box: Box
  /** The relay's long-term pair. */
  readonly keys: KeyPair
  readonly socket: PeerSocket
}

/** The probe as the relay of one connection of a client. */
export class ClientConnection extends ProbedConnection<RelayEnd> {
  readonly observation: Observation
  #clientKey: Uint8Array | undefined

  constructor({box, keys, socket}: ClientConnectionOptions) {
    const session = box.keyPair(randomBytes(limits.secretKey))
    const {local, remote} = socket.endpoints
    const observation = new Observation(box, keys.publicKey, 'relay')
    super({
      socket,
      end: RelayEnd.withSecret(box, keys.secretKey, session),
      self: 'relay',
      observation,
      number: observation.open(keys, session, {client: remote, relay: local}),
      answersPings: true,
    })
    this.observation = observation
  }

  /** Wait for the client's handshake. @returns the client's long-term key; undefined: it did not come, or open. */
  async hello(milliseconds: number): Promise<Uint8Array | undefined> {
    await this.socket.until(() => this.#clientKey !== undefined || this.isBroken, milliseconds)
    return this.isBroken || this.closed ? undefined : this.#clientKey
  }

  /**
   * The relay's handshake, which is made once, after that of the client has come.
   * @param sealedFrom nonce of the first frame, where it is not the one that is announced.
   * @returns 96 bytes.
   */
  answer(sealedFrom?: Uint8Array): Uint8Array {
    return this.end.answer(randomBytes(limits.nonce), randomBytes(limits.nonce), sealedFrom)
  }

  protected override shookHands(opened: OpenedHandshake | undefined): void {
    this.#clientKey = opened?.publicKey
  }
}
