import type {Box, KeyPair} from '../../src/crypto/box.js'
import type {TcpSessionItem} from '../../src/crypto/key-item.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {filled} from '../../src/probe/cases/packets.js'

/** Everything secret about one client at one relay, made from a number: the same in every run. */
export interface PlayKeys {
  readonly box: Box
  readonly client: KeyPair
  readonly relay: KeyPair
  /** Drawn for one connection. */
  readonly session: (connection: number) => SessionSecrets
}

export interface SessionSecrets {
  readonly client: KeyPair
  readonly relay: KeyPair
  readonly clientNonce: Uint8Array
  readonly relayNonce: Uint8Array
  readonly clientBase: Uint8Array
  readonly relayBase: Uint8Array
}

const box = await loadSodium()

/** The keys of client `who`. All clients share one relay. */
export const keysOf = (who: number): PlayKeys => ({
  box,
  client: box.keyPair(filled(32, 1, who)),
  relay: box.keyPair(filled(32, 2)),
  session: connection => ({
    client: box.keyPair(filled(32, 3, who, connection)),
    relay: box.keyPair(filled(32, 4, who, connection)),
    clientNonce: filled(24, 5, who, connection),
    relayNonce: filled(24, 6, who, connection),
    clientBase: filled(24, 7, who, connection),
    relayBase: filled(24, 8, who, connection),
  }),
})

/** The key log's line of a connection. */
export const tcpSession = (secrets: SessionSecrets, sharedKey: Uint8Array): TcpSessionItem => ({
  ...{kind: 'tcp_session', clientNonce: secrets.clientNonce, relayNonce: secrets.relayNonce, sharedKey},
  ...{clientBaseNonce: secrets.clientBase, relayBaseNonce: secrets.relayBase},
})

/** Public key of a peer that is not part of the play. */
export const peerKey = (number: number): Uint8Array => filled(32, 9, number)
