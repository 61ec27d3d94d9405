import {randomBytes} from 'node:crypto'
import type {Box, KeyPair} from '../../crypto/box.js'
import {RelayEnd} from '../../peer/relay-end.js'
import {limits} from '../../protocol/limits.js'
import type {PeerSocket} from '../net/peer-socket.js'
import type {Observation} from '../observation.js'
import {ProbedConnection} from '../probed-connection.js'

export interface ClientConnectionOptions {
  readonly box: Box
  /** The relay's long-term pair. */
  readonly keys: KeyPair
  readonly socket: PeerSocket
  readonly observation: Observation
}

/** The probe as the relay of one connection of a client: answers its handshake and its pings. */
export class ClientConnection extends ProbedConnection<RelayEnd> {
  constructor({box, keys, socket, observation}: ClientConnectionOptions) {
    const session = box.keyPair(randomBytes(limits.secretKey))
    const {local, remote} = socket.endpoints
    super({
      socket,
      end: RelayEnd.withSecret(box, keys.secretKey, session),
      self: 'relay',
      observation,
      number: observation.open(keys, session, {client: remote, relay: local}),
      answersPings: true,
    })
  }

  /** Wait for the client's handshake, which is answered when it has come. @returns whether it came and opened. */
  async handshake(milliseconds: number): Promise<boolean> {
    await this.socket.until(() => this.end.ready || this.isBroken, milliseconds)
    return this.end.ready && !this.isBroken
  }

  protected override shookHands(opened: boolean): void {
    if (opened) this.write(this.end.answer(randomBytes(limits.nonce), randomBytes(limits.nonce)))
  }
}
