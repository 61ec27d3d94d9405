import {limits} from '../../protocol/limits.js'
import {copyOf} from '../../wire/bytes.js'
import type {Chunk, Conflict, End} from '../../wire/chunk.js'
import {unknownSum} from '../../wire/internet/checksum.js'
import type {StreamStart} from '../connection/deframer.js'
import {fromHandshakes} from '../connection-setup.js'
import {beginsWithHandshake} from '../frame-lengths.js'
import type {Prelude} from '../prelude.js'
import {answerFromStart} from './opening-cases.js'
import {otherProtocol} from './other-protocols.js'
import {looksRandom} from './sealed-look.js'
import {framesNeeded, handshakeSizes, isText, StreamHead, textBytes} from './stream-head.js'
import {clientOf, firstFrameOffset} from './stream-shape.js'

/** What a connection turned out to be. */
export type Verdict =
  | {
      readonly kind: 'tox'
      readonly clientEnd: End
      readonly begin: readonly [StreamStart, StreamStart]
      readonly prelude: Prelude | undefined
      /** Sizes alone suggest it: it has not shown two handshakes, and nobody says that it is Tox. */
      readonly isGuess: boolean
    }
  | {
      /** A proxy was asked for what may be a relay, and did not connect. */
      readonly kind: 'refused'
      readonly clientEnd: End
      readonly prelude: Prelude
    }
  | {
      readonly kind: 'other'
      /** Its bytes cannot be Tox: then its server is not a relay. False if too little of it was seen. */
      readonly isCertain: boolean
    }

/** What is known of a connection besides its bytes. */
export interface Hints {
  /** Its opening was captured: the first bytes are the first. */
  readonly hasSyn: boolean
  /** The user, or the source of the bytes, says that it is Tox, whatever it looks like. */
  readonly isTox: boolean
  /** Connections of the same relay that were Tox, less those that were not. */
  readonly relayVotes?: number | undefined
  /** The end that is the relay, if that is known. */
  readonly relayEnd: End | undefined
  /** A port of another protocol: there the lengths of frames prove nothing. */
  readonly isOtherPort?: boolean | undefined
  /** Which of both ends' bytes are the client's, by the keys that are known. */
  readonly clientByKeys?: ((ends: readonly [Uint8Array, Uint8Array]) => End | undefined) | undefined
  /** The end that is the client, as far as addresses and ports show. */
  readonly likelyClient?: (() => End) | undefined
}

const other: Verdict = {kind: 'other', isCertain: false}
const certainlyOther: Verdict = {kind: 'other', isCertain: true}
/** Votes for a relay from which on a connection of it that looks like nothing is a broken Tox connection. */
const trustedVotes = 2
/** Bytes of a side in which at least one whole frame and the length of the next must be. */
const bytesOfTwoFrames = 2 * limits.frame

/** A chunk that waits. Its bytes are views of a block until the block is through, then a copy. */
export type WaitingChunk = {-readonly [K in keyof Chunk]: Chunk[K]}

/** Holds a connection's first chunks until it is certain whether they are Tox. */
export class ToxDetector {
  /** What was fed, to be fed on. */
  readonly chunks: WaitingChunk[] = []
  readonly #heads: readonly [StreamHead, StreamHead] = [new StreamHead(), new StreamHead()]
  #first: End | undefined
  /** Bytes came before those that they answer, or those never came: who spoke first is not known. */
  #isOrderUnknown = false

  /** @param hintsNow may know more with each call: other connections tell. */
  constructor(readonly hintsNow: () => Hints) {}

  /** @returns undefined while more must be seen. */
  push(chunk: Chunk): Verdict | undefined {
    this.chunks.push(chunk)
    if (chunk.isAhead) this.#isOrderUnknown = true
    const head = this.#heads[chunk.end]
    if (chunk.bytes || chunk.gap !== undefined) {
      this.#first ??= chunk.end
      if (chunk.isFirstUnknown) head.isFirstUnknown = true
      const rival = this.#heads[chunk.end === 0 ? 1 : 0]
      if (head.bytes.length === 0) rival.firstFlight ??= rival.bytes.length
      if (chunk.bytes) head.add(chunk.bytes)
      else head.addMissing(chunk.gap!)
    }
    const isFull =
      this.chunks.length >= limits.recogniseChunks ||
      this.#heads.some(({bytes}) => bytes.length >= limits.recogniseBytes)
    return this.#verdict(isFull || chunk.close === 'rst' || chunk.close === 'capture_end')
  }

  /** Some bytes were damaged on the way, and have been sent again: as the receiver got them. */
  replace({end, position, bytes, packet}: Conflict): void {
    let start = 0
    for (const chunk of this.chunks) {
      if (chunk.end !== end) continue
      const skip = Math.max(0, start - position)
      const at = position + skip - start
      start += chunk.bytes?.length ?? chunk.gap ?? 0
      const others = bytes.subarray(skip, Math.max(skip, start - position))
      if (!chunk.bytes || others.length === 0) continue
      chunk.bytes = copyOf(chunk.bytes)
      chunk.bytes.set(others, at)
      chunk.sum = unknownSum
      if (chunk.origin) chunk.origin = {...chunk.origin, packet}
    }
    this.#heads[end].replace(position, bytes)
  }

  /** A close of this end was none. */
  withdrawClose(end: End): void {
    const at = this.chunks.findLastIndex(chunk => chunk.end === end && chunk.close)
    if (at >= 0) this.chunks.splice(at, 1)
  }

  /** Nothing more will come. */
  end(): Verdict {
    return this.#verdict(true) ?? other
  }

  #verdict(isLast: boolean): Verdict | undefined {
    const first = this.#first
    if (first === undefined) return isLast ? other : undefined
    const hints = this.hintsNow()
    return hints.hasSyn ? this.#fromStart(isLast, hints) : this.#anywhere(isLast, hints)
  }

  /** The opening was captured: the opener is the client. */
  #fromStart(isLast: boolean, {relayEnd, isTox: isKnown, relayVotes = 0}: Hints): Verdict | undefined {
    const clientEnd = relayEnd === 0 ? 1 : 0
    const isRelayFirst = this.#first !== clientEnd
    const facts = {isKnown, isRelayFirst, isOrderUnknown: this.#isOrderUnknown, isLast}
    const {answer, prelude} = answerFromStart(this.#heads[clientEnd], this.#heads[clientEnd === 0 ? 1 : 0], facts)
    if (answer === 'wait') return undefined
    if (answer === 'not_tox') return certainlyOther
    if (answer === 'refused') return prelude ? {kind: 'refused', clientEnd, prelude} : other
    if (answer === 'other' && relayVotes < trustedVotes) return prelude ? other : certainlyOther
    const begin = prelude ? fromHandshakes : this.#openingBegin(clientEnd)
    return this.#tox(clientEnd, begin, {prelude, isGuess: answer === 'guess' && relayVotes < trustedVotes})
  }

  /**
   * A side whose SYN was not captured may have said its handshake before its first captured bytes. A dialogue with a
   * proxy may come before them if neither side plainly begins with its handshake, and bytes are missing, so far or for
   * good, or the relay is silent and no frames follow where the client's handshake would end.
   */
  #openingBegin(clientEnd: End): readonly [StreamStart, StreamStart] {
    const relayEnd = clientEnd === 0 ? 1 : 0
    const isPlain = this.#heads[clientEnd].isHandshakeAlone(0) || this.#heads[relayEnd].isHandshakeAlone(1)
    const isWhole = !this.#isOrderUnknown && this.#heads.every(head => !head.hasMissing && !head.isFirstUnknown)
    const isLikely = this.#heads[relayEnd].bytes.length > 0 || this.#heads[clientEnd].mayHaveFrames(0)
    const isDoubtful = !isPlain && !(isWhole && isLikely)
    const startOf = (end: End, side: 0 | 1): StreamStart => {
      const {isFirstUnknown, bytes} = this.#heads[end]
      const isOpen = isFirstUnknown || (isDoubtful && bytes.length > 0)
      return isOpen ? this.#beginOf(end, side) : this.#handshakeOf(end, side, isDoubtful)
    }
    return [startOf(clientEnd, 0), startOf(relayEnd, 1)]
  }

  /** The opening was not captured: a handshake may be there all the same, else frames must chain. */
  #anywhere(isLast: boolean, hints: Hints): Verdict | undefined {
    const [a, b] = [this.#heads[0].bytes, this.#heads[1].bytes]
    const first = this.#heads[this.#first!]
    const rival = this.#heads[this.#first === 0 ? 1 : 0]
    const {isTox, relayEnd, relayVotes = 0, clientByKeys, likelyClient} = hints
    if (!isTox && this.#heads.some(({bytes}) => otherProtocol(bytes) || (bytes.length >= textBytes && isText(bytes))))
      return certainlyOther
    const clientFirst = relayEnd === undefined || relayEnd !== this.#first
    if (clientFirst && first.firstSegment === handshakeSizes[0] && rival.firstSegment === handshakeSizes[1])
      return this.#tox(this.#first!, fromHandshakes, {isGuess: !isTox && !(looksRandom(a) && looksRandom(b))})
    if (!isLast && a.length + b.length < limits.recogniseBytes) return undefined
    const isLikely = isTox || (relayVotes > 0 && !this.#cannotBeTox)
    if (relayEnd !== undefined && isLikely) return this.#from((1 - relayEnd) as End, {isKnown: true, isGuess: !isTox})
    const guess = this.#from(clientOf(a, b, likelyClient?.()), {isKnown: isLikely, isGuess: !isTox})
    if (guess.kind !== 'tox' || !guess.begin.includes('middle')) return guess
    const client = clientByKeys?.([a, b])
    return client === undefined ? guess : this.#from(client, {isKnown: true, isGuess: false})
  }

  /** Whether all of a side was captured, and no frames are to be found where two must be, or none that look sealed. */
  get #cannotBeTox(): boolean {
    return this.#heads.some(head => {
      if (head.hasMissing) return false
      const first = firstFrameOffset(head.bytes)
      return first === undefined ? head.bytes.length > bytesOfTwoFrames : !head.hasChain(first, 0)
    })
  }

  /** The verdict where the opening was not captured, and this end is the client if it is Tox at all. */
  #from(clientEnd: End, {isKnown, isGuess}: {readonly isKnown: boolean; readonly isGuess: boolean}): Verdict {
    const begin = this.#begins(clientEnd)
    const sideOf = (end: number) => (end === clientEnd ? 0 : 1)
    const hasFrames = () =>
      !this.hintsNow().isOtherPort &&
      this.#heads.some((head, end) => head.hasFrames(begin[sideOf(end)], framesNeeded(head, sideOf(end))))
    if (isKnown || hasFrames()) return this.#tox(clientEnd, begin, {isGuess})
    return this.#cannotBeTox ? certainlyOther : other
  }

  #begins(clientEnd: End): readonly [StreamStart, StreamStart] {
    const begin = [this.#beginOf(clientEnd, 0), this.#beginOf(clientEnd === 0 ? 1 : 0, 1)] as const
    // A side that is silent has its handshake before it if the other began with one.
    const isSilent = this.#heads.some(({bytes}) => bytes.length === 0)
    if (!isSilent || begin.every(each => each === 'middle')) return begin
    return [this.#handshakeOf(clientEnd, 0), this.#handshakeOf(clientEnd === 0 ? 1 : 0, 1)]
  }

  /** Begins with a handshake, as far as is known: a side that has said nothing yet may have been missed until now. */
  #handshakeOf(end: End, side: 0 | 1, isDoubtful = false): StreamStart {
    const handshake = handshakeSizes[side]
    return this.#heads[end].bytes.length === 0 ? {handshake, isAssumed: true, isDoubtful} : {handshake}
  }

  /** Begins with a handshake only where one is plain to see. */
  #beginOf(end: End, side: 0 | 1): StreamStart {
    const {seen, firstSegment} = this.#heads[end]
    const handshake = handshakeSizes[side]
    return beginsWithHandshake(seen, firstSegment, handshake) ? {handshake} : 'middle'
  }

  #tox(
    clientEnd: End,
    begin: readonly [StreamStart, StreamStart],
    {prelude, isGuess}: {readonly prelude?: Prelude | undefined; readonly isGuess: boolean},
  ): Verdict {
    return {kind: 'tox', clientEnd, begin, prelude, isGuess}
  }
}
