import {limits} from '../protocol/limits.js'
import {bytesCount} from '../protocol/text.js'
import {concatBytes} from '../wire/bytes.js'
import {noBytes} from '../wire/chunk.js'
import {bannerBytes, incompleteMilliseconds, reactionMilliseconds} from './limits.js'
import {connect} from './net/connect.js'
import {type HandshakeOutcome, RelayConnection} from './relay-connection.js'
import type {HandshakeFault} from './relay-probe.js'
import {httpRequest, serviceOf, tlsRequest} from './service.js'
import type {ProbeContext} from './target.js'

/** A fault, and a clause that says it. */
export interface Diagnosis {
  readonly fault: HandshakeFault
  readonly detail: string
}

/**
 * Find out why the handshake failed, with more connections of other bytes.
 *
 * A relay closes on a handshake that does not open, without a word, as many services do on bytes that they do not
 * understand. But only a relay waits for the 128th byte of a handshake before it closes.
 * @param banner the first bytes that came in place of the handshake, perhaps none.
 */
export async function diagnose(
  context: ProbeContext,
  addresses: readonly string[],
  outcome: Exclude<HandshakeOutcome, 'open'>,
  banner: Uint8Array,
): Promise<Diagnosis> {
  if (outcome === 'broken') return ofAnswer(banner)
  if (banner.length > 0) return spoke(banner)
  const reaction = await reactionToHandshake(context, addresses)
  if (reaction.kind === 'spoke') return spoke(reaction.bytes)
  if (reaction.kind === 'closed_at_end')
    return {
      fault: 'wrong_key',
      detail:
        `it waits for all ${limits.clientHandshake} bytes of a handshake and then closes, as a Tox relay with ` +
        'another public key does',
    }
  const answers = await Promise.all([httpRequest, tlsRequest].map(request => answerTo(context, addresses, request)))
  const answer = answers.find(bytes => bytes.length > 0)
  if (answer) return spoke(answer)
  return outcome === 'closed'
    ? {fault: 'closed', detail: 'it accepts connections and closes them: not a Tox relay, or one that is full'}
    : {fault: 'silent', detail: 'it accepts connections and never answers'}
}

/** Bytes that are as many as a handshake has, or more. */
function ofAnswer(bytes: Uint8Array): Diagnosis {
  const service = serviceOf(bytes)
  if (service.protocol !== undefined || bytes.length > limits.relayHandshake) return spoke(bytes)
  return {
    fault: 'box',
    detail: `its answer has the ${limits.relayHandshake} bytes of a handshake, and does not open with the public key`,
  }
}

function spoke(bytes: Uint8Array): Diagnosis {
  const {protocol, banner} = serviceOf(bytes)
  return {
    fault: 'not_tox',
    detail:
      protocol === undefined
        ? `it answers with ${bytesCount(bytes.length)} that begin "${banner}"`
        : `it is ${protocol} and says "${banner}"`,
  }
}

type Reaction =
  | {readonly kind: 'spoke'; readonly bytes: Uint8Array}
  /** It waited for the whole handshake, and then closed. */
  | {readonly kind: 'closed_at_end'}
  | {readonly kind: 'other'}

/** Send a handshake without its last byte, and then that byte. */
async function reactionToHandshake(context: ProbeContext, addresses: readonly string[]): Promise<Reaction> {
  const connected = await connect(context, addresses)
  if (connected.kind === 'failed') return {kind: 'other'}
  const connection = new RelayConnection({...context, socket: connected.socket})
  try {
    const hello = connection.hello()
    connection.write(hello.subarray(0, -1))
    const isEarly = await connection.closes(incompleteMilliseconds)
    if (connection.banner.length > 0) return {kind: 'spoke', bytes: connection.banner}
    if (isEarly) return {kind: 'other'}
    connection.write(hello.subarray(-1))
    const isClosed = await connection.closes(reactionMilliseconds)
    if (connection.banner.length > 0) return {kind: 'spoke', bytes: connection.banner}
    return {kind: isClosed ? 'closed_at_end' : 'other'}
  } finally {
    connection.close()
  }
}

/** The first bytes of the answer to a request of another protocol; empty without an answer. */
async function answerTo(context: ProbeContext, addresses: readonly string[], request: Uint8Array): Promise<Uint8Array> {
  const connected = await connect(context, addresses)
  if (connected.kind === 'failed') return noBytes
  const {socket} = connected
  let answer: Uint8Array = noBytes
  socket.read(bytes => {
    if (answer.length < bannerBytes) answer = concatBytes([answer, bytes]).subarray(0, bannerBytes)
  })
  socket.write(request)
  await socket.until(() => answer.length > 0, reactionMilliseconds)
  socket.close()
  return answer
}
