import type {Box, KeyPair} from '../crypto/box.js'
import {limits} from '../protocol/limits.js'
import {PeerEnd, type PeerEvent} from './end.js'
import {FrameOpener} from './framing.js'
import {openRelayHandshake, sealClientHandshake} from './handshake.js'

/** The client's end of one connection: makes the first handshake, opens the relay's, opens and seals frames. */
export class ClientEnd extends PeerEnd {
  readonly #publicKey: Uint8Array
  readonly #sessionKeys: KeyPair
  readonly #handshakeKey: Uint8Array

  /**
   * @param publicKey the client's long-term public key at this relay.
   * @param sessionKeys fresh for each connection.
   * @param handshakeKey shared by the long-term keys of both ends.
   */
  constructor(box: Box, publicKey: Uint8Array, sessionKeys: KeyPair, handshakeKey: Uint8Array) {
    super(box, limits.relayHandshake)
    this.#publicKey = publicKey
    this.#sessionKeys = sessionKeys
    this.#handshakeKey = handshakeKey
  }

  /**
   * Make the client's handshake, which is sent once, before anything else.
   * @param baseNonce 24 bytes: nonce of this end's first frame.
   * @param nonce 24 fresh bytes.
   * @returns 128 bytes.
   */
  hello(baseNonce: Uint8Array, nonce: Uint8Array): Uint8Array {
    this.sealFrom(baseNonce)
    return sealClientHandshake(
      this.box,
      this.#publicKey,
      {sessionKey: this.#sessionKeys.publicKey, baseNonce},
      nonce,
      this.#handshakeKey,
    )
  }

  protected override openHandshake(wire: Uint8Array): Extract<PeerEvent, {kind: 'handshake'}> | undefined {
    const hello = openRelayHandshake(this.box, wire, this.#handshakeKey)
    if (!hello) return undefined
    this.openFramesWith(
      new FrameOpener(this.box, this.box.sharedKeys(hello.sessionKey, this.#sessionKeys.secretKey), hello.baseNonce),
    )
    return {kind: 'handshake', wire, ...hello}
  }
}
