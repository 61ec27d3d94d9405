import {
  endpointsFromTcpflowName,
  type FollowDump,
  type FollowSegment,
  followForm,
  parseFollow,
} from '../capture/follow/follow.js'
import {isCapture, isGzip} from '../capture/reader.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {type PeersName, peersNamed} from '../expert/peers.js'
import {limits} from '../protocol/limits.js'
import type {StreamStart} from '../session/connection/deframer.js'
import type {ConnectionSetup} from '../session/connection-setup.js'
import {holesIn} from '../session/recognition/holes.js'
import {checkStreamPieces, type Half, interleave} from '../session/recognition/interleave.js'
import {clientOf, detectStreamStart} from '../session/recognition/stream-shape.js'
import type {SessionRecord} from '../session/record.js'
import {Session} from '../session/session.js'
import {exactLines} from '../wire/advice.js'
import {concatBytes} from '../wire/bytes.js'
import type {Chunk, End, Endpoint} from '../wire/chunk.js'
import {parseHex} from '../wire/hex/hex.js'
import {InputError} from '../wire/input-error.js'
import {shellWord} from '../wire/text/shell-word.js'
import {asUtf8} from '../wire/text/utf16.js'

/** Bytes in an order, and what is known of where they came from. */
export interface Stream {
  readonly setup: ConnectionSetup
  readonly chunks: readonly Chunk[]
}

/** The records of a stream, in order. They keep views of its chunks. */
export function* streamRecords(
  {setup, chunks}: Stream,
  keyring: Keyring,
  peers: PeersName | undefined,
): Generator<SessionRecord, void, undefined> {
  let records: SessionRecord[] = []
  const session = new Session(keyring, record => records.push(record), {peers: peersNamed(peers)})
  const taken = (): SessionRecord[] => {
    const emitted = records
    records = []
    return emitted
  }
  session.open(0, setup, chunks[0]?.time ?? null)
  yield* taken()
  for (const chunk of chunks) {
    session.feed(chunk)
    yield* taken()
  }
  session.end()
  yield* taken()
}

/**
 * What one file holds: a dump of both sides, or one half.
 * @param file its name, for messages.
 * @throws InputError for a capture file, and a dump with a mistake.
 */
export function streamOf(file: string, bytes: Uint8Array, keyring: Keyring, swap: boolean): Stream {
  if (isCapture(bytes) || isGzip(bytes))
    throw new InputError(`${file} is a capture file`, exactLines(`toxtcp read ${shellWord(file)}`), 'bad-stream')
  const text = textOf(bytes)
  if (text !== undefined && followForm(text)) return fromDump(parseFollow(text), swap)
  return rawHalves([file, undefined], [halfOf(bytes), new Uint8Array(0)], keyring, swap, true)
}

/** Text, if the bytes are plainly that: printable ASCII and line ends, as hex and dumps are. */
function textOf(file: Uint8Array): string | undefined {
  const bytes = asUtf8(file)
  const head = bytes.subarray(0, 4096)
  return head.every(
    byte =>
      (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13) || byte === 0xef || byte === 0xbb || byte === 0xbf,
  )
    ? new TextDecoder().decode(bytes)
    : undefined
}

/** One side's bytes: raw, or as hex. @throws InputError for bad hex. */
export function halfOf(bytes: Uint8Array): Uint8Array {
  const text = bytes.length > 0 ? textOf(bytes) : undefined
  return text === undefined ? bytes : parseHex(text).bytes
}

type Two<T> = readonly [T, T]
const turned = <T>([a, b]: Two<T>, turn: boolean): Two<T> => (turn ? [b, a] : [a, b])

/** Two raw halves: nothing says which byte of the one came before which of the other. */
export function rawHalves(
  names: readonly (string | undefined)[],
  halves: Two<Uint8Array>,
  keyring: Keyring,
  swap: boolean,
  mustGuess: boolean,
): Stream {
  const [client, relay] = turned(halves, (mustGuess && clientOf(...halves) === 1) !== swap)
  const sides = [rawHalf(client, limits.clientHandshake), rawHalf(relay, limits.relayHandshake)] as const
  const begin = [sides[0].begin, sides[1].begin] as const
  const isOneSided = client.length === 0 || relay.length === 0
  const chunks = interleave(sides, keyring).map(
    ({side, start, end, isHole}): Chunk => ({
      connection: 0,
      end: side,
      time: null,
      ...(isHole ? {gap: end - start} : {bytes: sides[side].bytes.subarray(start, end)}),
    }),
  )
  return {
    setup: {clientEnd: 0, ends: endsOf(names, halves[0] === client), begin, hasSegments: false, hasOrder: isOneSided},
    chunks,
  }
}

/** @param handshake length of that which this side begins with, if the half has the beginning. */
function rawHalf(bytes: Uint8Array, handshake: number): Half {
  const [first] = holesIn(bytes, 0)
  if (first?.start === 0 && first.end >= handshake) return {bytes, begin: 'middle', holes: holesIn(bytes, 0)}
  const behind = holesIn(bytes, handshake)
  // How a side begins is seen up to its first hole.
  const begin = detectStreamStart(bytes.subarray(0, behind[0]?.start), handshake)
  return {bytes, begin, holes: typeof begin === 'string' ? holesIn(bytes, 0) : behind}
}

/** tcpflow names a file after the two ends of its flow. */
function endsOf(
  names: readonly (string | undefined)[],
  isClientFirst: boolean,
): {client: Endpoint | null; relay: Endpoint | null} {
  const [first, second] = names
  const flow =
    (first !== undefined && endpointsFromTcpflowName(first)) ||
    (second !== undefined && endpointsFromTcpflowName(second)?.reverse()) ||
    undefined
  const [client, relay] = turned<Endpoint | null>([flow?.[0] ?? null, flow?.[1] ?? null], !isClientFirst)
  return {client, relay}
}

/**
 * Whether each segment comes from who may have received bytes that are missing: the words for them stand where the
 * other side goes on, behind what was answered to them.
 */
function areAheadOfGaps(segments: readonly FollowSegment[]): readonly boolean[] {
  /** By end: whether its next segment is a gap. */
  const isGapNext: [boolean, boolean] = [false, false]
  const ahead: boolean[] = []
  for (let at = segments.length - 1; at >= 0; at--) {
    const {end, missing} = segments[at]!
    const isGap = missing !== undefined
    ahead.push(isGap || isGapNext[end === 0 ? 1 : 0])
    isGapNext[end] = isGap
  }
  return ahead.reverse()
}

/** A dump of both sides keeps their order. */
export function fromDump({peers, segments}: FollowDump, swap: boolean): Stream {
  checkStreamPieces(segments.length)
  const filled = segments.filter(({bytes, missing}) => bytes.length > 0 || missing !== undefined)
  // How a side begins is seen up to its first gap.
  const sides = [0, 1].map(end => {
    const of = filled.filter(segment => segment.end === end)
    const gap = of.findIndex(({missing}) => missing !== undefined)
    return concatBytes(of.slice(0, gap < 0 ? undefined : gap).map(({bytes}) => bytes))
  })
  const first = filled[0]?.end ?? 0
  // Without other evidence, the client is who spoke first.
  const guess = (clientOf(sides[first]!, sides[1 - first]!) === 0 ? first : 1 - first) as End
  const clientEnd = (swap ? 1 - guess : guess) as End
  const firstSegment = (end: number) => filled.find(segment => segment.end === end)?.bytes.length
  const relayEnd = 1 - clientEnd
  const begin: readonly [StreamStart, StreamStart] = [
    detectStreamStart(sides[clientEnd]!, limits.clientHandshake, firstSegment(clientEnd)),
    detectStreamStart(sides[relayEnd]!, limits.relayHandshake, firstSegment(relayEnd)),
  ]
  const ahead = areAheadOfGaps(filled)
  const chunks = filled.map(
    ({end, time, bytes, missing, packet}, index): Chunk => ({
      connection: 0,
      end,
      time,
      ...(missing === undefined ? {bytes} : {gap: missing}),
      ...(ahead[index] && {isAhead: true}),
      ...(packet !== undefined && {origin: {packet, offset: 0}}),
    }),
  )
  return {setup: {clientEnd, ends: {client: peers[clientEnd], relay: peers[relayEnd as End]}, begin}, chunks}
}
