import {limits} from '../../protocol/limits.js'
import {fromHandshakes} from '../connection-setup.js'
import {frameChainFrom} from '../frame-lengths.js'
import {type Prelude, preludeOf} from '../prelude.js'
import {otherProtocol} from './other-protocols.js'
import {looksRandom} from './sealed-look.js'
import {framesNeeded, handshakeSizes, isText, type StreamHead, textBytes} from './stream-head.js'

/**
 * What a case says of a connection. tox: both handshakes have their shape, or the user says so. guess: sizes alone
 * suggest it. refused: a proxy did not connect the client. not_tox: it has the bytes of another protocol. other:
 * nothing suggests Tox. wait: more of it must be seen.
 */
export type Answer = 'tox' | 'guess' | 'refused' | 'other' | 'not_tox' | 'wait'

/** What is known of a connection whose opening was captured, apart from its bytes. */
export interface OpeningFacts {
  /** The user, or the source of the bytes, says that it is Tox. */
  readonly isKnown: boolean
  /** The relay's end was heard before the client's. */
  readonly isRelayFirst: boolean
  /** Bytes came before those that they answer: it is not known who spoke first. */
  readonly isOrderUnknown: boolean
  /** Nothing more will be looked at. */
  readonly isLast: boolean
}

const [clientHandshake, relayHandshake] = handshakeSizes

/** A connection's first bytes, as the cases look at them. */
class Opening {
  /** The dialogue with a proxy, complete or not. */
  readonly dialogue: Prelude | 'more' | undefined
  /** Both sides after the dialogue with a proxy. */
  readonly client: StreamHead
  readonly relay: StreamHead

  constructor(
    client: StreamHead,
    relay: StreamHead,
    readonly facts: OpeningFacts,
  ) {
    this.dialogue = preludeOf(client.bytes, relay.bytes)
    const [asked, answered] = this.prelude?.bytes ?? [0, 0]
    this.client = client.after(asked)
    this.relay = relay.after(answered)
  }

  /** The complete dialogue with a proxy. */
  get prelude(): Prelude | undefined {
    return this.dialogue === 'more' ? undefined : this.dialogue
  }

  /** Whether it is known which bytes each side sent before it had heard the other. */
  get hasFlights(): boolean {
    return !this.prelude && !this.facts.isOrderUnknown
  }

  /** Bytes that the client sent before the relay's first; those of a handshake while the relay is silent. */
  get flight(): number {
    return this.client.firstFlight ?? clientHandshake
  }

  /** Whether both handshakes are there. */
  get isComplete(): boolean {
    return this.client.bytes.length >= clientHandshake && this.relay.bytes.length >= relayHandshake
  }

  get relayFrames() {
    return frameChainFrom(this.relay.bytes, relayHandshake)
  }

  get clientFrames() {
    return frameChainFrom(this.client.bytes, clientHandshake)
  }

  /** The relay's answer was a segment of its own, or is all that it has said yet. */
  get isRelayAlone(): boolean {
    return this.relay.firstSegment === relayHandshake || this.relay.bytes.length === relayHandshake
  }

  /** Whether what there is of both handshakes' boxes looks sealed. */
  get areBoxesRandom(): boolean {
    return isBoxRandom(this.client, 0) && isBoxRandom(this.relay, 1)
  }

  /** One side was not captured at all, or the relay has not answered; what there is looks like Tox. */
  get isHalfTox(): boolean {
    if (!this.areBoxesRandom || isText(this.client.bytes)) return false
    return this.prelude ? isHalfProxied(this.client, this.relay) : isHalfTox(this.client, this.relay)
  }
}

/** One way in which a connection may begin. */
interface OpeningCase {
  readonly name: string
  applies(opening: Opening): boolean
  answer(opening: Opening): Answer
}

/** In order: the first case that applies decides. */
const cases: readonly OpeningCase[] = [
  {
    name: 'a dialogue with a proxy that is not complete',
    applies: ({dialogue}) => dialogue === 'more',
    answer: ({facts, isHalfTox}) => (!facts.isLast ? 'wait' : facts.isKnown ? 'tox' : isHalfTox ? 'guess' : 'other'),
  },
  {
    name: 'a proxy that did not connect',
    // The client may ask again, with a password.
    applies: ({prelude}) => prelude?.refusal !== undefined,
    answer: ({facts}) => (facts.isLast ? 'refused' : 'wait'),
  },
  {
    name: 'a connection that is known to be Tox',
    applies: ({facts}) => facts.isKnown,
    answer: () => 'tox',
  },
  {
    name: 'another protocol',
    applies: ({client, relay}) => [client, relay].some(({bytes}) => otherProtocol(bytes) !== undefined),
    answer: () => 'not_tox',
  },
  {
    name: 'a text protocol',
    applies: ({client, relay}) => [client, relay].some(({bytes}) => bytes.length >= textBytes && isText(bytes)),
    answer: () => 'not_tox',
  },
  {
    name: 'a client that sends more than its handshake before the relay answers',
    // Such a client can be followed only by frames that it cannot have sealed yet: the relay's side must show it.
    applies: ({hasFlights, flight}) => hasFlights && flight > clientHandshake,
    answer: ({client, relay, areBoxesRandom, clientFrames, relayFrames, facts}) => {
      if (areBoxesRandom && relay.bytes.length === relayHandshake && clientFrames.isClean) return 'guess'
      if (areBoxesRandom && isProven(client, relay)) return 'tox'
      return facts.isLast
        ? areBoxesRandom && relayFrames.isClean && relayFrames.frames > 0
          ? 'guess'
          : 'other'
        : 'wait'
    },
  },
  {
    name: 'a client that sends less than a handshake before the relay answers',
    applies: ({hasFlights, flight}) => hasFlights && flight < clientHandshake,
    answer: () => 'other',
  },
  {
    name: 'a relay that speaks first',
    applies: ({hasFlights, relay, facts}) => hasFlights && relay.firstSegment !== undefined && facts.isRelayFirst,
    answer: () => 'other',
  },
  {
    name: 'a handshake that is missing or not complete',
    applies: ({isComplete}) => !isComplete,
    answer: ({facts, isHalfTox}) => (!facts.isLast ? 'wait' : isHalfTox ? 'guess' : 'other'),
  },
  {
    name: 'bytes that are not random in the place of a box',
    applies: ({areBoxesRandom}) => !areBoxesRandom,
    answer: () => 'not_tox',
  },
  {
    name: 'two handshakes, and who spoke first is not known',
    // The frames alone must show it.
    applies: ({prelude, facts}) => !prelude && facts.isOrderUnknown,
    answer: ({client, relay, relayFrames, clientFrames, facts: {isLast}}) => {
      const isChain = [relayFrames, clientFrames].some(({isClean, frames}) => isClean && frames >= (isLast ? 1 : 2))
      if (!isChain) return isLast ? 'other' : 'wait'
      return client.firstSegment === clientHandshake && relay.firstSegment === relayHandshake ? 'tox' : 'guess'
    },
  },
  {
    name: 'a handshake and its answer',
    applies: ({isRelayAlone}) => isRelayAlone,
    answer: () => 'tox',
  },
  {
    name: 'a handshake, and an answer with more in the same segment',
    applies: () => true,
    answer: ({client, relay, relayFrames, clientFrames, facts}) => {
      if (isProven(client, relay)) return 'tox'
      if (relay.bytes.length < relayHandshake + limits.frameLengthPrefix) return facts.isLast ? 'guess' : 'wait'
      if (relayFrames.frames > 0 || clientFrames.frames > 0) return 'guess'
      return facts.isLast ? 'other' : 'wait'
    },
  },
]

/** Frames of both sides after the handshakes that cannot be chance. */
const provingFrames = 3
function isProven(client: StreamHead, relay: StreamHead): boolean {
  const chains = [frameChainFrom(client.bytes, clientHandshake), frameChainFrom(relay.bytes, relayHandshake)]
  return (
    client.bytes.length >= clientHandshake &&
    relay.bytes.length >= relayHandshake &&
    chains.every(({isClean}) => isClean) &&
    chains.reduce((sum, {frames}) => sum + frames, 0) >= provingFrames
  )
}

/**
 * Whether a connection whose opening was captured is Tox: the client's handshake comes first, perhaps after a dialogue
 * with a proxy.
 */
export function answerFromStart(
  client: StreamHead,
  relay: StreamHead,
  facts: OpeningFacts,
): {readonly answer: Answer; readonly prelude: Prelude | undefined} {
  const opening = new Opening(client, relay, facts)
  const found = cases.find(({applies}) => applies(opening))!
  return {answer: found.answer(opening), prelude: opening.prelude}
}

/** Whether what there is of the handshake's box looks sealed; missing bytes may be anything. */
function isBoxRandom(head: StreamHead, side: 0 | 1): boolean {
  const [start, end] = [handshakeSizes[side] - limits.handshakeBox, handshakeSizes[side]]
  return head.isMissing(start, end) || looksRandom(head.bytes.subarray(start, end))
}

/** One side alone, or a handshake without an answer. */
function isHalfTox(client: StreamHead, relay: StreamHead): boolean {
  if (relay.bytes.length === 0) return client.bytes.length === clientHandshake || isLoneSide(client, 0)
  return client.bytes.length === 0 && isLoneSide(relay, 1)
}

/** Frames after a handshake. */
function isLoneSide(head: StreamHead, side: 0 | 1): boolean {
  return head.hasFrames(fromHandshakes[side], framesNeeded(head, side))
}

/** The same after a dialogue with a proxy, which says that both sides were captured: some Tox bytes must follow. */
function isHalfProxied(client: StreamHead, relay: StreamHead): boolean {
  if (relay.bytes.length === 0) return client.bytes.length === clientHandshake || client.hasFrames(fromHandshakes[0])
  return client.bytes.length === 0 && relay.hasFrames(fromHandshakes[1])
}
