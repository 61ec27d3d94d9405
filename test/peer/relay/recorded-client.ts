import {offsetNonce} from '../../../src/crypto/nonce.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import {concatBytes} from '../../../src/wire/bytes.js'
import {fromHex, toHex} from '../../../src/wire/hex/hex-bytes.js'
import type {CaseSession} from '../../session/cases.js'

const box = await loadSodium()
const handshakeBytes = 128
/** Frames whose nonces are tried around the expected one: cases repeat old nonces. */
const nearby = 4

const openWith = (sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined => {
  const plain = new Uint8Array(Math.max(0, sealed.length - 16))
  const length = box.open({bytes: sealed, start: 0, end: sealed.length}, nonce, key, {bytes: plain, at: 0})
  return length >= 0 ? plain : undefined
}

/** Plaintexts of all frames that the recorded relay sent in one connection, hex. */
export function recordedReplies({s2c_hex, shared_key, relay_base_nonce}: CaseSession): string[] {
  if (!shared_key || !relay_base_nonce) return []
  const stream = fromHex(s2c_hex)
  const replies: string[] = []
  for (let at = 96, index = 0; at + 2 <= stream.length; index++) {
    const end = at + 2 + ((stream[at]! << 8) | stream[at + 1]!)
    const nonce = offsetNonce(fromHex(relay_base_nonce), index, new Uint8Array(24))
    const plain = openWith(stream.subarray(at + 2, end), nonce, fromHex(shared_key))
    replies.push(plain ? toHex(plain) : 'sealed')
    at = end
  }
  return replies
}

/** One recorded client, which says to another relay what it said to the recorded one. */
export class RecordedClient {
  readonly heard: string[] = []
  isClosed = false
  /** Its last bytes are a part of a frame. */
  isUnfinished = false
  readonly #recorded: CaseSession
  readonly #end: ClientEnd
  #held = new Uint8Array(0)
  #index = 0
  /** Bytes of the unfinished frame that were sent already. */
  #early = 0
  #hasGreeted = false
  #stream: Uint8Array = new Uint8Array(0)

  readonly #edited: (plain: Uint8Array) => Uint8Array

  /** @param edited changes a packet before it is sealed again. */
  constructor(recorded: CaseSession, relayKey: Uint8Array, edited = (plain: Uint8Array) => plain) {
    this.#recorded = recorded
    this.#edited = edited
    const secret = fromHex(recorded.client_sk ?? '11'.repeat(32))
    const session = fromHex(recorded.client_session_sk ?? '22'.repeat(32))
    const sessionKeys = {publicKey: box.publicKey(session), secretKey: session}
    this.#end = new ClientEnd(box, box.publicKey(secret), sessionKeys, box.sharedKey(relayKey, secret))
    this.#end.hello(fromHex(recorded.client_base_nonce ?? '00'.repeat(24)), new Uint8Array(24))
  }

  /** What to send in place of recorded bytes: frames that opened are sealed with the key of the new session. */
  translated(bytes: Uint8Array): Uint8Array {
    this.#stream = concatBytes([this.#stream, bytes])
    this.#held = new Uint8Array(concatBytes([this.#held, bytes]))
    const out: Uint8Array[] = []
    if (!this.#hasGreeted) {
      const before = this.#stream.length - bytes.length
      this.#hasGreeted = this.#stream.length >= handshakeBytes
      const handshake = bytes.subarray(0, Math.max(0, handshakeBytes - before))
      this.#held = new Uint8Array(bytes.subarray(handshake.length))
      out.push(handshake)
    }
    return concatBytes([...out, ...this.#frames()])
  }

  *#frames(): IterableIterator<Uint8Array> {
    const held = this.#held
    let at = 0
    while (at + 2 <= held.length) {
      const end = at + 2 + ((held[at]! << 8) | held[at + 1]!)
      if (end > held.length) break
      yield this.#resealed(held.subarray(at, end)).subarray(this.#early)
      this.#early = 0
      at = end
    }
    this.#held = new Uint8Array(held.subarray(at))
    // The first byte of a length is the same in both sessions: it goes when the recorded client sent it.
    if (this.#held.length !== 1 || this.#early > 0) return
    this.#early = 1
    yield this.#held
  }

  /** Bytes of an unfinished frame, which a relay waits for or refuses. */
  rest(): Uint8Array {
    const rest = this.#held.subarray(this.#early)
    this.isUnfinished = rest.length > 0
    this.#held = new Uint8Array(0)
    return rest
  }

  #resealed(frame: Uint8Array): Uint8Array {
    const {shared_key, client_base_nonce} = this.#recorded
    const key = this.#end.sessionSharedKey
    if (!shared_key || !client_base_nonce || !key || frame.length < 18) return frame
    for (const distance of [0, -1, 1, -2, 2, -3, 3, -nearby, nearby]) {
      const nonce = offsetNonce(fromHex(client_base_nonce), this.#index + distance, new Uint8Array(24))
      const plain = openWith(frame.subarray(2), nonce, fromHex(shared_key))
      if (!plain) continue
      this.#index++
      return concatBytes([frame.subarray(0, 2), box.seal(this.#edited(plain), nonce, key)])
    }
    return frame
  }

  /** Both handshakes are done. */
  get hasMet(): boolean {
    return this.#end.ready
  }

  /** A frame that follows all that was recorded. */
  frame(plain: Uint8Array): Uint8Array {
    const nonce = offsetNonce(fromHex(this.#recorded.client_base_nonce!), this.#index++, new Uint8Array(24))
    const sealed = box.seal(plain, nonce, this.#end.sessionSharedKey!)
    return concatBytes([Uint8Array.of(sealed.length >> 8, sealed.length & 0xff), sealed])
  }

  hear(bytes: Uint8Array): void {
    for (const event of this.#end.receive(bytes)) if (event.kind === 'frame') this.heard.push(toHex(event.plain))
  }
}

/** Inner packets with which the UDP node of a case answered, by the case's name; others are in the recorded replies. */
export const udpAnswers: Readonly<Record<string, string>> = {
  onion_resp_88: '88'.padEnd(200, '0'),
  onion_resp_83_bad_kind: '83'.padEnd(200, '0'),
}

/** c-toxcore 0.2.18, which was recorded, does not pass this response on; 0.2.19 and later do. */
export const newerAnswers: ReadonlySet<string> = new Set(['onion_resp_88'])
