import {limits} from '../../protocol/limits.js'
import {concatBytes} from '../../wire/bytes.js'
import type {Chunk, End} from '../../wire/chunk.js'
import {u16be} from '../../wire/integers.js'
import type {StreamStart} from '../connection/deframer.js'
import {type Prelude, preludeOf} from '../prelude.js'
import {clientOf, frameChainFrom} from './stream-shape.js'

/** What a connection turned out to be. */
export type Verdict =
  | {
      readonly kind: 'tox'
      readonly clientEnd: End
      readonly begin: readonly [StreamStart, StreamStart]
      readonly prelude: Prelude | undefined
    }
  | {readonly kind: 'other'}

/** What is known of a connection besides its bytes. */
export interface Hints {
  /** Its opening was captured: the first bytes are the first. */
  readonly hasSyn: boolean
  /**
   * The user says, or other connections have shown, that it is Tox; with the end that is the relay, if that is known
   * too.
   */
  readonly isTox: boolean
  readonly relayEnd: End | undefined
  /** Which of both ends' bytes are the client's, by the keys that are known. */
  readonly clientByKeys?: ((ends: readonly [Uint8Array, Uint8Array]) => End | undefined) | undefined
  /** The end that is the client, as far as addresses and ports tell. */
  readonly likelyClient?: (() => End) | undefined
}

/** One side's first bytes; missing ones count, and are zero. */
class Head {
  bytes = new Uint8Array(0)
  firstSegment: number | undefined
  /** Bytes that were there when the other side first spoke. */
  firstFlight: number | undefined

  add(bytes: Uint8Array): void {
    this.firstSegment ??= bytes.length
    if (this.bytes.length < limits.recogniseBytes)
      this.bytes = concatBytes([this.bytes, bytes.subarray(0, limits.recogniseBytes)])
  }
}

const handshakes = [limits.clientHandshake, limits.relayHandshake] as const
const chainFrames = 4
/** A handshake begins with a random key, which never has this many printable bytes in a row. */
const textBytes = 24
const other: Verdict = {kind: 'other'}

/** Holds a connection's first chunks until it is certain whether they are Tox. */
export class ToxDetector {
  /** What was fed, to be fed on. */
  readonly chunks: Chunk[] = []
  readonly #heads: readonly [Head, Head] = [new Head(), new Head()]
  #first: End | undefined
  /** Bytes came before those that they answer, or those never came: who spoke first is not known. */
  #isOrderUnknown = false

  /** @param hintsNow may know more with each call: other connections tell. */
  constructor(readonly hintsNow: () => Hints) {}

  get hints(): Hints {
    return this.hintsNow()
  }

  /** @returns undefined while more must be seen. */
  push(chunk: Chunk): Verdict | undefined {
    this.chunks.push(chunk)
    if (chunk.isAhead) this.#isOrderUnknown = true
    const head = this.#heads[chunk.end]
    if (chunk.bytes || chunk.gap !== undefined) {
      this.#first ??= chunk.end
      const rival = this.#heads[chunk.end === 0 ? 1 : 0]
      if (head.bytes.length === 0) rival.firstFlight ??= rival.bytes.length
      head.add(chunk.bytes ?? new Uint8Array(Math.min(chunk.gap!, limits.recogniseBytes)))
    }
    const isFull =
      this.chunks.length >= limits.recogniseChunks ||
      this.#heads.some(({bytes}) => bytes.length >= limits.recogniseBytes)
    return this.#verdict(isFull || chunk.close === 'rst' || chunk.close === 'capture_end')
  }

  /** Nothing more will come. */
  end(): Verdict {
    return this.#verdict(true) ?? other
  }

  #verdict(isLast: boolean): Verdict | undefined {
    const first = this.#first
    if (first === undefined) return isLast ? other : undefined
    return this.hints.hasSyn ? this.#fromStart(isLast) : this.#anywhere(isLast)
  }

  /**
   * The opening was captured: the opener is the client, and its handshake comes first, perhaps behind a proxy's talk.
   */
  #fromStart(isLast: boolean): Verdict | undefined {
    const clientEnd = this.hints.relayEnd === 0 ? 1 : 0
    const [client, relay] = [this.#heads[clientEnd], this.#heads[clientEnd === 0 ? 1 : 0]]
    const prelude = preludeOf(client.bytes, relay.bytes)
    if (prelude === 'more') {
      if (!isLast) return undefined
      return this.hints.isTox || isHalfTox(client, relay) ? this.#tox(clientEnd, fromHandshake, undefined) : other
    }
    if (this.hints.isTox) return this.#tox(clientEnd, fromHandshake, prelude)
    const skips = prelude?.bytes ?? [0, 0]
    const [asked, answered] = [client.bytes.subarray(skips[0]), relay.bytes.subarray(skips[1])]
    if (!prelude && !this.#isOrderUnknown) {
      // A handshake is a client's whole first flight; one that is longer can only be followed by what a client cannot
      // have sealed yet.
      const flight = client.firstFlight ?? handshakes[0]
      if (flight !== handshakes[0])
        return flight > handshakes[0] ? this.#byFrames(clientEnd, asked, answered, isLast) : other
      if (relay.firstSegment !== undefined && this.#first !== clientEnd) return other
    }
    if (asked.length >= textBytes && isText(asked)) return other
    if (asked.length < handshakes[0] || answered.length < handshakes[1]) {
      if (!isLast) return undefined
      const isHalf = prelude ? isHalfProxied(asked, answered) : isHalfTox(client, relay)
      return !isText(asked) && isHalf ? this.#tox(clientEnd, fromHandshake, prelude) : other
    }
    const isRelayAlone = answered.length === handshakes[1]
    const relayChain = frameChainFrom(answered, handshakes[1])
    const clientChain = frameChainFrom(asked, handshakes[0])
    if (!prelude && this.#isOrderUnknown) {
      // The frames alone must tell.
      const isChain = [relayChain, clientChain].some(({isClean, frames}) => isClean && frames >= (isLast ? 1 : 2))
      return isChain ? this.#tox(clientEnd, fromHandshake, undefined) : isLast ? other : undefined
    }
    const fits = isRelayAlone || relayChain.frames > 0 || clientChain.frames > 0 || answered.length < handshakes[1] + 2
    return fits ? this.#tox(clientEnd, fromHandshake, prelude) : other
  }

  /** More than a handshake at once: Tox only if the relay's side is plainly so. */
  #byFrames(clientEnd: End, asked: Uint8Array, answered: Uint8Array, isLast: boolean): Verdict | undefined {
    const relay = frameChainFrom(answered, handshakes[1])
    if (!isText(asked) && (answered.length === handshakes[1] || (relay.isClean && relay.frames > 0)))
      return this.#tox(clientEnd, fromHandshake, undefined)
    return isLast ? other : undefined
  }

  /** The opening was not captured: a handshake may be there all the same, else frames must chain. */
  #anywhere(isLast: boolean): Verdict | undefined {
    const [a, b] = [this.#heads[0].bytes, this.#heads[1].bytes]
    const first = this.#heads[this.#first!]
    const rival = this.#heads[this.#first === 0 ? 1 : 0]
    const clientFirst = this.hints.relayEnd === undefined || this.hints.relayEnd !== this.#first
    if (clientFirst && first.firstSegment === handshakes[0] && rival.firstSegment === handshakes[1])
      return this.#tox(this.#first!, fromHandshake, undefined)
    if (!isLast && a.length + b.length < limits.recogniseBytes) return undefined
    const {isTox, relayEnd, clientByKeys, likelyClient} = this.hints
    if (relayEnd !== undefined) return this.#from((1 - relayEnd) as End, isTox)
    const guess = this.#from(clientOf(a, b, likelyClient?.()), isTox)
    if (guess.kind === 'other' || !guess.begin.includes('middle')) return guess
    const told = clientByKeys?.([a, b])
    return told === undefined ? guess : this.#from(told, true)
  }

  /** The verdict where the opening was not captured, and this end is the client if it is Tox at all. */
  #from(clientEnd: End, isKnown: boolean): Verdict {
    const begin = this.#begins(clientEnd)
    const sideOf = (end: number) => (end === clientEnd ? 0 : 1)
    const isTox =
      isKnown || this.#heads.some((head, end) => chains(head.bytes, begin[sideOf(end)], leastOf(head, sideOf(end))))
    return isTox ? this.#tox(clientEnd, begin, undefined) : other
  }

  #begins(clientEnd: End): readonly [StreamStart, StreamStart] {
    const begin = [this.#beginOf(clientEnd, 0), this.#beginOf(clientEnd === 0 ? 1 : 0, 1)] as const
    // A side that is silent has its handshake before it if the other began with one.
    const isSilent = this.#heads.some(({bytes}) => bytes.length === 0)
    return isSilent && begin.some(each => each !== 'middle') ? fromHandshake : begin
  }

  /**
   * Begins with a handshake only where one is plain to see: in the middle of a stream its bytes would be taken for one,
   * and all behind be out of step.
   */
  #beginOf(end: End, side: 0 | 1): StreamStart {
    const {bytes, firstSegment} = this.#heads[end]
    const handshake = handshakes[side]
    const isAlone = firstSegment === handshake && u16be(bytes, 0) !== handshake - limits.frameLengthPrefix
    const behind = frameChainFrom(bytes, handshake)
    const isFollowed = behind.isClean && behind.frames > 0 && !frameChainFrom(bytes, 0).isClean
    return isAlone || isFollowed ? {handshake} : 'middle'
  }

  #tox(clientEnd: End, begin: readonly [StreamStart, StreamStart], prelude: Prelude | undefined): Verdict {
    return {kind: 'tox', clientEnd, begin, prelude}
  }
}

const fromHandshake: readonly [StreamStart, StreamStart] = [{handshake: handshakes[0]}, {handshake: handshakes[1]}]

/** One side alone, or a handshake without an answer. */
function isHalfTox(client: Head, relay: Head): boolean {
  if (relay.bytes.length === 0) return client.bytes.length === handshakes[0] || isLoneSide(client, 0)
  return client.bytes.length === 0 && isLoneSide(relay, 1)
}

/** Frames behind a handshake. */
function isLoneSide(head: Head, side: 0 | 1): boolean {
  return chains(head.bytes, fromHandshake[side], leastOf(head, side))
}

/** How many frames make a side's stream Tox. One is enough behind a handshake that was a segment of its own. */
function leastOf({firstSegment}: Head, side: 0 | 1): number {
  return firstSegment === handshakes[side] ? 1 : chainFrames
}

/** The same behind a proxy's talk, which says that both sides were captured. */
function isHalfProxied(asked: Uint8Array, answered: Uint8Array): boolean {
  if (answered.length === 0)
    return asked.length === 0 || asked.length === handshakes[0] || chains(asked, fromHandshake[0])
  return asked.length === 0 && chains(answered, fromHandshake[1])
}

/** True if frames follow one another from where the side begins, or from near there. */
function chains(bytes: Uint8Array, begin: StreamStart, least: number = chainFrames): boolean {
  if (typeof begin !== 'string') {
    const chain = frameChainFrom(bytes, begin.handshake)
    return chain.isClean && chain.frames >= least
  }
  for (let offset = 0; offset < limits.frame && offset < bytes.length; offset++) {
    const chain = frameChainFrom(bytes, offset)
    if (chain.isClean && chain.frames >= chainFrames) return true
  }
  return false
}

const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 0 &&
  bytes.subarray(0, textBytes).every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13)
