import {otherSide, type Side} from '../../wire/side.js'
import {Tally, word} from './tally.js'

/** A packet, as far as the order of what two clients say to each other depends on it. */
interface PeerStep {
  readonly side: Side
  readonly type: string
  /** Key of the other client, of an out-of-band packet or an answered route. */
  readonly key: string
  readonly id: number
  /** Type of the packet for the other client; '' if it carries none. */
  readonly payload: string
}

/** The order of cookies, handshakes and crypto data between the client and each of its peers. */
export class PeerOrder {
  readonly #tally = new Tally()
  /** Keys that the relay gives each connection id, over the whole stream. */
  readonly #keys = new Map<number, Set<string>>()
  /** Whether a handshake came last, by side and peer. Handshakes without crypto data between them are one round. */
  readonly #inRound = new Map<string, boolean>()

  constructor([client, relay]: readonly [readonly PeerStep[], readonly PeerStep[]]) {
    for (const {type, id, key} of relay)
      if (type === 'route_response') this.#keys.set(id, (this.#keys.get(id) ?? new Set()).add(key))
    for (const step of [...client, ...relay]) for (const said of this.#wordsOf(step)) this.#tally.expect(said)
    this.#inRound.clear()
  }

  /** Whether all that it answers was said. */
  may(step: PeerStep): boolean {
    const {side, payload} = step
    if (payload === '') return true
    const peer = this.#peerOf(step)
    const other = otherSide(side)
    const waits = (type: string, already: number) => this.#tally.waits(word(other, type, peer), already)
    switch (payload) {
      case 'cookie_response':
        return !waits('cookie_request', this.#tally.said(word(side, payload, peer)))
      case 'crypto_handshake':
        // It holds a cookie of the other side, which came alone or in that side's handshake.
        return this.#tally.said(word(other, 'crypto_handshake', peer)) > 0 || !waits('cookie_response', 0)
      case 'crypto_data': {
        const rounds = this.#tally.said(word(side, 'round', peer))
        // Before the first handshake, it belongs to a session from before the stream.
        if (rounds === 0 && this.#tally.left(word(side, 'round', peer)) > 0) return true
        return !waits('round', Math.max(0, rounds - 1))
      }
      default:
        return true
    }
  }

  take(step: PeerStep): void {
    for (const said of this.#wordsOf(step)) this.#tally.say(said)
  }

  #wordsOf(step: PeerStep): string[] {
    const {side, payload} = step
    if (payload === '') return []
    const peer = this.#peerOf(step)
    const words = [word(side, payload, peer)]
    if (payload !== 'crypto_handshake' && payload !== 'crypto_data') return words
    const place = `${side} ${peer}`
    const isHandshake = payload === 'crypto_handshake'
    if (isHandshake && !this.#inRound.get(place)) words.push(word(side, 'round', peer))
    this.#inRound.set(place, isHandshake)
    return words
  }

  /** The key of the peer, or the connection id if the stream does not say whose it is. */
  #peerOf({type, key, id}: PeerStep): string {
    if (type !== 'data') return key
    const [only, ...more] = this.#keys.get(id) ?? []
    return only === undefined || more.length > 0 ? String(id) : only
  }
}
