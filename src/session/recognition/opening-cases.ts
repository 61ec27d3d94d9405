import {fromHandshakes} from '../connection-setup.js'
import {type Prelude, preludeOf} from '../prelude.js'
import {framesNeeded, handshakeSizes, hasFrames, isText, type StreamHead, textBytes} from './stream-head.js'
import {frameChainFrom} from './stream-shape.js'

/** What a case says of a connection: 'wait' while more of it must be seen. */
export type Answer = 'tox' | 'other' | 'wait'

/** What is known of a connection whose opening was captured, apart from its bytes. */
export interface OpeningFacts {
  /** The user, or other connections of the same relay, say that it is Tox. */
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
  /** The client's and the relay's bytes after the dialogue with a proxy. */
  readonly asked: Uint8Array
  readonly answered: Uint8Array

  constructor(
    readonly client: StreamHead,
    readonly relay: StreamHead,
    readonly facts: OpeningFacts,
  ) {
    this.dialogue = preludeOf(client.bytes, relay.bytes)
    const [asked, answered] = this.prelude?.bytes ?? [0, 0]
    this.asked = client.bytes.subarray(asked)
    this.answered = relay.bytes.subarray(answered)
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
    return this.asked.length >= clientHandshake && this.answered.length >= relayHandshake
  }

  get relayFrames() {
    return frameChainFrom(this.answered, relayHandshake)
  }

  get clientFrames() {
    return frameChainFrom(this.asked, clientHandshake)
  }

  /** One side was not captured at all, or the relay has not answered; what there is looks like Tox. */
  get isHalfTox(): boolean {
    return this.prelude ? isHalfProxied(this.asked, this.answered) : isHalfTox(this.client, this.relay)
  }
}

/** One way in which a connection may begin. */
interface OpeningCase {
  readonly name: string
  applies(opening: Opening): boolean
  answer(opening: Opening): Answer
}

const tox = (isTox: boolean): Answer => (isTox ? 'tox' : 'other')

/** In order: the first case that applies decides. */
const cases: readonly OpeningCase[] = [
  {
    name: 'a dialogue with a proxy that is not complete',
    applies: ({dialogue}) => dialogue === 'more',
    answer: ({facts, isHalfTox}) => (facts.isLast ? tox(facts.isKnown || isHalfTox) : 'wait'),
  },
  {
    name: 'a connection that is known to be Tox',
    applies: ({facts}) => facts.isKnown,
    answer: () => 'tox',
  },
  {
    name: 'a client that sends more than its handshake before the relay answers',
    // Such a client can be followed only by frames that it cannot have sealed yet: the relay's side must tell.
    applies: ({hasFlights, flight}) => hasFlights && flight > clientHandshake,
    answer: ({asked, answered, relayFrames, facts}) =>
      !isText(asked) && (answered.length === relayHandshake || (relayFrames.isClean && relayFrames.frames > 0))
        ? 'tox'
        : facts.isLast
          ? 'other'
          : 'wait',
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
    name: 'a text protocol',
    applies: ({asked}) => asked.length >= textBytes && isText(asked),
    answer: () => 'other',
  },
  {
    name: 'a handshake that is missing or not complete',
    applies: ({isComplete}) => !isComplete,
    answer: ({facts, asked, isHalfTox}) => (facts.isLast ? tox(!isText(asked) && isHalfTox) : 'wait'),
  },
  {
    name: 'two handshakes, and who spoke first is not known',
    // The frames alone must tell.
    applies: ({prelude, facts}) => !prelude && facts.isOrderUnknown,
    answer: ({relayFrames, clientFrames, facts: {isLast}}) =>
      [relayFrames, clientFrames].some(({isClean, frames}) => isClean && frames >= (isLast ? 1 : 2))
        ? 'tox'
        : isLast
          ? 'other'
          : 'wait',
  },
  {
    name: 'a handshake and its answer',
    applies: () => true,
    answer: ({answered, relayFrames, clientFrames}) =>
      tox(answered.length < relayHandshake + 2 || relayFrames.frames > 0 || clientFrames.frames > 0),
  },
]

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

/** One side alone, or a handshake without an answer. */
function isHalfTox(client: StreamHead, relay: StreamHead): boolean {
  if (relay.bytes.length === 0) return client.bytes.length === clientHandshake || isLoneSide(client, 0)
  return client.bytes.length === 0 && isLoneSide(relay, 1)
}

/** Frames after a handshake. */
function isLoneSide(head: StreamHead, side: 0 | 1): boolean {
  return hasFrames(head.bytes, fromHandshakes[side], framesNeeded(head, side))
}

/** The same after a dialogue with a proxy, which says that both sides were captured. */
function isHalfProxied(asked: Uint8Array, answered: Uint8Array): boolean {
  if (answered.length === 0)
    return asked.length === 0 || asked.length === clientHandshake || hasFrames(asked, fromHandshakes[0])
  return asked.length === 0 && hasFrames(answered, fromHandshakes[1])
}
