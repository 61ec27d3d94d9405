import {limits} from '../../protocol/limits.js'
import type {Chunk, End} from '../../wire/chunk.js'
import {u16be} from '../../wire/integers.js'
import type {StreamStart} from '../connection/deframer.js'
import {fromHandshakes} from '../connection-setup.js'
import type {Prelude} from '../prelude.js'
import {answerFromStart} from './opening-cases.js'
import {framesNeeded, handshakeSizes, hasFrames, StreamHead} from './stream-head.js'
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

const other: Verdict = {kind: 'other'}

/** Holds a connection's first chunks until it is certain whether they are Tox. */
export class ToxDetector {
  /** What was fed, to be fed on. */
  readonly chunks: Chunk[] = []
  readonly #heads: readonly [StreamHead, StreamHead] = [new StreamHead(), new StreamHead()]
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

  /** The opening was captured: the opener is the client. */
  #fromStart(isLast: boolean): Verdict | undefined {
    const {relayEnd, isTox: isKnown} = this.hints
    const clientEnd = relayEnd === 0 ? 1 : 0
    const isRelayFirst = this.#first !== clientEnd
    const facts = {isKnown, isRelayFirst, isOrderUnknown: this.#isOrderUnknown, isLast}
    const {answer, prelude} = answerFromStart(this.#heads[clientEnd], this.#heads[clientEnd === 0 ? 1 : 0], facts)
    if (answer === 'wait') return undefined
    return answer === 'tox' ? this.#tox(clientEnd, fromHandshakes, prelude) : other
  }

  /** The opening was not captured: a handshake may be there all the same, else frames must chain. */
  #anywhere(isLast: boolean): Verdict | undefined {
    const [a, b] = [this.#heads[0].bytes, this.#heads[1].bytes]
    const first = this.#heads[this.#first!]
    const rival = this.#heads[this.#first === 0 ? 1 : 0]
    const clientFirst = this.hints.relayEnd === undefined || this.hints.relayEnd !== this.#first
    if (clientFirst && first.firstSegment === handshakeSizes[0] && rival.firstSegment === handshakeSizes[1])
      return this.#tox(this.#first!, fromHandshakes, undefined)
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
      isKnown ||
      this.#heads.some((head, end) => hasFrames(head.bytes, begin[sideOf(end)], framesNeeded(head, sideOf(end))))
    return isTox ? this.#tox(clientEnd, begin, undefined) : other
  }

  #begins(clientEnd: End): readonly [StreamStart, StreamStart] {
    const begin = [this.#beginOf(clientEnd, 0), this.#beginOf(clientEnd === 0 ? 1 : 0, 1)] as const
    // A side that is silent has its handshake before it if the other began with one.
    const isSilent = this.#heads.some(({bytes}) => bytes.length === 0)
    return isSilent && begin.some(each => each !== 'middle') ? fromHandshakes : begin
  }

  /**
   * Begins with a handshake only where one is plain to see: in the middle of a stream its bytes would be taken for one,
   * and all behind be out of step.
   */
  #beginOf(end: End, side: 0 | 1): StreamStart {
    const {bytes, firstSegment} = this.#heads[end]
    const handshake = handshakeSizes[side]
    const isAlone = firstSegment === handshake && u16be(bytes, 0) !== handshake - limits.frameLengthPrefix
    const behind = frameChainFrom(bytes, handshake)
    const isFollowed = behind.isClean && behind.frames > 0 && !frameChainFrom(bytes, 0).isClean
    return isAlone || isFollowed ? {handshake} : 'middle'
  }

  #tox(clientEnd: End, begin: readonly [StreamStart, StreamStart], prelude: Prelude | undefined): Verdict {
    return {kind: 'tox', clientEnd, begin, prelude}
  }
}
