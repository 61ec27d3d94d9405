import type {Box, KeyPair} from '../crypto/box.js'
import {limits} from '../protocol/limits.js'
import {PeerEnd, type PeerEvent} from './end.js'
import {FrameOpener} from './framing.js'
import {claimedKey, openClientHandshake, sealRelayHandshake} from './handshake.js'

/** The relay's end of one connection: opens the client's handshake and answers it, opens and seals frames. */
export class RelayEnd extends PeerEnd {
  readonly #sessionKeys: KeyPair
  readonly #handshakeKeys: (clientKey: Uint8Array) => readonly Uint8Array[]
  #handshakeKey: Uint8Array | undefined

  /**
   * @param handshakeKeys gives the keys shared with a client of this public key; they are tried in order.
   * @param sessionKeys fresh for each connection.
   */
  constructor(box: Box, sessionKeys: KeyPair, handshakeKeys: (clientKey: Uint8Array) => readonly Uint8Array[]) {
    super(box, limits.clientHandshake)
    this.#sessionKeys = sessionKeys
    this.#handshakeKeys = handshakeKeys
  }

  /** A relay with its own long-term secret key. */
  static withSecret(box: Box, secretKey: Uint8Array, sessionKeys: KeyPair): RelayEnd {
    return new RelayEnd(box, sessionKeys, clientKey => box.sharedKeys(clientKey, secretKey))
  }

  /** The key that opened the client's handshake. */
  get handshakeKey(): Uint8Array | undefined {
    return this.#handshakeKey
  }

  protected override openHandshake(wire: Uint8Array): Extract<PeerEvent, {kind: 'handshake'}> | undefined {
    const publicKey = claimedKey(wire)
    for (const key of this.#handshakeKeys(publicKey)) {
      const hello = openClientHandshake(this.box, wire, key)
      if (!hello) continue
      this.#handshakeKey = key
      this.openFramesWith(
        new FrameOpener(this.box, this.box.sharedKeys(hello.sessionKey, this.#sessionKeys.secretKey), hello.baseNonce),
      )
      return {kind: 'handshake', wire, publicKey, ...hello}
    }
    return undefined
  }

  /**
   * Make the relay's handshake, which is sent once, after the client's was opened.
   * @param baseNonce 24 bytes: nonce of this end's first frame.
   * @param nonce 24 fresh bytes.
   * @param sealedFrom nonce of the first frame, where it shall not be the one that is announced.
   * @returns 96 bytes.
   */
  answer(baseNonce: Uint8Array, nonce: Uint8Array, sealedFrom = baseNonce): Uint8Array {
    if (!this.#handshakeKey) throw new Error('the relay answers only after the handshake of the client')
    this.sealFrom(sealedFrom)
    return sealRelayHandshake(this.box, {sessionKey: this.#sessionKeys.publicKey, baseNonce}, nonce, this.#handshakeKey)
  }
}
